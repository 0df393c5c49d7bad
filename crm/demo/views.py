"""What the post office's pages show."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.blueprints.door import language
from crm.blueprints.lists import PAGE, cut, number, pager
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import day, worded
from crm.demo.mailboxes import Received, received
from crm.demo.postoffice import Mailbox, PostOffice
from crm.domain.asks import queries as asks
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import STEP_WORDS, AskState, Side, days_of
from crm.domain.organisations.models import Seat
from crm.domain.settings.queries import workdays
from crm.errors import NotFound
from crm.i18n import HOUSE_ZONE, Message
from crm.runtime import the_house

DESK_OPENS = time(9, 30)
LINK = re.compile(r"/a/[0-9a-z]{30,45}")
SHOWN = 200_000
EMPTY = Message("There is no such mail.")
KINDS = {
    "reply": ("reached", Message("Reply by e-mail")),
    "calendar": ("reached", Message("Answer from the calendar")),
    "away": ("waiting", Message("Out of office")),
    "bounce": ("bounced", Message("Bounce")),
    "other": ("doubtful", Message("Reply from another address")),
}


def index(session: Session, office: PostOffice, query: str) -> dict[str, Any]:
    """The context of demo/index."""
    boxes, names = office.mailboxes(), seats(session)
    waiting = open_requests(session)
    if query:
        boxes = [one for one in boxes if query.lower() in f"{one.address} {_partner(names, one.address)}".lower()]
    start = number("after") or 0
    page, more = cut(boxes[start : start + PAGE + 1])
    return {
        "mailboxes": [_box_line(one, names, waiting) for one in page],
        "query": query,
        "last": None,
        "page": pager(len(page), len(boxes), start + PAGE if more else None),
        "clock": clock(session),
    }


def seats(session: Session) -> dict[str, Seat]:
    """The posts by their addresses."""
    return {one.address.lower(): one for one in session.scalars(select(Seat).where(Seat.address != ""))}


def open_requests(session: Session) -> dict[int, int]:
    """How many of our requests each post has open."""
    ours = (Ask.state == AskState.OPEN) & (Ask.side == Side.OURS)
    counted = select(Ask.seat_id, func.count()).where(ours).group_by(Ask.seat_id)
    return {seat_id: count for seat_id, count in session.execute(counted)}


def _partner(names: dict[str, Seat], address: str) -> str:
    seat = names.get(address)
    if seat is None:
        return address
    return f"{seat.organisation.name} {seat.organisation.name_ur} {seat.organisation.acronym}"


def _box_line(one: Mailbox, names: dict[str, Seat], waiting: dict[int, int]) -> dict[str, Any]:
    seat = names.get(one.address)
    return {
        "url": url_for("demo.mailbox", address=one.address),
        "partner": seat.organisation.named(language()) if seat else one.address,
        "seat": seat.titled(language()) if seat else "",
        "address": one.address,
        "mails": one.mails,
        "unanswered": waiting.get(seat.id, 0) if seat else 0,
        "current": False,
    }


def mailbox(session: Session, office: PostOffice, address: str) -> dict[str, Any]:
    """The context of demo/mailbox. Raises NotFound."""
    mails = [_received(office, address, one) for one in office.mails(address)[:PAGE]]
    if not mails:
        raise NotFound(EMPTY)
    answered = office.answered(address)
    return {
        "box": box(session, address),
        "mails": [_mail_line(one, one.number in answered) for one in mails],
        "clock": clock(session),
    }


def box(session: Session, address: str) -> dict[str, Any]:
    """Whose mailbox it is."""
    seat = seats(session).get(address)
    urdu = seat is not None and seat.language == "ur"
    return {
        "partner": seat.organisation.named(language()) if seat else address,
        "partner_url": url_for("organisations.show", organisation_id=seat.organisation_id) if seat else None,
        "seat": seat.titled(language()) if seat else "",
        "address": address,
        "language_word": _("Urdu") if urdu else _("English"),
        "url": url_for("demo.mailbox", address=address),
    }


def _mail_line(one: Received, is_answered: bool) -> dict[str, Any]:
    return {
        "url": url_for("demo.message", address=one.address, number=one.number),
        "subject": one.subject,
        "from": one.sender_name,
        "at": one.at,
        "badge": ("answered", _("Answered")) if is_answered else None,
        "files": len(one.parts),
        "current": False,
    }


def _received(office: PostOffice, address: str, place: int) -> Received:
    try:
        return received(office, address, place)
    except FileNotFoundError as missing:
        raise NotFound(EMPTY) from missing


def one_mail(office: PostOffice, address: str, place: int) -> Received:
    """A mail of a mailbox. Raises NotFound."""
    return _received(office, address, place)


def message(session: Session, office: PostOffice, mail: Received, text: str = "", error: str = "") -> dict[str, Any]:
    """The context of demo/message."""
    link = LINK.search(mail.text)
    return {
        "box": box(session, mail.address),
        "mail": _mail(mail),
        "link_url": link[0] if link else None,
        "answers": {
            "reply_url": _at(mail, "reply"),
            "calendar_url": _at(mail, "calendar") if mail.calendar else None,
            "away_url": _at(mail, "away"),
            "bounce_url": _at(mail, "bounce"),
            "forwarded_url": _at(mail, "other"),
        },
        "reply": {"text": text, "error": error or None},
        "said": [_said(kind, raw) for answered, kind, raw in office.sent(mail.address) if answered == mail.number],
    }


def _at(mail: Received, endpoint: str, **more: Any) -> str:
    return url_for(f"demo.{endpoint}", address=mail.address, number=mail.number, **more)


def _mail(mail: Received) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "from": mail.sender,
        "to": mail.to,
        "reply_to": mail.reply_to,
        "at": mail.at,
        "language": mail.language,
        "text": mail.text,
        "html_url": _at(mail, "html") if mail.html else None,
        "raw_url": _at(mail, "raw"),
        "raw": mail.raw[:SHOWN].decode("utf-8", "replace"),
        "files": [
            {"name": part.name, "url": _at(mail, "part", place=place), "size": len(part.content)}
            for place, part in enumerate(mail.parts)
        ],
    }


def _said(kind: str, raw: bytes) -> dict[str, Any]:
    badge, word = KINDS[kind]
    return {
        "at": parsedate_to_datetime(str(message_from_bytes(raw)["Date"])),
        "word": word,
        "badge": (badge, _("Handed over")),
    }


def html_of(mail: Received) -> str:
    """The HTML as sent; links open outside the frame."""
    return mail.html.replace("<head>", '<head><base target="_blank">', 1)


@dataclass(frozen=True)
class Rung:
    """The next step of any ladder, and the moment at which its day begins at the desk."""

    step: str
    at: datetime


def next_rung(session: Session, now: datetime) -> Rung | None:
    """The earliest step still to come over all open requests."""
    days = workdays(session)
    rows = list(asks.asks_with_ladder(session))
    book = asks.ledger(session, [one.id for one in rows])
    coming = [
        Rung(name, datetime.combine(on, DESK_OPENS, HOUSE_ZONE).astimezone(UTC))
        for one in rows
        for name, on in days_of(one.steps, one.due_on, days).items()
        if name not in book.get(one.id, {})
    ]
    return _earliest(rung for rung in coming if rung.at > now)


def _earliest(rungs: Iterable[Rung]) -> Rung | None:
    return min(rungs, key=lambda rung: rung.at, default=None)


def clock(session: Session) -> dict[str, Any]:
    """The demo clock, and how far it may be moved."""
    now = the_house().ports.business.now()
    rung = next_rung(session, now)
    word = _("To %(step)s, %(day)s", step=worded(STEP_WORDS[rung.step]), day=day(rung.at)) if rung else ""
    return {
        "now": now,
        "day_url": url_for("demo.day_on"),
        "reminder_url": url_for("demo.to_reminder") if rung else None,
        "reminder_word": word,
        "moved": now != the_house().ports.system.now(),
    }
