"""From the wire to the verdict: what an arriving mail does, and what it must never do."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from crm.chase import service as chase
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.queries import asks_about
from crm.domain.asks.rules import DOUBTFUL, AnswerKind, AskKind, AskState
from crm.domain.consultations.models import Clause, Comment
from crm.domain.meetings import service as meetings
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.rules import PartStat
from crm.domain.organisations.models import Seat
from crm.domain.organisations.rules import AddressState
from crm.files.models import Attachment, Blob
from crm.inbound import answering, filing
from crm.inbound.models import InboundMail, MailState
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import Status
from tests.support.builders import LINKS, a_round, a_seat, all_left, posted
from tests.support.letters import a_bounce, a_calendar_reply, a_reply
from tests.support.rooms import Rooms, furnished

COMMENTS = "Clause 7: say when arrest is permitted.\n\nClause 9: delay must be limited to one hour.\n"
CNIC = "35202-1234567-1"
ORDINARY = (
    "This procedure sets the least that every police officer must do from the moment of first contact.",
    "Custody is the last step, taken only where no notice to appear would serve the purpose.",
    "The officer in charge is told within thirty minutes of the arrival of a juvenile at the station.",
)
A_PICTURE = b"\xff\xd8\xff\xe0 a scan \xff\xd9"


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return furnished(engine)


@pytest.fixture
def ask(rooms: Rooms) -> Ask:
    """One request, accepted by the partner's server."""
    with rooms.unit() as uow:
        consultation = a_round(uow, [a_seat(uow, "sparc")])
        found = asks_about(uow.session, consultation.subject)[0]
        assert found.seat.organisation.short
        return found


def state_of(rooms: Rooms, ask: Ask) -> Ask:
    with rooms.reading() as session:
        return session.get_one(Ask, ask.id)


def mail_of(rooms: Rooms, mail_id: int) -> InboundMail:
    with rooms.reading() as session:
        return session.get_one(InboundMail, mail_id)


def test_a_reply_to_the_reply_address_answers_its_request_and_gets_one_receipt(rooms: Rooms, ask: Ask) -> None:
    to = LINKS.reply_address(ask)
    mail = mail_of(rooms, rooms.post(a_reply(ask.seat.address, to, COMMENTS), to))

    assert (mail.state, mail.ask_id) == (MailState.DONE, ask.id)
    assert state_of(rooms, ask).state is AskState.ANSWERED
    with rooms.unit() as uow:
        assert {comment.clause.number for comment in uow.session.query(Comment)} == {"7", "9"}
        assert [message.to_address for message in posted(uow)] == [ask.seat.address]
        assert posted(uow)[0].step == "receipt"


def test_the_same_mail_delivered_twice_is_one_answer(rooms: Rooms, ask: Ask) -> None:
    to = LINKS.reply_address(ask)
    raw = a_reply(ask.seat.address, to, COMMENTS)
    rooms.post(raw, to)
    again = mail_of(rooms, rooms.post(b"Received: from elsewhere\r\n" + raw, to))

    assert again.state is MailState.DUPLICATE
    with rooms.reading() as session:
        assert session.query(AskAnswer).count() == 1


def test_an_unread_file_that_comes_again_leaves_no_second_copy_in_quarantine(rooms: Rooms, ask: Ask) -> None:
    to, scan = LINKS.reply_address(ask), (("scan.jpg", A_PICTURE, "image/jpeg"),)
    rooms.post(a_reply(ask.seat.address, to, "Clause 7: too vague.", files=scan), to)
    again = (*scan, ("copy.jpg", A_PICTURE, "image/jpeg"))
    rooms.post(a_reply(ask.seat.address, to, "The scan again.", message_id="<2@sparc>", files=again), to)

    assert [one for one in rooms.quarantine.content.values()].count(A_PICTURE) == 1
    with rooms.reading() as session:
        assert session.query(Attachment).filter_by(subject_kind="mail").count() == 3
        assert session.query(Blob).one().quarantined_as in rooms.quarantine.content


