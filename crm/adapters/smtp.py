"""Mail leaves the house: Flask-Mail's connection, with time limits, verified TLS, and outcomes as values."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import flask_mail

from crm.adapters.smtp_transaction import (
    CLOSING,
    Watchful,
    WatchfulTls,
    code_and_words,
    is_unwritable,
    opening,
    ready_again,
    transact,
)
from crm.ports import Delivery, Mail, MailConnection, Outcome, Tls

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 60.0
DATA_SECONDS = 600.0
"""After the final dot the server may think for ten minutes (RFC 5321 section 4.5.3.2.6)."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over. `ca_file` is trusted besides the system's authorities; `hello` is our own name."""

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    username: str = ""
    password: str = ""
    ca_file: Path | None = None
    hello: str = "localhost"
    command_seconds: float = COMMAND_SECONDS
    data_seconds: float = DATA_SECONDS


class FlaskMailMailer:
    """Fulfils `Mailer`. A conversation connects when its first mail is sent and is kept for the ones after it."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    @contextmanager
    def connect(self) -> Iterator[MailConnection]:
        conversation = Conversation(self._server)
        try:
            yield conversation
        finally:
            conversation.close()


class HouseConnection(flask_mail.Connection):
    """Flask-Mail's connection without its faults: no time limit, unverified STARTTLS, a `quit` that hides outcomes."""

    host: smtplib.SMTP | None

    def __init__(self, server: SmtpServer) -> None:
        super().__init__(_flask_mail_state(server))
        self._server = server

    def configure_host(self) -> smtplib.SMTP:
        """Connect, protect, sign in. Raises OSError or smtplib.SMTPException; never goes on in plain instead of TLS."""
        host = self._new_host()
        try:
            code, words = host.connect(self._server.host, self._server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if self._server.tls is Tls.STARTTLS:
                host.starttls(context=self._context())
            if self._server.username:
                host.login(self._server.username, self._server.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye if anyone listens. What happened before is known already and is not changed by it."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()
            self.host = None

    def _new_host(self) -> Watchful:
        if self._server.tls is Tls.IMPLICIT:
            host: Watchful = WatchfulTls(
                local_hostname=self._server.hello, timeout=CONNECT_SECONDS, context=self._context()
            )
        else:
            host = Watchful(local_hostname=self._server.hello, timeout=CONNECT_SECONDS)
        host.command_seconds, host.data_seconds = self._server.command_seconds, self._server.data_seconds
        # smtplib checks the certificate against this name, which it learns only in its constructor.
        host._host = self._server.host  # type: ignore[attr-defined]
        return host

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._server.ca_file is not None:
            context.load_verify_locations(cafile=self._server.ca_file)
        return context


class Conversation:
    """Fulfils `MailConnection`: one recipient a transaction, one connection for all, every outcome a value."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._connection: HouseConnection | None = None
        self._down: Delivery | None = None
        self._announced: Mail | None = None

    def announce(self, mail: Mail) -> None:
        """Put the envelope of the next mail on the wire, without waiting for the answer; its bytes come with `send`.

        Where the server cannot be told, `send` finds out and says so.
        """
        if self._connection is None or self._down is not None or is_unwritable(mail):
            return
        with suppress(OSError, smtplib.SMTPException):
            host = self._host()
            host.send("".join(opening(host, mail)))
            self._announced = mail

    def send(self, mail: Mail) -> Delivery:
        """Hand `mail` over, octet for octet. A connection that idled away is opened again, once, before MAIL counts.

        Once the server is found unavailable, the rest of this conversation is told so without trying.
        """
        if is_unwritable(mail):
            return Delivery(Outcome.REFUSED, 553, "5.1.3 the address cannot be written in SMTP", "RCPT")
        was_open = self._connection is not None
        delivery = self._attempt(mail)
        if was_open and delivery.verb == "MAIL" and self._connection is None:
            self._down = None
            delivery = self._attempt(mail)
        return delivery

    def close(self) -> None:
        """End the conversation."""
        if self._connection is not None:
            self._connection.__exit__(None, None, None)
            self._connection = None

    def _attempt(self, mail: Mail) -> Delivery:
        if self._down is not None:
            return self._down
        try:
            host = self._host()
        except (OSError, smtplib.SMTPException) as error:
            self._down = Delivery(Outcome.UNAVAILABLE, *code_and_words(error), verb="connect")
            return self._down
        announced, self._announced = self._announced, None
        if announced is not None and announced is not mail:
            self.close()  # another mail was begun: its answers would be taken for this one's
            return self._attempt(mail)
        delivery = transact(host, mail, announced is mail)
        if delivery.outcome is Outcome.UNAVAILABLE:
            self._down = delivery
        if delivery.code in {0, CLOSING} or not ready_again(host, delivery):
            self.close()
        return delivery

    def _host(self) -> Watchful:
        if self._connection is None:
            connection = HouseConnection(self._server)
            connection.__enter__()
            self._connection = connection
        host = self._connection.host
        assert isinstance(host, Watchful)
        return host


def _flask_mail_state(server: SmtpServer) -> Any:
    """What Flask-Mail's connection is made of, without an app. The rest is ours to do, in `configure_host`."""
    return flask_mail.Mail().init_mail({"MAIL_SERVER": server.host, "MAIL_PORT": server.port})
