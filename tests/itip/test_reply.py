"""Calendar answers are read as clients really write them, and a bad file is never an exception."""

from datetime import UTC, datetime

import pytest

from crm.itip.reply import CalendarReply, read_calendar


def calendar(*lines: str, method: str = "REPLY") -> bytes:
    """A calendar object with one event made of `lines`."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else []), "BEGIN:VEVENT"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def only(*lines: str, method: str = "REPLY") -> CalendarReply:
    """The one answer in such an object."""
    (reply,) = read_calendar(calendar(*lines, method=method))
    return reply


def test_who_answered_what_about_which_event() -> None:
    reply = only(
        "UID:inv-1@crm",
        "SEQUENCE:2",
        "DTSTAMP:20251006T091500Z",
        "COMMENT:See you\\, gladly",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ayesha:mailto:Ayesha.Khan@partner.example",
    )
    assert (reply.method, reply.uid, reply.sequence, reply.attendee, reply.partstat, reply.comment) == (
        "REPLY",
        "inv-1@crm",
        2,
        "ayesha.khan@partner.example",
        "ACCEPTED",
        "See you, gladly",
    )
    assert reply.stamped_at == datetime(2025, 10, 6, 9, 15, tzinfo=UTC)
    assert reply.is_answer
    assert reply.flags == ()


def test_icloud_hides_the_address_in_a_parameter() -> None:
    reply = only("UID:1", 'ATTENDEE;CN="A";EMAIL=ayesha@partner.example;PARTSTAT=DECLINED:mailto:2_GE3DOMJ@imip.me.com')
    assert reply.attendee == "ayesha@partner.example"


def test_an_escaped_address_is_unescaped() -> None:
    assert only("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:a%2Bb@x.pk").attendee == "a+b@x.pk"


def test_outlook_leaves_out_half_of_it() -> None:
    reply = only("UID:1", "ATTENDEE;PARTSTAT=TENTATIVE:MAILTO:a@x.pk", "X-MICROSOFT-CDO-APPT-SEQUENCE:3")
    assert (reply.organizer, reply.sequence, reply.dtstamp, reply.partstat) == ("", 3, "", "TENTATIVE")
    assert "no-dtstamp" in reply.flags


def test_an_unknown_answer_is_no_answer_yet_and_flagged() -> None:
    reply = only("UID:1", "DTSTAMP:20251006T091500Z", "SEQUENCE:0", "ATTENDEE;PARTSTAT=MAYBE:mailto:a@x.pk")
    assert (reply.partstat, reply.flags) == ("NEEDS-ACTION", ("unknown-partstat",))


def test_a_delegate_is_named() -> None:
    reply = only("UID:1", 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:B@x.pk":mailto:a@x.pk')
    assert (reply.partstat, reply.delegated_to) == ("DELEGATED", ("b@x.pk",))


def test_an_outlook_counter_holds_the_proposal_in_its_windows_zone() -> None:
    reply = only(
        "UID:1",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:a@x.pk",
        "DTSTART;TZID=Pakistan Standard Time:20251021T150000",
        "DTEND;TZID=Pakistan Standard Time:20251021T160000",
        "X-MS-OLK-ORIGINALSTART;TZID=Pakistan Standard Time:20251020T110000",
        method="COUNTER",
    )
    assert reply.start == datetime(2025, 10, 21, 10, tzinfo=UTC)
    assert reply.end == datetime(2025, 10, 21, 11, tzinfo=UTC)
    assert reply.original_start == datetime(2025, 10, 20, 6, tzinfo=UTC)


def test_a_zone_that_only_the_file_knows_is_used() -> None:
    standard = "BEGIN:STANDARD\r\nTZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\n"
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Office\r\n{standard}END:VTIMEZONE\r\n"
    blob = calendar("UID:1", "DTSTART;TZID=Office:20251021T150000").replace(
        b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT"
    )
    assert read_calendar(blob)[0].start == datetime(2025, 10, 21, 10, tzinfo=UTC)


def test_many_events_and_their_occurrences_are_read_each() -> None:
    attendee = b"ATTENDEE;PARTSTAT=DECLINED:mailto:a@x.pk\r\n"
    opening = b"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20251021T100000Z\r\n"
    second = opening + attendee + b"END:VEVENT\r\nEND:VCALENDAR"
    blob = calendar("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.pk").replace(b"END:VEVENT\r\nEND:VCALENDAR", second)
    assert [(one.recurrence_id, one.partstat) for one in read_calendar(blob)] == [
        ("", "ACCEPTED"),
        ("20251021T100000Z", "DECLINED"),
    ]


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH", "CANCEL", "ADD"])
def test_what_an_organiser_sends_is_never_an_answer(method: str) -> None:
    assert not only("UID:1", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.pk", method=method).is_answer


def test_folded_lines_are_unfolded_and_a_missing_method_is_flagged() -> None:
    reply = only("UID:inv-\r\n 1", "ATTENDEE;PARTSTAT=ACC\r\n\tEPTED:mailto:a@x.pk", method="")
    assert (reply.uid, reply.partstat, reply.method) == ("inv-1", "ACCEPTED", "")
    assert "no-method" in reply.flags


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00\xff",
        b"BEGIN:VCALENDAR",
        b"END:VCALENDAR",
        b"no calendar",
        b"BEGIN:VEVENT\r\nATTENDEE\r\n",
        b":\r\n;;=:" * 50,
        calendar("DTSTART:99999999T999999Z"),
        calendar("DTSTART;TZID=../../etc/passwd:20251021T150000"),
        calendar("DURATION:P99999W"),
        b"BEGIN:VEVENT\r\n" * 5000,
        calendar("RRULE:FREQ=SECONDLY", "UID:1"),
        calendar("SEQUENCE:" + "9" * 5000),
    ],
)
def test_a_bad_file_is_read_as_far_as_it_goes(blob: bytes) -> None:
    assert all(isinstance(one, CalendarReply) for one in read_calendar(blob))


def test_only_the_first_64_kilobytes_are_read() -> None:
    replies = read_calendar(calendar("UID:1", *["ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.pk"] * 5000))
    assert len(replies) <= 1000
    assert "truncated" in replies[0].flags
