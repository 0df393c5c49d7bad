"""A mail server in a process of its own that answers by a script. Run as a module; `Sink` starts and reads it.

A script maps a recipient to what befalls mail for it:
{"rcpt": "550 5.1.1 ..."}, {"data": "554 ..."}, {"wait": seconds after the dot}, {"cut-at-rcpt": true},
{"cut-after-dot": true}; "times": n lets it befall the first n mails only.
"""

import argparse
import asyncio
import base64
import json
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ROOT = Path(__file__).resolve().parents[2]


class Scripted:
    """The hooks of the server. Each accepted mail is one line of JSON in the log."""

    def __init__(self, script: dict[str, dict[str, Any]], log: Path | None) -> None:
        self.script = script
        self.log = log

    def _lot(self, recipient: str, *kinds: str) -> dict[str, Any]:
        lot = self.script.get(recipient, {})
        if not any(kind in lot for kind in kinds) or lot.get("times", 1) < 1:
            return {}
        if "times" in lot:
            lot["times"] -= 1
        return lot

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        lot = self._lot(address, "rcpt", "cut-at-rcpt")
        if "cut-at-rcpt" in lot:
            _cut(server)
        if "rcpt" in lot:
            return str(lot["rcpt"])
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        lot = self._lot(envelope.rcpt_tos[0], "data", "cut-after-dot", "wait")
        self._write(session, envelope)
        if "wait" in lot:
            await asyncio.sleep(lot["wait"])
        if "cut-after-dot" in lot:
            _cut(server)
        return str(lot.get("data", "250 2.0.0 Ok: queued as SINK"))

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    def _write(self, session: Session, envelope: Envelope) -> None:
        if self.log is None:
            return
        line = {
            "peer": session.peer,
            "tls": session.ssl is not None,
            "signed_in": bool(session.authenticated),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "mime": base64.b64encode(envelope.original_content or b"").decode(),
        }
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class Plain(Scripted):
    """Without PIPELINING, as aiosmtpd comes."""

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses


def main() -> None:
    """Serve until the standard input is closed. The first line written is the port."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", default="{}")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--password")
    parser.add_argument("--pipelining", action="store_true")
    parser.add_argument("--utf8", action="store_true")
    asyncio.run(_serve(parser.parse_args()))


async def _serve(wanted: argparse.Namespace) -> None:
    context = None
    if wanted.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(wanted.certificate)
    handler = (Scripted if wanted.pipelining else Plain)(json.loads(wanted.script), wanted.log)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _conversation(wanted, handler, None if wanted.implicit else context),
        "127.0.0.1",
        wanted.port,
        ssl=context if wanted.implicit else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def _conversation(wanted: argparse.Namespace, handler: Scripted, context: ssl.SSLContext | None) -> SMTP:
    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == wanted.password.encode()
        return AuthResult(success=right, handled=False)

    return SMTP(
        handler,
        hostname="sink.example",
        data_size_limit=2**26,
        enable_SMTPUTF8=wanted.utf8,
        tls_context=context,
        authenticator=authenticate if wanted.password else None,
        auth_require_tls=False,
        auth_required=bool(wanted.password),
        loop=asyncio.get_running_loop(),
    )


@dataclass
class Sink:
    """A running sink. Use as a context manager; `received()` tells what it took."""

    log: Path
    script: dict[str, dict[str, Any]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    port: int = 0

    def __enter__(self) -> "Sink":
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "tests.support.sink",
                "--log", str(self.log), "--script", json.dumps(self.script), "--port", str(self.port), *self.options,
            ],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *what: object) -> None:
        self._process.communicate(timeout=10)

    def received(self) -> list[dict[str, Any]]:
        """Every mail that came whole, in order, with its octets under "mime"."""
        if not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line | {"mime": base64.b64decode(line["mime"])} for line in lines]


if __name__ == "__main__":
    main()
