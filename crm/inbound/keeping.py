"""Keep first: a mail is durable, encrypted and in the register before its sender is told 250 (mail paper A.9)."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from crm.bulk import insert_many, rows_of
from crm.domain.asks.queries import files_of_drafts
from crm.files.models import Blob
from crm.inbound.imap import Cursor
from crm.inbound.models import InboundMail, MailCursor
from crm.ports import FetchedMail, Quarantine
from crm.uow import UnitOfWork

TRACE = re.compile(
    rb"^(received|delivered-to|return-path|x-[^:]+|authentication-results|arc-[^:]+|dkim-signature|envelope-to)\s*:",
    re.I,
)
OpenUnit = Callable[[], AbstractContextManager[UnitOfWork]]
MAIL = rows_of(InboundMail).c
SAME_BEFORE = (
    select(MAIL.id)
    .where(MAIL.content_key == bindparam("same_content"), MAIL.envelope_to == bindparam("same_recipient"))
    .where(MAIL.id < bindparam("before"))
    .limit(1)
)


@dataclass(frozen=True)
class Keeper:
    """Keeps mails from any door. Each keep is a transaction of its own; a failure leaves nothing behind."""

    open_unit: OpenUnit
    quarantine: Quarantine

    def from_wire(self, envelope_from: str, recipient: str, raw: bytes, received_at: datetime) -> None:
        """One mail for one recipient, from the listener or from standard input. Returns when it is durable."""
        with self._durable(raw) as name, self.open_unit() as uow:
            row = _row(raw, name, received_at) | {"envelope_from": envelope_from, "envelope_to": recipient}
            insert_many(uow.session, InboundMail, [row])

    def from_mailbox(self, account: str, mail: FetchedMail) -> None:
        """One mail from a polled mailbox, known by its place there; twice kept is once kept."""
        with self.open_unit() as uow:
            if uow.session.scalars(select(InboundMail.id).where(_place(account, mail))).first() is not None:
                return
        with self._durable(mail.raw) as name, self.open_unit() as uow:
            place = {"account": account, "mailbox": mail.mailbox, "uidvalidity": mail.uidvalidity, "uid": mail.uid}
            insert_many(uow.session, InboundMail, [_row(mail.raw, name, mail.received_at) | place])

    def adopt_orphans(self, now: datetime) -> int:
        """Bytes that became durable just before a crash, and no row: register them. Returns how many."""
        with self.open_unit() as uow:
            known = named_in_quarantine(uow.session)
        orphans = [name for name in self.quarantine.names() if name not in known]
        mails = [name for name in orphans if is_mail(self.quarantine.read(name))]
        for name in mails:
            with self.open_unit() as uow:
                insert_many(uow.session, InboundMail, [_row(self.quarantine.read(name), name, now)])
        return len(mails)

    @contextmanager
    def _durable(self, raw: bytes) -> Iterator[str]:
        name = self.quarantine.keep(raw)
        try:
            yield name
        except BaseException:
            self.quarantine.destroy(name)
            raise


def is_mail(content: bytes) -> bool:
    """Whether bytes begin as a mail does, with a header field (RFC 5322 section 2.2)."""
    return re.match(rb"^[!-9;-~]+:", content[:200]) is not None


def named_in_quarantine(session: Session) -> set[str]:
    """The names under which the register holds something in quarantine: mails, files, and files of drafts."""
    mails = select(InboundMail.quarantined_as).where(InboundMail.quarantined_as.is_not(None))
    blobs = select(Blob.quarantined_as).where(Blob.quarantined_as.is_not(None))
    drafts = {one["quarantined_as"] for one in files_of_drafts(session)}
    return {name for name in {*session.scalars(mails), *session.scalars(blobs), *drafts} if name}


def named_files(session: Session) -> set[str]:
    """The SHA-256 of every file that the register names: kept files, originals of mails, and files of drafts."""
    originals = session.scalars(select(InboundMail.raw_sha256).where(InboundMail.raw_sha256.is_not(None)))
    drafts = {str(one["sha256"]) for one in files_of_drafts(session)}
    return {name for name in {*session.scalars(select(Blob.sha256)), *originals, *drafts} if name}


def _place(account: str, mail: FetchedMail) -> ColumnElement[bool]:
    return (
        (InboundMail.account == account)
        & (InboundMail.mailbox == mail.mailbox)
        & (InboundMail.uidvalidity == mail.uidvalidity)
        & (InboundMail.uid == mail.uid)
    )


def _row(raw: bytes, name: str, at: datetime) -> dict[str, Any]:
    return {"arrived_at": at, "quarantined_as": name, "size": len(raw), "content_key": content_key(raw)}


def content_key(raw: bytes) -> str:
    """SHA-256 of a mail without the headers that travel adds, so that the same mail delivered twice is known."""
    head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept, skipping = [], False
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            skipping = TRACE.match(line) is not None
        if not skipping:
            kept.append(line)
    return hashlib.sha256(b"\n".join(kept) + blank + body).hexdigest()


@dataclass(frozen=True)
class Cursors:
    """How far each mailbox is read, on the database (`imap.CursorStore`)."""

    open_unit: OpenUnit

    def cursor(self, account: str, folder: str) -> Cursor | None:
        """The cursor as it was last set; None if the folder was never read."""
        with self.open_unit() as uow:
            row = uow.session.get(MailCursor, (account, folder))
            return Cursor(row.uidvalidity, row.uid) if row else None

    def kept_above(self, account: str, folder: str, cursor: Cursor) -> frozenset[int]:
        """UIDs of this UIDVALIDITY above the cursor that are kept already."""
        with self.open_unit() as uow:
            here = (InboundMail.account == account) & (InboundMail.mailbox == folder)
            above = (InboundMail.uidvalidity == cursor.uidvalidity) & (InboundMail.uid > cursor.uid)
            found = uow.session.scalars(select(InboundMail.uid).where(here, above))
            return frozenset(uid for uid in found if uid is not None)

    def set_cursor(self, account: str, folder: str, cursor: Cursor) -> None:
        """Remember `cursor`."""
        with self.open_unit() as uow:
            row = uow.session.get(MailCursor, (account, folder))
            if row is None:
                row = MailCursor(account=account, mailbox=folder)
                uow.session.add(row)
            row.uidvalidity, row.uid, row.read_at = cursor.uidvalidity, cursor.uid, uow.system


def is_duplicate(session: Session, mail: InboundMail) -> bool:
    """Whether the same content for the same recipient came before."""
    same = {"same_content": mail.content_key, "same_recipient": mail.envelope_to, "before": mail.id}
    return session.connection().scalar(SAME_BEFORE, same) is not None
