"""Letters are pressed into bytes and leave. No transaction is open while we talk to the mail server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crm.db import db
from crm.domain.settings.queries import get_unit
from crm.errors import Refusal
from crm.itip.request import calendar_bytes
from crm.mail.letter import Enclosure, Letter, thaw
from crm.mail.letterhead import Letterhead
from crm.mail.mime import Envelope, compose
from crm.mail.render import render
from crm.outbox import service as outbox
from crm.outbox.models import OutboxMessage
from crm.outbox.queries import bytes_of, get_message
from crm.ports import Delivery, Mail, Outcome
from crm.runtime import House, a_reader, letterhead, open_uow, the_house

BATCH = 100


def press_letters() -> int:
    """Put waiting letters into bytes, once and for ever. No transaction is open while a letter is being made.

    A letter that cannot be written is shown as failed with its reason; the next one goes on.
    """
    pressed, house = 0, the_house()
    while True:
        with a_reader(db.engine) as session:
            head = letterhead(get_unit(session), house)
            waiting = outbox.to_press(session, BATCH)
        if not waiting:
            return pressed
        for some in _handfuls(waiting):
            pressed += _keep([_made(one, head, house) for one in some])


@dataclass(frozen=True)
class Made:
    """A letter in bytes, or why there are none."""

    message_id: int
    mime: bytes = b""
    subject_line: str = ""
    envelope_from: str = ""
    fault: str = ""


def _handfuls(messages: list[OutboxMessage]) -> Iterator[list[OutboxMessage]]:
    """Ordinary letters are kept many at a time; one with a PDF takes a while and is kept at once."""
    if quick := [one for one in messages if not one.letter["with_pdf"]]:
        yield quick
    yield from ([one] for one in messages if one.letter["with_pdf"])


def _made(message: OutboxMessage, head: Letterhead, house: House) -> Made:
    try:
        envelope, mime, subject_line = frozen(thaw(message.letter), message, head, house)
    except (Refusal, ValueError, OSError) as fault:
        return Made(message.id, fault=str(fault)[:300])
    return Made(message.id, mime, subject_line, envelope.envelope_from)


def _keep(made: list[Made]) -> int:
    with open_uow() as uow:
        for one in made:
            message = get_message(uow.session, one.message_id)
            if one.fault:
                outbox.fail_to_press(message, one.fault, uow.now)
            else:
                outbox.press(uow.session, message, one.subject_line, one.envelope_from, one.mime)
    return len(made)


def frozen(letter: Letter, message: OutboxMessage, head: Letterhead, house: House) -> tuple[Envelope, bytes, str]:
    """A letter as envelope, bytes and subject line. Raises ValueError where something is missing or hostile."""
    rendered = render(letter, head)
    pdf = house.ports.press.pdf(rendered.pdf_html) if rendered.pdf_html else None
    sender = head.unit_ur if letter.language == "ur" else head.unit
    envelope = Envelope(
        message.message_id, message.posted_at, sender, house.mail_from, house.links.bounce_address(message)
    )
    calendar = calendar_bytes(letter.calendar) if letter.calendar else None
    enclosures = [(one, _content(one, house)) for one in letter.enclosures]
    return envelope, compose(letter, rendered, envelope, pdf, enclosures, calendar), rendered.subject


def _content(enclosure: Enclosure, house: House) -> bytes:
    with house.ports.blobs.open(enclosure.sha256) as stored:
        return stored.read()


def send_outbox() -> int:
    """Send what is due, one recipient a transaction. Each result is written singly, after the server's 250."""
    sent = 0
    house = the_house()
    while messages := _claim(house):
        with house.ports.mailer.connect() as connection:
            for message_id, lease_id, mail in messages:
                delivery = connection.send(mail)
                conclude(message_id, lease_id, delivery, house.ports.system.now())
                sent += delivery.outcome is Outcome.ACCEPTED
                if delivery.outcome is Outcome.UNAVAILABLE:
                    _give_back(messages, message_id, delivery)
                    return sent
    return sent


def _claim(house: House) -> list[tuple[int, str, Mail]]:
    """Claimed mails with their bytes. Committed before the first of them is sent."""
    lease_id = house.ports.randomness.token(8).hex()
    with open_uow() as uow:
        claimed = outbox.claim(uow.session, uow.now, uow.system, lease_id, BATCH)
        return [
            (one.id, lease_id, Mail(one.envelope_from, one.to_address, bytes_of(uow.session, one.id) or b""))
            for one in claimed
        ]


def conclude(message_id: int, lease_id: str, delivery: Delivery, now: datetime) -> None:
    """Write what the server said of one mail."""
    with open_uow() as uow:
        outbox.conclude(uow.session, message_id, lease_id, delivery, uow.now, now)


def _give_back(messages: list[tuple[int, str, Mail]], after: int, delivery: Delivery) -> None:
    """The server is down: what we hold and did not try goes back to the tray, and waits like the one that failed."""
    rest = [one for one in messages if one[0] > after]
    with open_uow() as uow:
        for message_id, lease_id, _ in rest:
            outbox.conclude(uow.session, message_id, lease_id, delivery, uow.now, uow.system)
