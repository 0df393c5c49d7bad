"""A round: judged partner by partner, sent once, extended, closed; its comments placed and decided."""

from datetime import date

import pytest
from sqlalchemy import Engine

from crm.answers.service import Answer, accept
from crm.audit.models import AuditEntry
from crm.domain.accounts.rules import ROLE_PERMISSIONS, Role
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AnswerKind, AskState, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations import service
from crm.domain.consultations.models import Clause, Comment, ConsultationRound
from crm.domain.consultations.rules import Choice, CommentPlace, Disposition, LadderChoice, Overtaken, RoundState
from crm.domain.meetings.models import Invitee
from crm.domain.meetings.service import Plan, plan_meeting
from crm.domain.organisations.rules import AddressState, Courtesy
from crm.errors import NotAllowed, NotFound, RuleBroken
from crm.mail.letter import Enclosure
from crm.outbox.models import OutboxMessage
from crm.uow import Actor, UnitOfWork
from tests.support.builders import DUE, a_round, a_seat, posted
from tests.support.fakes import NOON
from tests.support.rooms import Rooms, furnished

NGOS = Choice(types=("ngo",))
MANAGEMENT = Actor("Management", frozenset(ROLE_PERMISSIONS[Role.MANAGEMENT]))


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return furnished(engine)


def left_out(uow: UnitOfWork, choice: Choice = NGOS, round_id: int = 1) -> dict[str, str]:
    return {one.name: str(one.why) for one in service.choose(uow, round_id, choice).left_out}


def asked(uow: UnitOfWork, choice: Choice, round_id: int = 1) -> set[str]:
    return {seat.organisation.code for seat in service.choose(uow, round_id, choice).asked}


def commented(uow: UnitOfWork, text: str = "Clause 7: define arrest.\n\nMore on costs, please.\n") -> None:
    """A round that one was asked in and answered."""
    a_round(uow, [a_seat(uow, "sparc")])
    accept(uow, Answer(1, NewAnswer("page:1", AnswerKind.COMMENTS, Channel.LINK, uow.now, text)))


def test_partners_are_chosen_by_type_province_and_theme_and_single_ones_added_and_taken_out(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow)
        one = a_seat(uow, "one", themes=["rehabilitation"])
        a_seat(uow, "two", province="Sindh")
        police = a_seat(uow, "police", type="police_service")

        assert asked(uow, NGOS) == {"one", "two"}
        assert asked(uow, Choice(types=("ngo",), provinces=("Sindh",))) == {"two"}
        assert asked(uow, Choice(themes=("rehabilitation",))) == {"one"}
        assert asked(uow, Choice(added=(police.organisation_id,))) == {"police"}
        assert asked(uow, Choice(types=("ngo",), removed=(one.organisation_id,))) == {"two"}
        assert asked(uow, Choice()) == set()


def test_everybody_left_out_is_named_with_the_reason(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow)
        a_seat(uow, "host", name="Bureau", type="host")
        a_seat(uow, "no-contact", name="No contact", do_not_contact="asked to be left alone")
        a_seat(uow, "no-mailbox", name="No mailbox", address="")
        a_seat(uow, "bounced", name="Bounced").address_state = AddressState.BOUNCED
        a_seat(uow, "no-post", name="No post").is_focal = False
        taken_out = a_seat(uow, "taken-out", name="Taken out")
        uow.session.flush()

        choice = Choice(types=("ngo", "host"), removed=(taken_out.organisation_id,))

        assert left_out(uow, choice) == {
            "Bureau": "it is the bureau itself",
            "No contact": "it must not be contacted: asked to be left alone",
            "No mailbox": "the focal post has no mailbox",
            "Bounced": "its mailbox does not exist; correct the address first",
            "No post": "no focal post is on record",
            "Taken out": "you took it out",
        }


def test_a_round_sent_twice_asks_only_those_who_are_new(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "one")])
        a_seat(uow, "two")

        assert left_out(uow) == {"Organisation one": "it has been asked in this round already"}
        assert service.send_round(uow, 1, NGOS, DUE, LadderChoice()) == 1
        assert uow.session.query(Ask).count() == 2


