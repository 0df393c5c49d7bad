"""The unit of work: one moment, one actor, one transaction, and the few things a room may do with the cellar."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy.orm import Session

from crm.audit import service as audit
from crm.base import Base, Grade, Subject
from crm.bulk import insert_many
from crm.errors import NotAllowed
from crm.i18n import HOUSE_ZONE, Message
from crm.links import Links
from crm.mail.letter import Letter
from crm.outbox import service as outbox
from crm.ports import Randomness
from crm.search import service as search
from crm.search.rules import Findable
from crm.timeline import service as timeline
from crm.timeline.models import Direction
from crm.workdays import Workdays


@dataclass(frozen=True)
class Actor:
    """Who acts: made by the door, asked by the rooms. `name` is the post that the story shows."""

    name: str
    permissions: frozenset[str] = frozenset()
    user_id: int | None = None
    unit_id: int = 1
    language: str = "en"
    grades: tuple[Grade, ...] = (Grade.OPEN, Grade.OFFICIAL)

    def may(self, permission: str) -> bool:
        """Whether this actor's role holds the permission."""
        return permission in self.permissions


class FindableRow(Protocol):
    """A record that says what it is found by."""

    @property
    def subject(self) -> Subject: ...

    @property
    def findable(self) -> Findable: ...

    @property
    def grade(self) -> Grade: ...


@dataclass
class UnitOfWork:
    """`now` and `today` run on the business clock, `system` on the one that nothing moves."""

    session: Session
    now: datetime
    system: datetime
    actor: Actor
    links: Links
    read_workdays: Callable[[], Workdays]
    randomness: Randomness
    posted: int = field(default=0)

    @cached_property
    def workdays(self) -> Workdays:
        """Counting in working days, read when it is first asked for."""
        return self.read_workdays()

    @property
    def today(self) -> date:
        """The date at the unit's desk."""
        return self.now.astimezone(HOUSE_ZONE).date()

    def require(self, permission: str) -> None:
        """Refuse before anything is written. Raises NotAllowed."""
        if not self.actor.may(permission):
            raise NotAllowed(Message("Your role may not do this. Kindly ask the liaison officer or the administrator."))

    def post(self, *letters: Letter) -> int:
        """Put letters into the tray, in this transaction. Returns how many were new."""
        new = outbox.post(self.session, letters, self.now, self.links.domain, self.randomness)
        self.posted += new
        return new

    def record(
        self,
        subject: Subject,
        verb: str,
        places: Iterable[Subject] = (),
        direction: Direction = Direction.INTERNAL,
        **data: Any,
    ) -> None:
        """Tell that `verb` happened to `subject`, here and on the stories of `places`."""
        timeline.record(self.session, self.now, self.actor.name, subject, verb, places, direction, data)

    def record_many(self, verb: str, direction: Direction, told: Sequence[dict[str, Any]]) -> None:
        """Tell one verb of many subjects: each of subject, data, places."""
        self.record_many_at(self.now, verb, direction, told)

    def record_many_at(self, at: datetime, verb: str, direction: Direction, told: Sequence[dict[str, Any]]) -> None:
        """The same of something that happened at another moment than now."""
        timeline.record_many(self.session, at, self.actor.name, verb, direction, told)

    def add_many(self, table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
        """Insert many rows of an audited table at once, with an entry in the trail for each. Returns their ids."""
        if not rows:
            return []
        self.session.flush()
        numbers = insert_many(self.session, table, rows)
        audit.write_inserts(self.session, self.now, self.actor.name, table, numbers, rows)
        return numbers

    def index(self, row: FindableRow, is_new: bool = False) -> None:
        """Let a record be found, by those who may see its grade. One that `is_new` was never found before."""
        if is_new:
            search.add_new(self.session, [(row.subject, row.findable, row.grade)])
        else:
            search.index(self.session, row.subject, *row.findable, grade=row.grade)

    def nonce(self) -> str:
        """A secret for a capability; a new one revokes the old."""
        return self.randomness.token(16).hex()
