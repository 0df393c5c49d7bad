"""Mails as a partner's own mail program and mail server would make them, handed to the same door as all mail."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from html import escape

from crm.demo.mailboxes import Part, Received
from crm.i18n import HOUSE_ZONE
from crm.itip.lines import escaped, folded, quoted
from crm.itip.reply import CalendarReply, read_calendar
from crm.mail.headers import encoded_words

SECONDS = 30.0


class Program(StrEnum):
    """Whose way of quoting a reply follows."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"


class Rsvp(StrEnum):
    """What one presses in a calendar. `counter` proposes the same time a day later (RFC 5546 section 3.2.7)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    COUNTER = "counter"


@dataclass(frozen=True)
class Outgoing:
    """A mail with its envelope; `sender` is empty for <>."""

    sender: str
    to: str
    raw: bytes


@dataclass(frozen=True)
class Pen:
    """Who writes, when, and something unguessable for the Message-ID."""

    name: str
    at: datetime
    secret: str


def hand_over(mail: Outgoing, door: tuple[str, int]) -> None:
    """Deliver by LMTP to `door` (host, port). Raises OSError or smtplib.SMTPException."""
    with smtplib.LMTP(*door, local_hostname="post-office.example", timeout=SECONDS) as post:
        post.sendmail(mail.sender, [mail.to], mail.raw)


def program_of(address: str) -> Program:
    """Half of all partners use the one, half the other."""
    return Program.OUTLOOK if sum(address.encode()) % 2 else Program.GMAIL


def reply(mail: Received, pen: Pen, text: str, files: Sequence[Part] = (), sender: str = "") -> Outgoing:
    """A person's answer, with our mail quoted below it as their program does. `sender`: another address than asked."""
    own = sender or mail.address
    message = _answer(mail, pen, own, mail.reply_to, _again("Re: ", mail.subject))
    plain, html = _quoted(mail, text, program_of(mail.address))
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    for one in files:
        message.add_attachment(one.content, maintype="application", subtype="octet-stream", filename=one.name)
    return Outgoing(own, mail.reply_to, message.as_bytes())


def _answer(mail: Received, pen: Pen, own: str, to: str, subject: str) -> EmailMessage:
    """The head of an answer in the thread (RFC 5322 section 3.6.4)."""
    message = EmailMessage(SMTP)
    message["From"] = f'"{_plain(pen.name)}" <{own}>'
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(pen.at.astimezone(HOUSE_ZONE))
    message["Message-ID"] = f"<{pen.secret}@{own.rpartition('@')[2]}>"
    message["In-Reply-To"] = mail.message_id
    message["References"] = " ".join([*mail.references, mail.message_id])
    return message


def _plain(name: str) -> str:
    return "".join(one for one in name if one.isprintable() and one not in '"\\<>')


def _again(word: str, subject: str) -> str:
    return subject if subject.lower().startswith(word.lower()) else word + subject


