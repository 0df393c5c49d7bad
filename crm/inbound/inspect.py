"""A mail, or a piece of one, as a plain dictionary for `crm mail inspect`: for people who want to see what we see."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crm.inbound.attachments import Attachment
from crm.inbound.authentication import Trust
from crm.inbound.autoreply import AutoReply
from crm.inbound.bodies import raw_body
from crm.inbound.bounces import Bounce
from crm.inbound.charsets import clean_text, decode
from crm.inbound.classify import MailClass
from crm.inbound.evidence import Evidence
from crm.inbound.reading import Reading, read
from crm.inbound.visible import Visible, visible_reply
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
        return {"file": name, **_loose_part(Visible("", ""), read_calendar(raw))}
    if not name.lower().endswith(".eml") and not _is_mail(raw):
        return {"file": name, **_loose_part(visible_reply(raw_body(clean_text(decode(raw)[0]))), [])}
    return {"file": name, **_of_reading(read(raw, own_addresses, trust=trust or Trust(topmost=True)))}


def _loose_part(seen: Visible, calendar: list[CalendarReply]) -> dict[str, Any]:
    return {
        "class": MailClass.HUMAN.value,
        "text": seen.text,
        "folded": seen.folded,
        "bounces": [],
        "calendar": _calendar(calendar),
    }


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
        **_of_evidence(reading.evidence),
        "bounces": [_of_bounce(one) for one in reading.bounces],
        "calendar": _calendar(reading.calendar),
        "attachments": [_of_attachment(one) for one in reading.attachments],
        "auth": {"verdict": reading.authentication.standing.value, "method": reading.authentication.method},
        "limits": list(reading.limits),
        "notes": [str(note) for note in reading.notes],
    }
    if reading.auto_reply:
        shown["auto"] = _of_auto_reply(reading.auto_reply)
    if reading.mail_class is MailClass.ERROR:
        shown["error"] = str(reading.reason)
    return shown


def _of_evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "recipients": list(evidence.recipients),
        "in_reply_to": list(evidence.in_reply_to),
        "references": list(evidence.references),
        "original_message_id": evidence.enclosed_message_id,
    }


def _of_bounce(bounce: Bounce) -> dict[str, Any]:
    return {**asdict(bounce), "kind": bounce.kind.value}


def _of_attachment(file: Attachment) -> dict[str, Any]:
    return {
        "name": file.name,
        "type": file.media_type,
        "size": len(file.content),
        "inline": file.inline,
        "sha256": file.sha256,
    }


def _of_auto_reply(reply: AutoReply) -> dict[str, Any]:
    back = reply.returns_on.isoformat() if reply.returns_on else None
    return {"returns_on": back, "substitute": reply.substitute, "has_left": reply.has_left}


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
