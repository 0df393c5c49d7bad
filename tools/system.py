"""What Rabta needs of the operating system, and how it gets there: by apt-get where we may, else by saying so."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing the machine must have: what for, the Debian package that brings it, and how to see that it is there."""

    purpose: str
    package: str
    present: Callable[[], bool]


def library(*names: str) -> Callable[[], bool]:
    """Whether every shared library of these names can be loaded."""

    def loadable() -> bool:
        try:
            for name in names:
                ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loadable


def program(*names: str) -> Callable[[], bool]:
    """Whether one of these programs is on the PATH or where Debian keeps servers."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    return lambda: any(shutil.which(name, path=path) for name in names)


def can_make_environments() -> bool:
    """Whether this Python carries what `python3 -m venv` needs (Debian splits it off)."""
    return subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0


def postgresql() -> bool:
    """Whether a PostgreSQL server of version 15 or newer is installed."""
    return any(
        int(folder.name) >= 15 and (folder / "bin" / "initdb").exists()
        for folder in Path("/usr/lib/postgresql").glob("[0-9]*")
        if folder.name.isdigit()
    )


VENV_PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
TO_RUN = (
    Need("Python's virtual environments", VENV_PACKAGE, can_make_environments),
    Need("PDF letters", "libpango-1.0-0", library("libpango-1.0.so.0")),
    Need("PDF letters", "libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    Need("PDF letters", "libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
)
TO_TEST = (
    Need("journeys in a browser", "chromium", program("chromium", "chromium-browser", "google-chrome")),
    Need("tests on PostgreSQL", "postgresql", postgresql),
    Need("tests with a real mailbox", "dovecot-imapd", lambda: Path("/usr/lib/dovecot/imap").exists()),
    Need("tests with a real post office", "postfix", program("postfix")),
    Need("looking at PDF letters", "poppler-utils", program("pdftotext")),
)


def apt() -> list[str] | None:
    """The start of an apt-get command that we may run here, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["env"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "env"]
    return None


def install(packages: Sequence[str]) -> str:
    """Install Debian packages by apt-get without asking anything; returns '' or the last lines of what went wrong."""
    start = apt()
    if start is None:
        return "apt-get is not there, or may only be used with a password"
    quiet = [*start, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    # Postfix would ask what kind of site this is, and serve the whole network when told nothing.
    preseed = "postfix postfix/main_mailer_type select No configuration\n"
    if "postfix" in packages:
        subprocess.run([*start, "debconf-set-selections"], input=preseed, text=True, capture_output=True)
    updated = subprocess.run([*quiet, "update"], capture_output=True, text=True)
    command = [*quiet, "install", "-y", "--no-install-recommends", *packages]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return "\n".join((updated.stderr + done.stderr).strip().splitlines()[-3:])


def provide(needs: Sequence[Need], say: Callable[[str], None]) -> None:
    """See that every need is met, installing what is missing; SystemExit says exactly what to install otherwise."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    names = [need.package for need in missing]
    if apt() is not None:
        say(f"installing with apt-get: {' '.join(names)}")
    trouble = install(names)
    if missing := [need for need in missing if not need.present()]:
        raise SystemExit(refusal(missing, trouble))


def refusal(missing: Sequence[Need], trouble: str) -> str:
    """What a person reads when something is wanting that we could not install."""
    purposes = "\n".join(f"  {need.package:22} for {need.purpose}" for need in missing)
    command = f"sudo apt-get install {' '.join(need.package for need in missing)}"
    return (
        f"This machine lacks:\n{purposes}\nThey were not installed: {trouble or 'apt-get did not bring them'}.\n"
        f"Install them with\n  {command}\nand run the same command again."
    )
