"""REQUEST, CANCEL and DECLINECOUNTER as bytes (RFC 5545, 5546 section 3.2, 6047 section 2.4)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crm.itip.invitation import CalendarObject, Method
from crm.itip.lines import escaped, folded, one_line, quoted

PRODUCT = "-//National Police Bureau//Rabta//EN"
OWN_ZONE = "Asia/Karachi"
# Pakistan kept summer time in 2002, 2008 and 2009; the block below is true only after them.
FIRST_YEAR_WITHOUT_SUMMER_TIME = 2010
ZONE_BLOCK = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Karachi",
    "X-LIC-LOCATION:Asia/Karachi",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0500",
    "TZOFFSETTO:+0500",
    "TZNAME:PKT",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_URL = re.compile(r"https?://[!-~]+")


def calendar_bytes(event: CalendarObject) -> bytes:
    """One VCALENDAR with one VEVENT: CRLF, folded, no empty line. The same bytes for both copies in the mail."""
    local = _has_own_zone(event)
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{event.method}",
        *(ZONE_BLOCK if local else ()),
        "BEGIN:VEVENT",
        *_event(event, local),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(event: CalendarObject, local: bool) -> Iterator[str]:
    yield f"UID:{escaped(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(event.dtstamp)}"
    yield f"DTSTART{_time(event.starts_at, local)}"
    yield f"DTEND{_time(event.ends_at, local)}"
    yield f"SUMMARY:{escaped(one_line(event.summary))}"
    for name, text in (("LOCATION", one_line(event.location)), ("DESCRIPTION", event.description)):
        if text:
            yield f"{name}:{escaped(text)}"
    if _URL.fullmatch(event.url):
        yield f"URL:{event.url}"
    if event.comment:
        yield f"COMMENT:{escaped(event.comment)}"
    yield f"ORGANIZER{_name(event.organizer_name)}:{_mailto(event.organizer)}"
    yield _attendee(event)
    if event.status:
        yield f"STATUS:{event.status}"
        yield "TRANSP:OPAQUE"


def _attendee(event: CalendarObject) -> str:
    asked = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if event.method is Method.REQUEST else ""
    who = f";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{asked}{_name(event.attendee_name or event.attendee)}"
    return f"ATTENDEE{who}:{_mailto(event.attendee)}"


def _name(name: str) -> str:
    return f";CN={quoted(name)}" if one_line(name) else ""


def _mailto(address: str) -> str:
    """A mailto URI (RFC 6068 section 2): what is not plain in a URI is percent-encoded, `+` stays."""
    return "mailto:" + quote(address, safe="@+=!$'*")


def _has_own_zone(event: CalendarObject) -> bool:
    return event.zone == OWN_ZONE and event.starts_at.year >= FIRST_YEAR_WITHOUT_SUMMER_TIME


def _time(moment: datetime, local: bool) -> str:
    """Wall time with its TZID where we send the zone, else UTC, which no client can misread."""
    if not local:
        return f":{_utc(moment)}"
    return f";TZID={OWN_ZONE}:{moment.astimezone(ZoneInfo(OWN_ZONE)):%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
