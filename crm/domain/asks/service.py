"""Asking, pausing, extending, withdrawing; taking an answer onto its request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete

from crm.base import Subject
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries
from crm.domain.asks.models import AnswerDraft, Ask, AskAnswer, AskStep
from crm.domain.asks.rules import AnswerKind, AskKind, AskState, Channel, Side, Step, StepState, freeze_ladder
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.settings import service as settings
from crm.domain.settings.queries import value_of
from crm.domain.settings.rules import SeriesKind
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.outbox import service as outbox
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

DRAFTS_KEPT = {True: "drafts_kept_days_once_settled", False: "drafts_kept_days"}
"""The switch that says for how many days a draft is kept, by whether its request is settled."""

FORGET_DRAFT = delete(AnswerDraft).where(AnswerDraft.ask_id == bindparam("of_ask"))


@dataclass(frozen=True)
class Asking:
    """What is put to every chosen post: the same question, the same date, each with the ladder its courtesy allows."""

    kind: AskKind
    about: Subject
    title: str
    title_ur: str
    due_on: date
    number_prefix: str = "R"
    places: tuple[Subject, ...] = ()


def ask_seats(uow: UnitOfWork, asking: Asking, seats: Sequence[tuple[Seat, Sequence[Step]]]) -> list[Ask]:
    """Put one request to many posts, in few statements. Returns the requests in the order of `seats`.

    They are for the letters, with what was written and the posts: the session does not follow them.
    """
    rows = _rows(uow, asking, seats)
    ids = uow.add_many(Ask, rows)
    told = [
        {
            "subject": Subject(Ask.SUBJECT, ask_id),
            "data": {"title": asking.title, "title_ur": asking.title_ur, "number": row["number"]},
            "places": [asking.about, *asking.places, Subject(Organisation.SUBJECT, row["organisation_id"])],
        }
        for ask_id, row in zip(ids, rows, strict=True)
    ]
    uow.record_many(f"asked-{asking.kind}", Direction.FROM_US, told)
    put = zip(ids, rows, seats, strict=True)
    return [Ask(**row, id=ask_id, seat=seat) for ask_id, row, (seat, _ladder) in put]


def _rows(uow: UnitOfWork, asking: Asking, seats: Sequence[tuple[Seat, Sequence[Step]]]) -> list[dict[str, Any]]:
    """The requests as they will be stored, each with its number and reference."""
    numbers = settings.next_numbers(uow.session, SeriesKind.REQUEST, uow.today.year, len(seats))
    references = settings.references(uow, len(seats))
    return [
        {
            "kind": asking.kind,
            "subject_kind": asking.about.kind,
            "subject_id": asking.about.id,
            "organisation_id": seat.organisation_id,
            "seat_id": seat.id,
            "number": f"{asking.number_prefix}{uow.today.year % 100}-{number:04d}",
            "reference": reference,
            "title": asking.title,
            "title_ur": asking.title_ur,
            "asked_at": uow.now,
            "due_on": asking.due_on,
            "ladder": freeze_ladder(ladder),
            "nonce": uow.nonce(),
            "version": 1,
            "edition": 1,
        }
        for (seat, ladder), number, reference in zip(seats, numbers, references, strict=True)
    ]


@dataclass(frozen=True)
class NewAnswer:
    """An answer as a door hands it on, before the room has judged it."""

    key: str
    kind: AnswerKind
    channel: Channel
    at: datetime
    text: str = ""
    from_address: str = ""
    is_verified: bool = False
    mail_id: int | None = None
    entered_by: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def take_answer(uow: UnitOfWork, ask: Ask, new: NewAnswer, places: Iterable[Subject] = ()) -> AskAnswer:
    """Write an answer beside its request, let it decide the request, stop what waits to be sent, tell the stories."""
    receipt = settings.next_numbers(uow.session, SeriesKind.RECEIPT, uow.today.year)[0]
    answer = AskAnswer(
        key=new.key,
        ask_id=ask.id,
        kind=new.kind,
        channel=new.channel,
        at=new.at,
        from_address=new.from_address,
        is_verified=new.is_verified,
        is_late=uow.today > ask.due_on,
        receipt=f"{uow.today.year}/{receipt:05d}",
        text=new.text,
        values=new.values,
        mail_id=new.mail_id,
        entered_by=new.entered_by,
    )
    uow.session.add(answer)
    ask.take(new.kind, new.at)
    if ask.state is not AskState.OPEN:
        outbox.cancel(uow.session, ask.subject, "answered", uow.now)
        forget_draft(uow, ask.id)
    uow.session.flush()
    _tell_answer(uow, ask, answer, places)
    return answer


def take_answer_off(uow: UnitOfWork, answer: AskAnswer, reason: str, places: Iterable[Subject] = ()) -> None:
    """An answer does not belong to its request: it is kept aside, and its key let go, so that it may be filed anew."""
    ask = answer.ask
    answer.archived_at, answer.key = uow.now, f"{answer.key}:back:{answer.id}"
    uow.session.flush()
    ask.stand_anew([(one.kind, one.at) for one in queries.answers_to(uow.session, [ask.id])[ask.id]])
    uow.record(
        ask.subject,
        "answer-taken-back",
        [*_whose(ask), *places],
        title=ask.title,
        title_ur=ask.title_ur,
        receipt=answer.receipt,
        reason=reason,
        answer=answer.id,
        mail=answer.mail_id,
    )


def _whose(ask: Ask) -> list[Subject]:
    """The stories of what it is about and of the partner."""
    return [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]


def _tell_answer(uow: UnitOfWork, ask: Ask, answer: AskAnswer, places: Iterable[Subject]) -> None:
    uow.record(
        ask.subject,
        f"answered-{answer.kind}",
        [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id), *places],
        Direction.FROM_THEM if ask.side is Side.OURS else Direction.FROM_US,
        title=ask.title,
        title_ur=ask.title_ur,
        channel=str(answer.channel),
        receipt=answer.receipt,
        late=answer.is_late,
        excerpt=answer.text[:280],
        answer=answer.id,
        mail=answer.mail_id,
    )


def pause(uow: UnitOfWork, ask: Ask, because: str, mail_id: int | None = None) -> None:
    """A doubtful answer pauses the ladder; mail that waits is stopped, for the step goes anew if it is resumed."""
    if ask.state is AskState.OPEN and ask.paused_at is None:
        ask.pause(uow.now, because)
        outbox.cancel(uow.session, ask.subject, "paused", uow.now)
        places = [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]
        uow.record(ask.subject, "paused", places, title=ask.title, title_ur=ask.title_ur, because=because, mail=mail_id)


def resume(uow: UnitOfWork, ask_id: int) -> Ask:
    """The doubt is settled: the ladder goes on. Raises NotAllowed, NotFound."""
    uow.require(Permission.APPROVE_STEP)
    ask = queries.get_ask(uow.session, ask_id)
    ask.resume()
    uow.record(ask.subject, "resumed", [ask.asked_about], title=ask.title, title_ur=ask.title_ur)
    return ask


def extend(uow: UnitOfWork, ask_id: int, due_on: date, reason: str) -> Ask:
    """Give more time, by one who may. Raises NotAllowed, NotFound, RuleBroken."""
    uow.require(Permission.EXTEND_ASK)
    ask = queries.get_ask(uow.session, ask_id)
    ask.extend(uow.workdays.settle(due_on))
    outbox.cancel(uow.session, ask.subject, "extended", uow.now)
    places = [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]
    uow.record(
        ask.subject,
        "extended",
        places,
        title=ask.title,
        title_ur=ask.title_ur,
        due_on=ask.due_on.isoformat(),
        reason=reason,
    )
    return ask


def withdraw(uow: UnitOfWork, ask_id: int, reason: str) -> Ask:
    """Ask no longer. Its links still open a page that says so. Raises NotAllowed, NotFound, RuleBroken."""
    uow.require(Permission.RUN_ROUND)
    ask = queries.get_ask(uow.session, ask_id)
    if ask.state is not AskState.OPEN:
        raise RuleBroken(Message("Only a request that awaits its reply can be withdrawn."))
    ask.state = AskState.WITHDRAWN
    outbox.cancel(uow.session, ask.subject, "withdrawn", uow.now)
    uow.record(ask.subject, "withdrawn", [ask.asked_about], title=ask.title, title_ur=ask.title_ur, reason=reason)
    return ask


def revoke_links(uow: UnitOfWork, ask_id: int) -> Ask:
    """Make every link and address of a request worthless; the next letter carries new ones. Raises NotAllowed."""
    uow.require(Permission.RUN_ROUND)
    ask = queries.get_ask(uow.session, ask_id)
    ask.nonce = uow.nonce()
    uow.record(ask.subject, "links-revoked", [ask.asked_about], title=ask.title, title_ur=ask.title_ur)
    return ask


def write_step(uow: UnitOfWork, ask: Ask, step: str, state: StepState, reason: str = "") -> AskStep:
    """Put into the ledger what became of a rung; an earlier entry of the same rung is overwritten."""
    known = queries.ledger(uow.session, [ask.id]).get(ask.id, {}).get(step)
    return _write_step(uow, ask, known, step, state, reason)


def _write_step(uow: UnitOfWork, ask: Ask, row: AskStep | None, step: str, state: StepState, reason: str) -> AskStep:
    if row is None:
        row = AskStep(ask_id=ask.id, edition=ask.edition, step=step)
        uow.session.add(row)
    row.state, row.at, row.by, row.reason = state, uow.now, uow.actor.name, reason
    return row


def decide_steps(uow: UnitOfWork, ask_ids: Iterable[int], step: str, state: StepState, reason: str = "") -> int:
    """A person approves, holds or skips a rung of several requests. Raises NotAllowed. Returns how many."""
    uow.require(Permission.APPROVE_STEP)
    numbers = list(ask_ids)
    book = queries.ledger(uow.session, numbers)
    asks = [queries.get_ask(uow.session, number) for number in numbers]
    open_ones = [ask for ask in asks if ask.state is AskState.OPEN]
    decided = [ask for ask in open_ones if not _has_gone(book.get(ask.id, {}).get(step))]
    for ask in decided:
        _write_step(uow, ask, book.get(ask.id, {}).get(step), step, state, reason)
    return len(decided)


def _has_gone(row: AskStep | None) -> bool:
    return row is not None and row.state is StepState.POSTED


def release_step(uow: UnitOfWork, ask_id: int, step: str) -> Ask:
    """Take a hold or a skip back. Raises NotAllowed, NotFound."""
    uow.require(Permission.APPROVE_STEP)
    ask = queries.get_ask(uow.session, ask_id)
    row = queries.ledger(uow.session, [ask.id]).get(ask.id, {}).get(step)
    if row is not None and row.state in (StepState.HELD, StepState.SKIPPED):
        uow.session.delete(row)
    return ask


def save_draft(uow: UnitOfWork, ask: Ask, values: dict[str, Any]) -> AnswerDraft:
    """Keep what a partner typed on the private page."""
    draft = queries.draft_of(uow.session, ask.id)
    if draft is None:
        draft = AnswerDraft(ask_id=ask.id)
        uow.session.add(draft)
    draft.values, draft.saved_at = values, uow.now
    return draft


def drop_old_drafts(uow: UnitOfWork) -> int:
    """Drop what was typed long ago and never sent: sooner where its request waits for nothing more. How many."""
    kept = {settled: value_of(uow.session, name) for settled, name in DRAFTS_KEPT.items()}
    old = [
        draft
        for settled, days in kept.items()
        for draft in queries.drafts_saved_before(uow.session, uow.now - timedelta(days=days), settled)
    ]
    for draft in old:
        uow.session.delete(draft)
    return len(old)


def forget_draft(uow: UnitOfWork, ask_id: int) -> None:
    """The answer was sent; the draft has served."""
    uow.session.execute(FORGET_DRAFT, {"of_ask": ask_id})