def test_each_request_has_a_number_a_reference_a_letter_and_an_entry_in_the_trail(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow), a_seat(uow), a_seat(uow)], sent=False)

        asks = uow.session.query(Ask).order_by(Ask.id).all()
        assert [ask.number for ask in asks] == ["R26-0001", "R26-0002", "R26-0003"]
        assert [ask.reference for ask in asks] == [f"No.1({number})/2026-JJCPU" for number in (1, 2, 3)]
        assert [(one.about_id, one.seat_id) for one in posted(uow, "request")] == [
            (ask.id, ask.seat_id) for ask in asks
        ]
        trail = uow.session.query(AuditEntry).filter(AuditEntry.table_name == "ask")
        assert [entry.row_id for entry in trail] == [str(ask.id) for ask in asks]


def test_many_requests_keep_the_order_of_their_posts(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        seats = [a_seat(uow, f"partner-{number:03d}") for number in range(150)]
        a_round(uow, seats, sent=False)

        letters = {one.about_id: one for one in posted(uow, "request")}
        assert all(letters[ask.id].to_address == ask.seat.address for ask in uow.session.query(Ask))


def test_a_due_date_on_a_closed_day_moves_to_the_next_working_day(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow)], due_on=date(2026, 12, 25))

        assert uow.session.query(Ask).one().due_on == date(2026, 12, 28)


@pytest.mark.parametrize("due_on", [date(2026, 11, 20), date(2026, 11, 24)])
def test_a_due_date_that_does_not_lie_ahead_is_refused_and_nothing_stays(rooms: Rooms, due_on: date) -> None:
    with pytest.raises(RuleBroken), rooms.unit() as uow:
        a_round(uow, [a_seat(uow)], due_on=due_on)
    with rooms.unit() as uow:
        assert not uow.session.query(Ask).all()
        assert not posted(uow)


def test_nobody_is_asked_when_nobody_can_be_and_the_sentence_says_so(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow)
        with pytest.raises(RuleBroken, match="Nobody would be asked"):
            service.send_round(uow, 1, NGOS, DUE, LadderChoice())


def test_only_those_who_may_run_a_round_send_it(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow)
        a_seat(uow)
    with rooms.unit(MANAGEMENT) as uow, pytest.raises(NotAllowed):
        service.send_round(uow, 1, NGOS, DUE, LadderChoice())


def test_each_gets_the_ladder_that_its_courtesy_allows(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "ngo"), a_seat(uow, "court", courtesy=Courtesy.JUDICIARY)])

        ladders = {ask.seat.organisation.code: [step.name for step in ask.steps] for ask in uow.session.query(Ask)}

    assert ladders == {"court": ["reminder-1"], "ngo": ["courtesy", "reminder-1", "reminder-2", "reminder-3"]}


@pytest.mark.parametrize(("included", "invited"), [(True, 1), (False, 0)])
def test_the_workshop_goes_with_the_round_or_stays_out(rooms: Rooms, included: bool, invited: int) -> None:
    with rooms.unit() as uow:
        consultation = a_round(uow)
        meeting = plan_meeting(uow, Plan("Workshop", NOON.replace(year=2027, tzinfo=None), 120))
        consultation.workshop_id = meeting.id
        a_seat(uow)
        service.send_round(uow, 1, NGOS, DUE, LadderChoice(workshop_included=included))

        assert uow.session.query(Invitee).count() == invited
        assert len(posted(uow, "invitation")) == invited


def test_the_preview_is_the_letter_that_goes_but_for_its_number_and_links(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow)
        seat = a_seat(uow, language="ur")
        shown = service.sample_request(uow, 1, seat, DUE, "ur")
        service.send_round(uow, 1, NGOS, DUE, LadderChoice(), (Enclosure("0" * 64, "draft.docx", "x/y"),))
        (sent,) = posted(uow, "request")

        kept = sent.letter["context"]
        assert (shown.to, shown.language, shown.template) == (sent.to_address, "ur", sent.letter["template"])
        assert shown.context.keys() == kept.keys()
        assert shown.context["to"] == kept["to"]
        assert sent.letter["enclosures"] == [{"$enclosure": ["0" * 64, "draft.docx", "x/y"]}]
        assert uow.session.query(Ask).count() == 1


