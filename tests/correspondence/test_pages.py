"""Correspondence on screen: what waits is shown with its likely owner, filed in two clicks, never given out raw."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from crm.audit.models import AuditEntry
from crm.db import db
from crm.domain.accounts.rules import Role
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import DOUBTFUL, AskState
from crm.domain.consultations.models import Comment
from crm.domain.consultations.queries import tally
from crm.domain.consultations.rules import Disposition
from crm.domain.consultations.service import decide
from crm.domain.organisations.queries import seats_with_address
from crm.files.models import Attachment, ScanState
from crm.inbound.models import InboundMail, MailState
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.timeline.service import story_of
from tests.support.builders import LINKS, a_round, a_seat
from tests.support.corpus import multipart
from tests.support.letters import a_reply
from tests.support.rooms import Rooms
from tests.support.web import Web, a_web

SECRETARY = "secretary.sparc@gmail.com"
COMMENTS = "Clause 7: say when arrest is permitted.\n"
CNIC = "35202-1234567-1"
PICTURE = (
    "Content-Type: image/png; name=letter.png\nContent-Disposition: attachment; filename=letter.png\n"
    "Content-Transfer-Encoding: base64\n\n"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NOTES = (
    "Content-Type: text/plain; name=notes.txt; charset=utf-8\nContent-Disposition: attachment; filename=notes.txt\n\n"
    "Clause 9: delay must be limited to one hour."
)


@pytest.fixture
def web(database: URL, tmp_path: Path) -> Iterator[Web]:
    with a_web(database, tmp_path) as web:
        with web.arrange() as uow:
            a_round(uow, asking=[a_seat(uow, "sparc"), a_seat(uow, "ncrc")])
        yield web


def rooms_of(web: Web) -> Rooms:
    with web.app.app_context():
        return Rooms(db.engine, web.ports, web.clock)


def to_the_request(web: Web) -> str:
    with web.arrange() as uow:
        return LINKS.reply_address(uow.session.get_one(Ask, 1))


def a_doubtful_mail(web: Web, body: str = COMMENTS, sender: str = SECRETARY) -> int:
    """The right address, from a sender who is not the post."""
    to = to_the_request(web)
    return rooms_of(web).post(a_reply(sender, to, body), to)


def with_files(web: Web, *parts: str, sender: str = SECRETARY) -> int:
    to = to_the_request(web)
    body = "Content-Type: text/plain; charset=utf-8\n\nPlease see the enclosed letter."
    headers = {"from": f"A <{sender}>", "to": to, "message_id": f"<{len(parts)}.{sender}>", "subject": "Views"}
    return rooms_of(web).post(multipart("mixed", body, *parts, **headers), to)


def mail_of(web: Web, mail_id: int) -> InboundMail:
    with rooms_of(web).reading() as session:
        return session.get_one(InboundMail, mail_id)


def file_of(web: Web, state: ScanState) -> Attachment:
    with rooms_of(web).reading() as session:
        found = [one for one in session.query(Attachment) if one.blob.state is state]
        return found[0]


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("path", ["", "?tab=filed", "?tab=aside", "?tab=all&q=arrest", "/1", "/1?q=sparc"])
def test_every_page_of_correspondence_opens_in_both_languages(web: Web, path: str, language: str) -> None:
    a_doubtful_mail(web)

    shown = web.as_role(language=language).get(f"/correspondence{path}")

    assert shown.status_code == 200, shown.text[:800]


def test_a_waiting_mail_shows_its_likely_owner_and_why_and_is_filed_with_one_press(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    officer = web.as_role()
    shown = officer.get("/correspondence").text
    assert "Organisation ncrc" in shown
    assert "It came to the reply address of this request." in shown

    filed = officer.post(f"/correspondence/{mail_id}/file", {"ask": "1"})

    assert filed.status_code == 303
    assert mail_of(web, mail_id).state is MailState.DONE
    with web.arrange() as uow:
        ask = uow.session.get_one(Ask, 1)
        assert ask.state is AskState.ANSWERED
        assert list(seats_with_address(uow.session, SECRETARY)) == [ask.seat]


def test_the_texts_of_clean_files_become_comments_when_an_officer_files_the_mail(web: Web) -> None:
    mail_id = with_files(web, NOTES)

    web.as_role().post(f"/correspondence/{mail_id}/file", {"ask": "1"})

    shown = web.as_role().get("/consultations/1/matrix?clause=9").text
    assert "delay must be limited to one hour" in shown


def test_a_mail_is_filed_to_another_request_found_by_its_partner_or_number(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    officer = web.as_role()
    with web.arrange() as uow:
        number = uow.session.get_one(Ask, 2).number

    for query in ("sparc", number):
        assert 'name="ask" value="2"' in officer.get(f"/correspondence/{mail_id}?q={query}").text
    officer.post(f"/correspondence/{mail_id}/file", {"ask": "2"})

    with web.arrange() as uow:
        assert [answer.ask_id for answer in uow.session.query(AskAnswer)] == [2]


def test_a_mail_is_set_aside_and_its_request_goes_on_until_it_is_taken_back(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    officer = web.as_role()

    officer.post(f"/correspondence/{mail_id}/aside")
    with web.arrange() as uow:
        assert uow.session.get_one(Ask, 1).paused_at is None
    officer.post(f"/correspondence/{mail_id}/back")
    with web.arrange() as uow:
        assert uow.session.get_one(Ask, 1).paused_at is not None
    assert mail_of(web, mail_id).state is MailState.WAITING


def test_a_held_mail_is_shown_masked_and_its_original_is_never_handed_out(web: Web) -> None:
    mail_id = a_doubtful_mail(web, f"The child Ali, B-Form {CNIC}, aged 12, was arrested.\n")
    officer = web.as_role()
    assert mail_of(web, mail_id).state is MailState.HELD
    assert CNIC not in officer.get(f"/correspondence/{mail_id}").text
    assert officer.get(f"/correspondence/{mail_id}/raw").status_code == 403

    officer.post(f"/correspondence/{mail_id}/release")

    assert mail_of(web, mail_id).state is MailState.WAITING
    assert officer.get(f"/correspondence/{mail_id}/raw").status_code == 403
    assert f"/correspondence/{mail_id}/raw" not in officer.get(f"/correspondence/{mail_id}").text


def test_a_mail_that_may_name_a_child_says_so_to_whoever_reads_it(web: Web) -> None:
    named = a_doubtful_mail(web, "In FIR No. 123/2026 Ahmed s/o Bashir was held.")
    plain = a_doubtful_mail(web, sender="another@sparc.example")
    officer = web.as_role()
    shown = officer.get(f"/correspondence/{named}").get_data(as_text=True)
    assert "This text may name a child" in shown
    assert all(words in shown for words in ("“FIR No. 123/2026”", "“Ahmed s/o Bashir”"))
    assert "may name a child" not in officer.get(f"/correspondence/{plain}").get_data(as_text=True)


def test_the_raw_mail_is_saved_and_never_shown_or_cached(web: Web) -> None:
    mail_id = a_doubtful_mail(web)

    sent = web.as_role().get(f"/correspondence/{mail_id}/raw")

    assert sent.data.startswith(b"From:")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["Cache-Control"] == "no-store"
    assert "sandbox" in sent.headers["Content-Security-Policy"]


def test_a_scan_that_no_machine_reads_is_opened_by_those_who_may_release_it_and_then_by_all(web: Web) -> None:
    with_files(web, PICTURE)
    scan = file_of(web, ScanState.UNREAD)
    officer, auditor = web.as_role(), web.as_role(Role.AUDITOR)
    there = f"/correspondence/files/{scan.id}"
    assert officer.get(there).data.startswith(b"\x89PNG")
    assert auditor.get(there).status_code == 403

    officer.post(f"{there}/release")

    released = file_of(web, ScanState.CLEAN)
    assert released.blob.quarantined_as is None
    assert released.blob.released_by == "Post officer"
    assert auditor.get(there).data.startswith(b"\x89PNG")
    assert officer.post(f"{there}/release").status_code == 303


def test_an_auditor_reads_correspondence_and_changes_nothing(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    auditor = web.as_role(Role.AUDITOR)
    before = web.snapshot()

    assert "File there" not in auditor.get("/correspondence").text
    for act in ("file", "aside", "back", "release"):
        assert auditor.post(f"/correspondence/{mail_id}/{act}", {"ask": "1"}).status_code == 403
    assert auditor.get(f"/correspondence/{mail_id}/raw").status_code == 403
    assert web.snapshot() == before


def test_a_refused_filing_says_why_and_leaves_the_mail_waiting(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    officer = web.as_role()

    officer.post(f"/correspondence/{mail_id}/file", {"ask": ""})

    assert "Kindly choose the request" in officer.get(f"/correspondence/{mail_id}").text
    assert mail_of(web, mail_id).state is MailState.WAITING


def test_the_list_is_read_in_few_statements_however_many_mails_wait(web: Web) -> None:
    officer = web.as_role()
    a_doubtful_mail(web)
    officer.get("/correspondence")
    with web.counting() as few:
        officer.get("/correspondence")
    for place in range(12):
        a_doubtful_mail(web, f"{COMMENTS} {place}", sender=f"office{place}@gmail.com")
    officer.get("/correspondence")
    with web.counting() as many:
        officer.get("/correspondence")

    assert len(many) == len(few)


def unfiled(web: Web, mail_id: int, reason: str = "It is of another office.", role: Role = Role.OFFICER) -> str:
    browser = web.as_role(role)
    browser.post(f"/correspondence/{mail_id}/unfile", {"reason": reason})
    return browser.get(f"/correspondence/{mail_id}").get_data(as_text=True)


def test_a_filing_is_undone_with_a_reason_and_nothing_of_it_is_left_in_the_matrix(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    web.as_role().post(f"/correspondence/{mail_id}/file", {"ask": "1"})
    assert "Take it back" in web.as_role().get(f"/correspondence/{mail_id}").get_data(as_text=True)
    shown = unfiled(web, mail_id)

    assert "It is of another office." in shown
    assert "Filing undone" in shown
    assert mail_of(web, mail_id).state is MailState.WAITING
    with web.arrange() as uow:
        ask, answer = uow.session.get_one(Ask, 1), uow.session.query(AskAnswer).one()
        assert (ask.state, ask.paused_because, answer.archived_at is None) == (AskState.OPEN, DOUBTFUL, False)
        assert tally(uow.session, 1).all == 0
        assert not seats_with_address(uow.session, SECRETARY), "the address is known no longer"
        assert [one.status for one in uow.session.query(OutboxMessage).filter_by(step="receipt")] == [Status.CANCELLED]
        told = {entry.verb: entry.data.get("reason") for entry in story_of(uow.session, ask.asked_about)}
        assert told["answer-taken-back"] == "It is of another office."
        assert uow.session.query(AuditEntry).filter_by(table_name="ask_answer", action="change").count() == 1
    original = web.as_role().get(f"/consultations/answers/{answer.id}").get_data(as_text=True)
    assert "Taken back" in original
    assert "Enter a comment by hand" not in original
    by_hand = {"text": "By hand", "type": "general", "clause": ""}
    refused = web.as_role().post(f"/consultations/answers/{answer.id}/comments", by_hand)
    assert refused.status_code == 422
    with web.arrange() as uow:
        assert tally(uow.session, 1).all == 0


def test_a_mail_that_was_taken_back_is_filed_where_it_belongs_and_the_first_request_goes_on(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    for number in ("1", "2", "1"):
        web.as_role().post(f"/correspondence/{mail_id}/file", {"ask": number})
        with web.arrange() as uow:
            states = {ask.id: (ask.state, ask.paused_because) for ask in uow.session.query(Ask)}
            assert states.pop(int(number)) == (AskState.ANSWERED, "")
            assert list(states.values()) == [(AskState.OPEN, "")]
            assert tally(uow.session, 1).all == 1
        unfiled(web, mail_id)


def test_a_filing_stays_when_a_comment_of_it_is_decided_or_no_reason_is_given(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    web.as_role().post(f"/correspondence/{mail_id}/file", {"ask": "1"})
    assert "Kindly say why it is taken back." in unfiled(web, mail_id, reason=" ")
    with web.arrange() as uow:
        decide(uow, uow.session.query(Comment).one().id, Disposition.ACCEPTED)
    assert "Kindly take that decision back first." in unfiled(web, mail_id)
    assert mail_of(web, mail_id).state is MailState.DONE
    with web.arrange() as uow:
        assert uow.session.get_one(Ask, 1).state is AskState.ANSWERED


def test_only_those_who_file_mail_may_undo_it(web: Web) -> None:
    mail_id = a_doubtful_mail(web)
    web.as_role().post(f"/correspondence/{mail_id}/file", {"ask": "1"})
    assert "Take it back" not in unfiled(web, mail_id, role=Role.AUDITOR)
    assert mail_of(web, mail_id).state is MailState.DONE
