"""Invitations, changes and cancellations as calendars expect them (mail.md A.1), read back by icalendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from crm.itip.addresses import BadAddress, strict_address
from crm.itip.invitation import CalendarObject, Method
from crm.itip.request import calendar_bytes
from tests.mail.letters import REPLY_TO, an_event

URDU = "نابالغ سے پولیس کے پہلے رابطے کے مجوزہ ضابطۂ کار پر توثیقی ورکشاپ، اسلام آباد"


def read(event: CalendarObject):
    calendar = Calendar.from_ical(calendar_bytes(event))
    return calendar, calendar.walk("VEVENT")[0]


def lines(event: CalendarObject) -> list[str]:
    return calendar_bytes(event).replace(b"\r\n ", b"").decode().split("\r\n")


def test_the_method_stands_inside():
    assert [str(read(an_event(method))[0]["METHOD"]) for method in Method] == ["REQUEST", "CANCEL", "DECLINECOUNTER"]


def test_a_request_has_every_property_that_a_calendar_needs():
    _, event = read(an_event())
    assert event["UID"] == "inv-7@npb.example"
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == "Validation Workshop on the SOP"
    assert event["DTSTAMP"].dt == datetime(2026, 12, 1, 4, tzinfo=UTC)


def test_the_organizer_is_the_reply_address_with_its_scheme():
    assert str(read(an_event())[1]["ORGANIZER"]) == f"mailto:{REPLY_TO}"


def test_the_one_attendee_is_the_recipient_who_is_asked_to_answer():
    attendee = read(an_event())[1]["ATTENDEE"]
    assert str(attendee) == "mailto:focal.point@ncrc.example"
    asked = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    assert asked.items() <= dict(attendee.params).items()
    assert sum(line.startswith("ATTENDEE") for line in lines(an_event())) == 1


def test_every_line_ends_with_crlf_and_none_is_empty():
    written = calendar_bytes(an_event())
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert not written.endswith(b"\r\n\r\n")
    assert written.count(b"\n") == written.count(b"\r") == written.count(b"\r\n")
    assert all(line for line in written.split(b"\r\n")[:-1])


def test_no_line_is_over_75_octets_and_no_character_is_cut():
    written = calendar_bytes(an_event(summary=URDU, description=URDU * 5, location=URDU, attendee_name=URDU * 2))
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        assert line.decode("utf-8") is not None
    assert str(Calendar.from_ical(written).walk("VEVENT")[0]["DESCRIPTION"]) == URDU * 5


def test_text_is_escaped_and_read_back_as_it_was():
    said = "Agenda; one, two\nC:\\path\nend"
    assert str(read(an_event(description=said))[1]["DESCRIPTION"]) == said
    assert "DESCRIPTION:Agenda\\; one\\, two\\nC:\\\\path\\nend" in lines(an_event(description=said))


def test_names_are_quoted_by_rfc_6868():
    name = 'Director "JJ" ^ A; B: C, D'
    assert "CN=\"Director ^'JJ^' ^^ A; B: C, D\"" in "".join(lines(an_event(organizer_name=name)))


def test_wall_time_comes_with_its_zone():
    calendar, event = read(an_event())
    assert "DTSTART;TZID=Asia/Karachi:20270121T100000" in lines(an_event())
    assert event["DTSTART"].dt == datetime(2027, 1, 21, 10, tzinfo=ZoneInfo("Asia/Karachi"))
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Karachi"]


@pytest.mark.parametrize("changes", [{"zone": "Europe/Geneva"}, {"zone": "UTC"}])
def test_any_other_zone_is_sent_in_utc_without_a_zone_block(changes):
    assert "DTSTART:20270121T050000Z" in lines(an_event(**changes))
    assert "BEGIN:VTIMEZONE" not in lines(an_event(**changes))


def test_years_of_summer_time_are_sent_in_utc():
    start = datetime(2009, 6, 1, 5, tzinfo=UTC)
    assert "DTSTART:20090601T050000Z" in lines(an_event(starts_at=start, ends_at=start + timedelta(hours=1)))


def test_a_cancellation_keeps_uid_organizer_and_start_and_is_cancelled():
    asked, cancelled = read(an_event())[1], read(an_event(Method.CANCEL, sequence=1))[1]
    for name in ("UID", "ORGANIZER", "DTSTART"):
        assert cancelled[name] == asked[name]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["SEQUENCE"] == 1
    assert "RSVP" not in cancelled["ATTENDEE"].params


def test_declining_a_counter_proposal_says_why_and_has_no_status():
    _, event = read(an_event(Method.DECLINECOUNTER, comment="The hall is taken."))
    assert event["COMMENT"] == "The hall is taken."
    assert "STATUS" not in event


def test_an_unusual_address_is_a_uri_and_reads_back():
    assert "mailto:a%2Fb%25c+d@ncrc.example" in "".join(lines(an_event(attendee="a/b%c+d@ncrc.example")))


def test_only_a_web_address_becomes_the_url():
    assert not [line for line in lines(an_event(url="javascript:alert(1)")) if line.startswith("URL")]


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00", "\x1b", "\u202e"])
@pytest.mark.parametrize("name", ["summary", "location", "description", "organizer_name", "attendee_name", "comment"])
def test_no_value_can_add_a_property(name, mark):
    hostile = f"Hall{mark}ATTENDEE:mailto:x@evil.test{mark}END:VEVENT"
    properties = [line.split(":")[0].split(";")[0] for line in lines(an_event(**{name: hostile}))]
    benign = [line.split(":")[0].split(";")[0] for line in lines(an_event(**{name: "Hall"}))]
    assert properties == benign
    assert len(Calendar.from_ical(calendar_bytes(an_event(**{name: hostile}))).walk("VEVENT")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "a\r\nb"},
        {"uid": ""},
        {"sequence": -1},
        {"organizer": "x@npb.example\r\nBcc:y"},
        {"attendee": "a@x.example, b@x.example"},
        {"starts_at": datetime(2027, 1, 21, 5)},  # noqa: DTZ001 a naive moment is what is refused
        {"ends_at": datetime(2027, 1, 21, 5, tzinfo=UTC)},
        {"method": "PUBLISH"},
    ],
)
def test_what_cannot_stand_in_a_calendar_is_refused(changes):
    with pytest.raises(ValueError, match=r"."):
        an_event(**changes)


def test_an_invitation_survives_being_stored():
    assert CalendarObject.from_json(an_event().to_json()) == an_event()


@pytest.mark.parametrize(
    "address",
    ["", "x", "@x.example", "x@", "a b@x.example", "<a@x.example>", "a@x.example>", '"a"@x.example', "a@b@x.example",
     "a..b@x.example", "ا@x.example", "a@-x.example", "x" * 65 + "@x.example", "a@x\n.example", "a,b@x.example"],
)  # fmt: skip
def test_only_a_plain_address_is_an_address(address):
    with pytest.raises(BadAddress):
        strict_address(address)


def test_an_international_domain_is_written_in_ascii():
    assert strict_address("focal@مثال.example") == "focal@xn--mgbh0fb.example"
