"""The private page: what a partner sees, sends, keeps and gets, without an account and without a script."""

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from crm.domain.asks import service as asks
from crm.domain.asks.models import AnswerDraft, Ask, AskAnswer
from crm.domain.asks.rules import AskState
from crm.domain.consultations.models import Comment, ConsultationRound, Question
from crm.domain.consultations.rules import CommentPlace, QuestionType
from crm.domain.meetings import service as meetings
from crm.domain.meetings.models import Invitee
from crm.domain.meetings.rules import PartStat
from crm.domain.meetings.service import Plan
from crm.files.models import Attachment
from crm.links import Purpose
from crm.mail.letter import LetterKind
from crm.outbox.models import OutboxMessage
from tests.support.builders import LINKS, a_round, a_seat
from tests.support.web import Browser, Web

BFORM = "35202-1234567-1"
START = datetime.combine(date(2027, 1, 21), time(10))


@dataclass
class Partner:
    """Somebody with a private link in a browser of their own."""

    web: Web
    browser: Browser
    token: str
    ask_id: int

    @property
    def address(self) -> str:
        return f"/a/{self.token}"

    def get(self, rest: str = "") -> TestResponse:
        return self.browser.get(self.address + rest)

    def text(self, rest: str = "") -> str:
        return self.get(rest).get_data(as_text=True)

    def press(self, act: str, **fields: Any) -> TestResponse:
        data = {"act": act} | fields
        return self.browser.post(f"{self.address}/answer", data, content_type="multipart/form-data")

    def follow(self, response: TestResponse) -> str:
        """The page that a redirect leads to, as a browser takes it: seen from the form's own address."""
        assert response.status_code == 303, response.get_data(as_text=True)[:2000]
        where = urljoin(f"http://localhost{self.address}/answer", response.location)
        return self.browser.get(where.removeprefix("http://localhost")).get_data(as_text=True)

    def ask(self) -> Ask:
        return self.rows(Ask)[0]

    def answers(self) -> list[AskAnswer]:
        return self.rows(AskAnswer)

    def rows(self, table: Any) -> list[Any]:
        with self.web.arrange() as uow:
            found = list(uow.session.scalars(select(table)))
            uow.session.expunge_all()
            return found


def a_partner(web: Web, what: str = "round", **seat: Any) -> Partner:
    """A partner who was asked for comments, or invited to a meeting."""
    with web.arrange() as uow:
        place = a_seat(uow, **seat)
        if what == "round":
            consultation = a_round(uow, [place])
            _questions(consultation)
        else:
            meeting = meetings.plan_meeting(uow, Plan("Validation workshop", START, 180, venue="Hall"))
            meetings.invite(uow, meeting.id, [place])
        ask = uow.session.scalars(select(Ask)).one()
        token = LINKS.token(Purpose.PAGE, ask)
        return Partner(web, web.anyone(), token, ask.id)


def _questions(consultation: ConsultationRound) -> None:
    def question(place: int, code: str, kind: QuestionType, text: str, **more: Any) -> Question:
        return Question(place=place, code=code, type=kind, text=text, **more)

    single = ["Support", "Do not support"]
    consultation.questions += [
        question(1, "Q1", QuestionType.SINGLE, "Can you support it?", options=single, is_required=True),
        question(2, "Q2", QuestionType.CLAUSE_COMMENTS, "By clause"),
        question(3, "Q3", QuestionType.TEXT, "For the police only?", audience=["police"]),
        question(4, "Q4", QuestionType.SINGLE_TEXT, "Is it right?", options=["Shorter", "Right"]),
        question(5, "Q5", QuestionType.MATRIX, "At what cost?", options=["Low", "High"], rows=["A", "B"]),
    ]


@pytest.fixture
def partner(web: Web) -> Partner:
    return a_partner(web)


@pytest.fixture
def invited(web: Web) -> Partner:
    return a_partner(web, "meeting")


def test_the_page_says_what_is_asked_of_whom_and_by_when(partner: Partner) -> None:
    shown = partner.text()
    assert "Kindly comment on: SOP on First Contact" in shown
    assert "Director (Legal)" in shown
    assert "Tue 22 Dec 2026" in shown
    assert "Can you support it?" in shown
    assert "For the police only?" not in shown


