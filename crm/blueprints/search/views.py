"""What was found, by kind of record."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints.addresses import url_of, with_changes
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.domain.asks.models import AskAnswer
from crm.search.service import Found, find
from crm.uow import Actor

ICONS = {"organisation": "people", "ask": "ask", "meeting": "cal", "round": "chat", "document": "book", "answer": "in"}
FEW, MANY = 6, 50


def kinds() -> dict[str, str]:
    """The kinds of record in the order of the page."""
    return {
        "organisation": _("Partners"),
        "ask": _("Requests"),
        "answer": _("Answers"),
        "round": _("Consultations"),
        "document": _("Documents"),
        "meeting": _("Meetings"),
        "mail": _("Correspondence"),
    }


def results(session: Session, actor: Actor, query: str, kind: str) -> dict[str, Any]:
    """The context of search/index: a few of each kind, or many of one."""
    words = kinds()
    wanted = [kind] if kind in words else list(words)
    found = find(session, query, wanted, actor.grades, MANY) if query else []
    pages = _pages(session, found)
    groups = []
    for name in wanted:
        hits = [one for one in found if one.subject.kind == name and pages.get(one.subject)]
        shown = hits if name == kind else hits[:FEW]
        if shown:
            more = with_changes(kind=name) if len(hits) > len(shown) else None
            shown_hits = [_hit(one, pages[one.subject]) for one in shown]
            groups.append({"word": words[name], "hits": shown_hits, "more_url": more})
    return {"query": query, "groups": groups, "did_you_mean": [], "tips": []}


def _pages(session: Session, found: Iterable[Found]) -> dict[Subject, str]:
    """Where each hit is shown. An answer is shown on its request."""
    subjects = [one.subject for one in found]
    numbers = [subject.id for subject in subjects if subject.kind == AskAnswer.SUBJECT]
    rows = session.execute(select(AskAnswer.id, AskAnswer.ask_id).where(AskAnswer.id.in_(numbers))) if numbers else ()
    asks = {Subject(AskAnswer.SUBJECT, answer_id): Subject("ask", ask_id) for answer_id, ask_id in rows}
    pages = {subject: url_of(asks.get(subject, subject)) for subject in subjects}
    return {subject: page for subject, page in pages.items() if page}


def _hit(one: Found, page: str) -> dict[str, Any]:
    title = (one.title_ur or one.title) if language() == "ur" else one.title
    icon = ICONS.get(one.subject.kind, "letter")
    return {"url": page, "title": title, "kind_icon": icon, "detail": one.detail, "snippet": []}
