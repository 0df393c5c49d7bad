"""What is written to those invited to a meeting: invitation, update, cancellation."""

from datetime import datetime

from crm.domain.asks.letters import ask_values, seat_values
from crm.domain.asks.models import Ask
from crm.domain.meetings.models import Invitee, Meeting
from crm.itip.invitation import CalendarObject, Method
from crm.links import Links
from crm.mail.letter import Letter, LetterKind

TEMPLATES = {Method.REQUEST: "meetings/invitation", Method.CANCEL: "meetings/cancelled"}


def notice(
    meeting: Meeting,
    invitee: Invitee,
    method: Method,
    now: datetime,
    links: Links,
    unit_name: str,
    reason: str = "",
    time_changed: bool = False,
) -> Letter:
    """The notice of a meeting to one post, with its calendar object (RFC 5546 sections 3.2.2 and 3.2.5).

    The SEQUENCE is part of the key: an update goes once, and a resend is the same mail.
    """
    ask = invitee.ask
    seat, language, page = ask.seat, ask.seat.language, links.page(ask)
    template = "meetings/updated" if method is Method.REQUEST and meeting.sequence else TEMPLATES[method]
    return Letter(
        key=f"meeting:{meeting.id}:sequence:{meeting.sequence}:{method.lower()}:seat:{seat.id}",
        kind=LetterKind.INVITATION,
        to=seat.address,
        to_name=seat.addressed(language),
        language=language,
        template=template,
        context=_context(meeting, ask, page) | {"dated": now, "reason": reason, "time_changed": time_changed},
        about=ask.subject,
        seat_id=seat.id,
        step="request",
        reply_to=links.reply_address(ask),
        calendar=_calendar(meeting, ask, method, now, links.organizer(ask), unit_name, page),
        expires_at=meeting.ends_at,
    )


def _calendar(
    meeting: Meeting, ask: Ask, method: Method, now: datetime, organizer: str, unit_name: str, page: str
) -> CalendarObject:
    language = ask.seat.language
    return CalendarObject(
        method=method,
        uid=meeting.uid,
        sequence=meeting.sequence,
        dtstamp=now,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        summary=meeting.titled(language),
        description="\n".join(part for part in (meeting.agenda, meeting.video_link) if part),
        location=meeting.venue or meeting.video_link,
        organizer=organizer,
        organizer_name=unit_name,
        attendee=ask.seat.address,
        attendee_name=ask.seat.addressed(language),
        url=page,
    )


def _context(meeting: Meeting, ask: Ask, page: str) -> dict[str, object]:
    return {
        "ask": ask_values(ask),
        "to": seat_values(ask),
        "page": page,
        "our_reference": ask.reference,
        "meeting": {
            "title": meeting.title,
            "title_ur": meeting.title_ur or meeting.title,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "venue": meeting.venue,
            "video_link": meeting.video_link,
            "agenda": [line for line in meeting.agenda.splitlines() if line.strip()],
        },
    }
