"""The queue of the tests' Postfix: what is in it, and waiting until nothing is."""

import json
import subprocess
import time
from typing import Any

import pytest

from tests.support.services import PostOffice, sbin


def queue(office: PostOffice) -> list[dict[str, Any]]:
    """Mails not delivered yet, each with its recipients, as `postqueue -j` tells."""
    command = [sbin("postqueue"), "-c", str(office.folder / "etc"), "-j"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    return [json.loads(line) for line in told.stdout.splitlines()]


def drain(office: PostOffice, seconds: float = 30) -> None:
    """Wait until the queue is empty; the test fails with Postfix's own words if it never is."""
    until = time.monotonic() + seconds
    while queue(office):
        if time.monotonic() > until:
            pytest.fail(f"mail is still in Postfix's queue: {office.log()}")
        time.sleep(0.2)
