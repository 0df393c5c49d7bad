"""One letter of every kind, as a room would post it; the snapshots are made of these."""

from datetime import UTC, date, datetime
from typing import Any

from crm.base import Subject
from crm.i18n import Message
from crm.itip.invitation import CalendarObject, Method
from crm.mail.letter import Letter, LetterKind
from crm.mail.letterhead import Letterhead

HEAD = Letterhead(
    unit="Juvenile Justice and Child Protection Unit",
    unit_ur="جووینائل جسٹس اینڈ چائلڈ پروٹیکشن یونٹ",
    bureau="National Police Bureau",
    bureau_ur="نیشنل پولیس بیورو",
    signatory="Director",
    signatory_ur="ڈائریکٹر",
    from_address="jjcpu@npb.example",
    mail_domain="npb.example",
    address=("Sector G-5/2", "Islamabad"),
    address_ur=("سیکٹر جی 5/2", "اسلام آباد"),
    phone="+92 51 000 0000",
    website="npb.example",
)
REPLY_TO = "consult+k7m2qwpd9hxrt4vz.a3d7e9@npb.example"
PAGE = "https://rabta.npb.example/a/k7m2-qwpd-9hxr-t4vz"

ASK = {
    "number": "R1-0034",
    "reference": "No.1(5)/2026-JJCPU",
    "title": "SOP on First Contact of Police with a Juvenile",
    "title_ur": "پولیس کے کسی نوعمر سے پہلے رابطے کا معیاری طریقۂ کار",
    "sent_on": date(2026, 12, 1),
    "due_on": date(2026, 12, 22),
    "organisation": "NCRC",
    "organisation_ur": "این سی آر سی",
}
TO = {
    "post": "Secretary",
    "post_ur": "سیکرٹری",
    "organisation": "National Commission on the Rights of Child",
    "organisation_ur": "قومی کمیشن برائے حقوقِ اطفال",
    "city": "Islamabad",
    "city_ur": "اسلام آباد",
    "through": "",
    "copy_to": [],
}
THROUGH = TO | {
    "through": "Ministry of Human Rights",
    "through_ur": "وزارتِ انسانی حقوق",
    "attention": "Member (Law)",
    "attention_ur": "رکن (قانون)",
    "copy_to": ["Joint Secretary (Police), Ministry of Interior", "Director General, National Police Bureau"],
}
OUR = {"our_reference": "No.1(5)/2026-JJCPU", "dispatch": "2026/1164", "page": PAGE}
FIRST = {"label": Message("Letter"), "reference": "No.1(5)/2026-JJCPU", "sent_on": date(2026, 12, 1)}
SECOND = {"label": Message("Reminder-I"), "reference": "No.1(5)/2026-JJCPU", "sent_on": date(2026, 12, 23)}
CLAUSES = Message("%(these)s, %(next)s", these=8, next=Message("%(first)s–%(last)s", first=20, last=21))
MEETING = {
    "title": "Validation Workshop on the SOP",
    "title_ur": "معیاری طریقۂ کار پر توثیقی ورکشاپ",
    "starts_at": datetime(2027, 1, 21, 5, tzinfo=UTC),
    "ends_at": datetime(2027, 1, 21, 8, tzinfo=UTC),
    "venue": "Conference Room, National Police Bureau, Islamabad",
    "venue_ur": "کانفرنس روم، نیشنل پولیس بیورو، اسلام آباد",
    "video_link": "https://meet.npb.example/sop",
    "agenda": ["Replies received on the draft", "Clauses 8, 20 and 21", "Next steps"],
}
RECEIVED = {
    "number": "RC-2026-0412",
    "received_at": datetime(2026, 12, 24, 9, 30, tzinfo=UTC),
    "pieces": {"comments": 12, "answers": 3, "files": 1},
    "late": True,
}


