"""A demo as `crm run` starts it: web, worker and post office as processes of their own, in a folder of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm.adapters.clocks import DemoClock, SystemClock
from crm.demo.mailboxes import Received, received
from crm.demo.postoffice import PostOffice
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[2]
OPEN = "Ctrl-C stops it."
START_LIMIT = 120.0
STOP_LIMIT = 20.0
PATIENCE = 90.0


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something holds. Raises AssertionError that says `what` did not come."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)


@dataclass(frozen=True)
class DemoHouse:
    """A running demo. `printed` is the file that holds what it said."""

    address: str
    home: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"
    printed: Path

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.printed.read_text(encoding="utf-8")

    @property
    def clock(self) -> DemoClock:
        """The business clock of the demo, to be moved while nobody looks."""
        return DemoClock(self.home / "demo-clock", SystemClock())

    def sign_in_of(self, role: str) -> tuple[str, str]:
        """The address and the password of a demo account."""
        lines = (self.home / "demo-sign-ins").read_text(encoding="utf-8").splitlines()
        return next((email, password) for one, email, password in map(str.split, lines) if one == role)

    def mails(self, address: str) -> list[Received]:
        """What a mailbox of the post office holds, oldest first."""
        office = PostOffice(self.home / "post-office")
        return [received(office, address, number) for number in sorted(office.mails(address))]

    def subjects(self, address: str) -> list[str]:
        """The subject lines of a mailbox, oldest first."""
        return [one.subject for one in self.mails(address)]

    def wait_for_mail(self, address: str, of: str) -> Received:
        """The first mail of a mailbox whose subject holds `of`, once it has come."""
        until(lambda: any(of in one for one in self.subjects(address)), f"“{of}” in {address}")
        return next(one for one in self.mails(address) if of in one.subject)

    def sleep_to(self, moment: datetime) -> None:
        """Let the time pass as if the worker had been down: the clock moves, and no ladder is climbed."""
        self.clock.advance_to(moment)

    def command(self, *arguments: str) -> str:
        """What a `crm` command printed, run beside the house as an administrator would."""
        return subprocess.run(
            [sys.executable, "-m", "crm", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code. Raises subprocess.TimeoutExpired where it takes too long."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_LIMIT)


@contextmanager
def a_demo_house(folder: Path) -> Iterator[DemoHouse]:
    """A fresh demo in `folder` on free ports, until the block ends. Raises AssertionError where it does not start."""
    own = {"CRM_HOME": str(folder / "home"), "CRM_BIND": f"127.0.0.1:{free_port()}"}
    own |= {name: f"127.0.0.1:{free_port()}" for name in ("CRM_LMTP_BIND", "CRM_SMTP")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")} | own
    printed = folder / "printed"
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "crm", "run"],
            cwd=ROOT,
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=out,
        )
    house = DemoHouse(f"http://{own['CRM_BIND']}", folder / "home", environment, process, printed)
    try:
        until(lambda: OPEN in house.said or process.poll() is not None, "the demo is open", START_LIMIT)
        assert process.poll() is None, house.said
        yield house
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_LIMIT)