def test_the_page_speaks_the_language_of_the_post_and_can_be_turned(web: Web) -> None:
    partner = a_partner(web, language="ur")
    assert '<html lang="ur" dir="rtl"' in partner.text()
    assert '<html lang="en" dir="ltr"' in partner.text("?lang=en")


def test_looking_changes_nothing(partner: Partner) -> None:
    before = partner.web.snapshot()
    for rest in ("", "?lang=ur", "/text.docx", "/text.txt", "/draft.docx"):
        assert partner.get(rest).status_code == 200
    assert partner.web.snapshot() == before


def test_what_a_form_leaves_in_the_address_bar_can_be_reloaded_and_turned(partner: Partner) -> None:
    turned = re.search(r'href="([^"]+)" lang="ur"', partner.press("send").get_data(as_text=True))
    assert turned is not None
    assert partner.browser.get(turned[1]).status_code == 200
    assert partner.get("/answer").location == "./"


def test_the_page_is_small_whole_and_needs_no_script(partner: Partner) -> None:
    content = partner.get().data
    assert len(content) <= 100_000
    assert content.count(b"<script") == 2, "only those that keep the draft and bring its files"
    assert b" onclick" not in content


def test_comments_come_with_their_clauses_and_lead_to_a_receipt(partner: Partner) -> None:
    fields = {"q-Q1": "Support", "comment-20": "Two hours is long.", "proposed-20": "one hour", "text": "A fine draft."}
    receipt = partner.follow(partner.press("send", **fields))
    [answer] = partner.answers()
    assert answer.receipt in receipt
    assert "Two hours is long." in receipt
    assert "in time" in receipt
    assert answer.channel == "link"
    assert answer.values["questions"] == {"Q1": {"choice": "Support"}}
    assert partner.ask().state is AskState.ANSWERED
    placed = [one for one in partner.rows(Comment) if one.place is CommentPlace.CLAUSE]
    assert [(one.text, one.proposed) for one in placed] == [("Two hours is long.", "one hour")]
    assert [one.text for one in partner.rows(Comment) if one.place is CommentPlace.TRAY] == ["A fine draft."]


def test_a_receipt_goes_to_the_post_by_mail_too(partner: Partner) -> None:
    partner.press("nil")
    partner.press("usual", usual="nil")
    assert [one.kind for one in partner.rows(OutboxMessage)].count(LetterKind.RECEIPT) == 1


def test_a_double_click_makes_one_answer_and_leads_to_the_same_receipt(partner: Partner) -> None:
    first = partner.press("send", text="Our views.", idempotency_key="once")
    second = partner.press("send", text="Our views.", idempotency_key="once")
    assert first.location == second.location
    assert len(partner.answers()) == 1


def test_an_old_page_sent_again_with_other_words_is_another_answer(partner: Partner) -> None:
    partner.press("send", text="Our views.", idempotency_key="once")
    partner.press("send", text="Our views, better put.", idempotency_key="once")
    assert [one.text for one in partner.answers()] == ["Our views.", "Our views, better put."]


@pytest.mark.parametrize(
    ("usual", "fields", "said", "state"),
    [
        ("nil", {}, "", AskState.NIL),
        ("regret", {"note": "No capacity."}, "No capacity.", AskState.DECLINED),
        ("under-process", {"until": "2026-12-28"}, "Time is needed until Mon 28 Dec 2026.", AskState.OPEN),
        ("not-ours", {"belongs_to": "Law Department"}, "The subject belongs to Law Department.", AskState.OPEN),
        ("forwarded", {"forwarded_to": "IG Office"}, "It was forwarded to IG Office.", AskState.OPEN),
        ("interim", {"note": "Views follow."}, "Views follow.", AskState.OPEN),
    ],
)
def test_the_usual_answers_are_a_button_each(
    partner: Partner, usual: str, fields: dict[str, str], said: str, state: AskState
) -> None:
    partner.follow(partner.press("usual", usual=usual, **fields))
    [answer] = partner.answers()
    assert (answer.kind, answer.text) == ("declined" if usual == "regret" else usual, said)
    assert partner.ask().state is state
    assert (partner.ask().paused_at is not None) == (state is AskState.OPEN)


