"""The officer asks: whom, by when, how silence is met; reads what will go; sends."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.journeys.cast import ADDED, PROVINCES, SOP, TAKEN_OUT, THEMES, TYPES
from tests.support.looking import PHONE, WIDE
from tests.support.people import Desk

GIVEN = timedelta(weeks=3)


@dataclass(frozen=True)
class Sent:
    """What was sent: the round's path, how many were asked, and what stood in the preview (sections by heading)."""

    path: str
    asked: int
    letters: dict[str, str]
    recipients: str
    left_out: str


def ask_partners(officer: Desk) -> Sent:
    """From home to a round that is on its way."""
    officer.go("/")
    need = officer.page.get_by_role("listitem").filter(has_text="Nobody has been asked yet")
    expect(need).to_contain_text(SOP)
    need.get_by_role("link", name="Choose whom to ask").click()
    choose(officer)
    set_terms(officer)
    officer.press("See what will go")
    page = officer.page
    expect(page.get_by_role("heading", name="What will go: ")).to_be_visible()
    letters = {
        one.get_attribute("lang") or "": one.inner_text() for one in page.locator("article [lang].r-mail-text").all()
    }
    officer.looks_right()
    recipients, left_out = section(officer, "To ").inner_text(), section(officer, "Left out, and why").inner_text()
    page.get_by_role("main").get_by_role("button", name="Send to").click()
    officer.flash("requests are on their way")
    return Sent(urlsplit(page.url).path, figure(officer, "invited"), letters, recipients, left_out)


def choose(officer: Desk) -> None:
    """By type, province and theme, three partners singly, and one taken out."""
    page = officer.page
    for name in (*TYPES, *PROVINCES, *THEMES):
        page.get_by_role("group").get_by_label(re.compile(rf"^{re.escape(name)}\s*\d*$")).check()
    show_who(officer)
    for count, name in enumerate(ADDED, start=1):
        page.get_by_label("Name or acronym").fill(name)
        show_who(officer)
        expect(page.locator("#single input[name=added]")).to_have_count(count)
    officer.looks_right()
    expect(page.locator("#list")).to_contain_text("it is the bureau itself")
    page.get_by_label(TAKEN_OUT, exact=True).uncheck()


def show_who(officer: Desk) -> None:
    """Press the button, and wait until the list has come."""
    with officer.page.expect_response(lambda answer: "/invite?" in answer.url):
        officer.press("Show who")
    expect(officer.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def set_terms(officer: Desk) -> None:
    """By when, and the ladder: the usual one, its last step by a person."""
    page = officer.page
    page.get_by_label("Replies by").fill((officer.house.clock.now() + GIVEN).date().isoformat())
    for step, days, by in (
        ("Courtesy note", "5", "clock"),
        ("Reminder-I", "1", "clock"),
        ("Reminder-III (Final)", "11", "person"),
    ):
        page.get_by_label(f"Working days, {step}", exact=True).fill(days)
        page.get_by_role("combobox", name=f"Issued by, {step}", exact=True).select_option(by)
    page.get_by_label("A note to a court waits for a person").check()


def section(officer: Desk, heading: str) -> Locator:
    """The part of the page below a heading that begins so."""
    return officer.page.locator("section").filter(has=officer.page.get_by_role("heading", name=heading)).last


def figure(officer: Desk, word: str) -> int:
    """A large figure of the round."""
    tile = officer.page.locator(".r-bignums > div").filter(has=officer.page.get_by_text(word, exact=True))
    return int(tile.locator(".r-v").inner_text())


VARIANTS = [(language, size) for language in ("en", "ur") for size in (WIDE, PHONE)]
