"""Looks for what dangles: names of records that are not there, files, the trail, the post, the search index."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.audit import service as audit
from crm.audit.models import AuditEntry, AuditValue
from crm.base import Base
from crm.db import WRITES
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.organisations.models import Seat
from crm.files.models import Attachment, Blob
from crm.i18n import Message
from crm.inbound.keeping import named_in_quarantine
from crm.inbound.models import InboundMail
from crm.metadata import TABLES
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import WAITING, Status
from crm.ports import Ports
from crm.search import service as search
from crm.search.models import SearchEntry
from crm.searching import search_faults
from crm.timeline.models import TimelineEntry, TimelinePlace

Column = InstrumentedAttribute[Any]
SUBJECTS: tuple[tuple[Column, Column], ...] = (
    (TimelineEntry.subject_kind, TimelineEntry.subject_id),
    (TimelinePlace.kind, TimelinePlace.number),
    (Attachment.subject_kind, Attachment.subject_id),
    (OutboxMessage.about_kind, OutboxMessage.about_id),
    (SearchEntry.subject_kind, SearchEntry.subject_id),
    (Ask.subject_kind, Ask.subject_id),
)
NUMBERS: tuple[tuple[Column, Column], ...] = (
    (OutboxMessage.seat_id, Seat.id),
    (AskAnswer.mail_id, InboundMail.id),
    (InboundMail.ask_id, Ask.id),
    (InboundMail.proposed_ask_id, Ask.id),
)
"""Columns that point upwards by value, so that no foreign key guards them (house, import rules)."""

PATIENCE = timedelta(hours=1)
PAGE = 1000


def check(engine: Engine, ports: Ports) -> list[Message]:
    """A sentence for each fault; empty where everything is in order. Reads only, and may run while others work."""
    quarantined = frozenset(ports.quarantine.names())  # before the rows: a mail is kept first and registered then
    with Session(engine) as session:
        faults = [*_dangling_subjects(session), *_dangling_numbers(session), *_lost_files(session, ports)]
        faults += [*_quarantine(session, ports, quarantined), *_trail(session), *_stuck_mail(session, ports)]
        faults += search_faults(session)
    return faults + _unsound_index(engine)


def _some(found: Sequence[object]) -> str:
    """The first few of many, as an example."""
    return ", ".join(str(one) for one in found[:3]) + (" …" if len(found) > 3 else "")


def kinds() -> dict[str, type[Base]]:
    """Every kind that a subject can name, with its table."""
    named = (each for module in TABLES for each in vars(module).values() if isinstance(each, type))
    return {each.SUBJECT: each for each in named if issubclass(each, Base) and hasattr(each, "SUBJECT")}


def _dangling_subjects(session: Session) -> Iterable[Message]:
    known = kinds()
    for kind, number in SUBJECTS:
        table = kind.class_.__tablename__
        for name in session.scalars(select(kind).distinct().order_by(kind)):
            if name not in known:
                yield Message("%(table)s names a kind of record that there is not: %(kind)s.", table=table, kind=name)
            elif gone := _gone(session, number, known[name].id, kind == name):  # type: ignore[attr-defined]
                yield _dangles(table, name, gone)


def _dangling_numbers(session: Session) -> Iterable[Message]:
    for number, target in NUMBERS:
        if gone := _gone(session, number, target, number.is_not(None)):
            yield _dangles(number.class_.__tablename__, target.class_.__tablename__, gone)


def _dangles(table: str, kind: str, gone: Sequence[int]) -> Message:
    return Message(
        "%(table)s names a record that is not there: %(kind)s %(which)s.", table=table, kind=kind, which=_some(gone)
    )


def _gone(session: Session, number: Column, target: Column, here: Any) -> Sequence[int]:
    there = select(target).where(target == number).exists()
    return session.scalars(select(number).where(here, ~there).distinct().order_by(number)).all()


def _lost_files(session: Session, ports: Ports) -> Iterable[Message]:
    """Clean files lie in the store; others in the quarantine, which is looked at with it."""
    files = session.scalars(select(Blob.sha256).where(Blob.quarantined_as.is_(None)).order_by(Blob.sha256))
    if lost := [name for name in files if not ports.blobs.exists(name)]:
        yield Message("Files are not in the store: %(which)s. Restore them from a backup.", which=_some(lost))
    mails = session.execute(select(InboundMail.id, InboundMail.raw_sha256).where(InboundMail.raw_sha256.is_not(None)))
    if lost_mails := [number for number, name in mails if name and not ports.blobs.exists(name)]:
        yield Message("The originals of mails are not in the store: mail %(which)s.", which=_some(lost_mails))


def _quarantine(session: Session, ports: Ports, before: frozenset[str]) -> Iterable[Message]:
    known = named_in_quarantine(session)
    if lost := sorted(known - frozenset(ports.quarantine.names())):
        yield Message("What the register holds is not in the quarantine: %(which)s.", which=_some(lost))
    if orphans := sorted(before - known):
        yield Message(
            "The quarantine holds what the register does not know: %(which)s. The worker takes mails among them in "
            "when it starts.",
            which=_some(orphans),
        )


def _trail(session: Session) -> Iterable[Message]:
    if broken := audit.verify(session):
        yield Message("The audit trail was changed: seal %(which)s no longer fits its entries.", which=_some(broken))
    chosen = select(AuditEntry, AuditValue.changes).join(AuditValue, AuditValue.entry_id == AuditEntry.id)
    rows = session.execute(chosen.order_by(AuditEntry.id).execution_options(yield_per=PAGE))
    if altered := [entry.id for entry, changes in rows if not _fits(entry, changes)]:
        yield Message("Entries of the audit trail were altered: %(which)s.", which=_some(altered))


def _fits(entry: AuditEntry, changes: dict[str, Any]) -> bool:
    told = {"at": entry.at.isoformat(), "actor": entry.actor, "action": entry.action}
    told |= {"table_name": entry.table_name, "row_id": entry.row_id}
    return audit.digest(entry.salt, told | changes) == entry.digest


def _stuck_mail(session: Session, ports: Ports) -> Iterable[Message]:
    """Mail that ought to have left an hour ago. Due dates run on the business clock, leases and retries do not."""
    system, message = ports.system.now() - PATIENCE, OutboxMessage
    due = message.status.in_(WAITING) & (message.due_at < ports.business.now() - PATIENCE)
    not_put_off = message.retry_at.is_(None) | (message.retry_at < system)
    held = (message.status == Status.SENDING) & (message.leased_until < system)
    stuck = session.scalars(select(message.id).where((due & not_put_off) | held).order_by(message.id)).all()
    if stuck:
        yield Message(
            "%(count)s mail ought to have left an hour ago: %(which)s. Is the worker running?",
            "%(count)s mails ought to have left an hour ago: %(which)s. Is the worker running?",
            count=len(stuck),
            which=_some(stuck),
        )


def _unsound_index(engine: Engine) -> list[Message]:
    with Session(engine) as session:
        session.connection(execution_options={WRITES: True})
        if search.is_sound(session):
            return []
    return [Message("The words of the search index do not fit its rows. Run `crm search rebuild`.")]
