"""The officer asks: whom, by when, how silence is met; exactly what goes is read before it goes."""

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import Sent
from tests.journeys.cast import COURT, COURT_NAME, HOST, SAYS_NIL, TAKEN_OUT, WRITES
from tests.support.people import Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server]


def test_partners_are_chosen_by_type_province_and_theme_and_singly(asked: Sent) -> None:
    assert asked.asked == 16
    assert asked.path == "/consultations/1"
    for mailbox in (WRITES, SAYS_NIL, COURT):
        assert mailbox in asked.recipients


def test_the_preview_says_who_is_left_out_and_why(asked: Sent) -> None:
    assert f"{HOST}: it is the bureau itself" in asked.left_out
    assert f"{TAKEN_OUT}: you took it out" in asked.left_out


def test_the_preview_shows_the_exact_mail_in_both_languages(asked: Sent) -> None:
    assert "may kindly be furnished" in asked.letters["en"]
    assert "مسودہ" in asked.letters["ur"]
    assert "ڈائریکٹر" in asked.letters["ur"]


def test_the_round_shows_whom_it_asked_and_when_the_clock_writes_next(asked: Sent, officer: Desk) -> None:
    officer.go(asked.path)
    expect(officer.page.get_by_role("heading", name="Next step of the ladder: Courtesy note")).to_be_visible()
    expect(officer.page.get_by_text("approved with the round: the clock issues it")).to_be_visible()
    court = officer.page.get_by_role("region", name="Invitees, table").get_by_role("row", name=COURT_NAME)
    expect(court).to_contain_text("With them")
