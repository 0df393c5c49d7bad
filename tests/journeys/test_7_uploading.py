"""A file goes on where a cut line stopped it, on this page or a later one, and comes with the answer as it was."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.answering import private_page
from tests.journeys.asking import Sent
from tests.journeys.cast import SAYS_NOTHING
from tests.support.looking import Console
from tests.support.people import Chairs, Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server, pytest.mark.usefixtures("answered")]
PARTNER = "Group Development Pakistan"
PAUSE = 40_000
"""Milliseconds: the longest pause before a cut line is tried again, and some more."""
VIEWS = b"".join(b"Line %d of our views on the draft.\n" % number for number in range(60_000))
"""2.2 MB: five slices."""


class Line:
    """The line to the house: cut after `left` more posts of a file. `carried`: octets that went over it."""

    def __init__(self, page: Page) -> None:
        self.left, self.carried = 0, 0
        page.route("**/upload", self._carry)

    def mend(self) -> None:
        """Everything goes from now on."""
        self.left = 1_000

    def _carry(self, route: Route) -> None:
        if not self.left:
            return route.abort("connectionreset")
        self.left -= 1
        self.carried += len(route.request.post_data_buffer or b"")
        return route.continue_()


@pytest.fixture
def views(tmp_path: Path) -> Path:
    file = tmp_path / "views.txt"
    file.write_bytes(VIEWS)
    return file


def test_a_cut_file_goes_on_by_itself_and_on_a_later_page_and_arrives_whole(
    chairs: Chairs, console: Console, officer: Desk, asked: Sent, views: Path
) -> None:
    phone = chairs.phone()
    line, page, path = Line(phone.page), phone.page, private_page(phone.house, SAYS_NOTHING)
    phone.go(path)
    with console.expecting("net::ERR_CONNECTION_RESET"):
        line.left = 2  # the question how far we are, and a slice
        page.get_by_label("Or attach your reply").set_input_files(views)
        expect(page.get_by_text("The line is cut at 21%. It goes on by itself.")).to_be_visible()
        phone.looks_right()
        line.left = 2
        expect(page.get_by_text("The line is cut at 32%. It goes on by itself.")).to_be_visible(timeout=PAUSE)
    page.once("dialog", lambda dialog: dialog.accept())
    phone.go(path)
    line.mend()
    page.get_by_label("Or attach your reply").set_input_files(views)
    phone.press("Send the answer")
    expect(page.locator(".r-receipt .r-no")).to_be_visible()
    assert line.carried < len(VIEWS) * 1.1, "no slice went twice"
    page.context.close()
    assert hashlib.sha256(what_came(officer, asked)).digest() == hashlib.sha256(VIEWS).digest()


def test_a_half_sent_file_holds_the_answer_back_and_can_be_taken_away(
    chairs: Chairs, console: Console, views: Path
) -> None:
    phone = chairs.phone()
    line, page = Line(phone.page), phone.page
    phone.go(private_page(phone.house, SAYS_NOTHING) + "?lang=en")
    with console.expecting("net::ERR_CONNECTION_RESET"):
        line.left = 2
        page.get_by_label("Or attach your reply").set_input_files(
            {"name": "other.txt", "mimeType": "text/plain", "buffer": VIEWS}
        )
        expect(page.get_by_text("The line is cut")).to_be_visible()
        phone.press("Send the answer")
        expect(page.get_by_text("Your answer goes as soon as the file is here.")).to_be_visible()
        phone.press("Remove other.txt")
    expect(page.get_by_text("was taken away.")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
    expect(page.get_by_role("button", name="Send the answer")).to_be_visible()
    page.context.close()


def what_came(officer: Desk, asked: Sent) -> bytes:
    """The file as the officer gets it from the answer's page."""
    officer.go(asked.path)
    row = officer.page.get_by_role("row").filter(has_text=PARTNER)
    row.get_by_role("link", name="Read the answer").click()
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="views.txt").click()
    return Path(download.value.path()).read_bytes()