def test_whoever_is_not_the_right_officer_names_the_post_that_is(partner: Partner) -> None:
    partner.follow(partner.press("not-me", post="Director (Training)", address="training@org.example"))
    [answer] = partner.answers()
    assert answer.text == "The right officer is: Director (Training) training@org.example."
    assert partner.ask().paused_at is not None


def test_a_usual_answer_without_its_date_comes_back_open_with_the_reason(partner: Partner) -> None:
    for until in ("", "2026-11-01", "soon"):
        response = partner.press("usual", usual="under-process", until=until, note="Being looked at")
        shown = response.get_data(as_text=True)
        assert response.status_code == 422
        assert "Being looked at" in shown
        assert 'id="under-process-until"' in shown
    assert partner.answers() == []


def test_a_draft_is_kept_for_return_and_gone_when_it_is_sent(partner: Partner) -> None:
    shown = partner.follow(partner.press("save", **{"comment-8": "Half a thought", "text": "General"}))
    assert "Half a thought" in shown
    assert "Saved" in shown
    assert "Half a thought" in partner.text(), "another day, another visit"
    assert partner.answers() == []
    partner.press("send", **{"comment-8": "A whole thought"})
    assert partner.rows(AnswerDraft) == []


def test_the_draft_is_kept_while_it_is_written(partner: Partner) -> None:
    response = partner.browser.post(f"{partner.address}/draft", {"text": "So far"})
    assert response.status_code == 204
    assert partner.rows(AnswerDraft)[0].values["text"] == "So far"


def test_the_draft_can_be_taken_to_a_superior_as_word(partner: Partner) -> None:
    partner.press("save", text="For the chief to see")
    response = partner.get("/draft.docx")
    assert response.data.startswith(b"PK")
    assert "attachment" in response.headers["Content-Disposition"]


def test_an_under_process_reply_keeps_the_draft(partner: Partner) -> None:
    partner.press("save", text="Half written")
    partner.press("usual", usual="under-process", until="2026-12-28")
    assert partner.rows(AnswerDraft)[0].values["text"] == "Half written"


def test_files_come_along_and_are_named_on_the_receipt(partner: Partner) -> None:
    files = [(BytesIO(b"20. Two hours is too long.\n"), "views.txt"), (BytesIO(b"More views"), "more.txt")]
    receipt = partner.follow(partner.press("send", files=files))
    assert "views.txt" in receipt
    assert sorted(one.name for one in partner.rows(Attachment)) == ["more.txt", "views.txt"]


def test_a_file_saved_with_the_draft_is_sent_with_the_answer_unless_removed(partner: Partner) -> None:
    files = [(BytesIO(b"one"), "one.txt"), (BytesIO(b"two"), "two.txt")]
    shown = partner.follow(partner.press("save", files=files))
    assert "one.txt" in shown
    removed = re.search(r'name="remove" value="([0-9a-f]{64})"', shown)
    assert removed is not None
    partner.press("", remove=removed[1])
    partner.press("send", text="See the file.")
    assert [one.name for one in partner.rows(Attachment)] == ["two.txt"]


def test_a_childs_number_is_not_stored_and_the_page_comes_back_with_everything(partner: Partner) -> None:
    fields = {"comment-9": f"The boy, B-Form {BFORM}, was held.", "text": "General words"}
    response = partner.press("send", files=[(BytesIO(b"our views"), "views.txt")], **fields)
    shown = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f"“{BFORM}”\u2069 looks like the identity number" in shown
    assert 'href="#comment-9"' in shown
    assert "General words" in shown
    assert "views.txt" in shown, "the file stays attached"
    assert partner.answers() == []
    assert BFORM not in str(partner.web.snapshot())


def test_wording_that_may_name_a_child_is_taken_and_pointed_out(partner: Partner) -> None:
    receipt = partner.follow(partner.press("send", text="In FIR No. 123/2026 the officer waited two hours."))
    assert "This text may name a child: \u2068“FIR No. 123/2026”" in receipt
    assert len(partner.answers()) == 1


