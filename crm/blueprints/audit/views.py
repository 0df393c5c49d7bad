"""A page of the audit trail, and whether its chain holds."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.audit.service import latest_entries, verify
from crm.base import Subject
from crm.blueprints.addresses import url_of
from crm.blueprints.lists import cut, number, pager
from crm.blueprints.words import worded
from crm.i18n import Message

TABLES = {"organisation": "organisation", "ask": "ask", "meeting": "meeting", "consultation_round": "round"}
WORDS = {
    "organisation": Message("Partner"),
    "seat": Message("Post"),
    "ask": Message("Request"),
    "ask_answer": Message("Answer"),
    "comment": Message("Comment"),
    "meeting": Message("Meeting"),
    "consultation_round": Message("Round"),
    "document": Message("Draft"),
    "user_account": Message("User"),
}
"""What people call the tables that are met most; the others stand under their own names."""
SHOWN = 200


def trail(session: Session) -> dict[str, Any]:
    """The context of audit/index."""
    entries, more = cut(latest_entries(session, number("before"), 51))
    return {
        "groups": [],
        "keep": {},
        "chips": [],
        "seal": seal(session),
        "rows": [_row(entry, changes) for entry, changes in entries],
        "page": pager(len(entries), None, entries[-1][0].id if more else None, "before"),
    }


def seal(session: Session) -> tuple[str, str]:
    """Whether every seal still fits its entries."""
    broken = verify(session)
    return ("failed", _("The chain is broken")) if broken else ("filed", _("The chain holds"))


def _row(entry: AuditEntry, changes: dict[str, Any]) -> dict[str, Any]:
    kind = TABLES.get(entry.table_name)
    words = {"insert": _("Added"), "change": _("Changed"), "delete": _("Removed")}
    return {
        "at": entry.at,
        "actor": entry.actor,
        "act_word": words.get(entry.action, entry.action),
        "subject_word": f"{worded(WORDS.get(entry.table_name, entry.table_name))} {entry.row_id}",
        "subject_url": url_of(Subject(kind, int(entry.row_id))) if kind and entry.row_id.isdigit() else None,
        "fields": [
            {"name": name, "before": _shown(both[0]), "after": _shown(both[1])} for name, both in changes.items()
        ],
        "digest": entry.digest[:12],
    }


def _shown(value: Any) -> str | None:
    """A value short enough for a table; the whole stands in the register."""
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
