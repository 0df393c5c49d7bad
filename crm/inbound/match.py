"""Which of our requests a mail belongs to, by evidence in order of strength. Never by From alone (mail paper A.3)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.domain.asks.models import Ask
from crm.domain.asks.queries import known_ask
from crm.domain.asks.rules import AskState, Side
from crm.domain.meetings.queries import invitees_of, meeting_with_uid
from crm.domain.organisations.queries import seats_at_domain, seats_with_address
from crm.i18n import Message
from crm.inbound.addresses import domain_of
from crm.inbound.reading import Reading
from crm.links import Claim, Links, Purpose
from crm.outbox.models import OutboxMessage
from crm.outbox.queries import message_with_id

FREE_HOSTS = frozenset({"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "live.com", "icloud.com"})
NUMBER = re.compile(r"\b([RM]\d{2}-\d{4,})\b")


class Strength(StrEnum):
    """How firmly a mail is tied to a request. Only proof files a mail by itself."""

    PROOF = "proof"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True)
class Match:
    """The request, how firmly, and the reasons for a person to read."""

    ask: Ask | None
    strength: Strength
    reasons: tuple[Message, ...] = ()


BY_TOKEN = Message("It came to the reply address of this request.")
BY_THREAD = Message("It answers our letter of this request.")
BY_CALENDAR = Message("It answers our invitation in the calendar.")
BY_NUMBER = Message("Its subject names the request.")
BY_SENDER = Message("The sender is the post that was asked.")
BY_DOMAIN = Message("The sender's address is at the domain of the post that was asked.")


def match(session: Session, links: Links, reading: Reading, delivered_to: str) -> Match:
    """The best match of a mail. A token of ours that was revoked counts for nothing."""
    addresses = [delivered_to, *reading.evidence.recipients]
    proof = _by_token(session, links, links.claims_in(addresses)) or _by_thread(session, reading)
    return proof or _by_calendar(session, reading) or _likely(session, reading)


def _by_token(session: Session, links: Links, claims: list[Claim]) -> Match | None:
    for claim in claims:
        if claim.purpose in (Purpose.REPLY, Purpose.CALENDAR):
            ask = known_ask(session, claim.number)
            if ask is not None and links.opens(claim, ask):
                return Match(ask, Strength.PROOF, (BY_TOKEN,))
    return None


def _by_thread(session: Session, reading: Reading) -> Match | None:
    """Our Message-IDs hold 96 random bits that only the recipient saw; naming one is as good as a token."""
    evidence = reading.evidence
    named = [*evidence.in_reply_to, *reversed(evidence.references), evidence.enclosed_message_id]
    message = message_with_id(session, [f"<{one}>" for one in named if one])
    ask = asked_by(session, message) if message else None
    return Match(ask, Strength.PROOF, (BY_THREAD,)) if ask else None


def asked_by(session: Session, message: OutboxMessage) -> Ask | None:
    """The request that one of our mails is about."""
    return known_ask(session, message.about_id) if message.about_kind == Ask.SUBJECT else None


def _by_calendar(session: Session, reading: Reading) -> Match | None:
    """UID and ATTENDEE (RFC 5546 section 3.2.3), where a client answered to another address than ORGANIZER's."""
    for reply in reading.calendar:
        meeting = meeting_with_uid(session, reply.uid)
        if meeting is None:
            continue
        for invitee in invitees_of(session, meeting.id):
            if invitee.ask.seat.address == reply.attendee:
                return Match(invitee.ask, Strength.PROOF, (BY_CALENDAR,))
    return None


def _likely(session: Session, reading: Reading) -> Match:
    """A guess for a person: the open request of the sender's post, or of a post at the sender's domain."""
    reasons: list[Message] = []
    seats = seats_with_address(session, reading.sender)
    if seats:
        reasons.append(BY_SENDER)
    elif (domain := domain_of(reading.sender)) and domain not in FREE_HOSTS:
        seats = seats_at_domain(session, domain)
        reasons += [BY_DOMAIN] if seats else []
    numbers = NUMBER.findall(reading.subject)
    by_seat = Ask.seat_id.in_([seat.id for seat in seats]) & (Ask.side == Side.OURS)
    open_first = (Ask.state != AskState.OPEN, Ask.asked_at.desc())
    asks = list(session.scalars(select(Ask).where(by_seat).order_by(*open_first))) if seats else []
    named = session.scalars(select(Ask).where(Ask.number.in_(numbers))).first() if numbers else None
    if named is not None:
        return Match(named, Strength.LIKELY, (BY_NUMBER, *(reasons if named in asks else ())))
    return Match(asks[0], Strength.LIKELY, tuple(reasons)) if asks else Match(None, Strength.NONE)


def is_from(session: Session, ask: Ask, sender: str) -> bool:
    """Whether `sender` is the asked post's own mailbox, or an address that we know it writes from."""
    if not sender or ask.seat.address == sender.strip().lower():
        return bool(sender)
    return ask.seat_id in {seat.id for seat in seats_with_address(session, sender)}
