"""Reading the unit's lists and switches."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.domain.settings.models import Holiday, Setting, Term, Unit
from crm.domain.settings.rules import FIRST_VALUES, TermKind
from crm.workdays import Calendar, Workdays


def get_unit(session: Session, unit_id: int = 1) -> Unit:
    """The unit. It exists from set-up on."""
    return session.get_one(Unit, unit_id)


def terms(session: Session, kind: TermKind) -> Sequence[Term]:
    """A list of the taxonomy in its own order."""
    return session.scalars(select(Term).where(Term.kind == kind).order_by(Term.place, Term.id)).all()


def labels(session: Session, kind: TermKind, language: str) -> dict[str, str]:
    """Code to word of one list, in a language, in the list's order."""
    return {term.code: (term.label_ur if language == "ur" else term.label) for term in terms(session, kind)}


def plurals(session: Session, kind: TermKind, language: str) -> dict[str, str]:
    """The same in the plural, for the heads of tables, where the list has one."""
    return {
        term.code: (term.plural_ur or term.label_ur) if language == "ur" else (term.plural or term.label)
        for term in terms(session, kind)
    }


def value_of(session: Session, name: str) -> Any:
    """A switch as it stands."""
    row = session.get(Setting, name)
    return row.value["value"] if row else FIRST_VALUES[name]


def all_values(session: Session) -> dict[str, Any]:
    """Every switch as it stands."""
    moved = {row.name: row.value["value"] for row in session.scalars(select(Setting))}
    return {name: moved.get(name, first) for name, first in FIRST_VALUES.items()}


def office_hours(session: Session) -> tuple[time, time]:
    """From when until when reminders leave on a working day."""
    opens, closes = (time.fromisoformat(one) for one in value_of(session, "office_hours"))
    return opens, closes


def holidays(session: Session) -> Sequence[Holiday]:
    """Every holiday by date."""
    return session.scalars(select(Holiday).order_by(Holiday.on)).all()


def workdays(session: Session) -> Workdays:
    """Counting in working days over the holidays as they stand."""
    rows = session.execute(select(Holiday.on, Holiday.scope))
    return Workdays(Calendar.of((on, scope) for on, scope in rows))
