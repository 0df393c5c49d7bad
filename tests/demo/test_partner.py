"""Each mail that a partner's program would write is understood as what it is, and does what it should."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm.demo import partner
from crm.demo.mailboxes import Part, Received
from crm.demo.partner import Outgoing, Pen, Program, Rsvp
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskState
from crm.domain.meetings import service as meetings
from crm.domain.meetings.models import Invitee
from crm.domain.meetings.rules import PartStat
from crm.domain.meetings.service import Plan
from crm.domain.organisations.models import Seat
from crm.domain.organisations.rules import AddressState
from crm.inbound.classify import MailClass
from crm.inbound.models import InboundMail, MailState
from crm.inbound.reading import read
from tests.demo.conftest import Demo
from tests.support.builders import a_round, a_seat
from tests.support.fakes import NOON

pytestmark = pytest.mark.slow

GMAIL, OUTLOOK = "focal.point@forum.example", "focal.point@three.example"
START = datetime.combine(date(2027, 1, 21), time(10))
PEN = Pen('Director "Legal"', NOON + timedelta(days=1), "0011223344556677")


def test_the_two_addresses_are_of_either_program() -> None:
    assert partner.program_of(GMAIL) is Program.GMAIL
    assert partner.program_of(OUTLOOK) is Program.OUTLOOK


def asked(demo: Demo, address: str = GMAIL, language: str = "en") -> Received:
    """The request as it lies in a mailbox."""
    with demo.web.arrange() as uow:
        a_round(uow, [a_seat(uow, address=address, language=language)], sent=False)
    demo.deliver()
    return demo.newest(address)


def invited(demo: Demo) -> Received:
    """An invitation as it lies in a mailbox."""
    with demo.web.arrange() as uow:
        meeting = meetings.plan_meeting(uow, Plan("Workshop, in three parts", START, 180, venue="Hall; upstairs"))
        meetings.invite(uow, meeting.id, [a_seat(uow, address=GMAIL)])
    demo.deliver()
    return demo.newest(GMAIL)


def arrives(demo: Demo, mail: Outgoing) -> InboundMail:
    """The mail goes in by the door and is read."""
    demo.carry(mail)
    demo.read()
    with demo.web.arrange() as uow:
        row = uow.session.scalars(select(InboundMail).order_by(InboundMail.id.desc())).first()
        assert row is not None
        uow.session.expunge_all()
        return row


def the_ask(demo: Demo) -> Ask:
    with demo.web.arrange() as uow:
        row = uow.session.scalars(select(Ask)).one()
        uow.session.expunge_all()
        return row


@pytest.mark.parametrize("address", [GMAIL, OUTLOOK])
@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_reply_is_read_without_what_it_quotes(demo: Demo, address: str, language: str) -> None:
    words = "Clause 20: two hours are too long.\n\nClause 21: agreed.\n\nRegards,\nDirector"
    mail = asked(demo, address, language)
    reading = read(partner.reply(mail, PEN, words).raw)
    assert reading.mail_class is MailClass.HUMAN
    assert reading.sender == address
    assert "Clause 20: two hours are too long.\n\nClause 21: agreed." in reading.text
    assert mail.text[:60] not in reading.text
    assert reading.evidence.in_reply_to == (mail.message_id.strip("<>"),)
    assert mail.reply_to in reading.evidence.recipients


def test_a_reply_answers_its_request(demo: Demo) -> None:
    row = arrives(demo, partner.reply(asked(demo), PEN, "Clause 20: two hours are too long."))
    assert row.state is MailState.DONE
    assert the_ask(demo).state is AskState.ANSWERED


def test_an_urdu_reply_with_a_file_brings_both(demo: Demo) -> None:
    file = Part("آرا.txt", "شق 20: دو گھنٹے زیادہ ہیں".encode())
    mail = partner.reply(asked(demo, language="ur"), PEN, "آرا منسلک ہیں۔", [file])
    reading = read(mail.raw)
    assert [(one.name, one.content) for one in reading.attachments] == [(file.name, file.content)]
    assert reading.text.strip() == "آرا منسلک ہیں۔"


@pytest.mark.parametrize("rsvp", [Rsvp.ACCEPTED, Rsvp.DECLINED, Rsvp.TENTATIVE])
def test_a_calendar_answers_its_invitation(demo: Demo, rsvp: Rsvp) -> None:
    mail = invited(demo)
    outgoing = partner.calendar_reply(mail, PEN, rsvp)
    [said] = read(outgoing.raw).calendar
    assert (said.method, said.partstat, said.attendee) == ("REPLY", rsvp.upper(), GMAIL)
    assert arrives(demo, outgoing).state is MailState.DONE
    with demo.web.arrange() as uow:
        assert uow.session.scalars(select(Invitee)).one().partstat is PartStat(rsvp.upper())


def test_another_time_is_proposed_and_waits_for_a_person(demo: Demo) -> None:
    outgoing = partner.calendar_reply(invited(demo), PEN, Rsvp.COUNTER, "A day later, kindly")
    [said] = read(outgoing.raw).calendar
    assert said.method == "COUNTER"
    assert said.start is not None
    assert said.start.date() == date(2027, 1, 22)
    assert arrives(demo, outgoing).state is MailState.WAITING


def test_an_absence_note_answers_nothing_and_stops_nothing(demo: Demo) -> None:
    mail = asked(demo)
    outgoing = partner.out_of_office(mail, PEN)
    reading = read(outgoing.raw)
    assert reading.mail_class is MailClass.AUTO
    assert reading.auto_reply is not None
    assert reading.auto_reply.returns_on == date(2026, 12, 2)
    assert (outgoing.sender, outgoing.to) == ("", mail.return_path)
    assert arrives(demo, outgoing).ask_id == the_ask(demo).id
    assert the_ask(demo).state is AskState.OPEN
    assert the_ask(demo).paused_at is None


def test_a_bounce_marks_the_mailbox_that_does_not_exist(demo: Demo) -> None:
    outgoing = partner.bounce(asked(demo), PEN)
    reading = read(outgoing.raw)
    assert reading.mail_class is MailClass.BOUNCE
    assert [(one.recipient, one.kind, one.status) for one in reading.bounces] == [(GMAIL, "hard", "5.1.1")]
    assert arrives(demo, outgoing).state is MailState.DONE
    with demo.web.arrange() as uow:
        assert uow.session.scalars(select(Seat)).one().address_state is AddressState.BOUNCED


def test_a_reply_from_another_address_waits_and_pauses(demo: Demo) -> None:
    mail = partner.reply(asked(demo), PEN, "Our views.", sender="ps.director@free-mail.example")
    assert arrives(demo, mail).state is MailState.WAITING
    assert the_ask(demo).paused_at is not None
    with demo.web.arrange() as uow:
        assert list(uow.session.scalars(select(AskAnswer))) == []
