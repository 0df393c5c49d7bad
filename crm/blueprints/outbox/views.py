"""Mail going out: the list in plain words, and one mail as it stands in its bytes."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from flask import url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm.blueprints import badges
from crm.blueprints.addresses import url_of
from crm.blueprints.door import language
from crm.blueprints.lists import chosen, cut, number, pager, tabs
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.domain.accounts.rules import Permission
from crm.domain.organisations.models import Organisation, Seat
from crm.errors import NotFound
from crm.i18n import Message
from crm.inbound.headers import decoded
from crm.mail.letter import LetterKind
from crm.outbox import queries
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import AGAIN, WAITING, WORDS, Status
from crm.uow import Actor

SHOWN = ("from", "to", "cc", "reply-to", "subject")
TABS: dict[str, tuple[Status, ...]] = {
    "all": tuple(Status),
    "waiting": (*WAITING, Status.SENDING),
    "sent": (Status.ACCEPTED, Status.DELAYED, Status.MAYBE_SENT),
    "returned": (Status.HARD_BOUNCED, Status.SOFT_BOUNCED, Status.FAILED),
    "skipped": (Status.CANCELLED, Status.EXPIRED, Status.SUPPRESSED),
}


def kind_words() -> dict[LetterKind, str]:
    """The kinds of letter as people call them."""
    return {
        LetterKind.REQUEST: _("Request"),
        LetterKind.REMINDER: _("Reminder"),
        LetterKind.INVITATION: _("Invitation"),
        LetterKind.RECEIPT: _("Receipt"),
        LetterKind.NOTICE: _("Notice"),
    }


def mails(session: Session, query: str) -> dict[str, Any]:
    """The context of outbox/index."""
    words = {
        "all": _("All"),
        "waiting": _("Waiting"),
        "sent": _("Sent"),
        "returned": _("Returned"),
        "skipped": _("Not sent"),
    }
    tab = chosen("state", words)
    by_status = queries.count_by_status(session)
    counts = {name: sum(by_status.get(status, 0) for status in which) for name, which in TABS.items()}
    rows, more = cut(_rows(session, TABS[tab], query, number("before")))
    return {
        "tabs": tabs("state", words, tab, counts),
        "query": query,
        "letters": [_line(row) for row in rows],
        "held": None,
        "page": pager(len(rows), None if query else counts[tab], rows[-1].id if more else None, "before"),
    }


def _rows(session: Session, statuses: tuple[Status, ...], query: str, before: int | None) -> Any:
    mail = OutboxMessage
    chosen_rows = (
        select(
            *(mail.id, mail.kind, mail.status, mail.subject_line, mail.to_address, mail.to_name, mail.tries),
            *(mail.due_at, mail.concluded_at, Seat.organisation_id),
            *(Organisation.acronym, Organisation.name, Organisation.name_ur),
        )
        .outerjoin(Seat, Seat.id == mail.seat_id)
        .outerjoin(Organisation, Organisation.id == Seat.organisation_id)
        .where(mail.status.in_(statuses))
    )
    if before is not None:
        chosen_rows = chosen_rows.where(mail.id < before)
    if query:
        sought = (mail.subject_line, mail.to_address, mail.to_name)
        chosen_rows = chosen_rows.where(or_(*(column.icontains(query, autoescape=True) for column in sought)))
    return session.execute(chosen_rows.order_by(mail.id.desc()).limit(51)).all()


def _line(row: Any) -> dict[str, Any]:
    kind_word = kind_words()[row.kind]
    partner = url_for("organisations.show", organisation_id=row.organisation_id) if row.organisation_id else None
    return {
        "id": row.id,
        "url": url_for("outbox.show", message_id=row.id),
        "subject": row.subject_line or kind_word,
        "to": row.to_address,
        "partner": (row.name_ur if language() == "ur" else "") or row.acronym or row.name or row.to_name,
        "partner_url": partner,
        "kind_word": kind_word,
        "badge": badges.of_mail(row.status),
        "state_word": worded(WORDS[row.status]),
        "at": row.concluded_at,
        "due_at": row.due_at,
        "tries": row.tries,
    }


@dataclass(frozen=True)
class Part:
    """A file in a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Copy:
    """A frozen mail, read: the headers people ask for, its text, its files."""

    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    parts: tuple[Part, ...] = ()
    size: int = 0


def read_copy(raw: bytes | None) -> Copy:
    """Read our own bytes; empty while a mail has none yet. The text is only ever shown as text."""
    if raw is None:
        return Copy()
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        raise TypeError("the default policy makes another kind of message")
    body = mail.get_body(("plain",))
    headers = {name.lower(): decoded(value) for name, value in mail.raw_items() if name.lower() in SHOWN}
    return Copy(headers, body.get_content() if body else "", tuple(_parts(mail)), len(raw))


def _parts(mail: EmailMessage) -> list[Part]:
    found = []
    for place, part in enumerate(mail.iter_attachments(), start=1):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(Part(part.get_filename() or f"part-{place}", content))
    return found


def part_of(session: Session, message_id: int, place: int) -> Part:
    """One file of a mail. Raises NotFound."""
    parts = read_copy(queries.bytes_of(session, message_id)).parts
    if not 0 <= place < len(parts):
        raise NotFound(Message("There is no such file."))
    return parts[place]


def raw_copy(session: Session, message_id: int) -> bytes:
    """The exact bytes. Raises NotFound while there are none."""
    raw = queries.bytes_of(session, message_id)
    if raw is None:
        raise NotFound(Message("This mail is still being prepared; it has no bytes yet."))
    return raw


def mail(session: Session, actor: Actor, message_id: int) -> dict[str, Any]:
    """The context of outbox/show."""
    row = queries.get_message(session, message_id)
    copy = read_copy(queries.bytes_of(session, message_id))
    may = actor.may(Permission.STOP_MAIL)
    return {
        "letter": _letter(row, copy),
        "files": [
            {
                "name": part.name,
                "url": url_for("outbox.part", message_id=row.id, place=place),
                "size": len(part.content),
            }
            for place, part in enumerate(copy.parts)
        ],
        "tries": _tries(row),
        "retry_url": url_for("outbox.again", message_id=row.id) if may and row.status in AGAIN else None,
        "stop_url": url_for("outbox.stop", message_id=row.id) if may and row.status in WAITING else None,
    }


def _letter(row: OutboxMessage, copy: Copy) -> dict[str, Any]:
    about_url = url_of(row.about)
    return {
        "subject": row.subject_line or kind_words()[row.kind],
        "badge": badges.of_mail(row.status),
        "state_word": worded(WORDS[row.status]),
        "from": copy.headers.get("from", ""),
        "to": copy.headers.get("to", f"{row.to_name} <{row.to_address}>"),
        "through": None,
        "copy_to": copy.headers.get("cc"),
        "reply_to": copy.headers.get("reply-to", ""),
        "message_id": row.message_id,
        "language": row.language,
        "text": copy.text,
        "html_url": None,
        "raw_url": url_for("outbox.raw", message_id=row.id),
        "raw_size": copy.size,
        "kind_word": kind_words()[row.kind],
        "about_word": _("The request it is about") if about_url else "",
        "about_url": about_url,
    }


def _tries(row: OutboxMessage) -> list[dict[str, Any]]:
    at = row.concluded_at or row.first_tried_at
    if at is None:
        return []
    return [{"at": at, "word": row.words, "code": row.code or None, "badge": badges.of_mail(row.status)}]
