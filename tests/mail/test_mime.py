"""The bytes on the wire: their layout, their headers, and that they are the same on every retry."""

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest

from crm.itip.invitation import Method
from crm.itip.request import calendar_bytes
from crm.mail.headers import HeaderRefused, check_headers
from crm.mail.letter import Enclosure, Letter, LetterKind
from crm.mail.mime import Envelope, compose
from crm.mail.render import render
from tests.mail.letters import EVERY, HEAD, REPLY_TO, a_letter, an_event

ENVELOPE = Envelope(
    message_id="<ask.34.1.0@npb.example>",
    date=datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=5))),
    sender_name="Director, JJCPU",
    from_address="jjcpu@npb.example",
)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
REQUEST = a_letter("consultations/request")
INVITATION = EVERY["meetings/invitation"]


def written(letter: Letter, envelope: Envelope = ENVELOPE, **parts) -> bytes:
    return compose(letter, render(letter, HEAD), envelope, **parts)


def read(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def shape(part: EmailMessage) -> object:
    kind = part.get_content_type()
    return (kind, [shape(one) for one in part.iter_parts()]) if part.is_multipart() else kind


def test_an_ordinary_letter_is_plain_text_and_html():
    assert shape(read(written(REQUEST))) == ("multipart/alternative", ["text/plain", "text/html"])


def test_a_letter_with_paper_and_enclosures_is_mixed():
    enclosure = (Enclosure("0" * 64, "SOP.docx", "application/msword"), b"abc")
    mail = read(written(REQUEST, pdf=PDF, enclosures=[enclosure]))
    assert shape(mail) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html"]), "application/pdf", "application/msword"],
    )
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("Letter 2026-1164.pdf", PDF),
        ("SOP.docx", b"abc"),
    ]


def test_an_invitation_has_the_calendar_last_in_the_alternative_and_again_as_a_file():
    mail = read(written(INVITATION, calendar=calendar_bytes(INVITATION.calendar)))
    assert shape(mail) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )


@pytest.mark.parametrize("method", list(Method))
def test_the_method_outside_is_the_method_inside_and_both_copies_are_the_same_bytes(method):
    letter = replace(INVITATION, calendar=an_event(method))
    calendar = calendar_bytes(letter.calendar)
    parts = read(written(letter, calendar=calendar)).walk()
    inner, file = (part for part in parts if part.get_content_type() in ("text/calendar", "application/ics"))
    assert inner.get_param("method") == method
    assert inner.get_param("charset") == "UTF-8"
    assert inner["Content-Disposition"] is None
    assert file.get_filename() == file.get_param("name") == "invite.ics"
    assert b64decode(inner.get_payload()) == b64decode(file.get_payload()) == calendar


def test_a_calendar_mail_is_from_the_organizer_so_that_changes_are_believed():
    mail = read(written(INVITATION, calendar=calendar_bytes(INVITATION.calendar)))
    assert [one.addr_spec for one in mail["From"].addresses] == [REPLY_TO]
    assert [one.addr_spec for one in mail["To"].addresses] == [INVITATION.calendar.attendee]


def test_calendar_bytes_need_their_object():
    with pytest.raises(HeaderRefused):
        written(REQUEST, calendar=b"BEGIN:VCALENDAR")


