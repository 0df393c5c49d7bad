"""From a kept mail to its verdict: read, screen, match, accept. Each mail in a savepoint; a bad one stops none."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crm.errors import Refusal
from crm.files import service as files
from crm.files.models import ScanState
from crm.i18n import Message
from crm.inbound import answering, notes
from crm.inbound.answering import Case
from crm.inbound.authentication import Standing, Trust
from crm.inbound.classify import MailClass
from crm.inbound.keeping import OpenUnit, is_duplicate
from crm.inbound.match import Match, match
from crm.inbound.models import InboundMail, MailState
from crm.inbound.ours import without_our_words
from crm.inbound.reading import Reading, read
from crm.inbound.screening import Screened, holds_identifier, masked, screen_files
from crm.inbound.visible import Visible
from crm.outbox.queries import latest_bytes_about
from crm.ports import Ports
from crm.uow import UnitOfWork

log = logging.getLogger(__name__)
TRIES, TOGETHER = 3, 16
LONGEST_HOLD = timedelta(milliseconds=250)
"""No further mail joins a transaction after this: on SQLite everybody else who writes waits for its end."""
ONE_MAIL = select(InboundMail).where(InboundMail.id == bindparam("of_id"))
NOTHING = Screened((), (), is_held=False)
TWICE = Message("The same mail came before.")
UNREADABLE = Message("It could not be read. The original is kept; kindly look at it by hand.")
BROKEN = Message("Reading it failed three times. The original is kept; the administrator was told.")
CHILD = Message("It carries what looks like a child's identity number. It is held, masked, until a person has looked.")

HANDLERS: dict[MailClass, Callable[[UnitOfWork, Case], None]] = {
    MailClass.OWN: notes.take_own,
    MailClass.BOUNCE: notes.take_bounces,
    MailClass.MDN: notes.take_receipt,
    MailClass.COMPLAINT: notes.take_complaint,
    MailClass.RSVP: answering.answer_by_calendar,
    MailClass.AUTO: notes.take_absence,
    MailClass.HUMAN: answering.answer_by_mail,
}


@dataclass(frozen=True)
class Pipeline:
    """Reads what was kept. `own_addresses` tell our own mail; `trust` whose authentication results count."""

    open_unit: OpenUnit
    ports: Ports
    own_addresses: frozenset[str]
    trust: Trust

    def run(self, most: int = 200) -> int:
        """Take every kept mail to its verdict, oldest first, a few to a transaction. Returns how many.

        They were kept before, so a crash only has those few read again. A mail that cannot be read takes back its own
        writes and nobody else's.
        """
        with self.open_unit() as uow:
            kept = select(InboundMail.id).where(InboundMail.state == MailState.KEPT, InboundMail.tries < TRIES)
            waiting = deque(uow.session.scalars(kept.order_by(InboundMail.id).limit(most)))
        how_many, clock = len(waiting), self.ports.system
        while waiting:
            done_with: list[str | None] = []
            with self.open_unit() as uow:
                begun = clock.now()
                while waiting and len(done_with) < TOGETHER and clock.now() - begun < LONGEST_HOLD:
                    done_with.append(self._one(uow, waiting.popleft()))
            for name in filter(None, done_with):
                self.ports.quarantine.destroy(name)
        return how_many

    def _one(self, uow: UnitOfWork, mail_id: int) -> str | None:
        mail = uow.session.scalars(ONE_MAIL, {"of_id": mail_id}).one()
        try:
            # Nothing here reads what it has only just set: a flush before every question would write a mail thrice.
            with uow.session.begin_nested(), uow.session.no_autoflush:
                return self._judge(uow, mail)
        except Refusal as refusal:
            mail.judge(MailState.WAITING, refusal.message)
        except Exception:
            log.exception("mail %s could not be processed", mail_id)
            mail.tries += 1
            if mail.tries >= TRIES:
                mail.judge(MailState.FAILED, BROKEN)
        return None

    def _judge(self, uow: UnitOfWork, mail: InboundMail) -> str | None:
        """Write the verdict. Returns the name in quarantine that is no longer needed, if the raw mail was promoted."""
        raw = self.ports.quarantine.read(mail.quarantined_as or "")
        if is_duplicate(uow.session, mail):
            mail.judge(MailState.DUPLICATE, TWICE)
            return None
        reading = read(raw, self.own_addresses, trust=self.trust)
        found = match(uow.session, uow.links, reading, mail.envelope_to)
        reading = without_our_letter(uow.session, reading, found)
        describe(mail, reading)
        held = holds_identifier(reading.subject, reading.whole, *(one.name for one in reading.attachments))
        screened = NOTHING if held else self._files(reading)
        if held or screened.is_held:
            hold(uow, mail, reading, found)
            return None
        return self._decide(uow, Case(mail, reading, found, screened), raw)

    def _files(self, reading: Reading) -> Screened:
        kept = tuple(one for one in reading.attachments if one.media_type not in ("text/calendar", "application/ics"))
        return screen_files(kept, self.ports)

    def _decide(self, uow: UnitOfWork, case: Case, raw: bytes) -> str | None:
        mail = case.mail
        mail.evidence = {"reasons": [reason.text for reason in case.match.reasons]}
        files.attach(uow.session, mail.subject, case.screened.files, uow.now)
        for name in files.strays(uow.session, case.screened.files):
            self.ports.quarantine.destroy(name)
        handle = HANDLERS.get(case.reading.mail_class)
        if handle is None or case.reading.limits:
            mail.judge(MailState.WAITING if case.reading.limits else MailState.FAILED, UNREADABLE)
        else:
            handle(uow, case)
        uow.index(mail, is_new=True)
        if any(one.state is not ScanState.CLEAN for one in case.screened.files):
            return None
        mail.raw_sha256, done_with = self.ports.blobs.put(raw), mail.quarantined_as
        mail.quarantined_as = None
        return done_with


def without_our_letter(session: Session, reading: Reading, found: Match) -> Reading:
    """Fold our own letter where a mail program quoted it without a mark: we know what we sent."""
    if found.ask is None or reading.mail_class is not MailClass.HUMAN:
        return reading
    sent = latest_bytes_about(session, found.ask.subject)
    if sent is None:
        return reading
    visible = without_our_words(Visible(reading.text, reading.folded), read(sent).whole)
    return replace(reading, text=visible.text, folded=visible.folded)


def describe(mail: InboundMail, reading: Reading) -> None:
    """Put what was read on the row, as it is shown and searched."""
    mail.message_id, mail.written_at, mail.mail_class = reading.message_id, reading.date, str(reading.mail_class)
    mail.from_address, mail.from_name = reading.sender, reading.sender_name
    mail.is_verified = reading.authentication.standing is Standing.VERIFIED and reading.doubt is None
    mail.copied_to = list(reading.evidence.visible_recipients)
    mail.subject_line, mail.text, mail.folded = reading.subject, masked(reading.text), masked(reading.folded)


def hold(uow: UnitOfWork, mail: InboundMail, reading: Reading, found: Match) -> None:
    """A child's number: the mail is shown masked, its raw bytes stay encrypted, and it counts as arrived."""
    mail.subject_line = masked(mail.subject_line)
    mail.from_name = masked(mail.from_name)
    answering.wait(uow, Case(mail, reading, found, NOTHING), CHILD)
    mail.judge(MailState.HELD, CHILD)
