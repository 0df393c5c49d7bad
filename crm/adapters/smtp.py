"""Mail leaves the house: Flask-Mail's connection, with time limits, verified TLS, and outcomes as values."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import flask_mail

from crm.ports import Delivery, Mail, MailConnection, Outcome, Tls

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 60.0
DATA_SECONDS = 600.0
"""After the final dot the server may think for ten minutes (RFC 5321 section 4.5.3.2.6)."""

FINAL_DOT = b"\r\n.\r\n"
UNWRITABLE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
CLOSING = 421


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


class _Watchful(smtplib.SMTP):
    """An SMTP client that tells slow connecting from slow answering, and knows whether a mail was handed over whole."""

    final_dot_sent = False
    server: SmtpServer

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        opened.settimeout(self.server.command_seconds)
        return opened

    def send(self, s: Any) -> None:
        """What smtplib calls for each command and for the mail itself, dots already doubled."""
        whole = isinstance(s, bytes) and s.endswith(FINAL_DOT)
        if self.sock is not None:
            self.sock.settimeout(self.server.data_seconds if whole else self.server.command_seconds)
        self.final_dot_sent = False
        super().send(s)
        self.final_dot_sent = whole


class _WatchfulTls(_Watchful, smtplib.SMTP_SSL):
    """The same inside TLS from the first octet."""


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

    def _new_host(self) -> _Watchful:
        if self._server.tls is Tls.IMPLICIT:
            host: _Watchful = _WatchfulTls(
                local_hostname=self._server.hello, timeout=CONNECT_SECONDS, context=self._context()
            )
        else:
            host = _Watchful(local_hostname=self._server.hello, timeout=CONNECT_SECONDS)
        host.server = self._server
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

    def send(self, mail: Mail) -> Delivery:
        """Hand `mail` over, octet for octet. A connection that idled away is opened again, once, before MAIL counts.

        Once the server is found unavailable, the rest of this conversation is told so without trying.
        """
        if UNWRITABLE.search(mail.envelope_from) or UNWRITABLE.search(mail.envelope_to) or not mail.envelope_to:
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
            self._down = Delivery(Outcome.UNAVAILABLE, *_code_and_words(error), verb="connect")
            return self._down
        delivery = _transact(host, mail)
        if delivery.outcome is Outcome.UNAVAILABLE:
            self._down = delivery
        if delivery.code in {0, CLOSING} or not _ready_again(host, delivery):
            self.close()
        return delivery

    def _host(self) -> _Watchful:
        if self._connection is None:
            connection = HouseConnection(self._server)
            connection.__enter__()
            self._connection = connection
        host = self._connection.host
        assert isinstance(host, _Watchful)
        return host


def _transact(host: _Watchful, mail: Mail) -> Delivery:
    """One mail transaction (RFC 5321 section 3.3)."""
    host.final_dot_sent = False
    verb = "MAIL"
    try:
        sender, recipient, options = _envelope(host, mail)
        for verb, (code, words) in _announce(host, sender, recipient, options):
            if code not in {250, 251, 252}:
                return _judged(code, words, verb)
        verb = "DATA"
        return _judged(*host.data(mail.mime), verb)
    except smtplib.SMTPNotSupportedError as error:
        return Delivery(Outcome.REFUSED, 553, f"5.6.7 {error}", "RCPT")
    except smtplib.SMTPDataError as error:
        return _judged(error.smtp_code, _octets(error.smtp_error), verb)
    except (OSError, smtplib.SMTPException) as error:
        # RFC 1047: after the final dot nobody can say whether the mail was taken.
        outcome = Outcome.UNKNOWN if host.final_dot_sent else Outcome.DEFERRED
        return Delivery(outcome, 0, _code_and_words(error)[1], verb)


def _announce(host: _Watchful, sender: str, recipient: str, options: str) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """MAIL and RCPT with the answer to each; both sent at once where the server offers it (RFC 2920)."""
    mail_command, rcpt_command = f"MAIL FROM:<{sender}>{options}\r\n", f"RCPT TO:<{recipient}>\r\n"
    if host.has_extn("pipelining"):
        host.send(mail_command + rcpt_command)
        answers = host.getreply(), host.getreply()
        yield "MAIL", answers[0]
        yield "RCPT", answers[1]
    else:
        host.send(mail_command)
        yield "MAIL", host.getreply()
        host.send(rcpt_command)
        yield "RCPT", host.getreply()


def _envelope(host: _Watchful, mail: Mail) -> tuple[str, str, str]:
    """Sender, recipient and the options of MAIL. Raises SMTPNotSupportedError if only SMTPUTF8 could carry them.

    Domains are written in ASCII (RFC 5890), so that SMTPUTF8 is needed for local parts alone (RFC 6531 section 3.2).
    """
    sender, recipient = _ascii_domain(mail.envelope_from), _ascii_domain(mail.envelope_to)
    options = f" SIZE={len(mail.mime)}" if host.has_extn("size") else ""
    if not mail.mime.isascii() and host.has_extn("8bitmime"):
        options += " BODY=8BITMIME"
    host.command_encoding = "ascii"
    if not (sender.isascii() and recipient.isascii()):
        if not host.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError("the mail server takes no addresses beyond ASCII")
        options += " SMTPUTF8"
        host.command_encoding = "utf-8"
    return sender, recipient, options


def _ascii_domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise smtplib.SMTPNotSupportedError("the domain cannot be written in ASCII") from error


def _judged(code: int, words: bytes, verb: str) -> Delivery:
    """What an answer means (RFC 5321 section 4.2.1). Garbage after the final dot says nothing (RFC 1047)."""
    text = _one_line(words)
    if code == CLOSING:
        return Delivery(Outcome.UNAVAILABLE, code, text, verb)
    if 200 <= code < 300:
        return Delivery(Outcome.ACCEPTED, code, text, verb)
    if 500 <= code < 600:
        return Delivery(Outcome.REFUSED, code, text, verb)
    if 400 <= code < 500:
        return Delivery(Outcome.DEFERRED, code, text, verb)
    return Delivery(Outcome.UNKNOWN if verb == "DATA" else Outcome.DEFERRED, 0, text, verb)


def _ready_again(host: _Watchful, delivery: Delivery) -> bool:
    """Whether the next mail may use this connection: a broken-off transaction is cleared first."""
    if delivery.outcome is Outcome.ACCEPTED:
        return True
    try:
        return host.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _code_and_words(error: Exception) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _one_line(_octets(error.smtp_error))
    return 0, _one_line(str(error).encode()) or type(error).__name__


def _octets(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _one_line(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())


def _flask_mail_state(server: SmtpServer) -> Any:
    """What Flask-Mail's connection is made of, without an app. The rest is ours to do, in `configure_host`."""
    return flask_mail.Mail().init_mail({"MAIL_SERVER": server.host, "MAIL_PORT": server.port})
