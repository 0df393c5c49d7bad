"""Letters are pressed into bytes and leave. No transaction is open while we talk to the mail server."""

from collections.abc import Iterator
from dataclasses import dataclass

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
from crm.outbox.queries import all_bytes_of, get_message
from crm.ports import Delivery, Mail, Outcome
from crm.runtime import House, a_reader, letterhead, open_uow, single_writes, the_house

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
    sent, house = 0, the_house()
    with single_writes() as a_write, house.ports.mailer.connect() as connection:
        while messages := _claim(house):
            for place, (message_id, lease_id, mail) in enumerate(messages):
                delivery = connection.send(mail)
                if delivery.outcome is Outcome.ACCEPTED and place + 1 < len(messages):
                    connection.announce(messages[place + 1][2])
                now, system = house.ports.business.now(), house.ports.system.now()
                with a_write() as ledger:
                    outbox.conclude(ledger, message_id, lease_id, delivery, now, system)
                sent += delivery.outcome is Outcome.ACCEPTED
                if delivery.outcome is Outcome.UNAVAILABLE:
                    _give_back(messages[place + 1 :], delivery)
                    return sent
    return sent


def _claim(house: House) -> list[tuple[int, str, Mail]]:
    """Claimed mails with their bytes. Committed before the first of them is sent."""
    lease_id = house.ports.randomness.token(8).hex()
    with open_uow() as uow:
        claimed = outbox.claim(uow.session, uow.now, uow.system, lease_id, BATCH)
        mime = all_bytes_of(uow.session, [one.id for one in claimed]) if claimed else {}
        return [(one.id, lease_id, Mail(one.envelope_from, one.to_address, mime.get(one.id, b""))) for one in claimed]


def _give_back(rest: list[tuple[int, str, Mail]], delivery: Delivery) -> None:
    """The server is down: what we hold and did not try goes back to the tray, and waits like the one that failed."""
    with open_uow() as uow:
        for message_id, lease_id, _ in rest:
            outbox.conclude(uow.session.connection(), message_id, lease_id, delivery, uow.now, uow.system)
