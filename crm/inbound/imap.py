"""A mailbox is polled: whatever lies above the cursor is kept, and the cursor never passes what is not kept."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from crm.ports import FetchedMail, Mailbox, MailboxUnavailable, StorageFull

log = logging.getLogger(__name__)

KeepFetched = Callable[[str, FetchedMail], None]
"""keep(account, mail): returns when the mail is durable, else raises. Never called twice for one that was kept."""


@dataclass(frozen=True)
class Cursor:
    """How far a folder was kept: every UID up to `uid`, within one UIDVALIDITY (RFC 9051 section 2.3.1.1)."""

    uidvalidity: int
    uid: int


class CursorStore(Protocol):
    """Where cursors are remembered, one a folder of an account. Each call is a transaction of its own."""

    def cursor(self, account: str, folder: str) -> Cursor | None:
        """The cursor as it was last set; None if the folder was never read."""

    def kept_above(self, account: str, folder: str, cursor: Cursor) -> frozenset[int]:
        """UIDs of this UIDVALIDITY above the cursor that are kept already: they lie behind one that failed."""

    def set_cursor(self, account: str, folder: str, cursor: Cursor) -> None:
        """Remember `cursor`."""


@dataclass
class Collected:
    """What one poll brought: how many mails were kept and failed, and by folder why it could not be read."""

    kept: int = 0
    failed: int = 0
    unread: dict[str, str] = field(default_factory=dict)


def collect(mailbox: Mailbox, cursors: CursorStore, keep: KeepFetched) -> Collected:
    """Keep everything new in every folder of `mailbox`, marking nothing on the server.

    A mail that cannot be kept is tried again at the next poll and stops none behind it; a folder that cannot be read
    stops no other. A new UIDVALIDITY is a new epoch: all is read again, and what is the same is recognised later by
    its content. Raises StorageFull: with no room left there is no use in going on.
    """
    collected = Collected()
    try:
        folders = mailbox.folders()
    except MailboxUnavailable as error:
        collected.unread["*"] = str(error)
        return collected
    for folder in folders:
        try:
            _collect_folder(mailbox, folder, cursors, keep, collected)
        except MailboxUnavailable as error:
            collected.unread[folder] = str(error)
    return collected


def _collect_folder(
    mailbox: Mailbox, folder: str, cursors: CursorStore, keep: KeepFetched, collected: Collected
) -> None:
    account = mailbox.account
    cursor = _cursor_now(mailbox, folder, cursors)
    known = cursors.kept_above(account, folder, cursor)
    gap = False
    for mail in mailbox.fetch(folder, cursor.uid, known):
        if mail.uidvalidity != cursor.uidvalidity:
            raise MailboxUnavailable("the folder was numbered anew while it was read; the next poll starts afresh")
        if not _is_kept(keep, account, mail):
            gap = True
            collected.failed += 1
            continue
        collected.kept += 1
        if not gap:
            cursor = Cursor(cursor.uidvalidity, _contiguous(mail.uid, known))
            cursors.set_cursor(account, folder, cursor)


def _cursor_now(mailbox: Mailbox, folder: str, cursors: CursorStore) -> Cursor:
    """The cursor to go on from: the remembered one, or the beginning of a new epoch."""
    uidvalidity = mailbox.uidvalidity(folder)
    cursor = cursors.cursor(mailbox.account, folder)
    if cursor is not None and cursor.uidvalidity == uidvalidity:
        return cursor
    return Cursor(uidvalidity, 0)


def _is_kept(keep: KeepFetched, account: str, mail: FetchedMail) -> bool:
    try:
        keep(account, mail)
    except StorageFull:
        raise
    except Exception as error:
        log.error("mail %d of a polled folder was not kept: %s", mail.uid, type(error).__name__)
        return False
    return True


def _contiguous(uid: int, known: frozenset[int]) -> int:
    """The last of the UIDs kept already that follow `uid` without one missing, or `uid` itself."""
    while uid + 1 in known:
        uid += 1
    return uid