def _quoted(mail: Received, text: str, program: Program) -> tuple[str, str]:
    """Text and HTML of a reply with what it answers below."""
    typed = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
    if program is Program.GMAIL:
        at = mail.at.astimezone(HOUSE_ZONE)
        said = f"On {at:%a, %d %b %Y} at {at:%H:%M}, {mail.sender} wrote:"
        below = "\n".join(f"> {line}".rstrip() for line in mail.text.split("\n"))
        html = f'<div class="gmail_quote"><div class="gmail_attr">{escape(said)}</div><blockquote>{_lines(mail.text)}'
        return f"{text}\n\n{said}\n\n{below}\n", f'<div dir="auto">{typed}</div><br>{html}</blockquote></div>'
    rows = {"From": mail.sender, "Sent": f"{mail.at.astimezone(HOUSE_ZONE):%A, %B %d, %Y %I:%M %p}", "To": mail.to}
    head = "\n".join(f"{name}: {value}" for name, value in (rows | {"Subject": mail.subject}).items())
    plain = f"{text}\n\n________________________________\n{head}\n\n{mail.text}\n"
    html = f'<div id="divRplyFwdMsg" dir="ltr">{_lines(head)}</div><div>{_lines(mail.text)}</div>'
    return plain, f'<html><body><div dir="auto">{typed}</div><hr style="width:98%">{html}</body></html>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def calendar_reply(mail: Received, pen: Pen, rsvp: Rsvp, comment: str = "") -> Outgoing:
    """What a calendar sends to the ORGANIZER when its owner presses a button (RFC 6047 section 2.4)."""
    invitation = next(one for one in read_calendar(mail.calendar))
    word = {Rsvp.COUNTER: "New Time Proposed"}.get(rsvp, rsvp.capitalize())
    message = _answer(mail, pen, mail.address, invitation.organizer, f"{word}: {invitation.summary}")
    message.set_content(f"{comment or word}\n")
    message.add_alternative(b"".join(map(folded, _event(invitation, mail, pen, rsvp, comment))).decode(), "calendar")
    part = list(message.iter_parts())[-1]
    part.set_param("method", "COUNTER" if rsvp is Rsvp.COUNTER else "REPLY")
    return Outgoing(mail.address, invitation.organizer, message.as_bytes())


def _event(invitation: CalendarReply, mail: Received, pen: Pen, rsvp: Rsvp, comment: str) -> list[str]:
    later = timedelta(days=1) if rsvp is Rsvp.COUNTER else timedelta(0)
    partstat = "TENTATIVE" if rsvp is Rsvp.COUNTER else rsvp.upper()
    times = [("DTSTART", invitation.start), ("DTEND", invitation.end)]
    return [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{'COUNTER' if rsvp is Rsvp.COUNTER else 'REPLY'}",
        "BEGIN:VEVENT",
        f"UID:{escaped(invitation.uid)}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{_utc(pen.at)}",
        *(f"{name}:{_utc(at + later)}" for name, at in times if at is not None),
        f"SUMMARY:{escaped(invitation.summary)}",
        f"ORGANIZER:mailto:{invitation.organizer}",
        f"ATTENDEE;PARTSTAT={partstat};CN={quoted(pen.name)}:mailto:{mail.address}",
        *([f"COMMENT:{escaped(comment)}"] if comment else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def out_of_office(mail: Received, pen: Pen) -> Outgoing:
    """An absence note to the envelope sender (RFC 3834 sections 3 and 4): it says itself that no person wrote it."""
    message = _answer(mail, pen, mail.address, mail.return_path, f"Automatic reply: {mail.subject}")
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    back = (pen.at + timedelta(days=7)).astimezone(HOUSE_ZONE)
    domain = mail.address.rpartition("@")[2]
    message.set_content(
        f"I am out of the office until {back.day} {back:%B %Y}. For urgent matters kindly contact deputy@{domain}.\n"
    )
    return Outgoing("", mail.return_path, message.as_bytes())


REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{host}>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{secret}@{host}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="report-{secret}"

--report-{secret}
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {host}.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<{address}>: host {host} said: {why}

--report-{secret}
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}
Arrival-Date: {date}

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; {why}

--report-{secret}
Content-Type: text/rfc822-headers

Message-ID: {original}
From: {sender}
To: {address}
Subject: {subject}

--report-{secret}--
"""


def bounce(mail: Received, pen: Pen) -> Outgoing:
    """A delivery report by the partner's mail server: the mailbox does not exist (RFC 3464, 6522, 3463: 5.1.1)."""
    report = REPORT.format(
        host=f"mx.{mail.address.rpartition('@')[2]}",
        to=mail.return_path,
        date=format_datetime(pen.at.astimezone(HOUSE_ZONE)),
        secret=pen.secret,
        address=mail.address,
        why="550 5.1.1 The e-mail account that you tried to reach does not exist",
        original=mail.message_id,
        sender=mail.sender_address,
        subject=encoded_words(mail.subject).replace("\r\n", "\n"),
    )
    return Outgoing("", mail.return_path, report.replace("\n", "\r\n").encode("ascii"))
