"""Rows written in bulk, and the few that several subjects share: numbers of posts, and entries of the timeline."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select

from crm.base import Base, Grade
from crm.domain.settings.models import Term
from crm.domain.settings.rules import TermKind
from crm.timeline.models import Direction

SEATS_EACH = 5
CHUNK = 5_000
SUBJECT = {"version": 1, "unit_id": 1, "grade": Grade.OFFICIAL}


@dataclass
class Writer:
    """Writes rows of one register. `now` is the moment that everything is dated back from."""

    connection: Connection
    source: random.Random
    now: datetime

    def rows(self, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        """Insert in chunks."""
        wanted, waiting = insert(Base.metadata.tables[table.__tablename__]), iter(rows)
        while chunk := list(islice(waiting, CHUNK)):
            self.connection.execute(wanted, chunk)

    def codes(self, kind: TermKind) -> list[str]:
        """The codes of one list of the taxonomy."""
        return list(self.connection.scalars(select(Term.code).where(Term.kind == kind).order_by(Term.id)))

    def some_time(self, days: int = 900) -> datetime:
        """A moment in the past."""
        return self.now - timedelta(minutes=self.source.randrange(1, days * 1440))


def seat_id(organisation_id: int) -> int:
    """The focal post of a partner."""
    return (organisation_id - 1) * SEATS_EACH + 1


def mailbox(organisation_id: int) -> str:
    """The address of a partner's focal post."""
    return f"post-0@org-{organisation_id}.example"


def entry(
    number: int, at: datetime, verb: str, way: Direction, kind: str, subject_id: int, data: dict[str, Any]
) -> dict[str, Any]:
    about = {"subject_kind": kind, "subject_id": subject_id, "actor": "Liaison Officer", "unit_id": 1}
    return about | {
        "id": number, "at": at, "verb": verb, "direction": way, "data": data, "grade": Grade.OFFICIAL,
    }  # fmt: skip


def places_of(entry_id: int, at: datetime, way: Direction, *told: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"entry_id": entry_id, "kind": kind, "number": one, "at": at, "direction": way} for kind, one in told]
