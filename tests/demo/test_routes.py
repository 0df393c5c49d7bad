"""The post office's pages: mails as partners see them, answers that really arrive, a clock that goes forward."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from crm.demo.mailboxes import Received
from crm.domain.accounts.rules import Role
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState
from crm.outbox.models import OutboxMessage
from tests.demo.conftest import Demo
from tests.support.builders import a_round, a_seat
from tests.support.web import Browser, Web

pytestmark = pytest.mark.slow

ADDRESS = "focal.point@org.example"


@pytest.fixture
def mail(demo: Demo) -> Received:
    """The request, sent and delivered."""
    with demo.web.arrange() as uow:
        a_round(uow, [a_seat(uow, name="Child Rights Forum", address=ADDRESS)], sent=False)
    demo.deliver()
    return demo.newest(ADDRESS)


@pytest.fixture
def officer(demo: Demo) -> Browser:
    return demo.web.as_role(Role.OFFICER)


def at(rest: str = "") -> str:
    return f"/post-office/{ADDRESS}/1{rest}"


def state(demo: Demo) -> AskState:
    with demo.web.arrange() as uow:
        return uow.session.scalars(select(Ask.state)).one()


def test_the_empty_post_office_says_what_will_be_here(demo: Demo, officer: Browser) -> None:
    assert "No mail has left yet" in officer.get("/post-office").get_data(as_text=True)


def test_the_mailboxes_are_listed_by_partner_and_can_be_found(demo: Demo, mail: Received, officer: Browser) -> None:
    assert "Child Rights Forum" in officer.get("/post-office").get_data(as_text=True)
    assert "Child Rights Forum" in officer.get("/post-office?q=forum").get_data(as_text=True)
    assert "Child Rights Forum" not in officer.get("/post-office?q=court").get_data(as_text=True)


def test_a_mail_is_shown_as_its_reader_sees_it(demo: Demo, mail: Received, officer: Browser) -> None:
    assert mail.subject in officer.get(f"/post-office/{ADDRESS}").get_data(as_text=True)
    response = officer.get(at())
    shown = response.get_data(as_text=True)
    assert mail.reply_to in shown
    assert "Letter" in shown, "the letter as PDF"
    assert "/a/p1" in shown, "the private link is one click away"
    assert "frame-src 'self'" in response.headers["Content-Security-Policy"]


def test_its_html_is_shut_in_a_sandbox(demo: Demo, mail: Received, officer: Browser) -> None:
    response = officer.get(at("/html"))
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<base target="_blank">' in response.data


def test_its_source_and_files_can_be_saved(demo: Demo, mail: Received, officer: Browser) -> None:
    assert officer.get(at("/raw")).data == mail.raw
    assert officer.get(at("/files/0")).data.startswith(b"%PDF")
    assert officer.get(at("/files/9")).status_code == 404
    assert officer.get(f"/post-office/{ADDRESS}/9").status_code == 404
    assert officer.get("/post-office/nobody@org.example").status_code == 404


def test_a_reply_with_a_file_really_arrives(demo: Demo, mail: Received, officer: Browser) -> None:
    data = {"text": "Clause 20: two hours are too long.", "files": (BytesIO(b"More on clause 21."), "views.txt")}
    response = officer.post(at("/reply"), data, content_type="multipart/form-data")
    assert response.status_code == 303
    demo.read()
    assert state(demo) is AskState.ANSWERED
    assert "Reply by e-mail" in officer.get(at()).get_data(as_text=True)


def test_nil_is_one_press(demo: Demo, mail: Received, officer: Browser) -> None:
    officer.post(at("/reply"), {"nil": "1"})
    demo.read()
    assert state(demo) is AskState.NIL


def test_an_empty_reply_comes_back(demo: Demo, mail: Received, officer: Browser) -> None:
    response = officer.post(at("/reply"), {"text": " "})
    assert response.status_code == 422
    assert demo.carried == []


def test_a_double_click_sends_one_mail(demo: Demo, mail: Received, officer: Browser) -> None:
    for _ in range(2):
        officer.post(at("/away"), {"idempotency_key": "once"})
    assert len(demo.carried) == 1


def test_a_worker_that_does_not_listen_is_said_in_a_sentence(demo: Demo, mail: Received, officer: Browser) -> None:
    demo.is_down = True
    officer.post(at("/bounce"))
    shown = officer.get(at()).get_data(as_text=True)
    assert "the worker does not listen" in shown
    assert "Sent back so far" not in shown


def test_the_clock_moves_a_day_and_to_the_next_reminder(demo: Demo, mail: Received, officer: Browser) -> None:
    before = demo.web.clock.now()
    officer.post("/post-office/clock/day")
    assert demo.web.clock.now() - before == timedelta(days=1)
    assert "To Courtesy note" in officer.get("/post-office").get_data(as_text=True)
    officer.post("/post-office/clock/reminder")
    with demo.web.arrange() as uow:
        assert "courtesy" in list(uow.session.scalars(select(OutboxMessage.step)))
    assert "To Reminder-I" in officer.get("/post-office").get_data(as_text=True)


def test_only_those_who_may_play_partners_come_in(demo: Demo, mail: Received) -> None:
    reader = demo.web.as_role(Role.MANAGEMENT)
    assert reader.get("/post-office").status_code == 403
    assert reader.post("/post-office/clock/day").status_code == 403
    assert demo.web.anyone().get("/post-office").status_code == 302


def test_there_is_no_post_office_outside_the_demo(web: Web) -> None:
    assert web.as_role(Role.OFFICER).get("/post-office").status_code == 404
