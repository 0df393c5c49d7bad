"""The demo's clock goes on: the silent are chased, step by step, and nobody else is."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import expect

from crm.demo.dataset import load
from crm.i18n import HOUSE_ZONE
from crm.workdays import Calendar, Workdays
from tests.journeys.cast import RESTING, SILENT
from tests.support.demo_house import DemoHouse
from tests.support.people import Desk

STEPS = ("Courtesy note", "Reminder-I:", "Reminder-II:", "Reminder-III")
OPEN_OFFICE = time(11)


@dataclass(frozen=True)
class Chased:
    """What each mailbox held of the ladder: after the courtesy note, and after Reminder-I."""

    courtesy: dict[str, list[str]]
    reminder: dict[str, list[str]]


def chase_the_silent(officer: Desk) -> Chased:
    """On to the courtesy note, then on to Reminder-I."""
    courtesy = move_on(officer, "To Courtesy note", "Courtesy note")
    return Chased(courtesy, move_on(officer, "To Reminder-I", "Reminder-I:"))


def move_on(officer: Desk, button: str, step: str) -> dict[str, list[str]]:
    """Press the clock's button and wait until the silent have the step; the ladder's mails in each mailbox."""
    officer.go("/post-office")
    officer.page.get_by_role("complementary", name="Demo clock").get_by_role("button", name=button).click()
    officer.flash("The clock was moved")
    return steps_received(officer.house, step)


def steps_received(house: DemoHouse, step: str) -> dict[str, list[str]]:
    """Once the silent have the step: which steps of the ladder lie in whose mailbox."""
    for address in SILENT:
        house.wait_for_mail(address, step)
    return {address: ladder_mails(house, address) for address in (*SILENT, *RESTING)}


def ladder_mails(house: DemoHouse, address: str) -> list[str]:
    """The steps of the ladder that a mailbox received, oldest first."""
    subjects = house.subjects(address)
    return [step for subject in subjects for step in STEPS if subject.startswith(step)]


def sleep_past_every_step(house: DemoHouse) -> None:
    """Nobody is at work until well after the last step, then it is an ordinary morning."""
    days = Workdays(Calendar.of((one.on, one.scope) for one in load().holidays))
    later = days.shift((house.clock.now() + timedelta(weeks=3)).astimezone(HOUSE_ZONE).date(), 1)
    house.sleep_to(datetime.combine(later, OPEN_OFFICE, HOUSE_ZONE).astimezone(UTC))


def issue_the_last_step(officer: Desk) -> dict[str, list[str]]:
    """From home to the step, its mail read, approved for all who are silent."""
    officer.go("/?all=1")
    need = officer.page.get_by_role("listitem").filter(has_text="Reminder-III (Final) waits for you for 2 of them")
    need.get_by_role("link", name="Look and issue").click()
    ladder = officer.page.get_by_role("region", name="Next step of the ladder: Reminder-III (Final)")
    expect(ladder).to_contain_text("issued by a person, not by the clock")
    officer.looks_right()
    ladder.get_by_role("link", name="Read the mail").click()
    expect(officer.page.get_by_role("heading", name="What will go: Reminder-III (Final)")).to_be_visible()
    officer.looks_right()
    officer.page.go_back()
    ladder.get_by_role("button", name="Approve for all 2").click()
    officer.flash("Noted for 2 requests.")
    officer.house.command("jobs", "once", "climb-ladders")
    return steps_received(officer.house, "Reminder-III")
