"""A meeting as a calendar file for an officer's own diary (RFC 5545; RFC 5546 section 3.2.1: PUBLISH)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from crm.domain.meetings.models import Meeting


def calendar_file(meeting: Meeting, now: datetime) -> bytes:
    """One event to look at, not an invitation: no attendee, the same UID as the invitations."""
    zone, event, calendar = ZoneInfo(meeting.zone), Event(), Calendar()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title)
    for name, text in (("location", meeting.venue or meeting.video_link), ("description", meeting.agenda)):
        if text:
            event.add(name, text)
    calendar.add("prodid", "-//National Police Bureau//Rabta//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
