"""The officer places what waits in the tray, decides every comment, and gives reasons where they are owed."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.support.people import Desk

REASON = "The law sets this limit; it cannot be changed here."
REFUSED = "status of 422"


@dataclass(frozen=True)
class Decided:
    """How many comments there were, and how many of them were placed from the tray."""

    comments: int
    placed: int


def decide_all(officer: Desk, path: str) -> Decided:
    """Every comment placed, then decided: accepted, but for the last."""
    matrix = f"{path}/matrix"
    officer.go(matrix)
    placed = 0
    while officer.page.locator(".r-tray form").count():
        place_one(officer)
        placed += 1
        officer.go(matrix)
    comments = decided = 0
    while left := left_to_decide(officer):
        comments = comments or left
        decide_one(officer, "Accepted" if left > 1 else "Not accepted", "" if left > 1 else REASON)
        decided += 1
        officer.go(matrix)
    return Decided(comments, placed)


def place_one(officer: Desk) -> None:
    """Put the first comment of the tray onto clause 43."""
    item = officer.page.locator(".r-tray > li").first
    item.get_by_label("Clause", exact=True).fill("43")
    item.get_by_role("button", name="Place", exact=True).click()
    expect(officer.page.get_by_role("heading", name="Clause 43")).to_be_visible()


def left_to_decide(officer: Desk) -> int:
    """How many comments have no decision, as the head of the matrix says."""
    words = officer.page.get_by_text("to go").inner_text()
    return int(words.split(",")[-1].split()[0])


def decide_one(officer: Desk, decision: str, reason: str) -> None:
    """Decide the comment that stands first."""
    form = officer.page.locator("form[data-decision]")
    form.get_by_role("radio", name=decision, exact=False).first.check()
    form.get_by_label("Reason, sent to the partner").fill(reason)
    with officer.page.expect_navigation():
        form.get_by_role("button", name="Save and next").click()
    expect(officer.page.get_by_role("heading", name="Comment matrix")).to_be_visible()