def test_a_childs_number_in_a_draft_is_not_kept_either(partner: Partner) -> None:
    partner.press("save", text="Good words")
    response = partner.browser.post(f"{partner.address}/draft", {"text": f"B-Form {BFORM}"})
    assert response.status_code == 422
    assert partner.rows(AnswerDraft)[0].values["text"] == "Good words"


def test_a_childs_number_in_a_file_keeps_that_file_out(partner: Partner) -> None:
    files = [(BytesIO(f"Child: {BFORM}".encode()), "list.txt"), (BytesIO(b"views"), "views.txt")]
    response = partner.press("send", text="See the files.", files=files)
    shown = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "list.txt holds what looks like the identity number" in shown
    assert "views.txt" in shown
    assert BFORM.encode() not in b"".join(partner.web.ports.blobs.content.values())  # type: ignore[attr-defined]


def test_a_program_is_not_taken_and_the_reason_is_said(partner: Partner) -> None:
    response = partner.press("send", text="Run this.", files=[(BytesIO(b"MZ" + b"\0" * 200), "views.exe")])
    assert response.status_code == 422
    assert "views.exe was not taken" in response.get_data(as_text=True)


def test_an_empty_answer_comes_back_with_a_sentence(partner: Partner) -> None:
    response = partner.press("send")
    assert response.status_code == 422
    assert "Nothing is written yet." in response.get_data(as_text=True)


def test_a_needed_question_is_asked_for_only_where_questions_are_the_whole_answer(partner: Partner) -> None:
    assert partner.press("send", **{"q-Q4": "Right"}).status_code == 422
    assert partner.press("send", **{"q-Q5-A": "Low", "text": "Words"}).status_code == 303


def test_a_page_that_was_open_too_long_comes_back_with_everything_typed(partner: Partner) -> None:
    response = partner.press("send", csrf_token="stale", text="An hour of work", **{"comment-3": "Careful words"})
    shown = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "An hour of work" in shown
    assert "Careful words" in shown
    assert partner.answers() == []


def test_a_late_answer_is_taken_and_marked(partner: Partner) -> None:
    partner.web.clock.moment += timedelta(days=60)
    assert "marked late" in partner.text()
    receipt = partner.follow(partner.press("send", text="Late, with regret."))
    assert "after the date" in receipt
    assert partner.answers()[0].is_late


def test_a_closed_round_still_takes_an_answer(partner: Partner) -> None:
    with partner.web.arrange() as uow:
        consultation = uow.session.scalars(select(ConsultationRound)).one()
        consultation.close(uow.now, uow.today, undecided=0)
    partner.follow(partner.press("send", text="After the close."))
    assert partner.ask().state is AskState.ANSWERED


def test_an_answer_can_be_read_and_changed_by_the_same_link(partner: Partner) -> None:
    partner.press("send", text="First words", **{"comment-4": "On four"})
    shown = partner.text()
    assert "We have your answer of" in shown
    assert "On four" in shown
    partner.follow(partner.press("send", text="Second words"))
    assert len(partner.answers()) == 2


def test_a_withdrawn_request_says_so_and_names_whom_to_write_to(partner: Partner) -> None:
    with partner.web.arrange() as uow:
        asks.withdraw(uow, partner.ask_id, "overtaken")
    shown = partner.text()
    assert "This request was withdrawn" in shown
    assert f"unit@{LINKS.domain}" in shown
    response = partner.press("send", text="Words that must not be lost")
    assert response.status_code == 409
    assert "Words that must not be lost" in response.get_data(as_text=True)
    assert partner.answers() == []


def wrong_links(partner: Partner) -> dict[str, str]:
    """One of each kind: cut short, altered, of another purpose, of no request, revoked."""
    with partner.web.arrange() as uow:
        ask = uow.session.get_one(Ask, partner.ask_id)
        other = LINKS.token(Purpose.REPLY, ask)
        ask.nonce = uow.nonce()
    good = partner.token
    return {
        "malformed": good[:20],
        "altered": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "another purpose": other,
        "no such request": good[:2] + "zzzzzzz" + good[9:],
        "revoked": good,
    }


