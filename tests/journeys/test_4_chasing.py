"""Only the silent are reminded, once; a court and the last step wait for a person; what was slept over is skipped."""

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import Sent
from tests.journeys.cast import COURT, COURT_NAME, RESTING, SILENT
from tests.journeys.chasing import Chased, issue_the_last_step, ladder_mails, sleep_past_every_step
from tests.support.demo_house import DemoHouse
from tests.support.people import Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server]


def test_the_courtesy_note_goes_to_the_silent_alone(chased: Chased) -> None:
    assert {who for who, steps in chased.courtesy.items() if steps} == set(SILENT)
    assert all(chased.courtesy[who] == ["Courtesy note"] for who in SILENT)


def test_reminder_one_goes_to_the_silent_once(chased: Chased, house: DemoHouse) -> None:
    assert "0 done." in house.command("jobs", "once", "climb-ladders")
    for who in SILENT:
        assert chased.reminder[who] == ladder_mails(house, who) == ["Courtesy note", "Reminder-I:"]
    assert not any(chased.reminder[who] for who in RESTING)


def test_a_court_gets_nothing_until_a_person_has_looked(chased: Chased, house: DemoHouse, officer: Desk) -> None:
    assert ladder_mails(house, COURT) == []
    officer.go("/?all=1")
    need = officer.page.get_by_role("listitem").filter(has_text="Reminder-I waits for you")
    expect(need).to_contain_text("Waits for a person")
    officer.looks_right()
    need.get_by_role("link", name="Look and issue").click()
    ladder = officer.page.get_by_role("region", name="Next step of the ladder: Reminder-I")
    ladder.get_by_role("row").filter(has_text=COURT_NAME).get_by_role("button", name="Issue it").click()
    officer.flash("Noted for 1 request.")
    house.command("jobs", "once", "climb-ladders")
    house.wait_for_mail(COURT, "SOP on First Contact of Police with a")
    others = ladder.get_by_role("row").filter(has_text="Supreme Court of Pakistan")
    expect(others).to_contain_text("Waits for a person")


def test_of_steps_that_were_slept_over_only_the_last_goes_and_by_a_person(
    chased: Chased, house: DemoHouse, officer: Desk, asked: Sent
) -> None:
    sleep_past_every_step(house)
    assert "0 done." in house.command("jobs", "once", "climb-ladders")
    received = issue_the_last_step(officer)
    for who in SILENT:
        assert received[who] == ["Courtesy note", "Reminder-I:", "Reminder-III"]
    assert not any(received[who] for who in RESTING)
    officer.go(asked.path)
    officer.page.get_by_role("region", name="Invitees, table").get_by_role("link", name="Legal Awareness").click()
    ladder = officer.page.get_by_role("list", name="Steps of the request")
    expect(ladder).to_contain_text("Reminder-II: Skipped")
    officer.looks_right()