def test_a_round_closes_only_when_every_comment_is_decided_and_its_requests_stay_open(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow, "sparc"), a_seat(uow, "zzz", name="Zzz")])
        accept(uow, Answer(1, NewAnswer("page:1", AnswerKind.COMMENTS, Channel.LINK, uow.now, "Clause 7: define it.")))
        with pytest.raises(RuleBroken, match="1 comment waits"):
            service.close_round(uow, 1)
        service.decide(uow, 1, Disposition.ACCEPTED)

        assert service.close_round(uow, 1).state is RoundState.ROUND_CLOSED
        assert uow.session.get_one(Ask, 2).state is AskState.OPEN
        with pytest.raises(RuleBroken):
            service.close_round(uow, 1)
        with pytest.raises(RuleBroken, match="closed"):
            service.send_round(uow, 1, Choice(added=(a_seat(uow).organisation_id,)), DUE, LadderChoice())


def test_a_comment_in_the_tray_is_placed_before_it_is_decided(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        commented(uow)
        tray = uow.session.get_one(Comment, 1)
        tray.place, tray.clause_id = CommentPlace.TRAY, None
        uow.session.flush()
        with pytest.raises(RuleBroken, match="Place this comment"):
            service.decide(uow, tray.id, Disposition.NOTED, "Seen")

        assert service.place_comment(uow, tray.id, "").place is CommentPlace.GENERAL
        clause = service.place_comment(uow, tray.id, " 9 ").clause_id
        assert uow.session.get_one(Clause, clause).number == "9"
        with pytest.raises(NotFound, match="no clause 99"):
            service.place_comment(uow, tray.id, "99")


@pytest.mark.parametrize("disposition", [one for one in Disposition if one is not Disposition.ACCEPTED])
def test_every_decision_but_plain_acceptance_needs_a_reason(rooms: Rooms, disposition: Disposition) -> None:
    with rooms.unit() as uow:
        commented(uow)
        with pytest.raises(RuleBroken, match="A reason is needed"):
            service.decide(uow, 1, disposition, "  ")

        assert service.decide(uow, 1, disposition, "Because").decided_by == "Set-up"
        assert service.undo_decision(uow, 1).disposition is None


def test_the_second_of_two_officers_is_told_that_a_colleague_was_quicker(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        commented(uow)
        seen = uow.session.get_one(Comment, 1).version
        service.decide(uow, 1, Disposition.ACCEPTED, seen_version=seen)
    with rooms.unit() as uow, pytest.raises(Overtaken):
        service.decide(uow, 1, Disposition.NOTED, "Mine", seen_version=seen)


def test_a_comment_entered_by_hand_stands_beside_its_answer(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        commented(uow, "See the scan.")
        comment = service.add_comment(uow, 1, service.Written("8", "Shorter, please", "Within one hour."))

        assert (comment.clause_id is not None, comment.answer_id, comment.source["in"]) == (True, 1, "hand")
        with pytest.raises(RuleBroken):
            service.add_comment(uow, 1, service.Written("8", "  "))


def test_the_next_round_asks_the_same_questions(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        commented(uow)
        with pytest.raises(RuleBroken, match="not closed"):
            service.plan_round(uow, 1)
        for comment in uow.session.query(Comment):
            comment.put_on(None)
            service.decide(uow, comment.id, Disposition.ACCEPTED)
        service.close_round(uow, 1)

        row = service.plan_round(uow, 1)

        assert (row.number, row.state) == (2, RoundState.DRAFTING)
        assert uow.session.query(ConsultationRound).count() == 2


def send_and_fail(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        a_round(uow, [a_seat(uow)])
        raise RuntimeError("the disk is full")


def test_nothing_leaves_when_the_unit_of_work_fails(rooms: Rooms) -> None:
    with pytest.raises(RuntimeError):
        send_and_fail(rooms)

    with rooms.unit() as uow:
        assert not uow.session.query(OutboxMessage).all()
