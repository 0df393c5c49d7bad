"""Home: the most pressing first, each with its one act; an empty house says where to begin."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm.base import Grade
from crm.chase.service import climb
from crm.domain.accounts.rules import Role
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask
from crm.domain.asks.queries import get_ask
from crm.domain.asks.rules import AskState
from crm.domain.meetings.service import Plan, plan_meeting
from crm.domain.organisations.models import Seat
from crm.domain.organisations.rules import Courtesy
from crm.inbound.models import InboundMail, MailState
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.uow import UnitOfWork
from tests.support.builders import a_round, a_seat, an_ask_of_us
from tests.support.fakes import NOON
from tests.support.web import Web, a_late_round

LATE = date(2026, 11, 10)
TOMORROW = datetime.fromisoformat("2026-11-25T10:00")


def kinds(page: str) -> list[str]:
    """The kinds of need on a page, in its order."""
    return re.findall(r'<span class="r-kind[^"]*">.*?</svg>([^<]+)</span>', page)


def a_mail(uow: UnitOfWork, **fields: Any) -> InboundMail:
    mail = InboundMail(arrived_at=NOON, state=MailState.WAITING, subject_line="Our views", from_name="PS to SSP")
    for name, value in fields.items():
        setattr(mail, name, value)
    uow.session.add(mail)
    uow.session.flush()
    return mail


def the_ask(uow: UnitOfWork, seat: Seat) -> Ask:
    """The one request to a post."""
    return uow.session.scalars(select(Ask).where(Ask.seat_id == seat.id)).one()


def test_an_empty_house_says_what_comes_here_and_where_to_begin(web: Web) -> None:
    page = web.as_role().get("/").text
    assert "Nothing waits for you" in page
    assert "0 partners on the register" in page
    assert "No meeting today or tomorrow." in page


def test_needs_stand_in_the_order_in_which_they_press(web: Web) -> None:
    with web.arrange() as uow:
        late, bounced, paused = a_seat(uow), a_seat(uow), a_seat(uow)
        a_late_round(uow, [late], LATE)
        a_round(uow, [bounced, paused])
        uow.session.query(OutboxMessage).filter_by(seat_id=bounced.id).one().status = Status.HARD_BOUNCED
        asks.pause(uow, the_ask(uow, paused), "a doubtful answer")
        an_ask_of_us(uow, a_seat(uow), LATE)
        a_mail(uow)
        plan_meeting(uow, Plan("JWG", TOMORROW, 60))
    page = web.as_role().get("/").text
    assert kinds(page) == ["Mail to file", "Overdue by us", "Replies overdue", "Meeting", "Address", "Paused"]


def test_a_step_that_waits_for_a_person_is_offered_with_its_round(web: Web) -> None:
    with web.arrange() as uow:
        consultation = a_late_round(uow, [a_seat(uow), a_seat(uow)], date(2026, 11, 2))
        climb(uow)
        round_id = consultation.id
    page = web.as_role().get("/").text
    assert "2 requests are overdue; Reminder-III (Final) waits for you for 2 of them" in page
    assert f'data-main href="/consultations/{round_id}?step=reminder-3#ladder">Look and issue</a>' in page


@pytest.mark.parametrize(
    ("courtesy", "place", "shown"),
    [(Courtesy.JUDICIARY, "court", ["Waits for a person"]), (Courtesy.STATUTORY_COMMISSION, "commission", [])],
)
def test_no_court_and_no_commission_is_called_overdue(
    web: Web, courtesy: Courtesy, place: str, shown: list[str]
) -> None:
    with web.arrange() as uow:
        court = a_seat(uow, courtesy=courtesy, acronym="ZZCOURT", name="Supreme ZZCOURT")
        a_late_round(uow, [court], LATE)
        court_id = court.organisation_id
    officer = web.as_role()
    assert kinds(officer.get("/").text) == shown
    for path in ("/", "/requests/pending", "/requests?view=late", "/timeline"):
        page = officer.get(path).text
        assert not re.search(r"ZZCOURT(?!.*Choose).{0,400}(Overdue|Reply awaited|days over)", page, re.S), path
    record = officer.get(f"/partners/{court_id}").text
    assert f"With the {place}" in record
    assert "Reply awaited" not in record
    assert "days over" not in record


def test_what_was_never_delivered_is_not_called_overdue(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_late_round(uow, [seat], LATE)
        uow.session.query(OutboxMessage).one().status = Status.HARD_BOUNCED
    assert kinds(web.as_role().get("/").text) == ["Address"]


def test_what_we_owe_does_not_push_the_rest_off_the_page(web: Web) -> None:
    with web.arrange() as uow:
        for day in range(1, 8):
            an_ask_of_us(uow, a_seat(uow), date(2026, 11, day), f"Return of {day} November")
        a_late_round(uow, [a_seat(uow)], LATE)
    officer = web.as_role()
    page = officer.get("/").text
    assert kinds(page) == ["Overdue by us"] * 4 + ["Replies overdue"]
    assert "Return of 3 November" in page
    assert "Return of 4 November" not in page
    assert "4 other requests are overdue by us" in page
    listed = officer.get("/requests?view=late&side=theirs").text
    assert 'href="/requests?view=late&amp;side=theirs">See them</a>' in page
    assert all(f"Return of {day} November" in listed for day in range(1, 8))


def test_what_was_done_is_gone_at_the_next_look(web: Web) -> None:
    with web.arrange() as uow:
        ask_id = an_ask_of_us(uow, a_seat(uow), LATE).id
    officer = web.as_role()
    assert kinds(officer.get("/").text) == ["Overdue by us"]
    with web.arrange() as uow:
        get_ask(uow.session, ask_id).state = AskState.ANSWERED
    page = officer.get("/").text
    assert kinds(page) == []
    assert "Nothing is pending." in page


def test_nobody_is_shown_what_was_remembered_for_another(web: Web) -> None:
    with web.arrange() as uow:
        ask = an_ask_of_us(uow, a_seat(uow), LATE)
        ask.title_ur, ask.grade = "دو افسران کے نام", Grade.RESTRICTED
    assert kinds(web.as_role().get("/").text) == ["Overdue by us"]
    assert "دو افسران کے نام" in web.as_role(language="ur").get("/").text
    assert "Enter our answer" not in web.as_role(Role.MANAGEMENT).get("/").text
    assert kinds(web.as_role(Role.PA).get("/").text) == []


def test_an_address_that_was_mended_is_no_longer_shown(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_round(uow, [seat])
        uow.session.query(OutboxMessage).one().status = Status.HARD_BOUNCED
        seat_id = seat.id
    officer = web.as_role()
    assert f"/partners/posts/{seat_id}" in officer.get("/").text
    officer.post(f"/partners/posts/{seat_id}", {"address": "new@partner.example"})
    assert kinds(officer.get("/").text) == []


def test_ten_are_shown_first_and_all_of_them_on_one_press(web: Web) -> None:
    with web.arrange() as uow:
        for number in range(13):
            a_mail(uow, subject_line=f"Mail {number}")
    officer = web.as_role()
    page = officer.get("/").text
    assert len(kinds(page)) == 10
    assert "Show the other 3" in page
    assert len(kinds(officer.get("/?all=1").text)) == 13


def test_mail_with_a_likely_request_is_filed_in_one_press(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_round(uow, [seat])
        ask_id = the_ask(uow, seat).id
        mail_id = a_mail(uow, proposed_ask_id=ask_id).id
    page = web.as_role().get("/").text
    assert f'action="/correspondence/{mail_id}/file"' in page
    assert f'name="ask" value="{ask_id}"' in page


def test_nobody_is_offered_what_their_role_may_not_do(web: Web) -> None:
    with web.arrange() as uow:
        a_mail(uow)
        a_late_round(uow, [a_seat(uow)], LATE)
    page = web.as_role(Role.MANAGEMENT).get("/").text
    assert kinds(page) == ["Replies overdue"]
    assert "What is pending" in page
    assert "Look and issue" not in page
    assert kinds(web.as_role(Role.DIARY_CLERK).get("/").text) == []


def test_home_takes_few_statements_however_much_there_is(web: Web) -> None:
    with web.arrange() as uow:
        a_late_round(uow, [a_seat(uow) for _ in range(30)], LATE)
        for _ in range(20):
            a_mail(uow)
    officer = web.as_role()
    officer.get("/")
    with web.counting() as statements:
        officer.get("/")
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10


def test_home_speaks_urdu(web: Web) -> None:
    page = web.as_role(language="ur").get("/").text
    assert '<html lang="ur" dir="rtl"' in page


def test_the_day_is_the_business_clocks(web: Web) -> None:
    web.clock.advance(timedelta(hours=3))
    assert "Tue 24 Nov 2026" in web.as_role().get("/").text
