"""What the house needs of the outside world, as protocols. Adapters fulfil them; tests use fakes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from crm.i18n import Message


class Clock(Protocol):
    """Aware moments in UTC. The house has two: the business clock, which the demo may move, and the system clock."""

    def now(self) -> datetime: ...


class Randomness(Protocol):
    """Unguessable values."""

    def token(self, octets: int) -> bytes: ...


class Outcome(StrEnum):
    """What the mail server said of one mail (RFC 5321 section 4.2; unknown: RFC 1047)."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


class Tls(StrEnum):
    """How a connection to a mail server is protected. Where it is, certificates are verified; plain is no way out."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True)
class Delivery:
    """The outcome of one attempt, with the server's code (0 if none came) and its words, one line.

    verb: what was answered: connect, MAIL, RCPT, DATA. A 5xx at RCPT is about the address; elsewhere about us.
    """

    outcome: Outcome
    code: int = 0
    words: str = ""
    verb: str = ""


@dataclass(frozen=True)
class Mail:
    """One mail ready for the wire: envelope sender (empty for <>), one recipient, the exact bytes."""

    envelope_from: str
    envelope_to: str
    mime: bytes


class MailConnection(Protocol):
    """An open conversation with the mail server. `send` returns what happened; it raises nothing for a refusal.

    `announce` says that `mail` is sent next: the server may look at its sender while we still write down a result.
    """

    def send(self, mail: Mail) -> Delivery: ...

    def announce(self, mail: Mail) -> None: ...


class Mailer(Protocol):
    """Where mail leaves the house."""

    def connect(self) -> AbstractContextManager[MailConnection]: ...


@dataclass(frozen=True)
class FetchedMail:
    """A mail as an IMAP mailbox holds it, with its place there (RFC 9051 section 2.3.1.1)."""

    mailbox: str
    uidvalidity: int
    uid: int
    raw: bytes
    received_at: datetime


class MailboxUnavailable(Exception):
    """The mailbox or the folder cannot be read now; the text says why, in the server's words."""


class Mailbox(Protocol):
    """A mailbox that is polled. `fetch` yields what is above `after_uid` and not `known`, in order, marking nothing.

    All three raise MailboxUnavailable.
    """

    account: str

    def folders(self) -> tuple[str, ...]: ...

    def uidvalidity(self, folder: str) -> int: ...

    def fetch(self, folder: str, after_uid: int, known: frozenset[int] = frozenset()) -> Iterator[FetchedMail]: ...


class StorageFull(OSError):
    """There is no room left on the disk (or in the quota): nothing was kept."""


class Unreadable(Exception):
    """Kept bytes cannot be read back: damaged, cut short, or encrypted under another key."""


class BlobStore(Protocol):
    """Bytes on disk under their SHA-256. `put` returns only when they are durable (fsync of file and folder).

    `sweep` removes what a crash left half written before a moment; how many files that was. `names` are those put
    before a moment (a second `put` counts anew); `remove` takes one of them away, False where it was put again since.
    """

    def put(self, content: bytes) -> str: ...

    def open(self, sha256: str) -> BinaryIO: ...

    def exists(self, sha256: str) -> bool: ...

    def names(self, before: datetime) -> Iterator[str]: ...

    def remove(self, sha256: str, before: datetime) -> bool: ...

    def sweep(self, before: datetime) -> int: ...


class Quarantine(Protocol):
    """Encrypted bytes under a name, for what has not been scanned yet. `keep` returns only when durable.

    `names`: of all, or of what was kept before a moment. `sweep` as for blobs.
    """

    def keep(self, content: bytes) -> str: ...

    def read(self, name: str) -> bytes: ...

    def destroy(self, name: str) -> None: ...

    def names(self, before: datetime | None = None) -> tuple[str, ...]: ...

    def sweep(self, before: datetime) -> int: ...


class Arrivals(Protocol):
    """Files that are still on their way, slice by slice: encrypted, under the number of their owner and a name.

    `held`: octets in a row from the start. `append` returns what is held afterwards, and only when it is durable; a
    slice for another offset than the one held changes nothing. `settle` drops the slices and keeps a note, of which
    `note` tells ("" if there is none). `names`: of an owner, the longest untouched first. `sweep` destroys what nobody
    has added to since a moment; how many files that was. A name is 64 hexadecimal digits.
    """

    def held(self, owner: int, name: str) -> int: ...

    def append(self, owner: int, name: str, offset: int, content: bytes) -> int: ...

    def read(self, owner: int, name: str) -> bytes: ...

    def settle(self, owner: int, name: str, note: str) -> None: ...

    def note(self, owner: int, name: str) -> str: ...

    def destroy(self, owner: int, name: str) -> None: ...

    def names(self, owner: int) -> tuple[str, ...]: ...

    def sweep(self, before: datetime) -> int: ...


class Press(Protocol):
    """Turns a letter's HTML into a PDF. Only the worker has one."""

    def pdf(self, html: str) -> bytes: ...


@dataclass(frozen=True)
class DocumentText:
    """The words of a file. `readable` is False where the machine could not read all of it; `reason` says why."""

    text: str
    readable: bool
    reason: Message


class Reader(Protocol):
    """Reads the words of a file from outside. A trap harms nothing; what cannot be read gives a reason."""

    def text_of(self, content: bytes, media_type: str) -> DocumentText: ...


@dataclass(frozen=True)
class Ports:
    """Everything outside, in one value. `business` may be moved forward in the demo; nothing moves `system`."""

    business: Clock
    system: Clock
    randomness: Randomness
    mailer: Mailer
    blobs: BlobStore
    quarantine: Quarantine
    arrivals: Arrivals
    press: Press
    reader: Reader
    mailboxes: tuple[Mailbox, ...] = ()
