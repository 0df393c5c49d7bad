"""The post's listener: LMTP (RFC 2033) and plain SMTP. It says 250 only for what `keep` has made durable."""

import asyncio
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, SMTP, Envelope, Session

from crm.ports import Clock, StorageFull

MOST_OCTETS = 35 * 1024 * 1024
MOST_RECIPIENTS = 100
MOST_AT_ONCE = 8
IDLE_SECONDS = 300.0
KEEPERS = 4

KEPT = "250 2.0.0 Kept"
DOUBT = "451 4.3.0 Not kept; please try again"
FULL = "452 4.3.1 No room to keep it; please try again"
BARE = "550 5.5.2 A bare line feed is not allowed (RFC 5321 section 2.3.8)"

Keep = Callable[[str, str, bytes, datetime], None]
"""keep(envelope_from, recipient, raw, received_at): returns when the mail is durable, else raises. "" is <>."""

log = logging.getLogger(__name__)


@dataclass
class Listener:
    """The listener and the threads that keep what it takes."""

    controller: Controller
    keepers: ThreadPoolExecutor

    @property
    def port(self) -> int:
        """The port it listens on; once started, the one it got where 0 was asked for."""
        return self.controller.port

    def start(self) -> None:
        """Listen, in a thread of its own. Raises OSError if the port is taken."""
        self.controller.start()

    def stop(self) -> None:
        """Hang up. What is being kept is kept to its end; its sender will send again, and that is recognised."""
        self.controller.stop()
        self.keepers.shutdown(wait=True)


def serve(
    bind: tuple[str, int],
    keep: Keep,
    domains: frozenset[str],
    clock: Clock,
    most_octets: int = MOST_OCTETS,
    idle_seconds: float = IDLE_SECONDS,
) -> Listener:
    """A listener on `bind` (host, port), not yet started, for mail to any address in `domains`.

    keep is called in a thread, once for each recipient, for four mails at a time at most.
    """
    # At INFO aiosmtpd writes addresses, which are never logged here.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keep")
    post = _Post(keep, frozenset(one.casefold() for one in domains), clock, keepers)
    controller = _Controller(
        post,
        *bind,
        server_hostname=min(domains, default="localhost"),
        ident="Rabta",
        data_size_limit=most_octets,
        timeout=idle_seconds,
    )
    return Listener(controller, keepers)


@dataclass
class _Post:
    """What is said to whom: aiosmtpd's hooks."""

    keep: Keep
    domains: frozenset[str]
    clock: Clock
    keepers: ThreadPoolExecutor

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offers: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*offers[:-1], "250-PIPELINING", offers[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local, _, domain = address.rpartition("@")
        if not local or domain.casefold().rstrip(".") not in self.domains:
            return "550 5.1.1 No such address here"
        if not _can_be_written(address):
            return "553 5.1.3 Malformed address"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> Any:
        return MISSING if _can_be_written(address) else "553 5.1.7 Malformed address"

    async def handle_DATA(self, server: "_Server", session: Session, envelope: Envelope) -> str:
        """One answer for each recipient, in their order; in plain SMTP the worst of them for all."""
        answers = [await self._answer(envelope, recipient) for recipient in envelope.rcpt_tos]
        return "\r\n".join(answers) if server.is_lmtp else max(answers)

    async def handle_exception(self, error: Exception) -> str:
        log.error("the listener failed: %s", type(error).__name__)
        return DOUBT

    async def _answer(self, envelope: Envelope, recipient: str) -> str:
        raw = envelope.original_content or b""
        if b"\n" in raw.replace(b"\r\n", b""):
            return BARE
        sender = "" if envelope.mail_from == "<>" else envelope.mail_from or ""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.keepers, self.keep, sender, recipient, raw, self.clock.now())
        except StorageFull:
            log.error("a mail was not kept: the disk is full")
            return FULL
        except Exception as error:
            log.error("a mail was not kept: %s", type(error).__name__)
            return DOUBT
        return KEPT


def _can_be_written(address: str) -> bool:
    """Whether an address is free of control characters and of octets that are not UTF-8."""
    return address.isprintable()


class _Server(SMTP):
    """aiosmtpd answers once after DATA. A client that said LHLO is owed one answer for each recipient."""

    line_length_limit = 2**20
    """Long lines are against RFC 5321 section 4.5.3.1.6, and common: they are kept, and judged later."""

    is_lmtp = False
    room: asyncio.Semaphore
    _recipients = 1
    _owed = 1

    async def smtp_LHLO(self, arg: str) -> None:
        """The greeting of LMTP (RFC 2033 section 4.1)."""
        self.is_lmtp = True
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, arg: str) -> None:
        """The greeting of SMTP."""
        self.is_lmtp = False
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, hostname: str) -> None:
        """The old greeting of SMTP."""
        self.is_lmtp = False
        await super().smtp_HELO(hostname)

    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail; only so many at a time, because each is held in memory until it is kept."""
        assert self.envelope is not None
        self._recipients = len(self.envelope.rcpt_tos) if self.is_lmtp else 1
        async with self.room:
            await super().smtp_DATA(arg)

    async def push(self, status: Any) -> None:
        """Answer. After 354 one answer for all (too long, too large, a failure) becomes one for each recipient."""
        answers = str(status).split("\r\n")
        if len(answers) == 1:
            answers *= self._owed
        self._owed = self._recipients if answers[0].startswith("354") else 1
        await super().push("\r\n".join(answers))


class _Controller(Controller):
    """aiosmtpd's thread around our server; knows its port, and hangs up before it stops."""

    def __init__(self, post: _Post, host: str, port: int, **limits: Any) -> None:
        super().__init__(post, host, port, **limits)
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._conversations: WeakSet[_Server] = WeakSet()

    def factory(self) -> SMTP:
        """One conversation."""
        server = _Server(self.handler, **self.SMTP_kwargs)
        server.room = self._room
        self._conversations.add(server)
        return server

    def start(self) -> None:
        """Start the thread. That the port is taken is found here: aiosmtpd would wait five seconds to say so."""
        family = socket.AF_INET6 if ":" in self.hostname else socket.AF_INET
        try:
            socket.create_server((self.hostname, self.port), family=family).close()
        except OSError:
            self.loop.close()
            raise
        super().start()

    def stop(self, no_assert: bool = False) -> None:
        """Close every conversation, then the listener."""
        self.loop.call_soon_threadsafe(self._hang_up)
        super().stop(no_assert)

    def _hang_up(self) -> None:
        for conversation in list(self._conversations):
            if conversation.transport is not None:
                conversation.transport.close()

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]
