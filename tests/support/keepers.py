"""Where the post doors' tests keep mail: in memory, failing where they are told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.inbound import lmtp
from crm.inbound.imap import Cursor
from crm.ports import FetchedMail
from tests.support.fakes import FakeClock

RAW = b"From: focal@ministry.example\r\nSubject: answer\r\n\r\n.a dot\r\nour views\r\n"
THREE = ["one@unit.example", "two@unit.example", "three@unit.example"]


@dataclass
class Cellar:
    """Keeps mails and cursors in memory, as the database will. Refuses a mail that contains one of `failing`."""

    mails: list[FetchedMail] = field(default_factory=list)
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    failing: dict[bytes, Exception] = field(default_factory=dict)

    def keep(self, account: str, mail: FetchedMail) -> None:
        if mail.raw in self.failing:
            raise self.failing[mail.raw]
        assert (mail.mailbox, mail.uidvalidity, mail.uid) not in self.places(), "kept twice"
        self.mails.append(mail)

    def places(self) -> list[tuple[str, int, int]]:
        return [(mail.mailbox, mail.uidvalidity, mail.uid) for mail in self.mails]

    def contents(self) -> list[bytes]:
        return [mail.raw for mail in self.mails]

    def cursor(self, account: str, folder: str) -> Cursor | None:
        return self.cursors.get((account, folder))

    def kept_above(self, account: str, folder: str, cursor: Cursor) -> frozenset[int]:
        return frozenset(
            uid
            for name, epoch, uid in self.places()
            if (name, epoch) == (folder, cursor.uidvalidity) and uid > cursor.uid
        )

    def set_cursor(self, account: str, folder: str, cursor: Cursor) -> None:
        self.cursors[account, folder] = cursor


@dataclass
class Keeper:
    """Keeps in memory; raises what `failing` says for a recipient."""

    kept: list[tuple[str, str, bytes, datetime]] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)

    def __call__(self, envelope_from: str, recipient: str, raw: bytes, received_at: datetime) -> None:
        if recipient in self.failing:
            raise self.failing[recipient]
        self.kept.append((envelope_from, recipient, raw, received_at))


@contextmanager
def listening(keep: lmtp.Keep, **limits: Any) -> Iterator[int]:
    listener = lmtp.serve(("127.0.0.1", 0), keep, frozenset({"unit.example"}), FakeClock(), **limits)
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()
