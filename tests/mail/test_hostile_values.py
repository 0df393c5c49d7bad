"""Nothing that comes from outside can add a header, a recipient or a part: several hundred values that try."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from itertools import product

import pytest

from crm.itip.addresses import BadAddress
from crm.itip.request import calendar_bytes
from crm.mail.headers import HeaderRefused
from crm.mail.letter import Enclosure, Letter
from crm.mail.mime import Envelope, compose
from crm.mail.render import render
from tests.mail.letters import ASK, HEAD, MEETING, TO, a_letter, an_event

BREAKS = ("\r\n", "\n", "\r", "\n\r", "\r\n ", "\n\t", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029",
          "\x00", "\x1b", "\u202e", "\ud80a", "\ufeff", "%0d%0a", "\\r\\n", "=0D=0A", "&#13;&#10;")  # fmt: skip
PAYLOADS = (
    "Bcc: x@evil.test",
    "To: x@evil.test",
    "Content-Type: text/html; charset=utf-8",
    "Subject: another",
    "X-Evil: yes",
    "\r\n<script>alert(1)</script>",
    "--=_a\r\nContent-Type: text/html\r\n\r\nx",
    "ATTENDEE:mailto:x@evil.test",
)
FRAMES = ("{mark}{payload}", "Hall{mark}{payload}", "ہال{mark}{payload}{mark}")
TRICKS = (
    "=?utf-8?B?eA0KQmNjOiB4QGV2aWwudGVzdA==?=",
    "=?utf-8?Q?x=0D=0ABcc=3A_x=40evil.test?=",
    '"><x@evil.test>',
    'x" <x@evil.test>, "y',
    "x\\",
    '\\"',
    "x@evil.test, y@evil.test;",
    "(comment",
    "x" * 3000,
    "ن" * 3000,
    " ".join(["word"] * 600),
    ":",
    ".",
    " ",
    "🙂" * 200,
)
HOSTILE = [frame.format(mark=mark, payload=payload) for frame, mark, payload in product(FRAMES, BREAKS, PAYLOADS)]
NOON = datetime(2026, 12, 1, 7, tzinfo=UTC)


def a_mail(value: str) -> bytes:
    """A whole invitation with a file, `value` standing wherever words from outside may stand."""
    event = an_event(summary=value, location=value, description=value, organizer_name=value, attendee_name=value)
    letter = a_letter(
        "meetings/invitation",
        meeting=MEETING | {"title": value, "venue": value, "agenda": [value]},
        to_name=value,
        ask=ASK | {"number": value},
        addressee=TO | {"post": value, "organisation": value, "through": value, "copy_to": [value]},
        dispatch=value,
        our_reference=value,
        calendar=event,
    )
    enclosure = (Enclosure("0" * 64, value, value), b"abc")
    envelope = Envelope("<inv.7.0@npb.example>", NOON, value, "jjcpu@npb.example")
    return compose(letter, render(letter, HEAD), envelope, b"%PDF", [enclosure], calendar_bytes(event))


def outline(mail: bytes) -> list[tuple[str, list[str]]]:
    """The type of every part and the names of its headers."""
    parts = message_from_bytes(mail).walk()
    return [(part.get_content_type(), [name for name in part if name != "Content-Transfer-Encoding"]) for part in parts]


EXPECTED = outline(a_mail("Hall"))


def recipients(mail: Message) -> list[str]:
    return [one.addr_spec for name in ("From", "To", "Reply-To") for one in mail[name].addresses]


@pytest.mark.parametrize("value", [*TRICKS, *HOSTILE[::7]])
def test_a_hostile_value_stays_words(value):
    mail = a_mail(value)
    assert outline(mail) == EXPECTED
    read = message_from_bytes(mail, policy=policy.default)
    assert recipients(read) == recipients(message_from_bytes(a_mail("Hall"), policy=policy.default))
    assert not any("\r" in str(field) or "\n" in str(field) for field in read.values())


def test_not_one_of_several_hundred_values_adds_anything():
    assert len(HOSTILE) > 500
    assert [value for value in HOSTILE if outline(a_mail(value)) != EXPECTED] == []


@pytest.mark.parametrize("name", ["to", "reply_to", "copies_to"])
@pytest.mark.parametrize("mark", BREAKS[:16])
def test_a_hostile_address_is_refused(name, mark):
    address = f"a@x.example{mark}Bcc: x@evil.test"
    changes: dict[str, object] = {name: (address,) if name == "copies_to" else address}
    letter: Letter = replace(a_letter("consultations/request"), **changes)
    with pytest.raises(BadAddress):
        compose(letter, render(letter, HEAD), Envelope("<a@npb.example>", NOON, "Director", "jjcpu@npb.example"))


@pytest.mark.parametrize("mark", BREAKS[:16])
def test_a_hostile_thread_or_language_is_refused(mark):
    envelope = Envelope("<a@npb.example>", NOON, "Director", "jjcpu@npb.example")
    said = render(a_letter("consultations/request"), HEAD)
    for changes in ({"in_reply_to": (f"<a@x.example>{mark}Bcc: x",)}, {"language": f"en{mark}Bcc: x"}):
        with pytest.raises(HeaderRefused):
            compose(replace(a_letter("consultations/request"), **changes), said, envelope)
