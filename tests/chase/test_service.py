"""The ladder: only the silent are reminded, only once, each by the courtesy due to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from crm.answers.service import Answer, accept
from crm.chase import service as chase
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask, AskStep
from crm.domain.asks.queries import ledger
from crm.domain.asks.rules import AnswerKind, AskState, Channel, StepState
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations.service import close_round
from crm.domain.organisations.rules import AddressState, Courtesy
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.uow import UnitOfWork
from tests.support.builders import a_round, a_seat, all_left, posted
from tests.support.rooms import Rooms, furnished

COURTESY = date(2026, 12, 15)
DAY_AFTER_DUE = date(2026, 12, 23)
SECOND = date(2026, 12, 31)
LAST = date(2027, 1, 7)


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return furnished(engine)


def ask_of(uow: UnitOfWork, code: str) -> Ask:
    return next(ask for ask in uow.session.query(Ask) if ask.seat.organisation.code == code)


def answer(uow: UnitOfWork, code: str, kind: AnswerKind = AnswerKind.COMMENTS) -> None:
    ask = ask_of(uow, code)
    accept(uow, Answer(ask.id, NewAnswer(f"page:{ask.id}", kind, Channel.LINK, uow.now, "Our views.")))
    all_left(uow)


def climbed(rooms: Rooms, on: date) -> list[tuple[str, str]]:
    """Climb on a day: to which address which step went."""
    rooms.set_day(on)
    with rooms.unit() as uow:
        chase.climb(uow)
        sent = [(message.to_address, message.step) for message in posted(uow, "reminder")]
        all_left(uow)
    return sent


def asked(rooms: Rooms, *codes: str, **fields: Any) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, code, **fields) for code in codes])


def states_of(uow: UnitOfWork, code: str) -> dict[str, StepState]:
    ask = ask_of(uow, code)
    return {name: step.state for name, step in ledger(uow.session, [ask.id])[ask.id].items()}


def test_only_the_silent_are_reminded_and_only_once(rooms: Rooms) -> None:
    asked(rooms, "ncrc", "sparc")
    with rooms.unit() as uow:
        answer(uow, "ncrc")

    assert climbed(rooms, DAY_AFTER_DUE) == [("focal.point@sparc.example", "reminder-1")]
    assert climbed(rooms, DAY_AFTER_DUE) == []


def test_the_ladder_is_climbed_in_working_days_and_the_last_step_waits_for_a_person(rooms: Rooms) -> None:
    asked(rooms, "sparc")

    assert [step for _to, step in climbed(rooms, date(2026, 12, 14))] == []
    assert [step for _to, step in climbed(rooms, COURTESY)] == ["courtesy"]
    assert [step for _to, step in climbed(rooms, DAY_AFTER_DUE)] == ["reminder-1"]
    assert [step for _to, step in climbed(rooms, SECOND)] == ["reminder-2"]
    assert climbed(rooms, date(2027, 1, 20)) == []
    with rooms.unit() as uow:
        asks.decide_steps(uow, [ask_of(uow, "sparc").id], "reminder-3", StepState.APPROVED)
    assert [step for _to, step in climbed(rooms, date(2027, 1, 20))] == ["reminder-3"]


def test_a_worker_that_was_down_sends_only_the_latest_step_and_marks_the_others_skipped(rooms: Rooms) -> None:
    asked(rooms, "sparc")

    assert [step for _to, step in climbed(rooms, SECOND)] == ["reminder-2"]

    with rooms.unit() as uow:
        assert states_of(uow, "sparc") == {
            "courtesy": StepState.SKIPPED,
            "reminder-1": StepState.SKIPPED,
            "reminder-2": StepState.POSTED,
        }


def test_a_court_gets_one_polite_note_and_only_when_a_person_says_so(rooms: Rooms) -> None:
    asked(rooms, "high-court", courtesy=Courtesy.JUDICIARY)
    assert climbed(rooms, COURTESY) == []
    assert climbed(rooms, DAY_AFTER_DUE) == []

    with rooms.unit() as uow:
        asks.decide_steps(uow, [ask_of(uow, "high-court").id], "reminder-1", StepState.APPROVED)

    assert [step for _to, step in climbed(rooms, DAY_AFTER_DUE)] == ["reminder-1"]
    assert climbed(rooms, LAST) == []


@pytest.mark.parametrize("status", [Status.HARD_BOUNCED, Status.SOFT_BOUNCED, Status.FAILED, Status.SUPPRESSED])
def test_a_request_that_did_not_reach_its_post_is_not_chased(rooms: Rooms, status: Status) -> None:
    asked(rooms, "sparc")
    with rooms.unit() as uow:
        uow.session.query(OutboxMessage).one().status = status

    assert climbed(rooms, DAY_AFTER_DUE) == []


def test_a_mailbox_that_bounced_gets_nothing(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    with rooms.unit() as uow:
        ask_of(uow, "sparc").seat.address_state = AddressState.BOUNCED

    assert climbed(rooms, DAY_AFTER_DUE) == []


def test_a_request_that_still_waits_to_leave_is_not_chased(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "sparc")], sent=False)

    rooms.set_day(DAY_AFTER_DUE)
    with rooms.unit() as uow:
        assert chase.climb(uow) == 0


@pytest.mark.parametrize("kind", [AnswerKind.DECLINED, AnswerKind.NIL, AnswerKind.COMMENTS])
def test_whoever_declined_or_answered_gets_nothing_more(rooms: Rooms, kind: AnswerKind) -> None:
    asked(rooms, "sparc")
    with rooms.unit() as uow:
        answer(uow, "sparc", kind)

    assert climbed(rooms, LAST) == []


def test_under_process_pauses_the_ladder_and_it_goes_on_when_a_person_says_so(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    with rooms.unit() as uow:
        answer(uow, "sparc", AnswerKind.UNDER_PROCESS)
        assert ask_of(uow, "sparc").state is AskState.OPEN
    assert climbed(rooms, DAY_AFTER_DUE) == []

    with rooms.unit() as uow:
        asks.resume(uow, ask_of(uow, "sparc").id)

    assert [step for _to, step in climbed(rooms, DAY_AFTER_DUE)] == ["reminder-1"]


def test_closing_the_round_ends_no_request(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    rooms.set_day(DAY_AFTER_DUE)
    with rooms.unit() as uow:
        close_round(uow, 1)

    assert [step for _to, step in climbed(rooms, DAY_AFTER_DUE)] == ["reminder-1"]


def test_an_extension_starts_a_new_edition_whose_ladder_begins_afresh(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    climbed(rooms, DAY_AFTER_DUE)
    with rooms.unit() as uow:
        asks.extend(uow, ask_of(uow, "sparc").id, date(2027, 1, 15), "asked by telephone")

    assert climbed(rooms, DAY_AFTER_DUE) == []
    assert [step for _to, step in climbed(rooms, date(2027, 1, 8))] == ["courtesy"]
    assert [step for _to, step in climbed(rooms, date(2027, 1, 18))] == ["reminder-1"]


def test_a_held_step_stays_until_it_is_released_and_a_skipped_one_never_goes(rooms: Rooms) -> None:
    asked(rooms, "held", "skipped")
    with rooms.unit() as uow:
        asks.decide_steps(uow, [ask_of(uow, "held").id], "reminder-1", StepState.HELD)
        asks.decide_steps(uow, [ask_of(uow, "skipped").id], "reminder-1", StepState.SKIPPED)
    assert climbed(rooms, DAY_AFTER_DUE) == []

    with rooms.unit() as uow:
        asks.release_step(uow, ask_of(uow, "held").id, "reminder-1")

    assert climbed(rooms, DAY_AFTER_DUE) == [("focal.point@held.example", "reminder-1")]


def test_a_reminder_stands_in_the_thread_of_what_went_before_and_cites_it(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    climbed(rooms, COURTESY)
    rooms.set_day(DAY_AFTER_DUE)
    with rooms.unit() as uow:
        chase.climb(uow)
        (letter,) = [message.letter for message in posted(uow, "reminder")]
        first, second = [one.message_id for one in uow.session.query(OutboxMessage).order_by(OutboxMessage.id)][:2]

    assert letter["in_reply_to"] == [first, second]
    assert len(letter["context"]["previous"]) == 2


def test_a_step_that_falls_due_at_night_leaves_in_the_morning(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    rooms.set_day(DAY_AFTER_DUE)
    rooms.clock.advance(timedelta(hours=12))

    with rooms.unit() as uow:
        chase.climb(uow)
        (message,) = posted(uow, "reminder")

    assert message.due_at.isoformat() == "2026-12-24T03:30:00+00:00"


def test_a_preview_of_a_step_is_the_letter_that_will_go_and_writes_nothing(rooms: Rooms) -> None:
    asked(rooms, "sparc")
    rooms.set_day(DAY_AFTER_DUE)
    with rooms.unit() as uow:
        ask = ask_of(uow, "sparc")
        shown = chase.sample(uow, ask, ask.steps[1])
        assert not uow.session.query(AskStep).all()
        chase.climb(uow)
        (message,) = posted(uow, "reminder")

        assert shown.key == message.key
        assert message.letter["reply_to"] == shown.reply_to
