"""A text in clauses, the rounds held on it, the questions asked, and the comments received."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, SubjectRow
from crm.documents.wording import CommentType
from crm.domain.asks.models import AskAnswer
from crm.domain.consultations.rules import (
    BEFORE_OPEN,
    ClauseLine,
    CommentPlace,
    Disposition,
    QuestionType,
    RoundState,
)
from crm.domain.meetings.models import Meeting
from crm.domain.organisations.models import Organisation
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.search.rules import Findable
from crm.workdays import Workdays


class Document(Base, SubjectRow):
    """A text under consultation."""

    __tablename__ = "document"
    SUBJECT = "document"

    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    text_version: Mapped[str] = mapped_column(default="0.1")
    classification: Mapped[str] = mapped_column(default="OFFICIAL")
    note: Mapped[str] = mapped_column(default="")

    clauses: Mapped[list["Clause"]] = relationship(order_by="Clause.place", back_populates="document")

    @property
    def findable(self) -> Findable:
        """Its title, its code, and the text of every clause."""
        return Findable(self.title, "\n".join(clause.text for clause in self.clauses), self.title_ur, self.code)

    def titled(self, language: str) -> str:
        """The title in a reader's language."""
        return (self.title_ur or self.title) if language == "ur" else self.title


class Clause(Base):
    """A numbered clause. Its id stays while the text moves on; `number` is what people write."""

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("document_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    place: Mapped[int]
    number: Mapped[str]
    part: Mapped[str]
    part_title: Mapped[str]
    part_title_ur: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    title_ur: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    text_ur: Mapped[str] = mapped_column(default="")

    document: Mapped[Document] = relationship(back_populates="clauses")

    def titled(self, language: str) -> str:
        """The short title in a reader's language."""
        return (self.title_ur or self.title) if language == "ur" else self.title

    def worded(self, language: str) -> str:
        """The text in a reader's language."""
        return (self.text_ur or self.text) if language == "ur" else self.text


class ConsultationRound(Base, SubjectRow):
    """One round of asking for views on a text. `reached` keeps the day of every state (ISO dates by state)."""

    __tablename__ = "consultation_round"
    SUBJECT = "round"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    state: Mapped[RoundState] = mapped_column(default=RoundState.DRAFTING)
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    ladder: Mapped[list[Any]] = mapped_column(default=list)
    courts_wait: Mapped[bool] = mapped_column(default=True)
    reached: Mapped[dict[str, Any]] = mapped_column(default=dict)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))

    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
    workshop: Mapped[Meeting | None] = relationship()
    questions: Mapped[list["Question"]] = relationship(order_by="Question.place")

    @property
    def findable(self) -> Findable:
        """The text that it is held on, and its number."""
        text = self.document
        return Findable(f"{text.title}, round {self.number}", text.code, text.title_ur, text.code)

    def reach(self, state: RoundState, on: date) -> None:
        """Enter a state, and keep the day."""
        self.state = state
        self.reached = (self.reached or {}) | {str(state): on.isoformat()}

    @property
    def is_running(self) -> bool:
        """Whether it still may ask: the next round on its text waits for its close."""
        return self.state in (*BEFORE_OPEN, RoundState.ROUND_OPEN)

    def date_to_offer(self, today: date, workdays: Workdays, usual_days: int) -> date:
        """By when those asked today may answer: its own date where it lies ahead, else `usual_days` working days."""
        if self.due_on is not None and self.due_on > today:
            return self.due_on
        return workdays.shift(today, usual_days)

    def open(self, on: date, due_on: date) -> None:
        """Begin asking, or ask more of an open round."""
        if not self.is_running:
            raise RuleBroken(Message("This round is closed; nobody can be asked any more."))
        if due_on <= on:
            raise RuleBroken(Message("The due date must lie after today."))
        if self.state is not RoundState.ROUND_OPEN:
            self.reach(RoundState.ROUND_OPEN, on)
            self.opens_on = on
        self.due_on = due_on

    def close(self, now: datetime, on: date, undecided: int) -> None:
        """Stop inviting. Refuses while comments wait for a decision."""
        if self.state is not RoundState.ROUND_OPEN:
            raise RuleBroken(Message("Only an open round can be closed."))
        if undecided:
            raise RuleBroken(
                Message(
                    "%(count)s comment waits for a decision. Decide it first, then close the round.",
                    "%(count)s comments wait for a decision. Decide them first, then close the round.",
                    count=undecided,
                )
            )
        self.closed_at = now
        self.reach(RoundState.ROUND_CLOSED, on)


class Question(Base):
    """A question of a round. `audience` lists the types of partner it is meant for; empty is all."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("round_id", "code"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("consultation_round.id"), index=True)
    place: Mapped[int]
    code: Mapped[str]
    type: Mapped[QuestionType]
    text: Mapped[str]
    text_ur: Mapped[str] = mapped_column(default="")
    options: Mapped[list[Any]] = mapped_column(default=list)
    options_ur: Mapped[list[Any]] = mapped_column(default=list)
    rows: Mapped[list[Any]] = mapped_column(default=list)
    clauses: Mapped[list[Any]] = mapped_column(default=list)
    audience: Mapped[list[Any]] = mapped_column(default=list)
    is_required: Mapped[bool] = mapped_column(default=False)

    def for_round(self, round_id: int) -> "Question":
        """The same question, asked again in another round."""
        again = ("place", "code", "type", "text", "text_ur", "options", "options_ur", "rows", "clauses", "audience")
        values = {name: getattr(self, name) for name in (*again, "is_required")}
        return Question(round_id=round_id, **values)

    def worded(self, language: str) -> str:
        """The question in a reader's language."""
        return (self.text_ur or self.text) if language == "ur" else self.text


