"""Where a record is shown, and how the address of a list keeps its filters."""

from typing import Any

from flask import request, url_for

from crm.base import Subject

PAGES = {
    "organisation": ("organisations.show", "organisation_id"),
    "ask": ("asks.show", "ask_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "round": ("consultations.show", "round_id"),
    "document": ("consultations.document", "document_id"),
    "mail": ("correspondence.show", "mail_id"),
    "user": ("accounts.show", "user_id"),
}


def url_of(subject: Subject) -> str | None:
    """The page of a record; None for a kind that has none of its own."""
    page = PAGES.get(subject.kind)
    if page is None:
        return None
    values: dict[str, Any] = {page[1]: subject.id}
    return url_for(page[0], **values)


def with_changes(**changes: Any) -> str:
    """This page's address with some of its query changed; None takes a part away, a list gives it several values."""
    query = request.args.to_dict(flat=False)
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        query[name] = [str(one) for one in values if one is not None]
    kept: dict[str, Any] = {name: tuple(values) for name, values in query.items() if values}
    return url_for(request.endpoint or "home.index", **(request.view_args or {}), **kept)


def back_to(default: str) -> str:
    """Where the form came from, if that is a page of ours; never another site (ASVS 3.7.2)."""
    asked = request.form.get("next") or request.args.get("next") or ""
    is_ours = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked and asked.isprintable()
    return asked.rstrip("?") if is_ours else default
