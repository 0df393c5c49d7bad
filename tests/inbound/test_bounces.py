"""A returned mail is read recipient by recipient, whichever mail system wrote it."""

import pytest

from crm.inbound.classify import MailClass
from crm.inbound.reading import Reading, read
from crm.inbound.verdicts import Kind, judge
from tests.support.corpus import multipart, written_mail

DAEMON = {
    "from": "Mail Delivery System <MAILER-DAEMON@mx.example>",
    "return_path": "<>",
    "subject": "Undelivered Mail Returned to Sender",
}


def report(*blocks: str, notice: str = "Could not be delivered.") -> Reading:
    """A delivery report (RFC 3464) with these recipient blocks and an enclosed original."""
    status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n" + "\n\n".join(blocks) + "\n"
    original = "Content-Type: message/rfc822\n\nMessage-ID: <ask.7@crm.example.org>\nTo: a@x.pk\n\nHello\n"
    words = f"Content-Type: text/plain\n\n{notice}\n"
    return read(multipart("report; report-type=delivery-status", words, status, original, **DAEMON))


def returned(text: str, **headers: str) -> Reading:
    """A bounce in plain words."""
    return read(written_mail(text, **{**DAEMON, **headers}))


def test_each_recipient_of_a_report_is_judged_alone() -> None:
    reading = report(
        "Final-Recipient: rfc822; gone@x.pk\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 "
        "User unknown",
        "Final-Recipient: rfc822; full@x.pk\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 "
        "Mailbox full",
        "Final-Recipient: rfc822; slow@x.pk\nAction: delayed\nStatus: 4.4.1",
        "Final-Recipient: rfc822; fine@x.pk\nAction: relayed\nStatus: 2.0.0",
    )
    assert reading.mail_class is MailClass.BOUNCE
    assert {one.recipient: one.kind for one in reading.bounces} == {
        "gone@x.pk": Kind.HARD,
        "full@x.pk": Kind.SOFT,
        "slow@x.pk": Kind.DELAYED,
    }
    assert {one.original_message_id for one in reading.bounces} == {"ask.7@crm.example.org"}


def test_the_address_we_wrote_to_is_kept_beside_the_one_that_failed() -> None:
    reading = report(
        "Original-Recipient: rfc822;office@x.pk\nFinal-Recipient: rfc822;khan@y.pk\nAction: failed\nStatus: 5.1.1"
    )
    assert (reading.bounces[0].recipient, reading.bounces[0].mailed) == ("khan@y.pk", "office@x.pk")


def test_an_address_that_is_none_gives_way_to_the_one_we_wrote_to() -> None:
    reading = report(
        "Original-Recipient: rfc822;a@x.pk\nFinal-Recipient: rfc822;@relay:a@server\nAction: failed\nStatus: 5.2.0"
    )
    assert reading.bounces[0].recipient == "a@x.pk"


def test_fields_in_one_block_without_blank_lines_are_told_apart() -> None:
    first = "Final-Recipient: rfc822; a@x.pk\nAction: failed\nStatus: 5.1.1"
    reading = report(f"{first}\nFinal-Recipient: rfc822; b@x.pk\nAction: failed\nStatus: 4.2.2")
    assert [(one.recipient, one.kind) for one in reading.bounces] == [("a@x.pk", Kind.HARD), ("b@x.pk", Kind.SOFT)]


def test_an_internationalised_address_is_unescaped() -> None:
    reading = report("Final-Recipient: utf-8; r\\x{E9}gis@x.pk\nAction: failed\nStatus: 5.1.1")
    assert reading.bounces[0].recipient == "régis@x.pk"


def test_a_report_of_success_is_no_failure() -> None:
    assert report("Final-Recipient: rfc822; a@x.pk\nAction: delivered\nStatus: 2.1.5").bounces == ()


