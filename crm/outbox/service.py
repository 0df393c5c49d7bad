"""Posting, claiming, concluding and stopping mail. Nothing here talks to a mail server."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from crm.base import Subject
from crm.bulk import insert_once, rows_of
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.mail.letter import Letter, freeze
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import AGAIN, LEASE, WAITING, Status, after_attempt
from crm.ports import Delivery, Outcome, Randomness

TABLE = rows_of(OutboxMessage)
NONCE = 12
HELD = (TABLE.c.id == bindparam("held_id")) & (TABLE.c.lease_id == bindparam("held_lease"))
CLAIMED = (TABLE.c.due_at, TABLE.c.id, TABLE.c.key, TABLE.c.envelope_from, TABLE.c.to_address)
WRITTEN = ("status", "retry_at", "lease_id", "leased_until", "concluded_at", "code", "words")
# One result is written for every mail, singly: what that takes is built once.
READ_HELD = select(TABLE.c.tries, TABLE.c.first_tried_at).where(HELD)
WRITE_HELD = update(OutboxMessage).where(HELD).values({name: bindparam(f"new_{name}") for name in WRITTEN})
ABOUT = (TABLE.c.about_kind == bindparam("about_kind_")) & (TABLE.c.about_id == bindparam("about_id_"))
STOPPED = {"status": Status.CANCELLED, "words": bindparam("why"), "concluded_at": bindparam("then")}
STOP_ABOUT = update(OutboxMessage).where(ABOUT, TABLE.c.status.in_(WAITING)).values(STOPPED)


def post(session: Session, letters: Iterable[Letter], now: datetime, domain: str, randomness: Randomness) -> int:
    """Put letters into the tray in the caller's transaction. Returns how many were new: a known key is left alone."""
    posted = list(letters)
    drawn = randomness.token(NONCE * len(posted)).hex()
    nonces = (drawn[at : at + 2 * NONCE] for at in range(0, len(drawn), 2 * NONCE))
    rows = [_row(letter, now, domain, nonce) for letter, nonce in zip(posted, nonces, strict=True)]
    return insert_once(session, OutboxMessage, rows)


def _row(letter: Letter, now: datetime, domain: str, nonce: str) -> dict[str, Any]:
    return {
        "key": letter.key,
        "kind": letter.kind,
        "status": Status.PREPARING,
        "about_kind": letter.about.kind,
        "about_id": letter.about.id,
        "seat_id": letter.seat_id,
        "step": letter.step,
        "to_address": letter.to,
        "to_name": letter.to_name,
        "language": letter.language,
        "message_id": f"<{letter.about.kind}.{letter.about.id}.{nonce}@{domain}>",
        "nonce": nonce,
        "posted_at": now,
        "due_at": letter.due_at or now,
        "expires_at": letter.expires_at,
        "letter": freeze(letter),
    }


def to_press(session: Session, most: int) -> list[OutboxMessage]:
    """Letters that have no bytes yet, oldest first."""
    chosen = select(OutboxMessage).where(OutboxMessage.status == Status.PREPARING)
    whole = chosen.options(undefer(OutboxMessage.letter)).order_by(OutboxMessage.due_at, OutboxMessage.id)
    return list(session.scalars(whole.limit(most)))


def press(session: Session, message: OutboxMessage, subject_line: str, envelope_from: str, mime: bytes) -> None:
    """Give a letter its bytes, for ever. One that was cancelled meanwhile stays cancelled."""
    if message.status is Status.PREPARING:
        session.add(MessageBytes(message_id=message.id, mime=mime))
        message.subject_line, message.envelope_from, message.status = subject_line, envelope_from, Status.QUEUED


def fail_to_press(message: OutboxMessage, reason: str, now: datetime) -> None:
    """A letter that cannot be put into words is shown as failed with its reason; the next one goes on."""
    message.status, message.words, message.concluded_at = Status.FAILED, reason, now


def claim(session: Session, business: datetime, system: datetime, lease_id: str, most: int) -> list[Row[Any]]:
    """Take up to `most` due mails under our lease; a lease that ran out is free again. Expires what came too late.

    Returns their id, key, envelope_from and to_address, first due first.
    """
    stale = OutboxMessage.status.in_(WAITING) & (OutboxMessage.expires_at <= business)
    session.execute(update(OutboxMessage).where(stale).values(status=Status.EXPIRED, concluded_at=business))
    waiting = (OutboxMessage.status == Status.QUEUED) & (OutboxMessage.due_at <= business)
    ready = waiting & or_(OutboxMessage.retry_at.is_(None), OutboxMessage.retry_at <= system)
    free = or_(ready, (OutboxMessage.status == Status.SENDING) & (OutboxMessage.leased_until <= system))
    due = (
        select(OutboxMessage.id)
        .where(free)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due), free)
        .values(
            status=Status.SENDING,
            lease_id=lease_id,
            leased_until=system + LEASE,
            tries=OutboxMessage.tries + 1,
            first_tried_at=func.coalesce(OutboxMessage.first_tried_at, system),
        )
        .returning(*CLAIMED)
    )
    return sorted(session.execute(claimed), key=lambda row: (row.due_at, row.id))


def conclude(
    connection: Connection, message_id: int, lease_id: str, delivery: Delivery, now: datetime, system: datetime
) -> Status | None:
    """Write what the server said. A holder whose lease ran out changes nothing and gets None (fencing)."""
    holder = {"held_id": message_id, "held_lease": lease_id}
    tries, first_tried_at = 1, system
    if delivery.outcome is not Outcome.ACCEPTED:  # only a mail that did not leave asks how often it was tried
        row = connection.execute(READ_HELD, holder).one_or_none()
        if row is None:
            return None
        tries, first_tried_at = row.tries, row.first_tried_at or system
    status, again = after_attempt(delivery, tries, first_tried_at, system)
    said = {"status": status, "retry_at": again, "code": delivery.code, "words": delivery.words[:500]}
    freed = {"lease_id": None, "leased_until": None, "concluded_at": None if again else now}
    new = {f"new_{name}": value for name, value in (said | freed).items()}
    return status if connection.execute(WRITE_HELD, holder | new).rowcount else None


def cancel(session: Session, about: Subject, reason: str, now: datetime) -> int:
    """Stop every mail about a record that has not left, in the transaction that made it needless. Returns how many."""
    if any(isinstance(row, OutboxMessage) for row in session.dirty):
        session.flush()
    told = {"about_kind_": about.kind, "about_id_": about.id, "why": reason, "then": now}
    return session.connection().execute(STOP_ABOUT, told).rowcount


def stop(message: OutboxMessage, by: str, now: datetime) -> None:
    """Stop one mail that has not left. Raises RuleBroken for one that has."""
    if message.status not in WAITING:
        raise RuleBroken(Message("This mail has left already; it cannot be called back."))
    message.status, message.words, message.concluded_at = Status.CANCELLED, by, now


def send_again(message: OutboxMessage, has_bytes: bool) -> None:
    """Let a mail that failed leave once more: the same bytes, the same Message-ID. Raises RuleBroken for others."""
    if message.status not in AGAIN:
        raise RuleBroken(Message("Only a mail that could not be sent is sent again."))
    message.status = Status.QUEUED if has_bytes else Status.PREPARING
    message.retry_at, message.first_tried_at, message.concluded_at = None, None, None


def bounce(session: Session, message: OutboxMessage, status: Status, code: int, words: str, now: datetime) -> None:
    """Write what a delivery report said of a mail (RFC 3464)."""
    message.status, message.code, message.words, message.concluded_at = status, code, words[:500], now
