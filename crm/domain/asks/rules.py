"""When a request may be answered, what its answers mean, and which step of its ladder is due. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from crm.i18n import Message
from crm.workdays import Workdays


class AskKind(StrEnum):
    """What is asked. One engine chases them all."""

    CONSULTATION = "consultation"
    RSVP = "rsvp"
    LETTER = "letter"


class Side(StrEnum):
    """Who asked: we of them, or they of us."""

    OURS = "ours"
    THEIRS = "theirs"


class AskState(StrEnum):
    """An ask has one state; delivery, lateness and extension are read or computed (house, convention 18)."""

    OPEN = "open"
    ANSWERED = "answered"
    NIL = "nil"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DEEMED = "deemed"


STATE_WORDS = {
    AskState.OPEN: Message("Reply awaited"),
    AskState.ANSWERED: Message("Answered"),
    AskState.NIL: Message("Nil reply"),
    AskState.DECLINED: Message("Declined"),
    AskState.WITHDRAWN: Message("Withdrawn"),
    AskState.DEEMED: Message("No objection (deemed)"),
}


class AnswerKind(StrEnum):
    """What an answer says. The usual answers are buttons, recognised phrases and entries alike (practice 3)."""

    COMMENTS = "comments"
    NIL = "nil"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    UNDER_PROCESS = "under-process"
    INTERIM = "interim"
    NOT_OURS = "not-ours"
    FORWARDED = "forwarded"


ANSWER_WORDS = {
    AnswerKind.COMMENTS: Message("Comments"),
    AnswerKind.NIL: Message("No comments (nil)"),
    AnswerKind.DECLINED: Message("Regrets"),
    AnswerKind.ACCEPTED: Message("Will attend"),
    AnswerKind.TENTATIVE: Message("May attend"),
    AnswerKind.UNDER_PROCESS: Message("Under process, more time needed"),
    AnswerKind.INTERIM: Message("Interim reply"),
    AnswerKind.NOT_OURS: Message("Not our subject"),
    AnswerKind.FORWARDED: Message("Forwarded to another office"),
}
DOUBTFUL, COMPLAINT = "doubtful-answer", "complaint"
PAUSE_WORDS = {
    DOUBTFUL: Message("A mail that may be its answer waits for a person"),
    COMPLAINT: Message("Their mail host reported a complaint"),
    **{str(kind): words for kind, words in ANSWER_WORDS.items()},
}
STATE_AFTER = {
    AnswerKind.COMMENTS: AskState.ANSWERED,
    AnswerKind.ACCEPTED: AskState.ANSWERED,
    AnswerKind.NIL: AskState.NIL,
    AnswerKind.DECLINED: AskState.DECLINED,
}


class Channel(StrEnum):
    """By which door an answer came."""

    MAIL = "mail"
    LINK = "link"
    CALENDAR = "calendar"
    ENTERED = "entered"


CHANNEL_WORDS = {
    Channel.MAIL: Message("by e-mail"),
    Channel.LINK: Message("on the private page"),
    Channel.CALENDAR: Message("from the calendar"),
    Channel.ENTERED: Message("entered by an officer"),
}


@dataclass(frozen=True)
class Step:
    """One rung: `offset` working days from the due date, negative before it."""

    name: str
    offset: int
    needs_person: bool = False


class StepState(StrEnum):
    """What became of a rung of one request: the ledger that makes each go once."""

    APPROVED = "approved"
    POSTED = "posted"
    SKIPPED = "skipped"
    HELD = "held"


STEP_WORDS = {
    "request": Message("Request"),
    "courtesy": Message("Courtesy note"),
    "reminder-1": Message("Reminder-I"),
    "reminder-2": Message("Reminder-II"),
    "reminder-3": Message("Reminder-III (Final)"),
}
USUAL_LADDER = (
    Step("courtesy", -5),
    Step("reminder-1", 1),
    Step("reminder-2", 6),
    Step("reminder-3", 11, needs_person=True),
)
COURT_LADDER = (Step("reminder-1", 1, needs_person=True),)


def step_due(ladder: Sequence[Step], due: date, today: date, workdays: Workdays) -> Step | None:
    """The latest rung that should have gone by `today`; None before the first. Earlier rungs are skipped."""
    passed = [step for step in ladder if today >= workdays.shift(due, step.offset)]
    return passed[-1] if passed else None


def days_of(ladder: Sequence[Step], due: date, workdays: Workdays) -> dict[str, date]:
    """The day on which each rung is due."""
    return {step.name: workdays.shift(due, step.offset) for step in ladder}


def earlier(ladder: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """The rungs below `step`."""
    return tuple(ladder[: list(ladder).index(step)])


def freeze_ladder(ladder: Sequence[Step]) -> list[dict[str, Any]]:
    """A ladder as JSON, put on the request when it is asked: later changes of a setting leave it alone."""
    return [{"name": step.name, "offset": step.offset, "needs_person": step.needs_person} for step in ladder]


@lru_cache(256)
def _read_ladder(stored: str) -> tuple[Step, ...]:
    return thaw_ladder(json.loads(stored))


def thaw_ladder(stored: Sequence[dict[str, Any]] | str) -> tuple[Step, ...]:
    """The ladder that `freeze_ladder` put away. As JSON text it is thawed once: a long list has few ladders."""
    if isinstance(stored, str):
        return _read_ladder(stored)
    return tuple(Step(one["name"], one["offset"], one["needs_person"]) for one in stored)