def test_another_sender_pauses_the_ladder_and_waits_for_a_person(rooms: Rooms, ask: Ask) -> None:
    to = LINKS.reply_address(ask)
    mail_id = rooms.post(a_reply("secretary.sparc@gmail.com", to, COMMENTS), to)
    mail = mail_of(rooms, mail_id)

    assert (mail.state, mail.proposed_ask_id) == (MailState.WAITING, ask.id)
    assert state_of(rooms, ask).state is AskState.OPEN
    assert state_of(rooms, ask).paused_at is not None
    rooms.set_day(date(2026, 12, 28))
    with rooms.unit() as uow:
        assert chase.climb(uow) == 0
        filing.file_mail(uow, mail_id, ask.id)
    assert state_of(rooms, ask).state is AskState.ANSWERED
    next_one = rooms.post(a_reply("secretary.sparc@gmail.com", to, "One more: clause 12", message_id="<2@g>"), to)
    assert mail_of(rooms, next_one).state is MailState.DONE, "the address was learnt"


def test_a_mail_without_token_or_thread_is_only_proposed(rooms: Rooms, ask: Ask) -> None:
    mail = mail_of(rooms, rooms.post(a_reply(ask.seat.address, "jjcpu@npb.example", COMMENTS)))

    assert (mail.state, mail.proposed_ask_id) == (MailState.WAITING, ask.id)
    assert state_of(rooms, ask).state is AskState.OPEN


def test_an_answer_in_our_thread_from_the_post_counts_without_a_token(rooms: Rooms, ask: Ask) -> None:
    with rooms.reading() as session:
        letter = session.query(OutboxMessage).filter_by(about_kind="ask", about_id=ask.id).one()
    raw = a_reply(ask.seat.address, "jjcpu@npb.example", COMMENTS, in_reply_to=letter.message_id)
    assert mail_of(rooms, rooms.post(raw)).state is MailState.DONE


@pytest.mark.parametrize(
    ("text", "state"),
    [("NIL", AskState.NIL), ("No comments, please.", AskState.NIL), ("The matter is under process.", AskState.OPEN)],
)
def test_the_usual_answers_are_understood(rooms: Rooms, ask: Ask, text: str, state: AskState) -> None:
    to = LINKS.reply_address(ask)
    rooms.post(a_reply(ask.seat.address, to, text), to)
    now = state_of(rooms, ask)
    assert now.state is state
    assert (now.paused_at is not None) is (state is AskState.OPEN)


@pytest.mark.parametrize(
    ("text", "letters", "state"),
    [
        ("Please find attached.", [b"Dear Sir,\nNIL report may be considered please."], AskState.NIL),
        ("", [b"Dear Sir,\nThis Ministry has no comments on the draft."], AskState.NIL),
        ("Please find attached.", [b"Dear Sir,\nThe hours are too long. Rest NIL."], AskState.ANSWERED),
        ("Please find attached.", [b"NIL", b"Clause 7: too vague."], AskState.ANSWERED),
        ("Please find attached.", [b"NIL", A_PICTURE], AskState.ANSWERED),
        ("Clause 7 is too vague.\n\nOn all other clauses: NIL", [b"NIL"], AskState.ANSWERED),
    ],
)
def test_a_nil_letter_under_a_covering_note_is_nil_and_comments_beside_the_word_are_comments(
    rooms: Rooms, ask: Ask, text: str, letters: list[bytes], state: AskState
) -> None:
    to = LINKS.reply_address(ask)
    files = tuple((f"letter-{number}", content, "application/octet-stream") for number, content in enumerate(letters))
    rooms.post(a_reply(ask.seat.address, to, text, files=files), to)
    assert state_of(rooms, ask).state is state


@pytest.mark.parametrize(
    ("text", "content", "kind", "clauses"),
    [
        ("NIL", b"Clause 7: say when arrest is permitted.", AnswerKind.COMMENTS, ["7"]),
        ("No comments.", b"Dear Sir,\nThe hours are too long.", AnswerKind.COMMENTS, [""]),
        ("NIL", b"Dear Sir,\nThis Ministry has no comments on the draft.", AnswerKind.NIL, []),
    ],
)
def test_a_file_with_comments_counts_more_than_a_body_that_says_nil(
    rooms: Rooms, ask: Ask, text: str, content: bytes, kind: AnswerKind, clauses: list[str]
) -> None:
    to, files = LINKS.reply_address(ask), (("views.txt", content, "text/plain"),)
    rooms.post(a_reply(ask.seat.address, to, text, files=files), to)

    with rooms.reading() as session:
        assert session.query(AskAnswer).one().kind is kind
        assert [one.clause.number if one.clause else "" for one in session.query(Comment)] == clauses