def test_the_headers_of_a_request():
    mail = read(
        written(replace(REQUEST, in_reply_to=("<a@npb.example>", "<b@npb.example>"), copies_to=("c@x.example",)))
    )
    assert dict(mail.items()) | {"Content-Type": ""} == {
        "From": '"Director, JJCPU" <jjcpu@npb.example>',
        "To": '"Secretary, NCRC" <focal.point@ncrc.example>',
        "Cc": "c@x.example",
        "Reply-To": REPLY_TO,
        "Subject": render(REQUEST, HEAD).subject,
        "Date": "Tue, 01 Dec 2026 04:00:00 +0000",
        "Message-ID": "<ask.34.1.0@npb.example>",
        "In-Reply-To": "<b@npb.example>",
        "References": "<a@npb.example> <b@npb.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }


def test_a_receipt_says_that_it_is_a_reply_of_a_machine():
    assert read(written(EVERY["consultations/receipt"]))["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("kind", list(LetterKind))
def test_only_a_notice_can_be_unsubscribed_from(kind):
    envelope = replace(ENVELOPE, unsubscribe="https://rabta.npb.example/u/abc")
    mail = read(written(replace(REQUEST, kind=kind), envelope))
    notice = kind is LetterKind.NOTICE
    assert mail["List-Unsubscribe"] == ("<https://rabta.npb.example/u/abc>" if notice else None)
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if notice else None)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("name", EVERY)
def test_what_is_read_is_what_was_written(name, language):
    letter = EVERY[name].in_language(language)
    said = render(letter, HEAD)
    mail = read(written(letter))
    plain, page = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert (mail["Subject"], plain, page) == (said.subject, said.text, said.html)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_wire_sees_7_bits_crlf_and_short_lines(language):
    name = "رپورٹ " * 40 + ".pdf"
    enclosure = (Enclosure("0" * 64, name, "application/pdf"), PDF)
    letter = replace(REQUEST.in_language(language), to_name="سیکرٹری، قومی کمیشن برائے حقوقِ اطفال " * 3)
    mail = written(letter, pdf=PDF, enclosures=[enclosure])
    assert mail.isascii()
    assert mail.count(b"\n") == mail.count(b"\r") == mail.count(b"\r\n")
    assert max(len(line) for line in mail.split(b"\r\n")) <= 998
    head = mail.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    shown = str(make_header(decode_header(message_from_bytes(mail)["To"])))
    assert shown == f"{' '.join(letter.to_name.split())} <{letter.to}>"


def test_a_retry_has_the_same_bytes():
    assert written(REQUEST, pdf=PDF) == written(REQUEST, pdf=PDF)


def test_an_enclosure_keeps_its_urdu_name_but_no_path_and_no_strange_type():
    enclosure = (Enclosure("0" * 64, "../../آرا \u202efdp.exe", "multipart/x\r\nBcc: x"), b"abc")
    file = next(iter(read(written(REQUEST, enclosures=[enclosure])).iter_attachments()))
    assert file.get_filename() == "-..-آرا fdp.exe"
    assert file.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    "change",
    [
        lambda mail: mail.replace(b"Subject:", b"Bcc: x@evil.test\r\nSubject:", 1),
        lambda mail: mail.replace(b"Subject:", b"From: x@evil.test\r\nSubject:", 1),
        lambda mail: mail.replace(b"Subject:", b"Sub ject:", 1),
        lambda mail: mail.replace(b"Subject:", b"\r\nSubject:", 1),
        lambda mail: mail.replace(b"Subject: ", b"Subject: \xd9\x86", 1),
        lambda mail: mail.replace(b"Subject: ", b"Subject: \r\n \r\n ", 1),
        lambda mail: mail.replace(b"Subject: ", b"Subject: \n", 1),
        lambda mail: mail + b"\n",
        lambda mail: mail + b"\0",
        lambda mail: mail + b"x" * 999,
        lambda mail: mail.replace(b"\r\n\r\n", b"\r\n"),
    ],
)
def test_bytes_that_were_not_meant_are_refused(change):
    mail = written(REQUEST)
    check_headers(mail)
    with pytest.raises(HeaderRefused):
        check_headers(change(mail))


@pytest.mark.parametrize(
    "change", [{"message_id": "<a@b>\r\nBcc: x"}, {"message_id": "a@b"}, {"message_id": "<a b@c>"}, {"message_id": ""}]
)
def test_a_message_id_that_is_none_is_refused(change):
    with pytest.raises(HeaderRefused):
        written(REQUEST, replace(ENVELOPE, **change))


def test_a_date_is_written_in_utc():
    assert read(written(REQUEST))["Date"].datetime == datetime(2026, 12, 1, 4, tzinfo=UTC)
