"""Every answer ends in one place: written once, its request decided, its comments cut, one receipt sent."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from crm.answers.service import Answer, accept
from crm.answers.undoing import take_back
from crm.chase import service as chase
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AnswerKind, AskState, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations.models import Comment, ConsultationRound
from crm.domain.consultations.queries import all_comments, count_undecided
from crm.domain.consultations.rules import CommentPlace, Disposition
from crm.domain.consultations.service import place_comment
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

        assert in_the_matrix(uow) == [("3", "Add women officers.")]


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


def typed(uow: UnitOfWork, key: str, **clauses: str) -> Answer:
    """An answer from the private page; clauses as c7="words"."""
    said = {name[1:]: {"comment": text, "proposed": ""} for name, text in clauses.items()}
    return Answer(1, NewAnswer(key, AnswerKind.COMMENTS, Channel.LINK, uow.now, values={"clauses": said}))


def mailed(uow: UnitOfWork, key: str, text: str) -> Answer:
    return Answer(1, NewAnswer(key, AnswerKind.COMMENTS, Channel.MAIL, uow.now, text))


def in_the_matrix(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Clause and words of what waits in the matrix or was decided there."""
    rows = all_comments(uow.session, uow.session.query(ConsultationRound).one().id)
    return [(one.clause.number if one.clause else "", one.text) for one in rows]


def test_a_revised_answer_enters_only_what_is_new_and_takes_the_place_of_what_it_no_longer_says(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, typed(uow, "a", c3="Add women officers.", c4="Too long.", c5="Unclear."))
        accept(uow, typed(uow, "b", c3="Add women  officers.", c4="One hour is too long."))

        assert in_the_matrix(uow) == [("3", "Add women officers."), ("4", "One hour is too long.")]
        gone = [one for one in uow.session.query(Comment) if one.archived_at]
        assert {one.text: (one.answer_id, one.source["replaced_by"]) for one in gone} == {
            "Too long.": (1, 2),
            "Unclear.": (1, 2),
        }
        assert count_undecided(uow.session, 1) == 2


def test_what_was_decided_stays_when_the_answer_is_revised_and_is_not_asked_again(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, typed(uow, "a", c3="Add women officers.", c4="Too long."))
        for one in uow.session.query(Comment):
            one.decide(Disposition.ACCEPTED, "", "", "Liaison officer", uow.now)
        accept(uow, typed(uow, "b", c3="Add women officers."))

        assert in_the_matrix(uow) == [("3", "Add women officers."), ("4", "Too long.")]
        assert count_undecided(uow.session, 1) == 0


def test_a_mail_sent_again_repeats_nothing_wherever_an_officer_placed_it_meanwhile(rooms: Rooms) -> None:
    words = "The draft should say more on costs.\n\nClause 7: define arrest.\n"
    with rooms.unit() as uow:
        accept(uow, mailed(uow, "a", words))
        loose = uow.session.query(Comment).filter_by(place=CommentPlace.TRAY).one()
        place_comment(uow, loose.id, "12")
        accept(uow, mailed(uow, "b", words.replace("define arrest", "define custody")))

        assert in_the_matrix(uow) == [("7", "define custody."), ("12", "The draft should say more on costs.")]


def test_a_second_mail_on_other_clauses_adds_to_the_first(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, mailed(uow, "a", "Clause 7: define arrest.\n\nClause 9: at most one hour.\n"))
        accept(uow, mailed(uow, "b", "Clause 12: name the post."))

        assert [clause for clause, _ in in_the_matrix(uow)] == ["7", "9", "12"]


def test_an_answer_that_is_taken_back_leaves_what_another_says_and_brings_back_what_it_had_replaced(
    rooms: Rooms,
) -> None:
    with rooms.unit() as uow:
        first = accept(uow, typed(uow, "a", c3="Add women officers.", c4="Too long.")).answer
        second = accept(uow, typed(uow, "b", c3="Add women officers.", c5="Unclear.")).answer
        take_back(uow, second, "sent in error")
        assert in_the_matrix(uow) == [("3", "Add women officers."), ("4", "Too long.")]
        third = accept(uow, typed(uow, "c", c3="Add women officers.")).answer
        take_back(uow, first, "sent in error")

        assert in_the_matrix(uow) == [("3", "Add women officers.")]
        assert [one.answer_id for one in all_comments(uow.session, 1)] == [third.id]
        assert uow.session.get_one(Ask, 1).state is AskState.ANSWERED
        take_back(uow, third, "sent in error")
        assert uow.session.get_one(Ask, 1).state is AskState.OPEN
        assert not in_the_matrix(uow)


def test_an_answer_by_another_way_takes_the_place_of_nothing(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        accept(uow, mailed(uow, "a", "Clause 7: define arrest.\n\nClause 9: at most one hour.\n"))
        accept(uow, typed(uow, "b", c7="define arrest.", c12="Name the post."))

        assert [clause for clause, _ in in_the_matrix(uow)] == ["7", "9", "12"]


def test_the_comments_of_a_file_stay_when_the_page_is_sent_again_without_it(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        first = typed(uow, "a", c3="Add women officers.")
        accept(uow, replace(first, file_texts=(("views.docx", "Clause 9: at most one hour."),)))
        accept(uow, typed(uow, "b", c3="Add women officers and a nurse."))

        assert [clause for clause, _ in in_the_matrix(uow)] == ["3", "9"]
