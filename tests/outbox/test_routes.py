"""The outbox: states in plain words, the exact copy, stopping and sending again."""

from email.message import EmailMessage

from sqlalchemy import select

from crm.domain.accounts.rules import Role
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import Status
from tests.support.builders import a_round, a_seat
from tests.support.web import Web

TEXT = "Reference is invited to the draft.\n<script>alert(1)</script>\n"


def a_mail(web: Web, status: Status = Status.ACCEPTED) -> int:
    """One pressed mail with an attachment."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "JJCPU <unit@npb.example>", "Director <focal@org.example>"
    mail["Subject"], mail["Reply-To"] = "Views on the SOP", "reply+token@npb.example"
    mail.set_content(TEXT)
    mail.add_alternative("<p>html</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="letter.pdf")
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow)])
        row = uow.session.scalars(select(OutboxMessage)).one()
        row.status, row.subject_line = status, "Views on the SOP"
        uow.session.add(MessageBytes(message_id=row.id, mime=mail.as_bytes()))
        return row.id


def status_of(web: Web, mail_id: int) -> Status:
    with web.arrange() as uow:
        return uow.session.get_one(OutboxMessage, mail_id).status


def test_states_are_in_plain_words_and_claim_no_delivery(web: Web) -> None:
    a_mail(web)
    page = web.as_role().get("/outbox").text
    assert "Accepted by their server" in page
    assert "Delivered" not in page


def test_the_exact_copy_is_shown_as_text(web: Web) -> None:
    page = web.as_role().get(f"/outbox/{a_mail(web)}").text
    assert "reply+token@npb.example" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "letter.pdf" in page


def test_the_raw_mail_is_saved_byte_for_byte(web: Web) -> None:
    mail_id = a_mail(web)
    answer = web.as_role().get(f"/outbox/{mail_id}/raw")
    with web.arrange() as uow:
        assert answer.data == uow.session.get_one(MessageBytes, mail_id).mime
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_of_a_mail_is_saved_and_others_are_not_found(web: Web) -> None:
    officer, mail_id = web.as_role(), a_mail(web)
    answer = officer.get(f"/outbox/{mail_id}/files/0")
    assert answer.data == b"%PDF-1.7"
    assert "letter.pdf" in answer.headers["Content-Disposition"]
    assert officer.get(f"/outbox/{mail_id}/files/1").status_code == 404


def test_what_waits_is_stopped_by_one_press_and_what_left_is_not(web: Web) -> None:
    officer, mail_id = web.as_role(), a_mail(web, Status.QUEUED)
    officer.post(f"/outbox/{mail_id}/stop")
    assert status_of(web, mail_id) is Status.CANCELLED
    page = officer.post(f"/outbox/{mail_id}/stop", follow_redirects=True).text
    assert "This mail has left already; it cannot be called back." in page


def test_what_failed_leaves_again_with_the_same_identity(web: Web) -> None:
    officer, mail_id = web.as_role(), a_mail(web, Status.FAILED)
    officer.post(f"/outbox/{mail_id}/again")
    assert status_of(web, mail_id) is Status.QUEUED


def test_an_accepted_mail_is_never_sent_again(web: Web) -> None:
    officer, mail_id = web.as_role(), a_mail(web)
    officer.post(f"/outbox/{mail_id}/again")
    assert status_of(web, mail_id) is Status.ACCEPTED


def test_tabs_and_search_narrow_the_list(web: Web) -> None:
    a_mail(web)
    officer = web.as_role()
    assert "Views on the SOP" in officer.get("/outbox?state=sent").text
    assert "No mail here" in officer.get("/outbox?state=waiting").text
    assert "Views on the SOP" in officer.get("/outbox?q=views").text
    assert "No mail here" in officer.get("/outbox?q=100%25").text


def test_the_list_takes_few_statements_and_reads_no_bytes(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow) for _ in range(60)])
    officer = web.as_role()
    with web.counting() as statements:
        assert 'rel="next"' in officer.get("/outbox").text
    assert len([one for one in statements if one.startswith("SELECT")]) <= 6
    assert not [one for one in statements if "mime" in one or "outbox_message.letter" in one]


def test_an_auditor_sees_and_does_not_touch(web: Web) -> None:
    mail_id = a_mail(web, Status.QUEUED)
    assert "Do not send" not in web.as_role(Role.AUDITOR).get(f"/outbox/{mail_id}").text
    assert web.as_role(Role.AUDITOR).post(f"/outbox/{mail_id}/stop").status_code == 403
    assert status_of(web, mail_id) is Status.QUEUED
