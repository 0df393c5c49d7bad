"""Every answer ends in one place: written once, its request decided, its comments cut, one receipt sent."""

from datetime import date

import pytest
from sqlalchemy import Engine

from crm.answers.service import Answer, accept
from crm.chase import service as chase
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AnswerKind, AskState, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations.models import Comment
from crm.domain.consultations.rules import CommentPlace
from crm.domain.organisations.rules import AddressState
from crm.errors import NotFound, RuleBroken
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.timeline.service import story_of
from crm.uow import UnitOfWork
from tests.support.builders import a_round, a_seat, posted
from tests.support.rooms import Rooms, furnished


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    rooms = furnished(engine)
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "sparc")])
    return rooms


def new(uow: UnitOfWork, kind: AnswerKind = AnswerKind.COMMENTS, text: str = "Clause 7: define arrest.") -> NewAnswer:
    return NewAnswer("page:1", kind, Channel.LINK, uow.now, text, from_address="focal.point@sparc.example")


def test_an_answer_decides_its_request_and_gets_one_receipt_with_its_number(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accepted = accept(uow, Answer(1, new(uow)))

        assert uow.session.get_one(Ask, 1).state is AskState.ANSWERED
        assert accepted.answer.receipt == "2026/00001"
        assert [message.key for message in posted(uow)] == [f"answer:{accepted.answer.id}:receipt"]


def test_the_same_answer_twice_is_one_answer_and_one_receipt(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow)))
    with rooms.unit() as uow:
        again = accept(uow, Answer(1, new(uow)))

        assert again.is_repeat
        assert len(posted(uow)) == 1
        assert uow.session.query(AskAnswer).count() == 1


def test_an_answer_stops_the_reminder_that_waits_in_the_same_transaction(rooms: Rooms) -> None:
    rooms.set_day(date(2026, 12, 23))
    with rooms.unit() as uow:
        assert chase.climb(uow) == 1
        accept(uow, Answer(1, new(uow)))

        waiting = uow.session.query(OutboxMessage).filter(OutboxMessage.step == "reminder-1").one()
        uow.session.refresh(waiting)
        assert waiting.status is Status.CANCELLED


def test_comments_are_cut_by_clause_and_those_without_one_lie_in_the_tray(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow, text="Clause 7: define arrest.\n\nThe draft should say more on costs.\n")))

        found = {(one.place, one.clause.number if one.clause else None) for one in uow.session.query(Comment)}

    assert (CommentPlace.CLAUSE, "7") in found
    assert found <= {(CommentPlace.CLAUSE, "7"), (CommentPlace.TRAY, None)}


def test_what_was_typed_under_a_clause_stands_there_and_a_clause_that_is_not_is_left_out(rooms: Rooms) -> None:
    values = {"clauses": {"3": {"comment": "Add women officers.", "proposed": ""}, "99": {"comment": "Nowhere"}}}
    with rooms.unit() as uow:
        given = NewAnswer("page:1", AnswerKind.COMMENTS, Channel.LINK, uow.now, "", values=values)
        accept(uow, Answer(1, given))

        assert [(one.clause.number, one.text) for one in uow.session.query(Comment)] == [("3", "Add women officers.")]


def test_the_texts_of_files_are_cut_too(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow, text=""), file_texts=(("views.docx", "Clause 9: at most one hour."),)))

        (comment,) = uow.session.query(Comment)
        assert (comment.clause.number, comment.source["in"]) == ("9", "views.docx")


@pytest.mark.parametrize(
    ("kind", "state"),
    [(AnswerKind.NIL, AskState.NIL), (AnswerKind.DECLINED, AskState.DECLINED), (AnswerKind.FORWARDED, AskState.OPEN)],
)
def test_a_usual_answer_decides_or_pauses_and_holds_no_comment(rooms: Rooms, kind: AnswerKind, state: AskState) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow, kind, "NIL")))

        ask = uow.session.get_one(Ask, 1)
        assert ask.state is state
        assert (ask.paused_at is not None) is (state is AskState.OPEN)
        assert not uow.session.query(Comment).all()


def test_a_late_answer_is_still_an_answer_and_says_that_it_was_late(rooms: Rooms) -> None:
    rooms.set_day(date(2027, 2, 1))
    with rooms.unit() as uow:
        assert accept(uow, Answer(1, new(uow))).answer.is_late
        assert uow.session.get_one(Ask, 1).state is AskState.ANSWERED


def test_a_second_answer_stands_beside_the_first(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow)))
        given = NewAnswer("mail:5:ask:1", AnswerKind.COMMENTS, Channel.MAIL, uow.now, "Clause 8: further views.")
        accept(uow, Answer(1, given))

        assert uow.session.query(AskAnswer).count() == 2


def test_an_entered_answer_gets_no_receipt_and_says_nothing_of_the_mailbox(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        uow.session.get_one(Ask, 1).seat.address_state = AddressState.BOUNCED
        given = NewAnswer("entered:1", AnswerKind.COMMENTS, Channel.ENTERED, uow.now, "By telephone.", entered_by="LO")
        accept(uow, Answer(1, given))

        assert not posted(uow)
        assert uow.session.get_one(Ask, 1).seat.address_state is AddressState.BOUNCED


def test_an_answer_by_the_partner_proves_its_mailbox(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        uow.session.get_one(Ask, 1).seat.address_state = AddressState.DOUBTFUL
        accept(uow, Answer(1, new(uow)))

        assert uow.session.get_one(Ask, 1).seat.address_state is AddressState.GOOD


def test_a_withdrawn_request_takes_no_answer(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        asks.withdraw(uow, 1, "asked in error")
    with rooms.unit() as uow, pytest.raises(RuleBroken):
        accept(uow, Answer(1, new(uow)))


def test_an_answer_to_nothing_is_refused(rooms: Rooms) -> None:
    with rooms.unit() as uow, pytest.raises(NotFound):
        accept(uow, Answer(99, new(uow)))


def test_an_answer_is_told_on_the_stories_of_its_round_partner_and_draft(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, Answer(1, new(uow)))
        ask = uow.session.get_one(Ask, 1)
        places = [ask.asked_about, ask.seat.organisation.subject]

        for place in places:
            assert "answered-comments" in [entry.verb for entry in story_of(uow.session, place)]
