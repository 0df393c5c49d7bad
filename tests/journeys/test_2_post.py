"""What lies in a partner's mailbox: the request with its letter, and an invitation that a calendar understands."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from crm.demo.mailboxes import Received
from tests.journeys.answering import INVITATION, REQUEST
from tests.journeys.asking import Sent
from tests.journeys.cast import SAYS_NIL, WRITES
from tests.support.demo_house import DemoHouse
from tests.support.people import Desk, Partner

pytestmark = [pytest.mark.browser, pytest.mark.real_server, pytest.mark.usefixtures("asked")]


def source(mail: Received) -> EmailMessage:
    """The mail as its bytes say."""
    read = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def kinds(mail: EmailMessage) -> list[str]:
    """The media types of all parts, outermost first."""
    return [part.get_content_type() for part in mail.walk()]


def test_a_request_is_text_and_html_with_the_letter_as_pdf(house: DemoHouse) -> None:
    mail = source(house.wait_for_mail(WRITES, REQUEST))
    assert kinds(mail)[:5] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    letter = next(part for part in mail.walk() if part.get_content_type() == "application/pdf")
    assert letter.get_content().startswith(b"%PDF-")
    assert mail["Message-ID"]
    assert mail["List-Unsubscribe"] is None


def test_each_post_has_a_reply_address_and_a_private_link_of_its_own(house: DemoHouse) -> None:
    mine, other = house.wait_for_mail(WRITES, REQUEST), house.wait_for_mail(SAYS_NIL, REQUEST)
    assert mine.reply_to.startswith("reply+r")
    assert mine.reply_to != other.reply_to
    assert mine.text.count("/a/p") == other.text.count("/a/p") == 1


def test_a_request_is_written_in_the_language_of_its_post(house: DemoHouse) -> None:
    assert house.wait_for_mail(WRITES, REQUEST).language == "en"
    urdu = house.wait_for_mail(SAYS_NIL, REQUEST)
    assert urdu.language == "ur"
    assert "محترم" in urdu.text


def test_the_workshop_is_an_invitation_whose_organizer_leads_back_here(house: DemoHouse) -> None:
    mail = source(house.wait_for_mail(WRITES, INVITATION))
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert "text/plain" in kinds(mail)
    assert "text/html" in kinds(mail)
    calendar = Calendar.from_ical(part.get_content())
    assert calendar["METHOD"] == "REQUEST"
    [event] = calendar.walk("VEVENT")
    assert str(event["ORGANIZER"]).startswith("mailto:reply+c")
    assert str(event["ATTENDEE"]) == f"mailto:{WRITES}"
    assert event["SEQUENCE"] == 0


def test_the_mailbox_shows_the_mail_as_its_reader_sees_it_and_its_source(officer: Desk, asked: Sent) -> None:
    Partner(officer, WRITES).open(REQUEST)
    expect(officer.page.get_by_role("link", name="Letter.pdf")).to_be_visible()
    frame = officer.page.frame_locator("iframe")
    expect(frame.get_by_text("may kindly be furnished").first).to_be_visible()
    officer.page.get_by_text("Source of the mail").click()
    expect(officer.page.locator("pre.r-raw")).to_contain_text("Return-Path:")
    officer.looks_right()
