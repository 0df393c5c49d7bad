"""States of a round, kinds of comment and of decision, and whom a round may ask. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from crm.documents.wording import CommentType
from crm.domain.asks.rules import COURT_LADDER, USUAL_LADDER, Step
from crm.domain.organisations.rules import Courtesy
from crm.errors import Refusal
from crm.i18n import Message


class Overtaken(Refusal):
    """Somebody else changed the record meanwhile; the page shows both texts, and nothing is lost."""


class ClauseLine(NamedTuple):
    """A clause, as far as an answer is cut by it."""

    id: int
    number: str
    text: str


class RoundState(StrEnum):
    """The life of a consultation (domain paper, section 4)."""

    SCOPING = "scoping"
    DRAFTING = "drafting"
    INTERNAL_CLEARANCE = "internal_clearance"
    ROUND_OPEN = "round_open"
    ROUND_CLOSED = "round_closed"
    UNDER_DISPOSITION = "comments_under_disposition"
    VALIDATION_WORKSHOP = "validation_workshop"
    FINAL_DRAFT = "final_draft"
    SUBMITTED = "submitted_for_approval"
    APPROVED = "approved"
    NOTIFIED = "notified"
    ARCHIVED = "archived"


ROUND_WORDS = {
    RoundState.SCOPING: Message("Scoping"),
    RoundState.DRAFTING: Message("Drafting"),
    RoundState.INTERNAL_CLEARANCE: Message("Internal clearance"),
    RoundState.ROUND_OPEN: Message("Round open"),
    RoundState.ROUND_CLOSED: Message("Round closed"),
    RoundState.UNDER_DISPOSITION: Message("Comments under decision"),
    RoundState.VALIDATION_WORKSHOP: Message("Validation workshop"),
    RoundState.FINAL_DRAFT: Message("Final draft"),
    RoundState.SUBMITTED: Message("Submitted"),
    RoundState.APPROVED: Message("Approved"),
    RoundState.NOTIFIED: Message("Notified"),
    RoundState.ARCHIVED: Message("Archived"),
}
BEFORE_OPEN = (RoundState.SCOPING, RoundState.DRAFTING, RoundState.INTERNAL_CLEARANCE)


TYPE_WORDS = {
    CommentType.LEGAL: Message("legal"),
    CommentType.SUBSTANTIVE: Message("substantive"),
    CommentType.OPERATIONAL: Message("operational"),
    CommentType.DRAFTING: Message("drafting"),
    CommentType.TRANSLATION: Message("translation"),
    CommentType.QUESTION: Message("question"),
    CommentType.GENERAL: Message("general"),
}


class Disposition(StrEnum):
    """What was decided on a comment. A reason is needed unless it is accepted as it stands."""

    ACCEPTED = "accepted"
    IN_PART = "accepted_in_part"
    NOTED = "noted"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    DEFERRED = "deferred_next_review"


DISPOSITION_WORDS = {
    Disposition.ACCEPTED: Message("Accepted"),
    Disposition.IN_PART: Message("Accepted in part"),
    Disposition.NOT_ACCEPTED: Message("Not accepted"),
    Disposition.NOTED: Message("Noted"),
    Disposition.DUPLICATE: Message("Duplicate"),
    Disposition.OUT_OF_SCOPE: Message("Out of scope"),
    Disposition.DEFERRED: Message("Deferred to the next review"),
}
DISPOSITION_KEYS = {
    Disposition.ACCEPTED: "a",
    Disposition.IN_PART: "p",
    Disposition.NOT_ACCEPTED: "n",
    Disposition.NOTED: "t",
    Disposition.DUPLICATE: "d",
    Disposition.OUT_OF_SCOPE: "x",
    Disposition.DEFERRED: "f",
}


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    CLAUSE_COMMENTS = "clause_comments"
    TEXT = "text"
    SINGLE_TEXT = "single_text"
    MATRIX = "matrix"


class CommentPlace(StrEnum):
    """Where a comment stands: on a clause, general by decision, or in the tray."""

    TRAY = "tray"
    CLAUSE = "clause"
    GENERAL = "general"


@dataclass(frozen=True)
class LadderChoice:
    """What an officer set for a round: the rungs with their days, and which of them the clock may issue."""

    steps: tuple[Step, ...] = USUAL_LADDER
    courts_wait: bool = True
    workshop_included: bool = True

    def ladder_for(self, courtesy: Courtesy) -> tuple[Step, ...]:
        """The ladder of one partner: a court gets one polite reminder, after a person has looked (practice 18)."""
        if courtesy is not Courtesy.JUDICIARY:
            return self.steps
        first = next((step.offset for step in self.steps if step.name == "reminder-1"), COURT_LADDER[0].offset)
        return (Step("reminder-1", first, needs_person=self.courts_wait),)


@dataclass(frozen=True)
class LeftOut:
    """A partner that the choice reached and the round will not ask, with the reason."""

    organisation_id: int
    name: str
    name_ur: str
    why: Message


@dataclass(frozen=True)
class Choice:
    """Whom an officer chose: by type, province and theme, with single ones added and taken out."""

    types: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()


REMOVED = Message("you took it out")


def questions_for(questions: Sequence[Any], organisation_type: str) -> list[Any]:
    """The questions meant for a type of partner: those without an audience are for all."""
    return [one for one in questions if not one.audience or organisation_type in one.audience]


@dataclass(frozen=True)
class Cell:
    """Representation: how many were asked and how many answered."""

    asked: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Coverage:
    """Asked and answered by type and province, with the sums."""

    provinces: tuple[str, ...]
    rows: dict[str, dict[str, Cell]] = field(default_factory=dict)
    sums: dict[tuple[str | None, str | None], Cell] = field(default_factory=dict)

    def sum_of(self, type_code: str | None = None, province: str | None = None) -> Cell:
        """The sum over a row, a column, or everything."""
        return self.sums.get((type_code, province), Cell())


def coverage(facts: Sequence[tuple[str, str, bool]], types: Sequence[str], provinces: Sequence[str]) -> Coverage:
    """From (type, province, answered) of each request, in the order of the taxonomy."""
    counted: dict[tuple[str | None, str | None], list[int]] = {}
    for type_code, province, answered in facts:
        for key in ((type_code, province), (type_code, None), (None, province), (None, None)):
            cell = counted.setdefault(key, [0, 0])
            cell[0] += 1
            cell[1] += answered
    sums = {key: Cell(*cell) for key, cell in counted.items()}
    used = tuple(one for one in provinces if (None, one) in sums)
    rows = {
        one: {province: sums[one, province] for province in used if (one, province) in sums}
        for one in types
        if (one, None) in sums
    }
    return Coverage(used, rows, sums)