def a_letter(template: str, kind: LetterKind = LetterKind.REQUEST, **values: Any) -> Letter:
    """A letter of `template`; `values` go to the letter where it has such a field, else to its context."""
    addressee = values.pop("addressee", TO)
    own = {name: values.pop(name) for name in list(values) if name in Letter.__dataclass_fields__}
    stated = {
        "key": f"test:{template}",
        "kind": kind,
        "to": "focal.point@ncrc.example",
        "to_name": "Secretary, NCRC",
        "language": "en",
        "template": template,
        "context": {"ask": ASK, "to": addressee} | OUR | values,
        "about": Subject("ask", 34),
        "reply_to": REPLY_TO,
    }
    return Letter(**(stated | own))


def an_event(method: Method = Method.REQUEST, **changes: Any) -> CalendarObject:
    """The workshop as one attendee's calendar should hold it."""
    stated = {
        "method": method,
        "uid": "inv-7@npb.example",
        "sequence": 0,
        "dtstamp": datetime(2026, 12, 1, 4, tzinfo=UTC),
        "starts_at": MEETING["starts_at"],
        "ends_at": MEETING["ends_at"],
        "summary": MEETING["title"],
        "location": MEETING["venue"],
        "description": "Agenda:\n1. Replies received; 2. Clauses 8, 20 and 21",
        "organizer": REPLY_TO,
        "organizer_name": "Director, JJCPU",
        "attendee": "focal.point@ncrc.example",
        "attendee_name": "Secretary, NCRC",
        "url": PAGE,
    }
    return CalendarObject(**(stated | changes))


REMINDER, INVITATION = LetterKind.REMINDER, LetterKind.INVITATION
EVERY = {
    "consultations/request": a_letter(
        "consultations/request",
        with_pdf=True,
        questions=Message("clauses %(clauses)s", clauses=CLAUSES),
        workshop={"starts_at": MEETING["starts_at"]},
    ),
    "consultations/request.through": a_letter(
        "consultations/request", with_pdf=True, addressee=THROUGH, priority="immediate", grade="restricted"
    ),
    "consultations/courtesy": a_letter("consultations/courtesy", REMINDER, previous=[FIRST]),
    "consultations/reminder.1": a_letter(
        "consultations/reminder",
        REMINDER,
        step="reminder-1",
        previous=[FIRST],
        dated=date(2026, 12, 23),
        reply_by=date(2027, 1, 4),
    ),
    "consultations/reminder.2": a_letter(
        "consultations/reminder",
        REMINDER,
        step="reminder-2",
        previous=[FIRST, SECOND],
        dated=date(2026, 12, 30),
        reply_by=date(2027, 1, 11),
    ),
    "consultations/reminder.3": a_letter(
        "consultations/reminder",
        REMINDER,
        step="reminder-3",
        previous=[FIRST, SECOND],
        dated=date(2027, 1, 6),
        with_pdf=True,
    ),
    "consultations/reminder.court": a_letter(
        "consultations/reminder",
        REMINDER,
        step="reminder-1",
        previous=[FIRST],
        dated=date(2026, 12, 23),
        reply_by=date(2027, 1, 4),
        courtesy_class="judiciary",
    ),
    "consultations/receipt": a_letter("consultations/receipt", LetterKind.RECEIPT, receipt=RECEIVED),
    "consultations/receipt.nil": a_letter(
        "consultations/receipt",
        LetterKind.RECEIPT,
        receipt=RECEIVED | {"pieces": {}, "late": False, "recorded_as": Message("No comments (nil)")},
    ),
    "meetings/invitation": a_letter("meetings/invitation", INVITATION, meeting=MEETING, calendar=an_event()),
    "meetings/updated": a_letter(
        "meetings/updated", INVITATION, meeting=MEETING, time_changed=True, calendar=an_event(sequence=1)
    ),
    "meetings/cancelled": a_letter(
        "meetings/cancelled", INVITATION, meeting=MEETING, calendar=an_event(Method.CANCEL, sequence=2)
    ),
}