def test_our_own_draft_sent_back_under_nil_is_nil(rooms: Rooms, ask: Ask) -> None:
    with rooms.unit() as uow:
        clauses = uow.session.query(Clause).order_by(Clause.place).all()
        for one, words in zip(clauses, ORDINARY, strict=False):
            one.text = words
        draft = "\n".join(f"{one.number}. {one.text}" for one in clauses[: len(ORDINARY)])
    to, files = LINKS.reply_address(ask), (("draft.txt", draft.encode(), "text/plain"),)
    rooms.post(a_reply(ask.seat.address, to, "NIL", files=files), to)
    assert state_of(rooms, ask).state is AskState.NIL


def test_nil_with_a_file_that_no_machine_reads_pauses_until_a_person_says_what_it_is(rooms: Rooms, ask: Ask) -> None:
    to, scan = LINKS.reply_address(ask), (("letter.jpg", A_PICTURE, "image/jpeg"),)
    mail_id = rooms.post(a_reply(ask.seat.address, to, "NIL", files=scan), to)

    assert mail_of(rooms, mail_id).verdict_words == answering.LESS_THAN_ITS_FILE
    assert state_of(rooms, ask).paused_because == DOUBTFUL
    with rooms.unit() as uow:
        filing.file_mail(uow, mail_id, ask.id, AnswerKind.COMMENTS)
    assert state_of(rooms, ask).state is AskState.ANSWERED


def test_an_out_of_office_answers_nothing_and_stops_nothing(rooms: Rooms, ask: Ask) -> None:
    to = LINKS.reply_address(ask)
    raw = a_reply(ask.seat.address, to, "I am on leave until 14 December.", Auto_Submitted="auto-replied")
    assert mail_of(rooms, rooms.post(raw, to)).state is MailState.DONE
    rooms.set_day(date(2026, 12, 24))
    with rooms.unit() as uow:
        assert state_of(rooms, ask).state is AskState.OPEN
        assert chase.climb(uow) == 1


def test_a_hard_bounce_marks_the_mail_and_the_address_and_ends_the_chase(rooms: Rooms, ask: Ask) -> None:
    with rooms.reading() as session:
        letter = session.query(OutboxMessage).filter_by(about_kind="ask", about_id=ask.id).one()
    to = LINKS.bounce_address(letter)
    rooms.post(a_bounce(ask.seat.address, to, letter.message_id), to)

    with rooms.unit() as uow:
        assert uow.session.get_one(OutboxMessage, letter.id).status is Status.HARD_BOUNCED
        assert uow.session.get_one(Seat, ask.seat_id).address_state is AddressState.BOUNCED
    rooms.set_day(date(2026, 12, 24))
    with rooms.unit() as uow:
        assert chase.climb(uow) == 0


def test_a_bounce_of_a_mail_that_is_not_ours_changes_nothing(rooms: Rooms, ask: Ask) -> None:
    mail = mail_of(rooms, rooms.post(a_bounce(ask.seat.address, "jjcpu@npb.example", "<made-up@elsewhere.example>")))
    assert mail.state is MailState.SET_ASIDE
    with rooms.reading() as session:
        assert session.get_one(Seat, ask.seat_id).address_state is AddressState.GOOD


