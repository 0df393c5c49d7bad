"""A page of the audit trail, and whether its chain holds."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.audit.service import latest_entries, verify
from crm.base import Subject
from crm.blueprints.addresses import url_of
from crm.blueprints.audit.names import field_word, table_word
from crm.blueprints.lists import cut, number, pager
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import moment, worded

OPENED = {"organisation": "organisation", "ask": "ask", "meeting": "meeting", "consultation_round": "round"}
SHOWN = 200
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")


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
    kind = OPENED.get(entry.table_name)
    words = {"insert": _("Added"), "change": _("Changed"), "delete": _("Removed")}
    return {
        "at": entry.at,
        "actor": entry.actor,
        "act_word": words.get(entry.action, entry.action),
        "subject_word": f"{worded(table_word(entry.table_name))} {entry.row_id}",
        "table": entry.table_name,
        "subject_url": url_of(Subject(kind, int(entry.row_id))) if kind and entry.row_id.isdigit() else None,
        "fields": [
            {
                "name": name,
                "word": worded(field_word(entry.table_name, name)),
                "before": _shown(name, both[0]),
                "after": _shown(name, both[1]),
            }
            for name, both in changes.items()
        ],
        "digest": entry.digest[:12],
    }


def _shown(name: str, value: Any) -> str | None:
    """A value short enough for a table, a moment as it is read; the whole stands in the register."""
    if value is None:
        return None
    if isinstance(value, str) and name.endswith("at") and MOMENT.match(value):
        return moment(datetime.fromisoformat(value))
    text = {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
