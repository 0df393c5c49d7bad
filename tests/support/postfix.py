"""A private Postfix that hands everything for one domain to an LMTP port. Debian's package postfix."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.dovecot import free_port

START_SECONDS = 20
DOMAIN = "unit.example"

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
lmtp      unix - - n - - lmtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
showq     unix n - n - - showq
pickup    unix n - n 60 1 pickup
flush     unix n - n 1000? 0 flush
tlsmgr    unix - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
"""

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mta.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
relay_domains = {domain}
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
transport_maps = inline:{{ {{ {domain} = lmtp:inet:127.0.0.1:{lmtp} }} }}
default_transport = discard:
lmtp_destination_recipient_limit = 50
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
lmtp_destination_concurrency_failed_cohort_limit = 0
"""


class Postfix:
    """A running server; `port` takes mail for unit.example. Needs to be started as the superuser."""

    def __init__(self, home: Path, lmtp_port: int) -> None:
        if shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.fail("Postfix is not installed: install the package postfix (or run `make test`)")
        self.home = home
        self.port = free_port()
        self._lmtp_port = lmtp_port
        self._config = home / "config"

    def __enter__(self) -> "Postfix":
        for folder in (self.home, self._config, self.home / "queue"):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, *self.home.parents):
            # Postfix's daemons run as another user and must be able to reach the queue.
            if folder.stat().st_uid == os.getuid() and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
        (self.home / "data").mkdir()
        shutil.chown(self.home / "data", "postfix")
        (self._config / "main.cf").write_text(MAIN.format(home=self.home, domain=DOMAIN, lmtp=self._lmtp_port))
        (self._config / "master.cf").write_text(MASTER.format(port=self.port))
        self._postfix("start")
        self._wait()
        return self

    def __exit__(self, *what: object) -> None:
        self._postfix("stop")

    def log(self) -> str:
        """What Postfix wrote so far."""
        file = self.home / "log"
        return file.read_text() if file.exists() else ""

    def queue(self) -> list[dict[str, Any]]:
        """Mails not delivered yet, as `postqueue -j` tells."""
        told = subprocess.run(
            ["/usr/sbin/postqueue", "-c", self._config, "-j"], capture_output=True, text=True, check=True, timeout=20
        )
        return [json.loads(line) for line in told.stdout.splitlines()]

    def drain(self, seconds: float = 30) -> None:
        """Wait until the queue is empty."""
        until = time.monotonic() + seconds
        while self.queue():
            if time.monotonic() > until:
                pytest.fail(f"mail is still in Postfix's queue: {self.log()}")
            time.sleep(0.2)

    def _postfix(self, command: str) -> None:
        told = subprocess.run(
            ["/usr/sbin/postfix", "-c", self._config, command], capture_output=True, text=True, check=False, timeout=60
        )
        if told.returncode != 0:
            pytest.fail(f"postfix {command} failed: {told.stdout}{told.stderr}{self.log()}")

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail(f"Postfix did not start: {self.log()}")