FAMILIES = {
    "qmail": "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your "
    "message to the following "
    "addresses.\nThis is a permanent error; I've given up.\n\n<gone@x.pk>:\nSorry, no mailbox here by that "
    "name. (#5.1.1)\n\n"
    "--- Below this line is a copy of the message.\n\nTo: other@x.pk\n",
    "Exim": "This message was created automatically by mail delivery software.\n\nA message that you sent could "
    "not be delivered to one "
    "or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  gone@x.pk\n  "
    "  Unrouteable "
    "address\n\n------ This is a copy of the message, including all the headers. ------\nTo: other@x.pk\n",
    "Postfix": "I'm sorry to have to inform you that your message could not\nbe delivered to one or more "
    "recipients.\n\n<gone@x.pk>: host "
    "mx.x.pk[192.0.2.1] said: 550 5.1.1 <gone@x.pk>: Recipient address\n    rejected: User unknown (in reply to "
    "RCPT TO command)\n",
    "sendmail": "   ----- The following addresses had permanent fatal errors -----\n<gone@x.pk>\n\n   ----- "
    "Transcript of session "
    "follows -----\n... while talking to mx.x.pk.:\n>>> RCPT To:<gone@x.pk>\n<<< 550 5.1.1 <gone@x.pk>... User "
    "unknown\n",
    "Exchange": "Your message\n\n  To:      gone@x.pk\n  Subject: Consultation\n\ndid not reach the following "
    "recipient(s):\n\ngone@x.pk on "
    "Fri, 18 Oct 2025 09:13:24 -0600\n    The recipient name is not recognized\n",
    "Gmail": "Delivery to the following recipient failed permanently:\n\n     gone@x.pk\n\nTechnical details of "
    "permanent failure:\n"
    "550 5.1.1 The email account that you tried to reach does not exist.\n\n----- Original message -----\nTo: "
    "other@x.pk\n",
    "Notes": "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\ngone@x.pk\n\n"
    "------- Returned Message --------\nTo: other@x.pk\n",
    "X.400": "Your message could not be delivered to the following recipients:\n\n  Recipient address: "
    "gone@x.pk\n  Reason: Unknown "
    "recipient\n  Diagnostic: unrecognised O/R name\n",
    "OpenSMTPD": "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error "
    "has occurred while attempting "
    "to deliver a message for\n    the following list of recipients:\n\ngone@x.pk: 550 5.1.1 User unknown\n\n"
    "    Below is a copy of the original message:\n\nTo: other@x.pk\n",
    "old sendmail": "   ----- Transcript of session follows -----\n554 <gone@x.pk>... 550 Host unknown "
    "(Authoritative answer)\n\n"
    "   ----- Unsent message follows -----\nTo: other@x.pk\n",
    "reason first": "Your message:\n   From:    consult@crm.example.org\n   Subject: Consultation\nCould not be "
    "delivered because of\n\n"
    "550 5.1.1 User unknown\n\nThe following recipients were affected:\n    gone@x.pk\n",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_words_of_mail_systems_name_whom_they_could_not_reach(family: str) -> None:
    reading = returned(FAMILIES[family])
    assert reading.mail_class is MailClass.BOUNCE
    assert [(one.recipient, one.kind) for one in reading.bounces] == [("gone@x.pk", Kind.HARD)]


def test_a_header_that_names_the_failed_beats_the_text() -> None:
    reading = returned("Something failed for other@x.pk: user unknown", x_failed_recipients="one@x.pk, two@x.pk")
    assert [one.recipient for one in reading.bounces] == ["one@x.pk", "two@x.pk"]


def test_a_warning_that_delivery_is_delayed_is_not_final() -> None:
    text = (
        "A message that you sent has not yet been delivered to all its recipients\nafter more than 24 hours on "
        "the queue.\n"
        "The address to which the message has not yet been delivered is:\n\n  slow@x.pk\n\nNo action is "
        "required on your part.\n"
    )
    reading = returned(text, subject="Warning: message delayed 24 hours")
    assert [(one.recipient, one.kind) for one in reading.bounces] == [("slow@x.pk", Kind.DELAYED)]


def test_a_vacation_message_from_the_null_sender_is_no_bounce() -> None:
    reading = read(written_mail("I am away until Monday.", return_path="<>", subject="Automatic reply: Consultation"))
    assert reading.mail_class is MailClass.AUTO


def test_a_persons_letter_on_failed_delivery_is_no_bounce() -> None:
    text = "The letter could not be delivered to the following office: Home Department (home@punjab.example)."
    assert read(written_mail(text, subject="Delivery failure of the letter")).mail_class is MailClass.HUMAN
    from_post = {"from": "Postmaster General <pmg@post.example>", "subject": "Comments on the SOP"}
    assert read(written_mail("The delivery failed to reach the child.", **from_post)).mail_class is MailClass.HUMAN


def test_a_bounce_without_a_named_recipient_still_names_our_mail() -> None:
    reading = returned(
        "Hi. This is the qmail-send program.\nI failed.\n\n--- Below this line is a copy of the message.\n\n"
        "Message-ID: <ask.7@crm.example.org>\n"
    )
    assert (reading.bounces, reading.evidence.enclosed_message_id) == ((), "ask.7@crm.example.org")


def test_a_person_who_writes_of_a_failed_mail_is_no_bounce() -> None:
    reading = read(
        written_mail("Your mail to him could not be delivered, he has a new address: b@x.pk", return_path="<a@x.pk>")
    )
    assert reading.mail_class is MailClass.HUMAN
    assert reading.bounces == ()


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "550 5.1.1 User unknown", Kind.HARD),
        ("5.1.2", "Host not found", Kind.HARD),
        ("5.1.10", "RESOLVER.ADR.RecipNotFound", Kind.HARD),
        ("5.0.0", "550 No such user here", Kind.HARD),
        ("", "550 5.7.27 host does not accept mail", Kind.HARD),
        ("5.2.2", "Mailbox full", Kind.SOFT),
        ("5.1.1", "552 5.2.2 Over quota", Kind.SOFT),
        ("5.2.1", "account disabled", Kind.SOFT),
        ("5.3.4", "message too big", Kind.SOFT),
        ("5.7.1", "blocked using zen.spamhaus.org", Kind.SOFT),
        ("5.1.8", "Domain of sender address does not exist", Kind.SOFT),
        ("4.2.2", "452 mailbox full", Kind.SOFT),
        ("4.1.1", "450 user unknown in virtual alias table", Kind.SOFT),
        ("5.0.0", "something odd", Kind.SOFT),
        ("", "550 user unknown (in reply to end of DATA command)", Kind.SOFT),
    ],
)
def test_only_an_address_that_is_gone_is_hard(status: str, words: str, kind: Kind) -> None:
    assert judge(status, words).kind is kind
