"""Exactly what an invitation will send: the mail in both languages, to whom, and the calendar object with it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from crm.blueprints.consultations.preview import window
from crm.blueprints.door import language
from crm.blueprints.meetings.views import when
from crm.blueprints.recipients import recipient
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskKind
from crm.domain.meetings import letters
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.organisations.models import Seat
from crm.domain.settings.queries import get_unit
from crm.i18n import LANGUAGES
from crm.itip.invitation import Method
from crm.mail.letter import Letter
from crm.uow import UnitOfWork


def page(uow: UnitOfWork, meeting: Meeting, seats: Sequence[Seat]) -> dict[str, Any]:
    """The context of meetings/preview. `uow` is one that nothing commits."""
    ids = ",".join(str(seat.organisation_id) for seat in seats)
    ics_url = url_for("meetings.calendar", meeting_id=meeting.id)
    where = meeting.venue or meeting.video_link
    return {
        "what": _("Invitation"),
        "meeting": {"title": meeting.titled(language()), "url": url_for("meetings.show", meeting_id=meeting.id)},
        "back_url": url_for("meetings.invite", meeting_id=meeting.id),
        "facts": [when(meeting), where],
        "letters": [_letter(uow, meeting, seats, tongue) for tongue in LANGUAGES],
        "recipients": [recipient(seat) for seat in seats],
        "left_out": [],
        "invitation": {
            "summary": meeting.titled(language()),
            "when": when(meeting),
            "where": where,
            "ics_url": ics_url,
        },
        "send_url": url_for("meetings.send", meeting_id=meeting.id),
        "send_word": ngettext("Send to %(num)s post", "Send to %(num)s posts", len(seats)),
        "sent_fields": {"chosen": ids},
        "test_url": None,
    }


def _letter(uow: UnitOfWork, meeting: Meeting, seats: Sequence[Seat], tongue: str) -> dict[str, Any]:
    seat = next((one for one in seats if one.language == tongue), seats[0])
    return window(_sample(uow, meeting, seat).in_language(tongue), seat, (), None)


def _sample(uow: UnitOfWork, meeting: Meeting, seat: Seat) -> Letter:
    """The notice as it would go, with a request that is never stored."""
    ask = Ask(
        id=0,
        kind=AskKind.RSVP,
        subject_kind=meeting.SUBJECT,
        subject_id=meeting.id,
        seat_id=seat.id,
        organisation_id=seat.organisation_id,
        number=f"M{uow.today.year % 100}-····",
        reference="",
        title=meeting.title,
        title_ur=meeting.title_ur,
        asked_at=uow.now,
        due_on=uow.today,
        edition=1,
        nonce="preview",
    )
    ask.seat = seat
    invitee = Invitee(ask=ask)
    return letters.notice(meeting, invitee, Method.REQUEST, uow.now, uow.links, get_unit(uow.session).name)
