"""A request, whom it was put to, its ladder's ledger, and what was answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, Subject, SubjectRow
from crm.domain.asks.rules import (
    STATE_AFTER,
    STATE_WORDS,
    AnswerKind,
    AskKind,
    AskState,
    Channel,
    Side,
    Step,
    StepState,
    thaw_ladder,
)
from crm.domain.organisations.models import Organisation, Seat
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.search.rules import Findable


class Ask(Base, SubjectRow):
    """One thing asked of one post (or by it of us), with its due date, its ladder and its state.

    `number` is what people quote (R1-0034); `reference` is our letter's. `edition` rises when the ladder must start
    afresh; `nonce` signs its links and addresses.
    """

    __tablename__ = "ask"
    __table_args__ = (
        Index("ix_ask_about", "subject_kind", "subject_id"),
        Index("ix_ask_open", "state", "due_on"),
        Index("ix_ask_organisation_id_state", "organisation_id", "state"),
        {"sqlite_autoincrement": True},
    )
    SUBJECT = "ask"

    kind: Mapped[AskKind]
    side: Mapped[Side] = mapped_column(default=Side.OURS)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    number: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[AskState] = mapped_column(default=AskState.OPEN)
    ladder: Mapped[list[Any]] = mapped_column(default=list)
    nonce: Mapped[str]
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship()

    @property
    def asked_about(self) -> Subject:
        """The round or meeting that it belongs to."""
        return Subject(self.subject_kind, self.subject_id)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its ladder."""
        return thaw_ladder(self.ladder)

    def take(self, kind: AnswerKind, at: datetime) -> None:
        """An answer came. A usual answer that promises more leaves the request open and pauses its ladder."""
        if self.state is AskState.WITHDRAWN:
            raise RuleBroken(Message("This request was withdrawn; an answer is kept but no longer counted."))
        after = STATE_AFTER.get(kind)
        if after is None:
            self.pause(at, kind)
            return
        self.state, self.answered_at = after, at
        self.paused_at, self.paused_because = None, ""

    def stand_anew(self, answers: Iterable[tuple[AnswerKind, datetime]]) -> None:
        """As these answers leave it, where one of them was taken back."""
        if self.state is not AskState.WITHDRAWN:
            self.state, self.answered_at = AskState.OPEN, None
            self.resume()
            for kind, at in answers:
                self.take(kind, at)

    def pause(self, at: datetime, because: str) -> None:
        """Stop the ladder until a person decides (practice 2)."""
        if self.state is AskState.OPEN and self.paused_at is None:
            self.paused_at, self.paused_because = at, because

    def resume(self) -> None:
        """Let the ladder go on."""
        self.paused_at, self.paused_because = None, ""

    def extend(self, due_on: date) -> None:
        """Give more time. A new edition: its ladder starts afresh."""
        if self.state is not AskState.OPEN:
            raise RuleBroken(Message("A request that stands at “%(state)s” cannot be extended.", state=self.words))
        if due_on <= self.due_on:
            raise RuleBroken(Message("The new date must lie after %(due)s.", due=self.due_on))
        self.due_on, self.edition = due_on, self.edition + 1
        self.resume()

    @property
    def words(self) -> Message:
        """Its state as people see it."""
        return STATE_WORDS[self.state]


class AskStep(Base):
    """The ledger: what became of one rung of one edition. The key makes it happen once."""

    __tablename__ = "ask_step"
    __table_args__ = (UniqueConstraint("ask_id", "edition", "step"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))
    edition: Mapped[int]
    step: Mapped[str]
    state: Mapped[StepState]
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class AskAnswer(Base, SubjectRow):
    """An answer as it came. Several may stand beside one request; the latest that decides it counts.

    One that was filed in error is archived, and its request stands as if it had not come.
    """

    __tablename__ = "ask_answer"
    __table_args__ = (Index("ix_ask_answer_ask_id", "ask_id"), {"sqlite_autoincrement": True})
    SUBJECT = "answer"

    key: Mapped[str] = mapped_column(unique=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"))
    kind: Mapped[AnswerKind]
    channel: Mapped[Channel]
    at: Mapped[datetime]
    from_address: Mapped[str] = mapped_column(default="")
    is_verified: Mapped[bool] = mapped_column(default=False)
    is_late: Mapped[bool] = mapped_column(default=False)
    receipt: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(default="")
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mail_id: Mapped[int | None]
    entered_by: Mapped[str] = mapped_column(default="")

    ask: Mapped[Ask] = relationship()

    @property
    def findable(self) -> Findable:
        """The request that it answers, its words, and the number of its receipt."""
        return Findable(f"{self.ask.number} {self.ask.title}", self.text, self.ask.title_ur, self.receipt)


class AnswerDraft(Base):
    """What a partner typed on the private page and has not sent: kept for return, one a request."""

    __tablename__ = "answer_draft"
    __audited__ = False

    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"), primary_key=True)
    values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
