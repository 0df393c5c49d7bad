"""Calendar answers read from their bytes: tolerant of what clients send, expanding no rule, changing nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MOST_OCTETS = 64 * 1024
MOST_EVENTS = 200
MOST_ANSWERS = 1000
PARTSTATS = {"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION", "COMPLETED", "IN-PROCESS"}
COMPONENTS = {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"}
ANSWERS = {"REPLY", "COUNTER"}
_FOLD = re.compile(r"\r?\n[ \t]")
_STAMP = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?$")
_DURATION = re.compile(r"^([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$")


@dataclass(frozen=True)
class CalendarReply:
    """What one attendee of one event says (RFC 5546 section 3.2.3). Stamps as written; moments aware, in UTC.

    `start`/`end` are the proposal of a COUNTER (section 3.2.7), else the event's; `flags` name what was odd:
    truncated, no-method, no-dtstamp, no-sequence, unknown-partstat, bad-line, bad-date.
    """

    method: str
    uid: str
    sequence: int
    dtstamp: str
    recurrence_id: str
    attendee: str
    partstat: str
    comment: str = ""
    sent_by: str = ""
    delegated_to: tuple[str, ...] = ()
    delegated_from: tuple[str, ...] = ()
    organizer: str = ""
    summary: str = ""
    start: datetime | None = None
    end: datetime | None = None
    original_start: datetime | None = None
    flags: tuple[str, ...] = ()

    @property
    def stamped_at(self) -> datetime | None:
        """DTSTAMP as a moment in UTC; None where it is missing or impossible."""
        return _instant(self.dtstamp, UTC)

    @property
    def is_answer(self) -> bool:
        """Whether it may change an answer: only REPLY and COUNTER ever do."""
        return self.method in ANSWERS


@dataclass
class _Line:
    name: str
    params: dict[str, str]
    value: str


@dataclass
class _Component:
    name: str
    lines: list[_Line] = field(default_factory=list)

    def first(self, *names: str) -> _Line | None:
        return next((line for name in names for line in self.lines if line.name == name), None)

    def value(self, *names: str) -> str:
        line = self.first(*names)
        return line.value.strip() if line else ""

    def all(self, name: str) -> list[_Line]:
        return [line for line in self.lines if line.name == name]


def read_calendar(blob: bytes) -> list[CalendarReply]:
    """Every (event, attendee) of a calendar object, a bare one for an event without attendee. Never raises.

    Reads at most 64 kB and expands no recurrence; what comes of a file that is cut short is kept and flagged.
    """
    flags = ["truncated"] if len(blob) > MOST_OCTETS else []
    text = blob[:MOST_OCTETS].decode("utf-8-sig", "replace").replace("\x00", "")
    components = list(_components(text, flags))
    method = next((one.value("METHOD").upper() for one in components if one.name == "VCALENDAR"), "")
    if not method:
        flags.append("no-method")
    zones = _zones(components)
    replies: list[CalendarReply] = []
    for event in [one for one in components if one.name in COMPONENTS][:MOST_EVENTS]:
        replies += _answers(event, method, zones, tuple(flags))
        if len(replies) >= MOST_ANSWERS:
            break
    return replies[:MOST_ANSWERS]


def _components(text: str, flags: list[str]) -> Iterator[_Component]:
    stack: list[_Component] = []
    for raw in _FOLD.sub("", text).splitlines():
        line = _line(raw)
        if line is None:
            if raw.strip() and "bad-line" not in flags:
                flags.append("bad-line")
        elif line.name == "BEGIN":
            stack.append(_Component(line.value.strip().upper()))
        elif line.name == "END":
            if stack:
                yield stack.pop()
        elif stack:
            stack[-1].lines.append(line)
    yield from reversed(stack)


def _line(raw: str) -> _Line | None:
    try:
        name, params, value = Contentline.from_ical(raw.strip()).parts()  # type: ignore[no-untyped-call]
        joined = {
            str(key).upper(): ",".join(item) if isinstance(item, list | tuple) else str(item)
            for key, item in params.items()
        }
    except (ValueError, KeyError, IndexError, TypeError):
        head, colon, value = raw.strip().partition(":")
        if not colon or not head:
            return None
        name, *rest = head.split(";")
        joined = {key.strip().upper(): item.strip('"') for key, _, item in (one.partition("=") for one in rest)}
    return _Line(str(name).strip().upper(), joined, str(value))


def _answers(event: _Component, method: str, zones: dict[str, tzinfo], flags: tuple[str, ...]) -> list[CalendarReply]:
    own = list(flags)
    sequence = _sequence(event, own)
    stamp = event.value("DTSTAMP")
    if not stamp:
        own.append("no-dtstamp")
    start, end = _span(event, zones, own)
    original = event.first("X-MS-OLK-ORIGINALSTART")
    base = CalendarReply(
        method,
        event.value("UID"),
        sequence,
        stamp,
        event.value("RECURRENCE-ID"),
        "",
        "",
        _comment(event),
        organizer=_address(event.first("ORGANIZER")),
        summary=_plain(event.value("SUMMARY")),
        start=start,
        end=end,
        original_start=_moment(original, zones),
        flags=tuple(own),
    )
    return [_of_attendee(line, base) for line in event.all("ATTENDEE")] or [base]


def _of_attendee(line: _Line, base: CalendarReply) -> CalendarReply:
    partstat = line.params.get("PARTSTAT", "NEEDS-ACTION").strip().upper()
    known = partstat in PARTSTATS
    return replace(
        base,
        attendee=_address(line),
        partstat=partstat if known else "NEEDS-ACTION",
        sent_by=_bare(line.params.get("SENT-BY", "")),
        delegated_to=_bare_list(line.params.get("DELEGATED-TO", "")),
        delegated_from=_bare_list(line.params.get("DELEGATED-FROM", "")),
        flags=base.flags if known else (*base.flags, "unknown-partstat"),
    )


def _sequence(event: _Component, flags: list[str]) -> int:
    written = event.value("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE")
    if not written.isdecimal() or len(written) > 9:
        flags.append("no-sequence")
        return 0
    return int(written)


def _comment(event: _Component) -> str:
    said = dict.fromkeys(_plain(line.value).strip() for line in event.all("COMMENT"))
    said |= dict.fromkeys(
        line.params["X-RESPONSE-COMMENT"] for line in event.all("ATTENDEE") if line.params.get("X-RESPONSE-COMMENT")
    )
    return "\n".join(one for one in said if one)


def _plain(value: str) -> str:
    """TEXT without its escapes (RFC 5545 section 3.3.11)."""
    return re.sub(r"\\([\\;,nN])", lambda hit: "\n" if hit[1] in "nN" else hit[1], value)


def _address(line: _Line | None) -> str:
    """The address of an attendee: EMAIL= where iCloud hides the value behind a routing address, else the value."""
    if line is None:
        return ""
    return _bare(line.params.get("EMAIL", "")) or _bare(line.value)


def _bare(value: str) -> str:
    value = value.strip().strip("\"'").strip()
    value = re.sub(r"^mailto:\s*", "", value, flags=re.I).split("?")[0]
    return unquote(value).strip().strip("<>").lower()


def _bare_list(value: str) -> tuple[str, ...]:
    return tuple(one for one in (_bare(item) for item in value.split(",")) if one)


def _zones(components: list[_Component]) -> dict[str, tzinfo]:
    """The zones that the file itself defines, as the fixed offset of the part that came last before END:VTIMEZONE."""
    zones: dict[str, tzinfo] = {}
    offset: timezone | None = None
    for one in components:
        if one.name in ("STANDARD", "DAYLIGHT") and (one.name == "STANDARD" or offset is None):
            offset = _offset(one.value("TZOFFSETTO")) or offset
        elif one.name == "VTIMEZONE":
            name = one.value("TZID").strip('"')
            zones[name] = named_zone(name) or offset or UTC
            offset = None
    return zones


def _offset(value: str) -> timezone | None:
    hit = re.match(r"^([+-])(\d\d)(\d\d)", value)
    if not hit or int(hit[2]) > 23 or int(hit[3]) > 59:
        return None
    span = timedelta(hours=int(hit[2]), minutes=int(hit[3]))
    return timezone(-span if hit[1] == "-" else span)


def named_zone(name: str) -> tzinfo | None:
    """The zone of an Olson or Windows name (CLDR windowsZones); None if neither."""
    name = name.strip().strip('"').removeprefix("/freeassociation.sourceforge.net/")
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _span(event: _Component, zones: dict[str, tzinfo], flags: list[str]) -> tuple[datetime | None, datetime | None]:
    first, last = event.first("DTSTART"), event.first("DTEND", "DUE")
    start, end = _moment(first, zones), _moment(last, zones)
    if (first and start is None) or (last and end is None):
        flags.append("bad-date")
    if start and last is None:
        length = _length(event.value("DURATION"))
        end = start + length if length is not None else None
    return start, end


def _length(value: str) -> timedelta | None:
    hit = _DURATION.match(value)
    if not hit or not value:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in hit.groups()[1:])
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if hit[1] == "-" else span


def _moment(line: _Line | None, zones: dict[str, tzinfo]) -> datetime | None:
    if line is None:
        return None
    name = line.params.get("TZID", "").strip('"')
    return _instant(line.value, zones.get(name) or named_zone(name) or UTC)


def _instant(value: str, zone: tzinfo) -> datetime | None:
    hit = _STAMP.match(value.strip())
    if not hit:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in hit.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC if hit[7] else zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
