"""A mail, or a piece of one, as a plain dictionary for `crm mail inspect`: for people who want to see what we see."""

import re
from pathlib import Path
from typing import Any

from crm.inbound.authentication import Trust
from crm.inbound.bodies import raw_body
from crm.inbound.charsets import clean_text, decode
from crm.inbound.classify import MailClass
from crm.inbound.reading import Reading, read
from crm.inbound.visible import visible_reply
from crm.itip.reply import CalendarReply, read_calendar

_HEADER = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{1,60}:")
_MAIL_FIELDS = re.compile(
    rb"^(?:Return-Path|Received|From|To|Date|Subject|Message-ID|MIME-Version|Content-Type|"
    rb"Delivered-To|"
    rb"Delivery-Date|Envelope-to|X-[A-Za-z0-9-]+|DKIM-Signature|Reply-To|Sender|"
    rb"Status):",
    re.I | re.M,
)


def inspect(
    source: str | Path | bytes, own_addresses: frozenset[str] = frozenset(), trust: Trust | None = None
) -> dict[str, Any]:
    """What we understand of a file (or of bytes): `file`, `class`, `text`, `bounces`, `calendar`, `auth` and the rest.

    A file without mail headers is read as a calendar object or as a body alone. `error` stands where reading failed.
    """
    name = "" if isinstance(source, bytes) else str(source)
    try:
        raw = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as failure:
        return {"file": name, "class": MailClass.ERROR.value, "error": failure.strerror or "The file cannot be read."}
    if re.match(rb"(?:\xef\xbb\xbf)?\s*BEGIN:V", raw, re.I):
        return {
            "file": name,
            "class": MailClass.HUMAN.value,
            "text": "",
            "bounces": [],
            "calendar": _calendar(read_calendar(raw)),
        }
    if not name.lower().endswith(".eml") and not _is_mail(raw):
        text = raw_body(clean_text(decode(raw)[0]))
        seen = visible_reply(text)
        return {
            "file": name,
            "class": MailClass.HUMAN.value,
            "text": seen.text,
            "folded": seen.folded,
            "bounces": [],
            "calendar": [],
        }
    return {"file": name, **_of_reading(read(raw, own_addresses, trust=trust or Trust(topmost=True)))}


def _is_mail(raw: bytes) -> bool:
    """Whether a header block of a mail stands at the head, perhaps after an mbox line."""
    raw = raw.lstrip(b"\r\n")
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    head = re.split(rb"\r?\n\r?\n", raw[: 256 * 1024], maxsplit=1)[0]
    lines = [line for line in head.splitlines() if line and line[:1] not in b" \t"]
    return bool(lines) and all(map(_HEADER.match, lines[:3])) and len(_MAIL_FIELDS.findall(head)) >= min(2, len(lines))


def _of_reading(reading: Reading) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "class": reading.mail_class.value,
        "message_id": reading.message_id,
        "date": reading.date.isoformat() if reading.date else None,
        "from": {"address": reading.sender, "name": reading.sender_name, "doubt": _words(reading.doubt)},
        "subject": reading.subject,
        "text": reading.text,
        "folded": reading.folded,
        "recipients": list(reading.evidence.recipients),
        "in_reply_to": list(reading.evidence.in_reply_to),
        "references": list(reading.evidence.references),
        "original_message_id": reading.evidence.enclosed_message_id,
        "bounces": [
            {
                "recipient": one.recipient,
                "kind": one.kind.value,
                "status": one.status,
                "diagnostic": one.diagnostic,
                "original_message_id": one.original_message_id,
            }
            for one in reading.bounces
        ],
        "calendar": _calendar(reading.calendar),
        "attachments": [
            {
                "name": one.name,
                "type": one.media_type,
                "size": len(one.content),
                "inline": one.inline,
                "sha256": one.sha256,
            }
            for one in reading.attachments
        ],
        "auth": {"verdict": reading.authentication.standing.value, "method": reading.authentication.method},
        "limits": list(reading.limits),
        "notes": [str(note) for note in reading.notes],
    }
    if reading.auto_reply:
        back = reading.auto_reply.returns_on
        shown["auto"] = {
            "returns_on": back.isoformat() if back else None,
            "substitute": reading.auto_reply.substitute,
            "has_left": reading.auto_reply.has_left,
        }
    if reading.mail_class is MailClass.ERROR:
        shown["error"] = str(reading.reason)
    return shown


def _words(message: object) -> str | None:
    return str(message) if message is not None else None


def _calendar(replies: list[CalendarReply] | tuple[CalendarReply, ...]) -> list[dict[str, Any]]:
    return [
        {
            "method": one.method,
            "uid": one.uid,
            "sequence": one.sequence,
            "dtstamp": one.dtstamp,
            "recurrence_id": one.recurrence_id,
            "attendee": one.attendee,
            "partstat": one.partstat,
            "comment": one.comment,
            "delegated_to": list(one.delegated_to),
            "start": one.start.isoformat() if one.start else None,
            "end": one.end.isoformat() if one.end else None,
            "flags": list(one.flags),
        }
        for one in replies
    ]
