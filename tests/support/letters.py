"""Mails as partners write them, for tests."""

from email.message import EmailMessage


def a_reply(
    sender: str,
    to: str,
    text: str,
    subject: str = "Re: Views on the draft SOP",
    in_reply_to: str = "",
    message_id: str = "<reply-1@partner.example>",
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """A plain reply; files are (name, content, media type)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Tue, 24 Nov 2026 12:00:00 +0500"
    mail["Message-ID"] = message_id
    if in_reply_to:
        mail["In-Reply-To"] = in_reply_to
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, content, media_type in files:
        kind, _, rest = media_type.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=rest, filename=name)
    return mail.as_bytes()


def a_calendar_reply(
    sender: str, organizer: str, uid: str, partstat: str, sequence: int = 0, stamp: str = "20261124T070000Z"
) -> bytes:
    """What a calendar program sends when somebody presses Accept (RFC 5546 section 3.2.3)."""
    lines = (
        "BEGIN:VCALENDAR",
        "PRODID:-//Some Calendar//EN",
        "VERSION:2.0",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{sequence}",
        f"ORGANIZER:mailto:{organizer}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{sender}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, organizer, "Accepted: workshop"
    mail["Date"] = "Tue, 24 Nov 2026 12:00:00 +0500"
    mail["Message-ID"] = f"<{partstat.lower()}-{sequence}@partner.example>"
    mail.set_content("")
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


def a_bounce(recipient: str, to: str, message_id: str, status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) on one recipient."""
    action = "failed" if status.startswith("5") else "delayed"
    return (
        f"From: MAILER-DAEMON@mx.partner.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Date: Tue, 24 Nov 2026 12:00:00 +0500\r\nMessage-ID: <dsn-1@mx.partner.example>\r\n"
        "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"\r\n\r\n'
        "--dsn\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        "--dsn\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.partner.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} User unknown\r\n\r\n"
        f"--dsn\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n"
        "Subject: Views\r\n\r\n--dsn--\r\n"
    ).encode()
