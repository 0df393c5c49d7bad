"""Requests: the list, who owes whom, and every act of an officer."""

from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import select

from crm.domain.accounts.rules import Role
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.queries import get_ask
from crm.domain.asks.rules import AskState, Channel
from crm.domain.organisations.models import Seat
from crm.files.models import Attachment
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from tests.support.builders import a_round, a_seat, an_ask_of_us
from tests.support.web import Web, a_late_round

LATE = date(2026, 11, 10)


def an_ask(web: Web, **fields: Any) -> int:
    """One request of ours that was sent."""
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow, **fields)])
        return uow.session.scalars(select(Ask.id)).one()


def the_ask(web: Web, ask_id: int) -> Ask:
    with web.arrange() as uow:
        return get_ask(uow.session, ask_id)


def test_the_list_shows_what_comes_next(web: Web) -> None:
    an_ask(web)
    page = web.as_role().get("/requests").text
    assert "Reply awaited" in page
    assert "Courtesy note on Tue 15 Dec 2026" in page


def test_views_of_the_list_hold_what_they_say(web: Web) -> None:
    with web.arrange() as uow:
        a_late_round(uow, [a_seat(uow, acronym="LATEONE")], LATE)
        a_round(uow, [a_seat(uow, acronym="INTIME")])
    officer = web.as_role()
    late = officer.get("/requests?view=late").text
    assert "LATEONE" in late
    assert "INTIME" not in late
    assert "No request here" in officer.get("/requests?view=withdrawn").text
    assert "INTIME" in officer.get("/requests?view=nonsense").text


def test_the_list_pages_by_due_date_and_by_partner(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow, name=f"Partner {n:03d}", acronym=f"P{n:03d}") for n in range(70)])
    officer = web.as_role()
    for sort in ("", "sort=partner"):
        first = officer.get(f"/requests?{sort}").text
        following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        both = first + officer.get(following).text
        assert [n for n in range(70) if both.count(f">P{n:03d}</a>") != 1] == []


def test_the_list_takes_few_statements(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow) for _ in range(60)])
    officer = web.as_role()
    with web.counting() as statements:
        officer.get("/requests")
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10