class Comment(Base, SubjectRow):
    """One comment cut from an answer, where it stands, and what was decided on it.

    `source` says where in the original its words are: {"start", "end"} in the text of the answer, or a file; "also"
    the later answers of its request that say the same, "replaced_by" the one that no longer does.
    `proposed_clauses` are numbers that the reader recognised, for the tray.
    """

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_round_id_clause_id", "round_id", "clause_id"),
        Index("ix_comment_answer_id", "answer_id"),
        Index("ix_comment_undecided", "disposition", "round_id"),
        {"sqlite_autoincrement": True},
    )
    SUBJECT = "comment"

    round_id: Mapped[int] = mapped_column(ForeignKey("consultation_round.id"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("ask_answer.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    place: Mapped[CommentPlace] = mapped_column(default=CommentPlace.TRAY)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clause.id"))
    proposed_clauses: Mapped[list[Any]] = mapped_column(default=list)
    type: Mapped[CommentType] = mapped_column(default=CommentType.GENERAL)
    text: Mapped[str]
    proposed: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    confidence: Mapped[float] = mapped_column(default=1.0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    disposition: Mapped[Disposition | None]
    disposition_reason: Mapped[str] = mapped_column(default="")
    revised_text: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]

    answer: Mapped[AskAnswer] = relationship()
    organisation: Mapped[Organisation] = relationship()
    clause: Mapped[Clause | None] = relationship()

    @property
    def cut_out(self) -> dict[str, Any]:
        """What a reader found, as the columns of a row that is not written yet."""
        return {
            "place": self.place or CommentPlace.TRAY,
            "clause_id": self.clause_id,
            "proposed_clauses": self.proposed_clauses or [],
            "type": self.type or CommentType.GENERAL,
            "text": self.text,
            "proposed": self.proposed or "",
            "reason": self.reason or "",
            "confidence": 1.0 if self.confidence is None else self.confidence,
            "source": self.source or {},
        }

    def put_on(self, clause: Clause | ClauseLine | None) -> None:
        """Place it on a clause, or as a general comment on the whole text."""
        self.place = CommentPlace.CLAUSE if clause else CommentPlace.GENERAL
        self.clause_id = clause.id if clause else None

    def decide(self, disposition: Disposition, reason: str, revised_text: str, by: str, now: datetime) -> None:
        """Write the decision. Anything but plain acceptance needs a reason; a comment in the tray is placed first."""
        if self.place is CommentPlace.TRAY:
            raise RuleBroken(Message("Place this comment on a clause first, or mark it general."))
        if disposition is not Disposition.ACCEPTED and not reason.strip():
            raise RuleBroken(Message("A reason is needed unless the comment is accepted: it is sent to the partner."))
        self.disposition, self.disposition_reason = disposition, reason.strip()
        self.revised_text, self.decided_by, self.decided_at = revised_text.strip(), by, now

    def source_in(self, answer_id: int) -> dict[str, Any]:
        """Where an answer says it: its own, or a later one that repeats it; empty where it does not."""
        also = (one for one in self.source.get("also", []) if one["answer"] == answer_id)
        return self.source if self.answer_id == answer_id else next(also, {})

    def repeat(self, answer_id: int, channel: str, source: dict[str, Any]) -> None:
        """A later answer says it in the same words: it stands once."""
        also = {"answer": answer_id, "channel": channel, **source}
        self.source = self.source | {"also": [*self.source.get("also", []), also]}

    def step_back(self, answer_id: int, now: datetime) -> None:
        """A later answer no longer says it: it is read beside its own answer, and waits for no decision."""
        self.archived_at, self.source = now, self.source | {"replaced_by": answer_id}

    def let_go(self, answer_id: int, now: datetime) -> None:
        """An answer was taken back: what it alone says leaves the matrix, what had stepped back for it returns."""
        also = [one for one in self.source.get("also", []) if one["answer"] != answer_id]
        if self.source.get("replaced_by") == answer_id:
            self.archived_at = None if self.answer.archived_at is None else now
            self.source = {name: value for name, value in self.source.items() if name != "replaced_by"}
        elif self.answer_id != answer_id:
            self.source = self.source | {"also": also} if "also" in self.source else self.source
        elif also:
            first = {name: value for name, value in also[0].items() if name not in ("answer", "channel")}
            self.answer_id, self.source = also[0]["answer"], first | ({"also": also[1:]} if also[1:] else {})
        elif self.archived_at is None:
            self.archived_at = now

    def undo(self) -> None:
        """Take the decision back."""
        self.disposition, self.disposition_reason, self.revised_text = None, "", ""
        self.decided_by, self.decided_at = "", None
