"""A consultation on screen: every page opens, a round is previewed and sent once, the ladder and the matrix decided."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import URL, func, select

from crm.answers.service import Answer, accept
from crm.domain.accounts.rules import Role
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AnswerKind, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations.models import Comment
from crm.domain.consultations.rules import Disposition
from crm.domain.organisations.rules import Courtesy
from crm.outbox.models import OutboxMessage
from crm.uow import UnitOfWork
from tests.support.builders import a_round, a_seat
from tests.support.web import Browser, Web, a_web

PAGES = (
    "",
    "/documents/1",
    "/1",
    "/1?view=awaited",
    "/1/invite?type=ngo",
    "/1/matrix",
    "/1/steps/courtesy",
    "/answers/1",
)
LADDER = {
    f"step-{name}-{part}": value
    for name, days, by in [
        ("courtesy", "5", "clock"),
        ("reminder-1", "1", "clock"),
        ("reminder-2", "6", "clock"),
        ("reminder-3", "11", "person"),
    ]
    for part, value in [("on", "1"), ("days", days), ("by", by)]
}
SENDING = LADDER | {"due_on": "2026-12-22", "courts_wait": "y"}


def an_answer(uow: UnitOfWork, ask_id: int, clauses: dict[str, dict[str, str]]) -> None:
    values = {"clauses": clauses}
    new = NewAnswer(f"page:{ask_id}", AnswerKind.COMMENTS, Channel.LINK, uow.now, "Our views.", values=values)
    accept(uow, Answer(ask_id, new))


@pytest.fixture
def web(database: URL, tmp_path: Path) -> Iterator[Web]:
    """A round that two were asked in, one of whom commented on clauses 3 and 4; a third was not asked."""
    with a_web(database, tmp_path) as web:
        with web.arrange() as uow:
            seats = [a_seat(uow, "sparc"), a_seat(uow, "ncrc", language="ur", name_ur="قومی کمیشن")]
            a_seat(uow, "late-comer")
            a_round(uow, asking=seats)
            comments = {"3": {"comment": "Add women officers.", "proposed": "Text of 3."}, "4": {"comment": "Drop it."}}
            an_answer(uow, 1, comments)
        yield web


def the_choice(page: str) -> str:
    """The whole choice as the preview carries it."""
    found = re.search(r'name="choice" value="([^"]*)"', page)
    assert found is not None, page[:500]
    return unescape(found[1])


def counted(web: Web, *where: object) -> int:
    with web.arrange() as uow:
        return uow.session.scalar(select(func.count()).select_from(Ask).where(*where)) or 0  # type: ignore[arg-type]


def preview(browser: Browser, *organisations: int, **changes: str) -> str:
    query = "?type=ngo"
    data: dict[str, object] = SENDING | changes | {"organisation": [str(one) for one in organisations]}
    shown = browser.post(f"/consultations/1/invite{query}", data)
    assert shown.status_code == 200, shown.text[:1500]
    return shown.text


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_consultation_opens_in_both_languages(web: Web, path: str, language: str) -> None:
    shown = web.as_role(Role.OFFICER, language).get(f"/consultations{path}")

    assert shown.status_code == 200, shown.text[:800]


def test_a_preview_shows_both_mails_and_who_is_left_out_and_writes_nothing(web: Web) -> None:
    officer = web.as_role()
    before = web.snapshot()

    shown = preview(officer, 3)

    assert "focal.point@late-comer.example" in shown
    assert "it has been asked in this round already" in shown
    assert 'lang="ur" dir="rtl"' in shown
    assert "Tue 22 Dec 2026" in shown
    assert web.snapshot() == before


def test_what_was_previewed_is_sent_once_however_often_the_button_is_pressed(web: Web) -> None:
    officer = web.as_role()
    choice = the_choice(preview(officer, 3))
    data = {"choice": choice, "idempotency_key": "the-same-form"}

    first, second = (officer.post("/consultations/1/send", data) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert counted(web) == 3
    with web.arrange() as uow:
        letter = uow.session.scalars(select(OutboxMessage).where(OutboxMessage.about_id == 3)).one().letter
    assert [one["$enclosure"][1] for one in letter["enclosures"]][0].endswith("-v0.1-en.docx")


def test_nothing_is_sent_when_the_list_has_changed_since_it_was_read(web: Web) -> None:
    officer = web.as_role()
    choice = the_choice(preview(officer, 3))
    with web.arrange() as uow:
        ask = uow.session.get_one(Ask, 1)
        uow.session.get_one(type(ask.seat), 3).address = "another@late-comer.example"

    refused = officer.post("/consultations/1/send", {"choice": choice})

    assert refused.status_code == 303
    assert refused.headers["Location"].endswith("/invite")
    assert counted(web) == 2


def test_a_partner_that_lost_its_tick_is_left_out_because_it_was_taken_out(web: Web) -> None:
    with web.arrange() as uow:
        a_seat(uow, "fourth")

    shown = preview(web.as_role(), 3)

    assert "you took it out" in shown
    assert "focal.point@fourth.example" not in shown


def test_a_due_date_in_the_past_and_too_many_days_are_said_beside_their_fields(web: Web) -> None:
    data = SENDING | {"due_on": "2026-11-01", "step-courtesy-days": "999", "organisation": ["3"]}

    shown = web.as_role().post("/consultations/1/invite?type=ngo", data)

    assert shown.status_code == 422
    assert "The due date must lie after today." in shown.text
    assert "Between 0 and 60 working days." in shown.text
    assert "2026-11-01" in shown.text


def test_a_choice_that_did_not_arrive_whole_is_refused_in_words(web: Web) -> None:
    refused = web.as_role().post("/consultations/1/send", {"choice": '{"choice": {"evil": [1]}}'})

    assert refused.status_code == 409
    assert "did not arrive whole" in refused.text


def test_a_step_is_held_for_one_and_let_go_again(web: Web) -> None:
    officer = web.as_role()

    officer.post("/consultations/1/steps/courtesy/hold?ask_id=2")
    assert "Held" in officer.get("/consultations/1").text

    officer.post("/consultations/1/steps/courtesy/release?ask_id=2")
    assert "Will go" in officer.get("/consultations/1").text


def test_management_reads_a_round_but_may_not_touch_it(web: Web) -> None:
    management = web.as_role(Role.MANAGEMENT)

    shown = management.get("/consultations/1").text
    assert "/close" not in shown
    assert "/hold" not in shown
    assert management.post("/consultations/1/close").status_code == 403
    assert management.get("/consultations/1/invite").status_code == 403


def test_a_court_is_never_shown_as_awaited_or_late(web: Web) -> None:
    with web.arrange() as uow:
        court = a_seat(uow, "court", courtesy=Courtesy.JUDICIARY, type="court")
        a_round(uow, asking=[court])

    shown = web.as_role().get("/consultations/2").text

    assert "With them" in shown
    assert "Reply awaited</span>" not in shown.split("<tbody")[-1]


def test_a_round_page_is_read_in_the_same_few_statements_however_many_were_asked(web: Web) -> None:
    officer = web.as_role()
    with web.counting() as few:
        officer.get("/consultations/1")
    with web.arrange() as uow:
        a_round(uow, asking=[a_seat(uow) for _ in range(30)])
    with web.counting() as many:
        officer.get("/consultations/2")

    assert len(many) == len(few)
    assert len(many) < 30


def test_the_matrix_is_read_in_few_statements(web: Web) -> None:
    officer = web.as_role()
    officer.get("/consultations/1/matrix")

    with web.counting() as statements:
        officer.get("/consultations/1/matrix?clause=3")

    assert len(statements) < 25


def test_the_change_of_a_proposed_text_is_shown_word_by_word(web: Web) -> None:
    shown = web.as_role().get("/consultations/1/matrix?clause=3").text

    assert "Text<ins> of</ins> 3." in shown


def test_a_decision_without_its_reason_keeps_what_was_typed(web: Web) -> None:
    data = {"version": "1", "decision": "not_accepted", "reason": "", "revised": "My new words"}

    shown = web.as_role().post("/consultations/1/comments/1/decide", data)

    assert shown.status_code == 422
    assert "A reason is needed" in shown.text
    assert "My new words" in shown.text


def test_the_second_of_two_officers_sees_both_texts_and_may_still_put_hers_in_place(web: Web) -> None:
    one, other = web.as_role(), web.as_role()
    mine = {"version": "1", "decision": "noted", "reason": "Seen by me"}
    other.post("/consultations/1/comments/1/decide", {"version": "1", "decision": "accepted", "reason": "Theirs"})

    shown = one.post("/consultations/1/comments/1/decide", mine)

    assert shown.status_code == 409
    assert "Theirs" in shown.text
    assert "Seen by me" in shown.text
    with web.arrange() as uow:
        assert uow.session.get_one(Comment, 1).disposition is Disposition.ACCEPTED

    one.post("/consultations/1/comments/1/decide", mine | {"version": "2"})
    with web.arrange() as uow:
        assert uow.session.get_one(Comment, 1).disposition_reason == "Seen by me"


def test_a_decision_is_taken_back_and_a_comment_moved(web: Web) -> None:
    officer = web.as_role()
    officer.post("/consultations/1/comments/2/decide", {"version": "1", "decision": "accepted"})
    officer.post("/consultations/1/comments/2/undo")
    officer.post("/consultations/1/comments/2/place", {"clause": "9"})

    with web.arrange() as uow:
        comment = uow.session.get_one(Comment, 2)
        assert comment.disposition is None
        assert comment.clause is not None
        assert comment.clause.number == "9"


def test_a_comment_is_entered_by_hand_or_its_unknown_clause_is_named(web: Web) -> None:
    officer = web.as_role()
    typed = {"clause": "77", "type": "legal", "text": "From the scan"}

    refused = officer.post("/consultations/answers/1/comments", typed)
    entered = officer.post("/consultations/answers/1/comments", typed | {"clause": "7"})

    assert refused.status_code == 422
    assert "no clause 77" in refused.text
    assert "From the scan" in refused.text
    assert entered.status_code == 303


@pytest.mark.parametrize(("language", "is_turned"), [("en", False), ("ur", True)])
def test_the_matrix_leaves_as_a_workbook_that_no_cache_keeps(web: Web, language: str, is_turned: bool) -> None:
    sent = web.as_role(language=language).get("/consultations/1/matrix.xlsx")

    sheet = load_workbook(BytesIO(sent.data)).worksheets[0]
    assert sent.headers["Cache-Control"] == "no-store"
    assert bool(sheet.sheet_view.rightToLeft) is is_turned
    assert "Add women officers." in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_draft_is_handed_out_as_word_in_the_languages_it_is_written_in(web: Web) -> None:
    officer = web.as_role()

    assert officer.get("/consultations/documents/1/en.docx").data.startswith(b"PK")
    assert officer.get("/consultations/documents/1/ur.docx").status_code == 404


def test_the_next_round_opens_only_when_the_last_is_closed(web: Web) -> None:
    officer = web.as_role()
    officer.post("/consultations/documents/1/rounds")
    assert "/consultations/2" not in officer.get("/consultations").text

    for number in (1, 2):
        officer.post(f"/consultations/1/comments/{number}/decide", {"version": "1", "decision": "accepted"})
    officer.post("/consultations/1/close")
    officer.post("/consultations/documents/1/rounds")
    assert "/consultations/2" in officer.get("/consultations").text


def test_a_mail_in_the_preview_is_served_in_a_sandbox(web: Web) -> None:
    sent = web.as_role().get("/consultations/1/letters/3/2026-12-22/ur")

    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert 'dir="rtl"' in sent.text


def test_the_mail_of_any_recipient_is_read_before_sending_and_courts_come_last(web: Web) -> None:
    with web.arrange() as uow:
        court = a_seat(uow, "a-court", courtesy=Courtesy.JUDICIARY)
        other = a_seat(uow, "z-society")
        ids = (court.organisation_id, other.organisation_id)
        seat_id = court.id
    officer = web.as_role()
    shown = preview(officer, *ids)

    court_shown = officer.post("/consultations/1/read", {"choice": the_choice(shown), "seat": seat_id})

    assert shown.index("focal.point@z-society.example") < shown.index("focal.point@a-court.example")
    assert court_shown.status_code == 200
    assert court_shown.text.index("focal.point@a-court.example") < court_shown.text.index("focal.point@z-society")


def test_a_decision_leads_to_the_next_undecided_comment_and_can_be_taken_back_from_there(web: Web) -> None:
    officer = web.as_role()
    decided = officer.post("/consultations/1/comments/1/decide", {"version": "1", "decision": "accepted"})
    there = decided.headers["Location"]

    assert "clause=4" in there
    assert "/consultations/1/comments/1/undo" in officer.get(there).text


def test_before_anybody_was_asked_a_round_teaches_and_offers_one_act(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, asking=[])

    shown = web.as_role().get("/consultations/2").text

    assert "Nobody has been asked yet" in shown
    assert 'href="/consultations/2/invite"' in shown
    assert "r-coverage" not in shown
    assert "matrix.xlsx" not in shown
    assert shown.count("btn-primary") == 1


def test_an_earlier_answer_still_shows_what_a_later_one_replaced_and_the_later_what_it_repeats(web: Web) -> None:
    with web.arrange() as uow:
        values = {"clauses": {"3": {"comment": "Add women officers.", "proposed": ""}}}
        for key, text in [("a", "Clause 9: at most one hour."), ("b", "Clause 9: at most two hours.")]:
            new = NewAnswer(key, AnswerKind.COMMENTS, Channel.LINK, uow.now, text, values=values)
            last = accept(uow, Answer(2, new)).answer.id
    browser = web.as_role()
    earlier = browser.get(f"/consultations/answers/{last - 1}").get_data(as_text=True)
    later = browser.get(f"/consultations/answers/{last}").get_data(as_text=True)
    assert "A later answer takes its place" in earlier
    assert f'href="/consultations/answers/{last}"' in earlier
    assert "An earlier answer said the same" in later
    assert "at most two hours" in later


def test_more_are_asked_by_the_rounds_own_date_while_it_lies_ahead_and_then_by_the_usual_one(web: Web) -> None:
    browser = web.as_role()
    assert 'value="2026-12-22"' in browser.get("/consultations/1/invite?type=ngo").get_data(as_text=True)
    web.clock.advance(timedelta(days=28))
    shown = web.as_role().get("/consultations/1/invite?type=ngo").get_data(as_text=True)
    assert 'value="2026-12-22"' not in shown
    assert 'value="2027-01-20"' in shown, "twenty working days, Quaid-e-Azam Day and the weekends left out"
