"""A mail is taken apart within limits, decoded as best it can be, and its files are told by their bytes."""

import base64

import pytest

from crm.inbound.attachments import media_type_of
from crm.inbound.bodies import unflowed
from crm.inbound.charsets import decode
from crm.inbound.classify import MailClass
from crm.inbound.headers import decoded
from crm.inbound.parts import DEEPEST, MOST_PARTS
from crm.inbound.reading import read
from tests.support.corpus import multipart, written_mail

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


def attached(
    content: bytes,
    header: str = 'Content-Disposition: attachment; filename="a.pdf"',
    kind: str = "application/octet-stream",
) -> str:
    """A part that holds a file."""
    return (
        f"Content-Type: {kind}\n{header}\nContent-Transfer-Encoding: base64\n\n{base64.b64encode(content).decode()}\n"
    )


def test_the_text_and_the_file_come_out_apart() -> None:
    reading = read(multipart("mixed", "Content-Type: text/plain\n\nPlease see attached.\n", attached(PDF)))
    assert reading.text == "Please see attached."
    assert [(one.name, one.media_type, one.content) for one in reading.attachments] == [
        ("a.pdf", "application/pdf", PDF)
    ]


def test_an_empty_reply_with_a_file_is_still_a_persons_mail() -> None:
    reading = read(multipart("mixed", attached(PDF)))
    assert (reading.mail_class, reading.text, len(reading.attachments)) == (MailClass.HUMAN, "", 1)


def test_a_file_without_a_name_is_numbered() -> None:
    nameless = attached(PDF, 'Content-Disposition: attachment; filename="..."')
    assert [one.name for one in read(multipart("mixed", nameless)).attachments] == ["attachment-1.pdf"]


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"MZ\x90\x00", "application/pdf", "application/x-msdownload"),
        (b"<html><script>", "image/png", "text/html"),
        (b"\x89PNG\r\n\x1a\n", "application/pdf", "image/png"),
        (
            b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml",
            "application/zip",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"plain words", "application/pdf", "text/plain"),
        (b"\x00\x01\x02\x03", "text/plain", "application/octet-stream"),
    ],
)
def test_the_bytes_decide_what_a_file_is(content: bytes, declared: str, kind: str) -> None:
    assert media_type_of(content, declared) == kind


def test_a_hidden_line_end_in_the_subject_is_scrubbed_after_decoding() -> None:
    reading = read(written_mail(subject="=?utf-8?q?Re=3A_hi=0D=0ABcc=3A_evil=40x=2Etest?="))
    assert reading.subject == "Re: hi Bcc: evil@x.test"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?caf?=\r\n =?utf-8?q?=C3=A9?=", "café"),
        ("=?utf-8?b?2LTZgiDbsw==?=", "شق ۳"),
        ('"=?iso-8859-1?q?J=F6rg?=" x', '"Jörg" x'),
        ("=?utf-8?b?4pyT?= done", "✓ done"),
        ("=?x-nonsense?q?a=E9?=", "aé"),
        ("=?utf-8?b?!!!?=", ""),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_read_as_people_send_them(value: str, text: str) -> None:
    assert decoded(value) == text


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("شق ۳".encode(), "", "شق ۳"),
        ("شق ۳".encode(), "iso-8859-1", "شق ۳"),
        ("caf\u00e9".encode("latin-1"), "us-ascii", "café"),
        ("\u201cyes\u201d".encode("cp1252"), "iso-8859-1", "\u201cyes\u201d"),
        ("한국".encode("cp949"), "ks_c_5601-1987", "한국"),
        (b"\xff\xfeh\x00i\x00", "", "hi"),
    ],
)
def test_a_charset_that_lies_is_seen_through(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared)[0] == text


def test_control_characters_do_not_reach_the_text() -> None:
    reading = read(written_mail("a\x00b\x08c\td"))
    assert reading.text == "abc\td"


def test_too_many_parts_are_left_unread_and_said() -> None:
    reading = read(multipart("mixed", *["Content-Type: text/plain\n\nx\n"] * (MOST_PARTS + 10)))
    assert "parts" in reading.limits
    assert reading.notes


def test_too_deep_a_nest_is_left_unread_and_said() -> None:
    body = "Content-Type: text/plain\n\ncore\n"
    for level in range(DEEPEST + 5):
        body = f"Content-Type: multipart/mixed; boundary=n{level}\n\n--n{level}\n{body}\n--n{level}--\n"
    reading = read(multipart("mixed", body))
    assert "depth" in reading.limits


def test_an_absurdly_deep_nest_is_an_error_and_no_crash() -> None:
    body = "".join(f"Content-Type: multipart/mixed; boundary=n{n}\n\n--n{n}\n" for n in range(3000))
    assert read(multipart("mixed", body)).mail_class in (MailClass.ERROR, MailClass.HUMAN)


def test_html_is_read_where_the_plain_text_is_a_stub() -> None:
    plain = "Content-Type: text/plain\n\nPlease view this message in HTML.\n"
    rich = "Content-Type: text/html\n\n<p>We agree with clause 3 and with clause 4 of the draft.</p>\n"
    assert read(multipart("alternative", plain, rich)).text == "We agree with clause 3 and with clause 4 of the draft."


def test_flowed_lines_are_put_together_again() -> None:
    assert unflowed("one \ntwo\n\n> a \n> b\n-- \nme") == "one two\n\n> a b\n-- \nme"


def test_a_broken_line_above_the_headers_does_not_hide_them() -> None:
    reading = read(b"Fro :m nonsense\r\n" + written_mail())
    assert reading.message_id == "m1@partner.example"


def test_an_encrypted_mail_is_kept_and_said_to_be_unreadable() -> None:
    reading = read(written_mail("MIIB", content_type="application/pkcs7-mime; name=smime.p7m"))
    assert any("encrypted" in str(note) for note in reading.notes)


def test_every_address_that_a_token_may_stand_in_is_a_candidate() -> None:
    raw = (
        b"Delivered-To: consult+i1.k2@crm.example.org\r\nX-Original-To: two@crm.example.org\r\n"
        b"Received: from a by b for <three@crm.example.org>; Mon, 6 Oct 2025\r\n" + written_mail(cc="four@x.pk")
    )
    found = read(raw).evidence.recipients
    assert {"consult+i1.k2@crm.example.org", "two@crm.example.org", "three@crm.example.org", "four@x.pk"} <= set(found)


def test_the_thread_is_read_from_both_fields() -> None:
    evidence = read(written_mail(in_reply_to="<a@x>", references="<r1@x> <r2@x>")).evidence
    assert (evidence.in_reply_to, evidence.references) == (("a@x",), ("r1@x", "r2@x"))
