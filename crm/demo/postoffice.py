"""The demo's post office: a mail server that takes mail for anybody, and the mailboxes that it files it in."""

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_OCTETS = 50 * 1024 * 1024
ENDING = ".eml"
SENT = "sent"


@dataclass(frozen=True)
class Mailbox:
    """One partner's mailbox: how many mails it holds, and the number of the newest."""

    address: str
    mails: int
    newest: int
    changed: float


@dataclass(frozen=True)
class PostOffice:
    """Mailboxes as folders: `<address>/<number>.eml`, and under `sent/` what the partner wrote back.

    A mail is filed as a mailbox would hold it, below its Return-Path and Delivered-To.
    """

    folder: Path

    def keep(self, sender: str, recipient: str, raw: bytes) -> int:
        """File a mail durably. Returns its number."""
        trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode("utf-8", "replace")
        return _write(self._box(recipient), trace + raw)

    def keep_sent(self, address: str, answered: int, kind: str, raw: bytes) -> None:
        """Remember what a partner sent back: which mail it answers, and what it was."""
        _write(self._box(address) / SENT, raw, f"-{answered}-{kind}")

    def mailboxes(self) -> list[Mailbox]:
        """Every mailbox that holds something, the one with the latest mail first."""
        if not self.folder.exists():
            return []
        boxes = [self._mailbox(one) for one in self.folder.iterdir() if one.is_dir()]
        return sorted((one for one in boxes if one.mails), key=lambda one: (-one.changed, one.address))

    def mails(self, address: str) -> list[int]:
        """The numbers of a mailbox's mails, newest first."""
        return sorted(_numbers(self._box(address)), reverse=True)

    def read(self, address: str, number: int) -> bytes:
        """A mail as it was filed. Raises FileNotFoundError."""
        return (self._box(address) / f"{number}{ENDING}").read_bytes()

    def sent(self, address: str) -> list[tuple[int, str, bytes]]:
        """What was sent back from a mailbox, oldest first: the number of the mail it answers, its kind, its bytes."""
        folder = self._box(address) / SENT
        names = sorted(folder.iterdir(), key=lambda one: int(one.name.split("-")[0])) if folder.exists() else []
        told = [(one, one.name.removesuffix(ENDING).split("-", 2)) for one in names if one.suffix == ENDING]
        return [(int(answered), kind, one.read_bytes()) for one, (_number, answered, kind) in told]

    def answered(self, address: str) -> set[int]:
        """The numbers of the mails that something was sent back for."""
        folder = self._box(address) / SENT
        return {int(one.name.split("-")[1]) for one in folder.glob(f"*{ENDING}")} if folder.exists() else set()

    def _box(self, address: str) -> Path:
        name = quote(address.lower(), safe="@+=")
        if "@" not in name or len(name) > 200:
            raise FileNotFoundError(address)
        return self.folder / name

    def _mailbox(self, box: Path) -> Mailbox:
        numbers = list(_numbers(box))
        return Mailbox(unquote(box.name), len(numbers), max(numbers, default=0), box.stat().st_mtime)


def _numbers(box: Path) -> Iterator[int]:
    if box.exists():
        yield from (int(one.stem) for one in box.glob(f"*{ENDING}") if one.stem.isdecimal())


def _write(box: Path, content: bytes, ending: str = "") -> int:
    """Write under the next free number: the whole file or none, on the disk before anybody is told."""
    box.mkdir(parents=True, exist_ok=True)
    fresh = box / f".{os.getpid()}.{os.urandom(6).hex()}.new"
    with fresh.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    taken = [int(one.name.split("-")[0].split(".")[0]) for one in box.glob(f"[0-9]*{ENDING}")]
    number = max(taken, default=0) + 1
    while True:
        try:
            os.link(fresh, box / f"{number}{ending}{ENDING}")
            break
        except FileExistsError:
            number += 1
    fresh.unlink()
    folder = os.open(box, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return number


@dataclass(frozen=True)
class _Taker:
    """What is said to whom: everybody has a mailbox here."""

    office: PostOffice

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from or ""
        loop = asyncio.get_running_loop()
        for recipient in envelope.rcpt_tos:
            await loop.run_in_executor(None, self.office.keep, sender, recipient, envelope.original_content or b"")
        return "250 2.0.0 Ok: filed"


def serve_post_office(bind: tuple[str, int], folder: Path) -> None:
    """Take mail for anybody at `bind` (host, port) until SIGTERM or SIGINT. Raises OSError if the port is taken."""
    # At INFO aiosmtpd writes addresses, which are never logged here.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    asyncio.run(_serve(bind, PostOffice(folder)))


async def _serve(bind: tuple[str, int], office: PostOffice) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    server = await loop.create_server(lambda: _conversation(office, loop), *bind)
    await stop.wait()
    server.close()


def _conversation(office: PostOffice, loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(
        _Taker(office), hostname="post-office.example", data_size_limit=MOST_OCTETS, enable_SMTPUTF8=True, loop=loop
    )
