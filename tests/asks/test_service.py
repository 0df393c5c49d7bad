"""A request can be paused, resumed, extended, withdrawn and revoked, and each stops what waits to be sent."""

from datetime import date

import pytest
from sqlalchemy import Engine

from crm.domain.accounts.rules import ROLE_PERMISSIONS, Role
from crm.domain.asks import queries, service
from crm.domain.asks.models import AnswerDraft, Ask
from crm.domain.asks.rules import AnswerKind, AskState, Channel, StepState
from crm.domain.asks.service import NewAnswer
from crm.domain.organisations.rules import Courtesy
from crm.errors import NotAllowed, RuleBroken
from crm.links import Purpose, read_claim
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.uow import Actor, UnitOfWork
from tests.support.builders import LINKS, a_round, a_seat, an_ask_of_us, posted
from tests.support.rooms import Rooms, furnished

OFFICER = Actor("Officer", frozenset(ROLE_PERMISSIONS[Role.OFFICER]))


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    """One request whose letter still waits to leave."""
    rooms = furnished(engine)
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "sparc")], sent=False)
    return rooms


def status_of(uow: UnitOfWork) -> Status:
    message = uow.session.query(OutboxMessage).order_by(OutboxMessage.id).first()
    assert message is not None
    uow.session.refresh(message)
    return message.status


def test_an_extension_is_a_new_edition_with_the_same_number_and_stops_what_waits(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        number = uow.session.get_one(Ask, 1).number
        ask = service.extend(uow, 1, date(2027, 1, 16), "asked by letter")

        assert (ask.number, ask.edition, ask.due_on) == (number, 2, date(2027, 1, 18))
        assert status_of(uow) is Status.CANCELLED


def test_only_a_later_date_extends_and_only_an_open_request(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        with pytest.raises(RuleBroken, match="must lie after"):
            service.extend(uow, 1, date(2026, 12, 1), "")
        service.withdraw(uow, 1, "in error")
        with pytest.raises(RuleBroken, match="Withdrawn"):
            service.extend(uow, 1, date(2027, 3, 1), "")
        with pytest.raises(RuleBroken):
            service.withdraw(uow, 1, "again")


def test_more_time_is_given_by_a_senior_officer_alone(rooms: Rooms) -> None:
    with rooms.unit(OFFICER) as uow, pytest.raises(NotAllowed):
        service.extend(uow, 1, date(2027, 1, 15), "")


def test_a_withdrawn_request_sends_nothing_more(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        assert service.withdraw(uow, 1, "in error").state is AskState.WITHDRAWN
        assert status_of(uow) is Status.CANCELLED
        assert not posted(uow)


def test_a_pause_stops_what_waits_and_a_second_doubt_changes_nothing(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        service.pause(uow, ask, "doubtful-answer")
        service.pause(uow, ask, "complaint")

        assert ask.paused_because == "doubtful-answer"
        assert service.resume(uow, 1).paused_at is None


def test_a_revoked_request_opens_by_no_older_link_and_by_a_new_one(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        old = read_claim(LINKS.token(Purpose.PAGE, ask))
        service.revoke_links(uow, 1)
        new = read_claim(LINKS.token(Purpose.PAGE, ask))

        assert old is not None
        assert new is not None
        assert not LINKS.opens(old, ask)
        assert LINKS.opens(new, ask)


def test_a_link_of_an_older_edition_still_opens(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        claim = read_claim(LINKS.token(Purpose.PAGE, ask))
        service.extend(uow, 1, date(2027, 1, 15), "")

        assert claim is not None
        assert LINKS.opens(claim, ask)


def test_an_answer_decides_forgets_the_draft_and_is_numbered_in_its_year(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        service.save_draft(uow, ask, {"text": "half"})
        uow.session.flush()
        new = NewAnswer("page:1", AnswerKind.COMMENTS, Channel.LINK, uow.now, "All of it")
        answer = service.take_answer(uow, ask, new)

        assert (answer.receipt, ask.state, ask.answered_at) == ("2026/00001", AskState.ANSWERED, uow.now)
        uow.session.flush()
        assert uow.session.get(AnswerDraft, 1) is None


def test_a_draft_is_saved_over_itself(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        service.save_draft(uow, ask, {"text": "one"})
        uow.session.flush()
        service.save_draft(uow, ask, {"text": "two"})
        uow.session.flush()

        assert uow.session.query(AnswerDraft).one().values == {"text": "two"}


def test_a_step_that_has_gone_can_be_neither_held_nor_skipped(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        ask = uow.session.get_one(Ask, 1)
        service.write_step(uow, ask, "reminder-1", StepState.POSTED)
        uow.session.flush()

        assert service.decide_steps(uow, [1], "reminder-1", StepState.HELD) == 0
        assert service.decide_steps(uow, [1], "reminder-2", StepState.HELD) == 1
        service.release_step(uow, 1, "reminder-2")
        uow.session.flush()
        assert set(queries.ledger(uow.session, [1])[1]) == {"reminder-1"}


def test_who_owes_whom_never_lists_a_court_or_a_statutory_commission_as_owing(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        court = a_seat(uow, "court", courtesy=Courtesy.JUDICIARY)
        commission = a_seat(uow, "ncrc", courtesy=Courtesy.STATUTORY_COMMISSION)
        a_round(uow, [court, commission])
        an_ask_of_us(uow, court, date(2026, 11, 1))

        lines = queries.who_owes_whom(uow.session, date(2027, 1, 5))

    by_name = {line.name: line for line in lines}
    assert by_name["Organisation sparc"].theirs_overdue == 1
    assert (by_name["Organisation court"].theirs_open, by_name["Organisation court"].ours_overdue) == (0, 1)
    assert "Organisation ncrc" not in by_name
