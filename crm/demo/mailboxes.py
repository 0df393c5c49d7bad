"""A mail in a partner's mailbox, read as the partner's mail program would: our own bytes, so it is well formed."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from crm.demo.postoffice import PostOffice
from crm.inbound.headers import decoded


@dataclass(frozen=True)
class Part:
    """A file of a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Received:
    """What lies in a mailbox. Addresses bare, ids with their brackets; `calendar` is empty where none came along."""

    address: str
    number: int
    raw: bytes
    subject: str
    sender: str
    to: str
    reply_to: str
    return_path: str
    message_id: str
    references: tuple[str, ...]
    at: datetime
    language: str
    text: str
    html: str
    calendar: bytes
    parts: tuple[Part, ...]

    @property
    def sender_name(self) -> str:
        """Who wrote, as a list shows it."""
        name, address = parseaddr(self.sender)
        return name or address

    @property
    def sender_address(self) -> str:
        """Who wrote, without the name."""
        return parseaddr(self.sender)[1]


def received(office: PostOffice, address: str, number: int) -> Received:
    """One mail. Raises FileNotFoundError."""
    return read_received(address, number, office.read(address, number))


def read_received(address: str, number: int, raw: bytes) -> Received:
    """A filed mail as a value."""
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise TypeError("the default policy makes another kind of message")
    # Python's own reader of addresses leaves a space inside a word that was folded.
    shown = {name.lower(): decoded(value) for name, value in mail.raw_items()}
    sender = shown.get("from", "")
    return Received(
        address=address,
        number=number,
        raw=raw,
        subject=shown.get("subject", ""),
        sender=sender,
        to=shown.get("to", ""),
        reply_to=parseaddr(str(mail["Reply-To"] or sender))[1],
        return_path=str(mail["Return-Path"] or "").strip("<> "),
        message_id=str(mail["Message-ID"] or ""),
        references=tuple(str(mail["References"] or "").split()),
        at=parsedate_to_datetime(str(mail["Date"])),
        language=str(mail["Content-Language"] or "en"),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        calendar=_calendar(mail),
        parts=tuple(_parts(mail)),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _calendar(mail: EmailMessage) -> bytes:
    for part in mail.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/calendar" else None
        if isinstance(content, bytes):
            return content
    return b""


def _parts(mail: EmailMessage) -> list[Part]:
    found = []
    for place, part in enumerate(mail.iter_attachments() if mail.is_multipart() else (), start=1):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(Part(part.get_filename() or f"part-{place}", content))
    return found