def test_every_wrong_link_gets_the_same_page(partner: Partner) -> None:
    responses = [partner.web.anyone().get(f"/a/{token}") for token in wrong_links(partner).values()]
    assert {response.status_code for response in responses} == {404}
    assert len({response.data for response in responses}) == 1
    assert "This link does not open" in responses[0].get_data(as_text=True)
    heads = [{name: value for name, value in one.headers if "Security-Policy" not in name} for one in responses]
    assert all(head == heads[0] for head in heads)


def test_every_wrong_link_costs_the_same_statements(partner: Partner) -> None:
    counted = []
    for token in wrong_links(partner).values():
        with partner.web.counting() as statements:
            partner.web.anyone().get(f"/a/{token}")
        counted.append(len(statements))
    assert max(counted) - min(counted) <= 1, "the first try of a source writes its row, later ones read it"


def test_ten_wrong_links_in_a_minute_brake_the_source_but_no_good_link(partner: Partner) -> None:
    browser = partner.web.anyone()
    statuses = [browser.get("/a/nonsense").status_code for _ in range(12)]
    assert statuses == [404] * 10 + [429] * 2
    assert partner.get().status_code == 200
    partner.web.clock.advance(timedelta(minutes=2))
    assert browser.get("/a/nonsense").status_code == 404


def test_a_receipt_of_another_request_is_not_shown(web: Web) -> None:
    partner = a_partner(web)
    location = partner.press("send", text="Ours").location
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow)])
        other = uow.session.scalars(select(Ask).order_by(Ask.id.desc())).first()
        assert other is not None
        token = LINKS.token(Purpose.PAGE, other)
    assert web.anyone().get(f"/a/{token}/{location}").status_code == 404
    assert partner.get(f"/{location}").status_code == 200


def test_the_link_stands_in_no_header_and_no_log(partner: Partner, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    responses = [
        partner.get(),
        partner.press("save", text="Words"),
        partner.press("send", text="Words"),
        partner.press("send"),
        partner.get("/text.docx"),
        partner.get("/draft.docx"),
        partner.web.anyone().get(partner.address[:-1]),
    ]
    said = "\n".join(f"{name}: {value}" for one in responses for name, value in one.headers)
    assert partner.token not in said
    assert partner.token not in caplog.text
    assert all(one.headers["Cache-Control"] == "no-store" for one in responses)
    assert all(one.headers["Referrer-Policy"] == "no-referrer" for one in responses)


def test_more_than_can_be_taken_is_said_in_a_sentence(partner: Partner) -> None:
    partner.web.app.config["MAX_CONTENT_LENGTH"] = 1000
    response = partner.press("send", files=[(BytesIO(b"x" * 5000), "big.txt")])
    assert response.status_code == 413
    assert "35 MB" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "standing"),
    [
        ("accept", PartStat.ACCEPTED),
        ("decline", PartStat.DECLINED),
        ("tentative", PartStat.TENTATIVE),
        ("deputy", PartStat.DELEGATED),
    ],
)
def test_an_invitation_is_answered_as_in_a_calendar(invited: Partner, act: str, standing: PartStat) -> None:
    assert "Thu 21 Jan 2027, 10:00 am PKT" in invited.text()
    invited.follow(invited.press(act, note="With thanks", deputy="Ms A, Deputy Director"))
    [invitee] = invited.rows(Invitee)
    assert invitee.partstat is standing
    assert "With thanks" in invitee.comment
    assert invitee.delegate == ("Ms A, Deputy Director" if act == "deputy" else "")


def test_a_deputy_needs_a_name(invited: Partner) -> None:
    assert invited.press("deputy", note="Somebody comes").status_code == 422
    assert invited.answers() == []


def test_the_invitation_can_be_taken_as_a_calendar_file(invited: Partner) -> None:
    content = invited.get("/invitation.ics").data
    assert b"METHOD:REQUEST" in content
    assert LINKS.organizer(invited.ask()).encode() in content.replace(b"\r\n ", b"")


def test_a_cancelled_meeting_asks_for_nothing(invited: Partner) -> None:
    with invited.web.arrange() as uow:
        meetings.cancel(uow, 1, "the hall is closed")
    shown = invited.text()
    assert "cancelled" in shown
    assert 'value="accept"' not in shown
    assert invited.get("/invitation.ics").status_code == 404
