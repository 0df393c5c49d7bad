"""One SMTP mail transaction (RFC 5321 section 3.3) on an open connection, its outcome a value."""

import re
import smtplib
import socket
from collections.abc import Iterator
from typing import Any

from crm.ports import Delivery, Mail, Outcome

FINAL_DOT = b"\r\n.\r\n"
UNWRITABLE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
CLOSING = 421
TAKEN = {250, 251, 252}


class Watchful(smtplib.SMTP):
    """An SMTP client that tells slow connecting from slow answering, and knows whether a mail was handed over whole."""

    final_dot_sent = False
    command_seconds = 60.0
    data_seconds = 600.0
    """After the final dot the server may think for ten minutes (RFC 5321 section 4.5.3.2.6)."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        opened.settimeout(self.command_seconds)
        return opened

    def send(self, s: Any) -> None:
        """What smtplib calls for each command and for the mail itself, dots already doubled."""
        whole = isinstance(s, bytes) and s.endswith(FINAL_DOT)
        if self.sock is not None:
            self.sock.settimeout(self.data_seconds if whole else self.command_seconds)
        self.final_dot_sent = False
        super().send(s)
        self.final_dot_sent = whole


class WatchfulTls(Watchful, smtplib.SMTP_SSL):
    """The same inside TLS from the first octet."""


def is_unwritable(mail: Mail) -> bool:
    """Whether its envelope cannot be written on the wire at all, or would say more than two addresses."""
    return bool(UNWRITABLE.search(mail.envelope_from) or UNWRITABLE.search(mail.envelope_to) or not mail.envelope_to)


def transact(host: Watchful, mail: Mail, is_open: bool) -> Delivery:
    """One mail transaction (RFC 5321 section 3.3); `is_open` where its beginning is on the wire already."""
    host.final_dot_sent = False
    verb = "MAIL"
    try:
        for verb, (code, words) in _answers(host, mail, is_open):
            if code not in TAKEN:
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
        return Delivery(outcome, 0, code_and_words(error)[1], verb)


def opening(host: Watchful, mail: Mail) -> list[str]:
    """The commands that may go out before any of them is answered: both where the server offers it (RFC 2920)."""
    return _commands(host, mail)[: 2 if host.has_extn("pipelining") else 1]


def _answers(host: Watchful, mail: Mail, is_open: bool) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """MAIL and RCPT with the answer to each."""
    begun, commands = opening(host, mail), _commands(host, mail)
    if not is_open:
        host.send("".join(begun))
    answers = [host.getreply() for _command in begun]  # all of them: one left unread would pass for a later one's
    yield "MAIL", answers[0]
    if len(begun) < len(commands):
        host.send(commands[1])
        answers.append(host.getreply())
    yield "RCPT", answers[1]


def _commands(host: Watchful, mail: Mail) -> list[str]:
    sender, recipient, options = _envelope(host, mail)
    return [f"MAIL FROM:<{sender}>{options}\r\n", f"RCPT TO:<{recipient}>\r\n"]


def _envelope(host: Watchful, mail: Mail) -> tuple[str, str, str]:
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


def ready_again(host: Watchful, delivery: Delivery) -> bool:
    """Whether the next mail may use this connection: a broken-off transaction is cleared first."""
    if delivery.outcome is Outcome.ACCEPTED:
        return True
    try:
        return host.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def code_and_words(error: Exception) -> tuple[int, str]:
    """What a fault of smtplib or of the line says."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _one_line(_octets(error.smtp_error))
    return 0, _one_line(str(error).encode()) or type(error).__name__


def _octets(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _one_line(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())
