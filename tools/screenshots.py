"""Photographs the main pages of a fresh demo into screenshots/: both languages, light and dark, wide and on a phone.

`screenshots.py [NAME ...]` takes only the named pages.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.chromium import launch_arguments

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "screenshots"
SIZES = {"wide": (1440, 900), "phone": (360, 780)}
START_LIMIT = 120.0
SIGN_IN = re.compile(r"(?P<name>[\w.+-]+@[\w.-]+)\s+(?:password\s+)?(?P<password>\S+)")


@dataclass(frozen=True)
class Shot:
    """A page: its name, and the way there: an address, then links whose address fits each pattern in turn."""

    name: str
    way: tuple[str, ...]


ROUND = r"/consultations/\d+$"
SHOTS = (
    Shot("sign-in", ("/sign-in",)),
    Shot("home", ("/",)),
    Shot("partners", ("/partners",)),
    Shot("partner", ("/partners", r"/partners/\d+$")),
    Shot("requests", ("/requests",)),
    Shot("request", ("/requests", r"/requests/\d+$")),
    Shot("pending", ("/requests/pending",)),
    Shot("consultations", ("/consultations",)),
    Shot("round", ("/consultations", ROUND)),
    Shot("invite", ("/consultations", ROUND, r"/invite$")),
    Shot("text", ("/consultations", ROUND, r"/consultations/documents/\d+$")),
    Shot("meetings", ("/meetings",)),
    Shot("meeting", ("/meetings", r"/meetings/\d+$")),
    Shot("timeline", ("/timeline",)),
    Shot("correspondence", ("/correspondence",)),
    Shot("outbox", ("/outbox",)),
    Shot("search", ("/search?q=ncrc",)),
    Shot("post-office", ("/post-office",)),
)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_demo() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A demo of its own in an empty folder: its address and its sign-ins (name, password), the officer's first."""
    with tempfile.TemporaryDirectory(prefix="rabta-screenshots-") as home:
        own = {"CRM_HOME": home, "CRM_BIND": f"127.0.0.1:{free_port()}", "CRM_LMTP_BIND": f"127.0.0.1:{free_port()}"}
        log = Path(home) / "screenshots.log"
        command = [str(ROOT / ".venv" / "bin" / "crm"), "run"]
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=out, stderr=out)
        try:
            yield started(process, log, own["CRM_BIND"])
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def started(process: subprocess.Popen[bytes], log: Path, bind: str) -> tuple[str, list[tuple[str, str]]]:
    """Wait until the demo answers; what it printed of its sign-ins. SystemExit where it does not start."""
    host, port = bind.rsplit(":", 1)
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.poll() is None:
        words = log.read_text(errors="replace")
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0 and SIGN_IN.search(words):
                return f"http://{bind}", [(found["name"], found["password"]) for found in SIGN_IN.finditer(words)]
        time.sleep(0.2)
    raise SystemExit(f"screenshots: the demo did not start:\n{log.read_text(errors='replace')[-2000:]}")


def sign_in(page: Page, address: str, who: tuple[str, str]) -> None:
    """Sign in as a person would."""
    page.goto(f"{address}/")
    page.locator("input[type=email], input[autocomplete=username]").first.fill(who[0])
    page.locator("input[type=password]").fill(who[1])
    page.locator("input[type=password]").press("Enter")
    page.wait_for_load_state()


def choose(page: Page, address: str, language: str, theme: str) -> None:
    """Turn the switches in the top bar until the page has this language and these colours."""
    page.goto(f"{address}/")
    html = page.locator("html")
    for attribute, wanted, switch in (("lang", language, "language"), ("data-bs-theme", theme, "theme")):
        if html.get_attribute(attribute) != wanted:
            form = page.locator(f"form[action*='{switch}']").first
            form.evaluate("form => form.requestSubmit(form.querySelector('button'))")
            page.wait_for_load_state()


def go(page: Page, address: str, shot: Shot) -> bool:
    """Walk to the page; False when a link on the way is not there."""
    answer = page.goto(address + shot.way[0])
    for pattern in shot.way[1:]:
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
        fitting = [link for link in links if re.search(pattern, link.split("?")[0])]
        if not fitting:
            return False
        answer = page.goto(fitting[0])
    return answer is not None and answer.ok


def take(browser: Browser, address: str, who: tuple[str, str], wanted: set[str]) -> Iterator[str]:
    """Every picture in every manner; yields a line for each page that could not be reached."""
    for size, (width, height) in SIZES.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
        for shot in (shot for shot in shots if shot.name == "sign-in"):
            go(page, address, shot)
            page.screenshot(path=TARGET / f"sign-in-{size}.png", full_page=True)
        sign_in(page, address, who)
        for language, theme in ((one, other) for one in ("en", "ur") for other in ("light", "dark")):
            choose(page, address, language, theme)
            page.emulate_media(color_scheme=theme)
            for shot in (shot for shot in shots if shot.name != "sign-in"):
                if go(page, address, shot):
                    page.screenshot(path=TARGET / f"{shot.name}-{language}-{theme}-{size}.png", full_page=True)
                else:
                    yield f"not reached: {shot.name} ({page.url})"
        page.close()


def main(names: list[str]) -> None:
    TARGET.mkdir(exist_ok=True)
    with running_demo() as (address, sign_ins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        missed = sorted(set(take(browser, address, sign_ins[0], set(names))))
        browser.close()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET.relative_to(ROOT)}")
    if missed:
        raise SystemExit("\n".join(missed))


if __name__ == "__main__":
    main(sys.argv[1:])
