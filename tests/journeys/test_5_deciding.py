"""Comments are placed, decided with reasons, and exported; the round closes once nothing is undecided."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.answering import BY_FILE, ON_THE_PAGE, UNFINISHED, Answers
from tests.journeys.asking import Sent, figure
from tests.journeys.deciding import REASON, REFUSED, Decided
from tests.support.looking import Console
from tests.support.people import Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server]
CLOSED = "The round is closed. Its requests stay open: a late answer is still an answer."


@pytest.mark.usefixtures("answered")
def test_a_round_with_undecided_comments_is_not_closed(officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    officer.press("Close the round")
    expect(officer.page.get_by_text("without a decision").first).to_be_visible()
    expect(officer.page.get_by_text(CLOSED)).to_have_count(0)
    expect(officer.page.get_by_role("button", name="Close the round")).to_be_visible()


def test_a_refusal_without_its_reason_is_not_written(
    answered: Answers, officer: Desk, asked: Sent, console: Console
) -> None:
    officer.go(f"{asked.path}/matrix?clause=8")
    form = officer.page.locator("form[data-decision]")
    form.get_by_label("Not accepted").check()
    with console.expecting(REFUSED), officer.page.expect_navigation():
        form.get_by_role("button", name="Save and next").click()
    expect(form.locator(".r-error")).to_contain_text("reason")
    officer.looks_right()
    officer.go(asked.path)
    assert figure(officer, "without a decision") == figure(officer, "comments")


def test_every_comment_is_placed_and_decided(decided: Decided, officer: Desk, asked: Sent) -> None:
    assert decided.comments >= 6
    assert decided.placed >= 1
    officer.go(f"{asked.path}/matrix")
    expect(officer.page.get_by_text("Every comment has its place.")).to_be_visible()
    officer.looks_right()
    officer.go(asked.path)
    assert figure(officer, "without a decision") == 0


def test_the_matrix_is_a_workbook_without_formulas(decided: Decided, officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    with officer.page.expect_download() as started:
        officer.page.get_by_role("link", name="Comments (XLSX)").click()
    book = load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    words = "\n".join(str(cell.value) for cell in cells)
    for comment in (BY_FILE, ON_THE_PAGE, UNFINISHED, REASON):
        assert comment in words


@pytest.mark.usefixtures("decided")
def test_the_round_closes_once_every_comment_is_decided(officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    officer.press("Close the round")
    officer.flash(CLOSED)
    expect(officer.page.get_by_role("button", name="Close the round")).to_have_count(0)
    table = officer.page.get_by_role("region", name="Invitees, table")
    expect(table.get_by_role("row").filter(has_text="Legal Awareness Watch")).to_contain_text("Reply awaited")
