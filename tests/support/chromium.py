"""Where the browser of the journeys is, and how it is started: Debian's Chromium, without a word to anyone outside."""

import os
import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",  # it refuses to start as root with it, and every page it opens is our own
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str:
    """The program named by $CHROMIUM, else the first found; RuntimeError says what to install."""
    candidates = [os.environ.get("CHROMIUM", ""), *NAMES]
    for name in filter(None, candidates):
        if path := shutil.which(name):
            return path
    raise RuntimeError("Chromium is not installed: sudo apt-get install chromium, or name one in CHROMIUM")


def launch_arguments() -> dict[str, Any]:
    """What Playwright's `launch` wants."""
    return {"executable_path": chromium(), "args": ARGUMENTS, "headless": True}