def test_who_owes_whom_is_one_page_both_ways(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_late_round(uow, [seat], LATE)
        an_ask_of_us(uow, seat, LATE)
    page = web.as_role().get("/requests/pending").text
    assert "14 days over" in page
    assert "Names of two officers" in page
    assert "2 overdue" in page


def test_an_officer_enters_an_answer_with_its_scan(web: Web) -> None:
    ask_id = an_ask(web)
    scan = (BytesIO(b"Clause 8: two hours is too short.\n"), "views.txt", "text/plain")
    form = {"kind": "comments", "text": "Clause 8: we agree.", "scan": scan}
    officer = web.as_role()
    answer = officer.post(f"/requests/{ask_id}/answer", form, content_type="multipart/form-data")
    assert answer.status_code == 303
    with web.arrange() as uow:
        taken = uow.session.scalars(select(AskAnswer)).one()
        assert (taken.channel, taken.entered_by) == (Channel.ENTERED, "Post officer")
        assert uow.session.scalars(select(Attachment.name)).all() == ["views.txt"]
        assert get_ask(uow.session, ask_id).state is AskState.ANSWERED
    page = officer.get(f"/requests/{ask_id}").text
    assert "views.txt" in page
    assert "Clause 8: we agree." in page


def test_a_file_of_an_answer_is_saved_and_never_shown_in_our_origin(web: Web) -> None:
    ask_id = an_ask(web)
    scan = (BytesIO(b"plain words"), "views.txt", "text/plain")
    officer = web.as_role()
    officer.post(f"/requests/{ask_id}/answer", {"kind": "comments", "scan": scan}, content_type="multipart/form-data")
    with web.arrange() as uow:
        file_id = uow.session.scalars(select(Attachment.id)).one()
    answer = officer.get(f"/correspondence/files/{file_id}")
    assert answer.data == b"plain words"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_answer_with_a_childs_number_is_not_kept_and_nothing_typed_is_lost(web: Web) -> None:
    ask_id = an_ask(web)
    words = "The child Ali, B-Form No. 35202-1234567-1, was produced."
    before = web.snapshot("idempotency_key")
    answer = web.as_role().post(f"/requests/{ask_id}/answer", {"kind": "comments", "text": words})
    assert answer.status_code == 422
    assert "identity number" in answer.text
    assert words in answer.text
    after = web.snapshot("idempotency_key")
    assert {name for name in after if after[name] != before[name]} == {"user_account", "audit_entry", "audit_value"}


def test_an_answer_without_words_or_file_is_asked_for_them(web: Web) -> None:
    answer = web.as_role().post(f"/requests/{an_ask(web)}/answer", {"kind": "comments", "text": " "})
    assert answer.status_code == 422
    assert "Kindly give its words, or the file." in answer.text


def test_what_they_asked_of_us_is_answered_by_us(web: Web) -> None:
    with web.arrange() as uow:
        ask_id = an_ask_of_us(uow, a_seat(uow), LATE).id
    officer = web.as_role()
    assert "Enter our answer" in officer.get(f"/requests/{ask_id}").text
    assert officer.post(f"/requests/{ask_id}/answer", {"kind": "comments", "text": "Sent."}).status_code == 303
    assert the_ask(web, ask_id).state is AskState.ANSWERED


def test_only_a_senior_gives_more_time(web: Web) -> None:
    ask_id = an_ask(web)
    form = {"due_on": "2027-01-14", "reason": "Winter session"}
    assert web.as_role(Role.OFFICER).post(f"/requests/{ask_id}/extend", form).status_code == 403
    assert the_ask(web, ask_id).edition == 1
    assert web.as_role(Role.SENIOR).post(f"/requests/{ask_id}/extend", form).status_code == 303
    assert (the_ask(web, ask_id).edition, the_ask(web, ask_id).due_on) == (2, date(2027, 1, 14))


def test_an_earlier_date_is_refused_beside_the_form_and_kept(web: Web) -> None:
    ask_id = an_ask(web)
    answer = web.as_role(Role.SENIOR).post(f"/requests/{ask_id}/extend", {"due_on": "2026-12-01", "reason": "Because"})
    assert answer.status_code == 422
    assert "The new date must lie after" in answer.text
    assert 'value="2026-12-01"' in answer.text


def test_pausing_and_resuming_are_one_press_each(web: Web) -> None:
    ask_id, officer = an_ask(web), web.as_role()
    officer.post(f"/requests/{ask_id}/pause")
    assert the_ask(web, ask_id).paused_at is not None
    assert "Paused" in officer.get("/requests?view=paused").text
    officer.post(f"/requests/{ask_id}/resume")
    assert the_ask(web, ask_id).paused_at is None


def test_withdrawing_wants_a_reason_and_stops_its_mail(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow)], sent=False)
        ask_id = uow.session.scalars(select(Ask.id)).one()
    officer = web.as_role()
    assert officer.post(f"/requests/{ask_id}/withdraw", {"reason": ""}).status_code == 422
    assert officer.post(f"/requests/{ask_id}/withdraw", {"reason": "Asked in error"}).status_code == 303
    with web.arrange() as uow:
        assert uow.session.scalars(select(OutboxMessage.status)).all() == [Status.CANCELLED]
    assert officer.post(f"/requests/{ask_id}/withdraw", {"reason": "Again"}).status_code == 422


def test_revoked_links_open_nothing_any_more(web: Web) -> None:
    ask_id = an_ask(web)
    before = the_ask(web, ask_id).nonce
    web.as_role().post(f"/requests/{ask_id}/revoke")
    assert the_ask(web, ask_id).nonce != before


def test_a_request_that_never_arrived_says_so(web: Web) -> None:
    ask_id = an_ask(web)
    with web.arrange() as uow:
        uow.session.query(OutboxMessage).one().status = Status.HARD_BOUNCED
    page = web.as_role().get(f"/requests/{ask_id}").text
    assert "Not delivered" in page
    assert "E-mail address does not exist" in page


def test_names_are_shown_as_text(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow, name="<script>alert(1)</script>", acronym="<b>X</b>")])
        seat_id = uow.session.scalars(select(Seat.organisation_id)).one()
    officer = web.as_role()
    for path in ("/requests", "/requests/pending", "/partners", f"/partners/{seat_id}", "/timeline", "/"):
        page = officer.get(path).text
        assert "<script>alert" not in page, path
        assert "<b>X" not in page, path
