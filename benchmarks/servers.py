"""Processes that are measured: started, waited for, weighed, stopped; and the client that asks them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
WEB = ("-m", "crm", "web")
FLOOR = ("-m", "benchmarks.floor")


class NotServed(Exception):
    """A server did not start, or answered something else than it should."""


@dataclass
class Server:
    """A running server on a port of its own. `process` is gunicorn's master."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def pss(self) -> float:
        """The memory of the master and its workers in MiB: what they share is counted once."""
        return sum(map(_pss, [self.process.pid, *self.children()]))

    def children(self) -> list[int]:
        """The workers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(number) for number in listed.split()]

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-1500:]


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def serving(what: Sequence[str], environment: Mapping[str, str], path: str = "/") -> Iterator[Server]:
    """Start a Python program with these settings; yields when it answers at `path`. Raises NotServed."""
    server = launch(what, environment)
    try:
        wait_until_served(server, path)
        yield server
    finally:
        stop(server)


def launch(what: Sequence[str], environment: Mapping[str, str]) -> Server:
    """Start it on a free port, and do not wait."""
    port, log = free_port(), Path(environment["CRM_HOME"]) / "bench.log"
    settings = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")} | dict(environment)
    settings["CRM_BIND"] = f"127.0.0.1:{port}"
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, *what], cwd=ROOT, env=settings, stdout=written, stderr=written, start_new_session=True
        )
    return Server(process, port, log)


def wait_until_served(server: Server, path: str) -> None:
    """Return with the first answer that is no fault. Raises NotServed with the server's own words."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        with suppress(OSError, HTTPException):
            client = Client(server.port)
            if client.ask("GET", path).status < 400:
                return
        time.sleep(0.005)
    raise NotServed(f"{' '.join(map(str, server.process.args[1:]))}: {server.last_words()}")  # type: ignore[index]


def stop(server: Server) -> None:
    """Ask it to stop, and wait."""
    server.process.terminate()
    try:
        server.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@dataclass
class Answer:
    """What came back, and how long the whole of it took, in seconds."""

    status: int
    body: bytes
    seconds: float
    location: str = ""


@dataclass
class Client:
    """One client that keeps its connection, as a browser does."""

    port: int
    cookie: str = ""
    _open: HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> Answer:
        """A page. Raises NotServed for anything but 200."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise NotServed(f"{path} answered {answer.status}: {answer.body[:300]!r}")
        return answer

    def ask(self, verb: str, path: str, body: bytes = b"") -> Answer:
        """Any request. A connection that the server closed meanwhile is opened again, outside the measured time."""
        for _again in range(2):
            connection = self._open or HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._open = connection
            try:
                return self._exchange(connection, verb, path, body)
            except (HTTPException, ConnectionError):
                self.close()
        raise ConnectionError(f"nobody answers on port {self.port}")

    def _exchange(self, connection: HTTPConnection, verb: str, path: str, body: bytes) -> Answer:
        headers = {"Cookie": self.cookie, "Accept-Language": "en"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if connection.sock is None:
            connection.connect()
        began = time.perf_counter()
        connection.request(verb, path, body or None, headers)
        response: HTTPResponse = connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        if response.will_close:
            self.close()
        return Answer(response.status, content, seconds, response.headers.get("Location", ""))

    def close(self) -> None:
        """Hang up; the next request connects again."""
        if self._open is not None:
            self._open.close()
            self._open = None
