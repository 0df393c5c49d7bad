"""A rendered letter frozen to the bytes that go on the wire: MIME, 7 bits, CRLF, the same bytes on every retry.

Written by hand because `EmailMessage` costs 2 ms a mail and cannot write a calendar as an alternative (house, trap 2).
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256

from crm.itip.addresses import strict_address
from crm.mail.headers import HeaderRefused, check_headers, encoded_words, file_name, folded, mailbox, message_id
from crm.mail.letter import Enclosure, Letter, LetterKind
from crm.mail.render import Rendered

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}", re.IGNORECASE)
_LINK = re.compile(r"https://[!-;=?-~]{1,400}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Envelope:
    """What the outbox decides when it freezes a letter; nothing in it changes on a retry.

    message_id: with its angle brackets. date: aware. unsubscribe: an https address that takes a POST (RFC 8058),
    used by notices only; a request for an answer carries none (practice 10).
    """

    message_id: str
    date: datetime
    sender_name: str
    from_address: str
    envelope_from: str = ""
    unsubscribe: str = ""


def compose(
    letter: Letter,
    rendered: Rendered,
    envelope: Envelope,
    pdf: bytes | None = None,
    enclosures: Sequence[tuple[Enclosure, bytes]] = (),
    calendar: bytes | None = None,
) -> bytes:
    """The finished mail. Raises BadAddress and HeaderRefused; bytes that were not meant never leave this function."""
    if calendar is not None and letter.calendar is None:
        raise HeaderRefused("calendar bytes without their calendar object")
    seed = sha256(envelope.message_id.encode()).hexdigest()[:24]
    parts = [_alternative(letter, rendered, calendar, seed)]
    if calendar is not None:
        parts.append(_file("application/ics", "invite.ics", calendar, named=True))
    if pdf is not None:
        parts.append(_file("application/pdf", _paper_name(letter), pdf))
    parts += [_file(enclosure.media_type, enclosure.name, content) for enclosure, content in enclosures]
    body = parts[0] if len(parts) == 1 else _multipart("mixed", parts, f"=_m{seed}")
    fields = "".join(f"{name}: {value}\r\n" for name, value in _fields(letter, rendered, envelope))
    try:
        mail = fields.encode("ascii") + body
    except UnicodeEncodeError as error:
        raise HeaderRefused("a header outside ASCII") from error
    check_headers(mail)
    return mail


def _fields(letter: Letter, rendered: Rendered, envelope: Envelope) -> Iterator[tuple[str, str]]:
    # Calendars ignore changes whose sender is not the organizer, so a calendar mail is from that very address.
    sender = letter.calendar.organizer if letter.calendar else envelope.from_address
    yield "From", mailbox(envelope.sender_name, sender, len("From: "))
    yield "To", mailbox(letter.to_name, letter.to, len("To: "))
    if letter.copies_to:
        yield "Cc", ",\r\n ".join(strict_address(copy) for copy in letter.copies_to)
    if letter.reply_to:
        yield "Reply-To", strict_address(letter.reply_to)
    yield "Subject", encoded_words(rendered.subject, len("Subject: "))
    yield "Date", format_datetime(envelope.date.astimezone(UTC))
    yield "Message-ID", message_id(envelope.message_id)
    if letter.in_reply_to:
        yield "In-Reply-To", message_id(letter.in_reply_to[-1])
        yield "References", folded((message_id(one) for one in letter.in_reply_to), len("References: "))
    # RFC 3834 section 5. Only absence notes and auto-replies are suppressed: bounces and delivery reports are wanted.
    yield "Auto-Submitted", "auto-replied" if letter.kind is LetterKind.RECEIPT else "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    if letter.kind is LetterKind.NOTICE and envelope.unsubscribe:
        yield "List-Unsubscribe", f"<{_matching(_LINK, envelope.unsubscribe)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", _matching(_LANGUAGE, letter.language)
    yield "MIME-Version", "1.0"


def _alternative(letter: Letter, rendered: Rendered, calendar: bytes | None, seed: str) -> bytes:
    """Plain, HTML and, last, the calendar without a Content-Disposition (RFC 6047 section 2.4)."""
    parts = [_text("plain", rendered.text), _text("html", rendered.html)]
    if calendar is not None and letter.calendar is not None:
        kind = f"Content-Type: text/calendar; charset=UTF-8; method={letter.calendar.method}\r\n"
        parts.append(kind.encode("ascii") + _base64(calendar))
    return _multipart("alternative", parts, f"=_a{seed}")


def _multipart(kind: str, parts: Sequence[bytes], boundary: str) -> bytes:
    """`=_` stands in no quoted-printable or base64 body, so the boundary cannot occur inside a part (RFC 2045 6.7)."""
    edge = boundary.encode("ascii")
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    """Quoted-printable where the text is mostly Latin, base64 where that is shorter (Urdu)."""
    octets = text.replace("\n", "\r\n").encode("utf-8")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\n".encode("ascii")
    if len(octets) - len(text) > len(octets) // 6:
        return head + _base64(octets)
    return head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b2a_qp(octets)


def _file(media_type: str, name: str, content: bytes, *, named: bool = False) -> bytes:
    kind = media_type.lower() if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    own = f'; name="{name}"' if named else ""
    head = f"Content-Type: {kind}{own}\r\nContent-Disposition: attachment;\r\n {file_name(name)}\r\n"
    return head.encode("ascii") + _base64(content)


def _base64(content: bytes) -> bytes:
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(content).replace(b"\n", b"\r\n")


def _paper_name(letter: Letter) -> str:
    """`Letter 2026-1164.pdf`, by the dispatch number where there is one."""
    return f"Letter {letter.context.get('dispatch') or ''}".strip() + ".pdf"


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise HeaderRefused("a header value that was not meant")
    return text
