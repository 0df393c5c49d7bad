"""Persons are never taken for machines, nor machines for persons."""

import pytest

from crm.inbound.classify import MailClass
from crm.inbound.reading import read
from tests.support.corpus import multipart, written_mail


def calendar_object(method: str) -> str:
    """A calendar object with one attendee who accepts."""
    event = "BEGIN:VEVENT\nUID:inv-1\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.pk\nEND:VEVENT\n"
    return f"BEGIN:VCALENDAR\nMETHOD:{method}\n{event}END:VCALENDAR\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied (vacation)"},
        {"auto_submitted": "auto-generated; owner=x"},
        {"return_path": "<>"},
        {"precedence": "bulk"},
        {"precedence": "auto_reply"},
        {"x_autoreply": "yes"},
        {"x_autorespond": "Re: Consultation"},
        {"subject": "Automatic reply: Consultation"},
        {"subject": "Réponse automatique : Consultation"},
        {"subject": "Abwesenheitsnotiz: Consultation"},
        {"subject": "خودکار جواب: مشاورت"},
        {"subject": "Out of Office"},
        {"from": "Mail System <postmaster@partner.example>"},
        {"precedence": "list", "in_reply_to": ""},
    ],
)
def test_a_machine_is_known_by_what_it_says_of_itself(headers: dict[str, str]) -> None:
    assert read(written_mail("I am away.", **headers)).mail_class is MailClass.AUTO


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "DR, OOF, AutoReply"},
        {"precedence": "list", "list_id": "<policy.lists.example>"},
        {"subject": "RE: Automatic reply: Consultation"},
        {"from": "No Reply <noreply@partner.example>"},
        {"subject": "Autonomous regions and the SOP"},
        {"subject": "Leave rules: our comments"},
    ],
)
def test_a_person_is_not_taken_for_a_machine(headers: dict[str, str]) -> None:
    assert read(written_mail("I was out of office. We agree.", **headers)).mail_class is MailClass.HUMAN


def test_our_own_mail_is_known_by_address_mark_or_message_id() -> None:
    own = frozenset({"consult@crm.example.org"})
    assert read(written_mail(**{"from": "consult@crm.example.org"}), own).mail_class is MailClass.OWN
    assert read(written_mail(**{"from": "consult+i7.k4@crm.example.org"}), own).mail_class is MailClass.OWN
    assert read(written_mail(x_loop="crm.example.org"), own).mail_class is MailClass.OWN
    assert read(written_mail(), own_message_ids=frozenset({"m1@partner.example"})).mail_class is MailClass.OWN
    assert read(written_mail(), own).mail_class is MailClass.HUMAN


def test_a_read_receipt_is_no_bounce_and_no_answer() -> None:
    fields = "Final-Recipient: rfc822;a@x.pk\nDisposition: manual; displayed\n"
    receipt = f"Content-Type: message/disposition-notification\n\n{fields}"
    raw = multipart("report; report-type=disposition-notification", "Content-Type: text/plain\n\nRead.\n", receipt)
    assert read(raw).mail_class is MailClass.MDN


def test_an_abuse_report_is_a_complaint() -> None:
    report = "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
    raw = multipart("report; report-type=feedback-report", "Content-Type: text/plain\n\nAbuse.\n", report)
    assert read(raw).mail_class is MailClass.COMPLAINT


def test_a_calendar_answer_comes_before_the_test_for_machines() -> None:
    calendar = calendar_object("REPLY")
    part = f"Content-Type: text/calendar; method=REPLY; charset=utf-8\n\n{calendar}"
    reading = read(
        multipart("alternative", "Content-Type: text/plain\n\nAccepted\n", part, auto_submitted="auto-generated")
    )
    assert reading.mail_class is MailClass.RSVP
    assert reading.calendar[0].partstat == "ACCEPTED"


def test_our_invitation_sent_back_is_no_answer() -> None:
    calendar = calendar_object("REQUEST")
    raw = written_mail(calendar, content_type="text/calendar; method=REQUEST")
    assert read(raw).mail_class is MailClass.HUMAN


def test_two_different_methods_are_flagged() -> None:
    calendar = calendar_object("REPLY")
    reading = read(written_mail(calendar, content_type="text/calendar; method=REQUEST"))
    assert "method-mismatch" in reading.calendar[0].flags
    assert reading.notes


def test_what_is_no_mail_is_an_error_with_a_reason() -> None:
    for raw in (b"", b"\x00\x01\x02", b"\n\n\n", b"just words"):
        reading = read(raw)
        assert reading.mail_class is MailClass.ERROR
        assert str(reading.reason)


def test_an_automatic_reply_suggests_a_date_and_a_colleague() -> None:
    body = "I am out of the office until 13 October. For urgent matters contact bilal@partner.example."
    reading = read(written_mail(body, subject="Automatic reply: Consultation"))
    assert reading.auto_reply is not None
    assert reading.auto_reply.returns_on is not None
    assert reading.auto_reply.returns_on.isoformat() == "2025-10-13"
    assert reading.auto_reply.substitute == "bilal@partner.example"
    assert not reading.auto_reply.has_left


def test_an_automatic_reply_says_that_somebody_has_left() -> None:
    body = "Ayesha Khan has been transferred. Please write to bilal@partner.example instead."
    reading = read(written_mail(body, auto_submitted="auto-replied"))
    assert reading.auto_reply is not None
    assert reading.auto_reply.has_left
