"""A mailbox on an IMAP server, read through imap-tools. Nothing is marked, moved or removed."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from crm.ports import FetchedMail, MailboxUnavailable, Tls

SECONDS = 60.0
MOST_AT_ONCE = 50
OCTETS_AT_ONCE = 4 * 1024 * 1024

UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
MOMENT = re.compile(rb'\bINTERNALDATE "([^"]+)"')
EMPTY_BODY = re.compile(rb'\bBODY\[\] (?:""|NIL)')


class ImapMailbox:
    """Fulfils `Mailbox`. The connection is opened when needed, kept between polls, and replaced when it is dead."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        tls: Tls = Tls.IMPLICIT,
        folders: tuple[str, ...] = ("INBOX",),
        ca_file: Path | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.account = f"{user}@{host}" if "@" not in user else user
        self._address = host, port
        self._login = user, password
        self._tls = tls
        self._folders = folders
        self._ca_file = ca_file
        self._seconds = seconds
        self._open: BaseMailBox | None = None

    def folders(self) -> tuple[str, ...]:
        """The folders that are to be read, as they were configured."""
        return self._folders

    def uidvalidity(self, folder: str) -> int:
        """The folder's present UIDVALIDITY. Raises MailboxUnavailable."""
        with self._talking() as box:
            return _examine(box, folder)

    def fetch(self, folder: str, after_uid: int, known: frozenset[int] = frozenset()) -> Iterator[FetchedMail]:
        """Mails above `after_uid`, in the order of their UIDs, without those in `known`. Raises MailboxUnavailable.

        They come in batches of at most 50 mails or 4 MiB, so that a full mailbox never has to fit into memory.
        """
        with self._talking() as box:
            uidvalidity = _examine(box, folder)
            sizes = {uid: size for uid, size in _sizes(box, after_uid).items() if uid not in known}
        for batch in _batches(sizes):
            with self._talking() as box:
                if box.folder.get() != folder:
                    raise imaplib.IMAP4.error("the connection was lost while the folder was read")
                found = _bodies(box, batch)
            for uid in batch:
                if uid in found:
                    raw, received_at = found[uid]
                    yield FetchedMail(folder, uidvalidity, uid, raw, received_at)

    def close(self) -> None:
        """Say goodbye, if anyone listens."""
        if self._open is not None:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                self._open.logout()
            self._open = None

    @contextmanager
    def _talking(self) -> Iterator[BaseMailBox]:
        """A live connection; whatever goes wrong on it ends it and is told as MailboxUnavailable."""
        try:
            yield self._connection()
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            self._drop()
            raise MailboxUnavailable(" ".join(str(error).split()) or type(error).__name__) from error

    def _connection(self) -> BaseMailBox:
        if self._open is not None and not _is_alive(self._open):
            self._drop()
        if self._open is None:
            self._open = self._connect()
        return self._open

    def _connect(self) -> BaseMailBox:
        host, port = self._address
        if self._tls is Tls.NONE:
            box: BaseMailBox = MailBoxUnencrypted(host, port, timeout=self._seconds)
        else:
            context = ssl.create_default_context()
            if self._ca_file is not None:
                context.load_verify_locations(cafile=self._ca_file)
            kind = MailBox if self._tls is Tls.IMPLICIT else MailBoxStartTls
            box = kind(host, port, timeout=self._seconds, ssl_context=context)
        try:
            return box.login(*self._login, initial_folder=None)
        except BaseException:
            box.client.shutdown()
            raise

    def _drop(self) -> None:
        if self._open is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._open.client.shutdown()
            self._open = None


def _is_alive(box: BaseMailBox) -> bool:
    try:
        return bool(box.client.noop()[0] == "OK")
    except (imaplib.IMAP4.error, OSError):
        return False


def _examine(box: BaseMailBox, folder: str) -> int:
    """Open `folder` read-only; its UIDVALIDITY (RFC 9051 section 6.3.3)."""
    box.folder.set(folder, readonly=True)
    answer = box.client.response("UIDVALIDITY")[1]
    if not answer or answer[0] is None:
        raise imaplib.IMAP4.error(f"the server gives no UIDVALIDITY for {folder}")
    return int(answer[0])


def _sizes(box: BaseMailBox, after_uid: int) -> dict[int, int]:
    """Octets by UID above `after_uid`, in order. `n:*` names the last mail even if it is older (section 6.4.8)."""
    sizes = {}
    for line in _uid_fetch(box, f"{after_uid + 1}:*", "(UID RFC822.SIZE)"):
        head = line if isinstance(line, bytes) else b""
        uid, size = UID.search(head), SIZE.search(head)
        if uid and size and int(uid[1]) > after_uid:
            sizes[int(uid[1])] = int(size[1])
    return dict(sorted(sizes.items()))


def _bodies(box: BaseMailBox, batch: list[int]) -> dict[int, tuple[bytes, datetime]]:
    """Content and moment of arrival by UID. One that was expunged meanwhile is missing; one held back is an error."""
    found = _read_bodies(box, batch)
    missing = [uid for uid in batch if uid not in found]
    if missing:
        found |= _read_bodies(box, missing)
        still_there = set(_sizes(box, min(missing) - 1)) & set(missing) - found.keys()
        if still_there:
            raise imaplib.IMAP4.error(f"the server did not give mail {min(still_there)}")
    return found


def _read_bodies(box: BaseMailBox, batch: list[int]) -> dict[int, tuple[bytes, datetime]]:
    found = {}
    lines = _uid_fetch(box, ",".join(map(str, batch)), "(UID INTERNALDATE BODY.PEEK[])")
    for place, line in enumerate(lines):
        if isinstance(line, tuple):
            # Attributes may stand before the content or after it.
            after = lines[place + 1] if place + 1 < len(lines) else b""
            attributes, raw = line[0] + (after if isinstance(after, bytes) else b""), line[1]
        elif EMPTY_BODY.search(line):
            attributes, raw = line, b""
        else:
            continue
        uid, moment = UID.search(attributes), MOMENT.search(attributes)
        if uid and moment:
            found[int(uid[1])] = raw, parsedate_to_datetime(moment[1].decode("ascii").strip()).astimezone(UTC)
    return found


def _uid_fetch(box: BaseMailBox, uids: str, parts: str) -> list[Any]:
    status, lines = box.client.uid("FETCH", uids, parts)
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server would not fetch: {lines!r}"[:200])
    return [line for line in lines if line is not None]


def _batches(sizes: dict[int, int]) -> Iterator[list[int]]:
    """UIDs in batches that fit into memory; a mail larger than that comes alone."""
    batch: list[int] = []
    octets = 0
    for uid, size in sizes.items():
        if batch and (len(batch) == MOST_AT_ONCE or octets + size > OCTETS_AT_ONCE):
            yield batch
            batch, octets = [], 0
        batch.append(uid)
        octets += size
    if batch:
        yield batch
