"""The partners answer, without any account: by reply, by calendar, on the private page, and as machines do."""

import io
import re
from dataclasses import dataclass

from docx import Document
from playwright.sync_api import Locator, expect

from tests.journeys.cast import (
    BOUNCES,
    FILLS_IN,
    IN_DOUBT,
    IS_AWAY,
    REGRETS,
    SAYS_NIL,
    SAYS_NOTHING,
    WRITES,
    WRITES_FROM_HOME,
)
from tests.support.demo_house import DemoHouse
from tests.support.people import Desk, Partner

REQUEST, INVITATION = "[R", "[M"
LINK = re.compile(r"/a/[0-9a-z]+")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REPLY = """\
Dear Director,

The helpline 1121 should be named, so that every duty officer knows whom to call.

Clause 8: Handcuffs should never be used on a child below fourteen.

Clause 20: Two hours are too long. One hour would be safer.

Secretary, NCRC
"""
BY_FILE = "A woman officer should be on call at night."
ON_THE_PAGE = "Four hours cannot be kept in rural districts."
UNFINISHED = "The panel of lawyers must be named."


@dataclass(frozen=True)
class Answers:
    """What the partner who used the private page saw: the text found again after saving, and the receipt."""

    found_again: str
    receipt: str


def answer_all(officer: Desk, phone: Desk) -> Answers:
    """Everybody but the silent answers."""
    for address in (WRITES, FILLS_IN, SAYS_NIL, BOUNCES, WRITES_FROM_HOME, IN_DOUBT, REGRETS, IS_AWAY, SAYS_NOTHING):
        officer.house.wait_for_mail(address, REQUEST)
    reply_with_a_file(Partner(officer, WRITES))
    for address, button in ((SAYS_NIL, "Reply “NIL”"), (IS_AWAY, "Out of office"), (BOUNCES, "Bounce")):
        partner = Partner(officer, address)
        partner.open(REQUEST)
        partner.send(button)
    for address in (WRITES_FROM_HOME, IN_DOUBT):
        partner = Partner(officer, address)
        partner.open(REQUEST)
        officer.page.get_by_label("By e-mail").fill("Clause 12: our comments are sent from home.")
        partner.send("From another address")
    for address, button in ((SAYS_NOTHING, "Accept"), (REGRETS, "Decline")):
        partner = Partner(officer, address)
        partner.open(INVITATION)
        partner.send(button)
    regret(phone)
    answers = fill_in(phone)
    file_in_two_clicks(officer, "Justice Project Pakistan")
    return answers


def file_in_two_clicks(officer: Desk, partner: str) -> None:
    """Correspondence, and the likely owner."""
    page = officer.page
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Correspondence").click()
    page.get_by_role("listitem").filter(has_text=partner).get_by_role("button", name="File there").click()
    officer.flash("Filed")


def reply_with_a_file(partner: Partner) -> None:
    """Comments under clause numbers, and a Word file with another."""
    partner.open(REQUEST)
    page = partner.desk.page
    page.get_by_label("By e-mail").fill(REPLY)
    written = io.BytesIO()
    paper = Document()
    paper.add_paragraph(f"Clause 9: {BY_FILE}")
    paper.save(written)
    page.get_by_label("With an attachment").set_input_files(
        {"name": "Comments of NCRC.docx", "mimeType": DOCX, "buffer": written.getvalue()}
    )
    partner.desk.looks_right()
    partner.send("Reply")


def private_page(house: DemoHouse, address: str, of: str = REQUEST) -> str:
    """The private link in a partner's mail, as a path."""
    found = LINK.search(house.wait_for_mail(address, of).text)
    assert found is not None
    return found[0]


def regret(phone: Desk) -> None:
    """One of the usual answers, by its button."""
    phone.go(private_page(phone.house, REGRETS))
    fold(phone, "We regret that we cannot answer").locator("summary").click()
    phone.press("Send: We regret that we cannot answer")
    expect(phone.page.get_by_text("Receipt", exact=True)).to_be_visible()


def fill_in(phone: Desk) -> Answers:
    """A comment, a file and the questions: saved, left, found again, sent."""
    path = private_page(phone.house, FILLS_IN)
    phone.go(path)
    page = phone.page
    unfold(phone, "21")
    page.get_by_label("Your comment on clause 21").fill(ON_THE_PAGE)
    page.get_by_label("Anything on the draft as a whole").fill(UNFINISHED)
    phone.press("Save and return later")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.goto("about:blank")
    phone.go(path)
    found_again = page.get_by_label("Your comment on clause 21").input_value()
    for number, choice in ((1, "Support with changes"), (16, "Yes")):
        del number
        page.get_by_label(choice, exact=True).check()
    page.get_by_label("Or attach your reply").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Clause 40: keep it for ten years."}
    )
    phone.press("Send the answer")
    receipt = page.locator(".r-receipt .r-no")
    expect(receipt).to_be_visible()
    return Answers(found_again, receipt.inner_text())


def fold(desk: Desk, words: str) -> Locator:
    """The innermost fold whose summary holds these words."""
    return desk.page.locator("details").filter(has=desk.page.locator("summary").filter(has_text=words)).last


def unfold(desk: Desk, number: str) -> None:
    """Open the part of a clause, then the clause."""
    field = desk.page.locator(f"#comment-{number}")
    part = desk.page.locator("details.r-part-fold").filter(has=field)
    if part.get_attribute("open") is None:
        part.locator("summary").first.click()
    part.locator("details.r-clause-fold").filter(has=field).locator("summary").click()
