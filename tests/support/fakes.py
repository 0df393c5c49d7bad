"""Stand-ins for the outside world that keep everything in memory and remember what was asked of them."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import BinaryIO

from crm.documents.reading import text_of
from crm.ports import Delivery, DocumentText, FetchedMail, Mail, MailboxUnavailable, MailConnection, Outcome, Ports

NOON = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""Tuesday 24 November 2026, 12:00 in Karachi."""

ACCEPTED = Delivery(Outcome.ACCEPTED, 250, "2.0.0 Ok: queued as FAKE", "DATA")


@dataclass
class FakeClock:
    """A clock that stands until it is advanced."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, step: timedelta) -> datetime:
        """Move on by `step`; the new moment."""
        self.moment += step
        return self.moment


@dataclass
class SeededRandomness:
    """Values that are the same in each run and differ from call to call."""

    seed: int = 7
    _source: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._source = random.Random(self.seed)

    def token(self, octets: int) -> bytes:
        return self._source.randbytes(octets)


@dataclass
class FakeMailer:
    """Keeps what it is given. `script` answers a recipient by a list of outcomes, used up in order; then ACCEPTED.

    `down` makes each send UNAVAILABLE, as when nobody answers at the mail server's address.
    """

    script: dict[str, list[Delivery]] = field(default_factory=dict)
    sent: list[Mail] = field(default_factory=list)
    tried: list[Mail] = field(default_factory=list)
    down: bool = False
    connections: int = 0

    @contextmanager
    def connect(self) -> Iterator[MailConnection]:
        self.connections += 1
        yield self

    def announce(self, mail: Mail) -> None:
        """Nothing leaves by being announced."""

    def send(self, mail: Mail) -> Delivery:
        """The next scripted outcome. What was accepted, or may have been (UNKNOWN), is in `sent`."""
        self.tried.append(mail)
        if self.down:
            return Delivery(Outcome.UNAVAILABLE, 0, "connection refused", "connect")
        waiting = self.script.get(mail.envelope_to)
        delivery = waiting.pop(0) if waiting else ACCEPTED
        if delivery.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}:
            self.sent.append(mail)
        return delivery


@dataclass
class MemoryBlobs:
    """Content under its SHA-256. All is old, but what a test calls `fresh`."""

    content: dict[str, bytes] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)

    def put(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        self.content[name] = content
        return name

    def open(self, sha256: str) -> BinaryIO:
        if sha256 not in self.content:
            raise FileNotFoundError(sha256)
        return BytesIO(self.content[sha256])

    def exists(self, sha256: str) -> bool:
        return sha256 in self.content

    def names(self, before: datetime) -> Iterator[str]:
        yield from sorted(self.content.keys() - self.fresh)

    def remove(self, sha256: str, before: datetime) -> bool:
        return sha256 not in self.fresh and self.content.pop(sha256, None) is not None

    def sweep(self, before: datetime) -> int:
        return 0


@dataclass
class MemoryQuarantine:
    """Mails under made-up names, unencrypted. `failure`, if set, is raised by `keep`."""

    content: dict[str, bytes] = field(default_factory=dict)
    destroyed: list[str] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)
    failure: Exception | None = None
    _count: int = 0

    def keep(self, content: bytes) -> str:
        if self.failure is not None:
            raise self.failure
        self._count += 1
        name = f"kept-{self._count}"
        self.content[name] = content
        return name

    def read(self, name: str) -> bytes:
        if name not in self.content:
            raise FileNotFoundError(name)
        return self.content[name]

    def destroy(self, name: str) -> None:
        if self.content.pop(name, None) is not None:
            self.destroyed.append(name)

    def names(self, before: datetime | None = None) -> tuple[str, ...]:
        return tuple(sorted(self.content.keys() - (self.fresh if before else set())))

    def sweep(self, before: datetime) -> int:
        return 0


@dataclass
class MemoryArrivals:
    """Half-sent files, unencrypted. All are fresh, but what a test calls `old`."""

    content: dict[tuple[int, str], bytes] = field(default_factory=dict)
    notes: dict[tuple[int, str], str] = field(default_factory=dict)
    old: set[tuple[int, str]] = field(default_factory=set)

    def held(self, owner: int, name: str) -> int:
        return len(self.content.get((owner, name), b""))

    def append(self, owner: int, name: str, offset: int, content: bytes) -> int:
        if offset == self.held(owner, name):
            self.content[owner, name] = self.content.pop((owner, name), b"") + content
        return self.held(owner, name)

    def read(self, owner: int, name: str) -> bytes:
        return self.content.get((owner, name), b"")

    def settle(self, owner: int, name: str, note: str) -> None:
        self.destroy(owner, name)
        self.notes[owner, name] = note

    def note(self, owner: int, name: str) -> str:
        return self.notes.get((owner, name), "")

    def destroy(self, owner: int, name: str) -> None:
        self.content.pop((owner, name), None)
        self.notes.pop((owner, name), None)

    def names(self, owner: int) -> tuple[str, ...]:
        return tuple(name for whose, name in self.content if whose == owner)

    def sweep(self, before: datetime) -> int:
        gone = [one for one in self.content if one in self.old]
        for one in gone:
            self.destroy(*one)
        return len(gone)


@dataclass
class FakePress:
    """Prints a PDF in name only: a header, then the HTML itself."""

    printed: list[str] = field(default_factory=list)

    def pdf(self, html: str) -> bytes:
        self.printed.append(html)
        return b"%PDF-1.7\n" + html.encode() + b"\n%%EOF\n"


@dataclass
class InProcessReader:
    """Reads files without a process of their own."""

    def text_of(self, content: bytes, media_type: str) -> DocumentText:
        return text_of(content, media_type)


@dataclass
class FakeMailbox:
    """A mailbox in memory. `deliver` adds a mail; `rebuild` gives a folder a new UIDVALIDITY, numbering from 1.

    A folder in `closed` cannot be read.
    """

    account: str = "focal@unit.example"
    mails: dict[str, list[FetchedMail]] = field(default_factory=lambda: {"INBOX": []})
    validity: dict[str, int] = field(default_factory=lambda: {"INBOX": 1})
    fetched: list[tuple[str, int]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def deliver(self, raw: bytes, folder: str = "INBOX", received_at: datetime = NOON) -> FetchedMail:
        """Put `raw` at the end of `folder`, which is made if it is not there."""
        held = self.mails.setdefault(folder, [])
        uid = held[-1].uid + 1 if held else 1
        mail = FetchedMail(folder, self.validity.setdefault(folder, 1), uid, raw, received_at)
        held.append(mail)
        return mail

    def rebuild(self, folder: str = "INBOX") -> None:
        """The server lost its numbering (RFC 9051 section 2.3.1.1): new UIDVALIDITY, same mails."""
        self.validity[folder] += 1
        self.mails[folder] = [
            FetchedMail(folder, self.validity[folder], place, mail.raw, mail.received_at)
            for place, mail in enumerate(self.mails[folder], start=1)
        ]

    def folders(self) -> tuple[str, ...]:
        return tuple(self.mails)

    def uidvalidity(self, folder: str) -> int:
        return self.validity[folder]

    def fetch(self, folder: str, after_uid: int, known: frozenset[int] = frozenset()) -> Iterator[FetchedMail]:
        self.fetched.append((folder, after_uid))
        if folder in self.closed:
            raise MailboxUnavailable("the server closed the connection")
        yield from [mail for mail in self.mails[folder] if mail.uid > after_uid and mail.uid not in known]


def fake_ports(
    clock: FakeClock | None = None,
    mailer: FakeMailer | None = None,
    mailboxes: tuple[FakeMailbox, ...] = (),
) -> Ports:
    """All ports faked. Both clocks are the same one, so that a test need move only it."""
    clock = clock or FakeClock()
    return Ports(
        business=clock,
        system=clock,
        randomness=SeededRandomness(),
        mailer=mailer or FakeMailer(),
        blobs=MemoryBlobs(),
        quarantine=MemoryQuarantine(),
        arrivals=MemoryArrivals(),
        press=FakePress(),
        reader=InProcessReader(),
        mailboxes=mailboxes,
    )
