"""Partners answer by reply, link and calendar; each answer is seen where it belongs, and has one receipt."""

import pytest
from playwright.sync_api import expect

from tests.journeys.answering import BY_FILE, ON_THE_PAGE, Answers
from tests.journeys.asking import Sent, figure
from tests.journeys.cast import (
    BOUNCES,
    FILLS_IN,
    IN_DOUBT,
    IS_AWAY,
    REGRETS,
    SAYS_NIL,
    WORKSHOP,
    WRITES,
    WRITES_FROM_HOME,
)
from tests.support.demo_house import DemoHouse, until
from tests.support.people import Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server, pytest.mark.usefixtures("answered")]
STATES = {
    "National Commission on the Rights of Child": "Answered",
    "Society for the Protection of the Rights of the Child": "Answered",
    "Justice Project Pakistan": "Answered",
    "Sanjog": "Nil reply",
    "Rozan": "Declined",
    "National Commission for Human Rights": "Not delivered",
    "Sahil": "Paused",
    "Legal Awareness Watch": "Reply awaited",
    "Group Development Pakistan": "Reply awaited",
    "Islamabad High Court": "With them",
}


@pytest.mark.parametrize("address", [WRITES, FILLS_IN, SAYS_NIL, REGRETS, WRITES_FROM_HOME])
def test_whoever_answered_has_one_receipt_with_its_number(house: DemoHouse, address: str) -> None:
    words = ("Receipt ", "رسید ")
    until(lambda: any(one.startswith(words) for one in house.subjects(address)), f"a receipt for {address}")
    assert sum(one.startswith(words) for one in house.subjects(address)) == 1


@pytest.mark.parametrize("address", [BOUNCES, IN_DOUBT, IS_AWAY])
def test_machines_and_strangers_get_no_receipt(house: DemoHouse, address: str) -> None:
    assert not [one for one in house.subjects(address) if one.startswith("Receipt")]


def test_the_private_page_keeps_what_was_saved_and_gives_a_receipt_without_a_script(
    house: DemoHouse, answered: Answers
) -> None:
    assert answered.found_again == ON_THE_PAGE
    assert any(answered.receipt in one for one in house.subjects(FILLS_IN))


def test_the_round_shows_what_became_of_each_request(officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    table = officer.page.get_by_role("region", name="Invitees, table")
    for partner, state in STATES.items():
        expect(table.get_by_role("row").filter(has=officer.page.get_by_role("link", name=partner))).to_contain_text(
            state
        )


def test_the_round_counts_its_answers(officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    found = {word: figure(officer, word) for word in ("invited", "answered", "replies awaited", "not delivered")}
    assert found == {"invited": 16, "answered": 5, "replies awaited": 3, "not delivered": 1}
    assert figure(officer, "comments") == figure(officer, "without a decision") >= 6
    officer.looks_right()


def test_the_files_that_came_are_with_the_answer(officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    row = officer.page.get_by_role("row").filter(has_text="National Commission on the Rights of Child")
    row.get_by_role("link", name="Read the answer").click()
    expect(officer.page.get_by_role("link", name="Comments of NCRC.docx")).to_be_visible()
    officer.looks_right()


def test_calendars_answered_for_the_workshop(officer: Desk) -> None:
    officer.go("/meetings")
    officer.page.get_by_role("main").get_by_role("link", name=WORKSHOP).first.click()
    for partner, reply in (("Group Development Pakistan", "Will attend"), ("Rozan", "Will not attend")):
        expect(officer.page.get_by_role("row").filter(has_text=partner)).to_contain_text(reply)
    officer.looks_right()


def test_mail_from_another_address_waits_with_its_likely_owner(officer: Desk) -> None:
    officer.go("/correspondence")
    waiting = officer.page.get_by_role("listitem").filter(has_text="Probably:")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Sahil")
    expect(waiting).to_contain_text("It came to the reply address of this request.")
    officer.looks_right()


def test_home_brings_what_needs_a_person(officer: Desk) -> None:
    officer.go("/?all=1")
    for words in ("Mail to file", "comments without a decision", "Correct it"):
        expect(officer.page.get_by_role("listitem").filter(has_text=words).first).to_be_visible()


def test_the_file_was_read_for_comments_too(officer: Desk, asked: Sent) -> None:
    officer.go(f"{asked.path}/matrix?clause=9")
    expect(officer.page.get_by_text(BY_FILE)).to_be_visible()