def test_a_childs_number_is_held_masked_and_never_stored(rooms: Rooms, ask: Ask) -> None:
    to = LINKS.reply_address(ask)
    mail_id = rooms.post(a_reply(ask.seat.address, to, f"Clause 7: see the boy with B-Form {CNIC}."), to)
    mail = mail_of(rooms, mail_id)

    assert mail.state is MailState.HELD
    assert CNIC not in mail.text
    assert "#####" in mail.text
    assert state_of(rooms, ask).paused_at is not None, "it counts as arrived"
    assert mail.quarantined_as in rooms.quarantine.names()
    with rooms.engine.connect() as connection:
        for table in ("inbound_mail", "timeline_entry", "audit_value", "search_entry", "ask_answer", "comment"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any("1234567" in str(value) for row in rows for value in row), table


def test_a_mail_that_breaks_the_reader_stops_no_other(rooms: Rooms, ask: Ask) -> None:
    broken = rooms.post(b"this is no mail at all")
    to = LINKS.reply_address(ask)
    good = rooms.post(a_reply(ask.seat.address, to, COMMENTS), to)
    assert mail_of(rooms, broken).state is MailState.FAILED
    assert mail_of(rooms, broken).quarantined_as or mail_of(rooms, broken).raw_sha256
    assert mail_of(rooms, good).state is MailState.DONE


@pytest.fixture
def invitation(rooms: Rooms) -> tuple[Ask, str]:
    """An invited post, and the UID of the meeting."""
    with rooms.unit() as uow:
        seat = a_seat(uow, "ncrc")
        plan = meetings.Plan("Workshop", (uow.now + timedelta(days=20)).replace(tzinfo=None), 120)
        meeting = meetings.plan_meeting(uow, plan)
        meetings.invite(uow, meeting.id, [seat])
        all_left(uow)
        ask = uow.session.query(Ask).filter_by(kind=AskKind.RSVP).one()
        assert ask.seat.organisation.short
        return ask, meeting.uid


def test_accepting_in_the_calendar_sets_the_standing_and_sends_nothing(
    rooms: Rooms, invitation: tuple[Ask, str]
) -> None:
    ask, uid = invitation
    to = LINKS.organizer(ask)
    rooms.post(a_calendar_reply(ask.seat.address, to, uid, "ACCEPTED"), to)
    with rooms.unit() as uow:
        assert uow.session.query(Invitee).one().partstat is PartStat.ACCEPTED
        assert posted(uow) == []


def test_an_answer_to_an_older_version_is_kept_and_changes_nothing(rooms: Rooms, invitation: tuple[Ask, str]) -> None:
    ask, uid = invitation
    with rooms.unit() as uow:
        uow.session.query(Meeting).one().sequence = 2
    to = LINKS.organizer(ask)
    mail = mail_of(rooms, rooms.post(a_calendar_reply(ask.seat.address, to, uid, "ACCEPTED", sequence=1), to))
    assert mail.state is MailState.DONE
    with rooms.reading() as session:
        assert session.query(Invitee).one().partstat is PartStat.NEEDS_ACTION


def test_a_later_decline_overrules_an_accept_and_an_older_one_does_not(
    rooms: Rooms, invitation: tuple[Ask, str]
) -> None:
    ask, uid = invitation
    to = LINKS.organizer(ask)
    for partstat, stamp in (("DECLINED", "20261124T090000Z"), ("ACCEPTED", "20261124T080000Z")):
        rooms.post(a_calendar_reply(ask.seat.address, to, uid, partstat, stamp=stamp), to)
    with rooms.reading() as session:
        assert session.query(Invitee).one().partstat is PartStat.DECLINED
    assert state_of(rooms, ask).state is AskState.DECLINED


def test_our_own_letter_quoted_without_a_mark_is_folded_away(rooms: Rooms, ask: Ask) -> None:
    ours = "The views of Organisation sparc on the draft SOP on First Contact may kindly be furnished by Tuesday."
    with rooms.unit() as uow:
        letter = uow.session.query(OutboxMessage).filter_by(about_kind="ask", about_id=ask.id).one()
        raw = f"From: jjcpu@npb.example\r\nSubject: Views\r\nContent-Type: text/plain\r\n\r\n{ours}\r\n".encode()
        uow.session.add(MessageBytes(message_id=letter.id, mime=raw))
    to = LINKS.reply_address(ask)
    mail = mail_of(rooms, rooms.post(a_reply(ask.seat.address, to, f"Clause 7 needs a time limit.\n\n{ours}\n"), to))
    assert mail.text.strip() == "Clause 7 needs a time limit."
    assert "may kindly be furnished" in mail.folded
