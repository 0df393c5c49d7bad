"""Meetings as lists, one meeting with its invitees, and whom it may invite."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints import badges, lists, stories
from crm.blueprints.asks.rows import deliveries
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.queries import all_meetings, get_meeting, invitees_of, standing
from crm.domain.meetings.rules import MeetingState, PartStat
from crm.domain.organisations.models import Seat
from crm.domain.organisations.queries import PartnerFilter, focal_seats, partners
from crm.i18n import HOUSE_ZONE, hour
from crm.i18n import moment as written_moment
from crm.outbox.rules import Status
from crm.uow import Actor


def meetings(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """The context of meetings/index: those to come first ones first, those past last ones first."""
    rows = [row for row in all_meetings(session) if row.grade in actor.grades]
    counts = standing(session, [row.id for row in rows])
    coming = [row for row in reversed(rows) if row.ends_at > now and row.state is not MeetingState.CANCELLED]
    past = [row for row in rows if row not in coming]
    return {
        "new_url": url_for("meetings.new") if actor.may(Permission.RUN_MEETING) else None,
        "coming": [_line(row, counts.get(row.id, {})) for row in coming],
        "past": [_line(row, counts.get(row.id, {})) for row in past],
        "page": lists.pager(len(past), None, None),
    }


def _line(row: Meeting, counts: dict[PartStat, int]) -> dict[str, Any]:
    return {
        "url": url_for("meetings.show", meeting_id=row.id),
        "title": row.titled(language()),
        "when": when(row),
        "where": row.venue or row.video_link,
        "invited": sum(counts.values()),
        "accepted": counts.get(PartStat.ACCEPTED, 0),
        "declined": counts.get(PartStat.DECLINED, 0),
        "open": counts.get(PartStat.NEEDS_ACTION, 0),
        "badge": badges.of_meeting(row.state),
    }


def when(row: Meeting) -> str:
    """Beginning and end at the venue, with the zone's name where it is another than ours."""
    zone = HOUSE_ZONE if row.zone == str(HOUSE_ZONE) else ZoneInfo(row.zone)
    start, end = written_moment(row.starts_at, language(), zone), hour(row.ends_at, language(), zone)
    return str(_("%(start)s to %(end)s", start=start, end=end))


def meeting(session: Session, actor: Actor, meeting_id: int) -> dict[str, Any]:
    """The context of meetings/show."""
    row = get_meeting(session, meeting_id)
    invitees = invitees_of(session, row.id)
    sent = deliveries(session, [one.ask_id for one in invitees])
    groups, _earlier = stories.story(session, actor, row.subject)
    return {
        "meeting": _heading(row),
        "acts": _acts(row, actor),
        "figures": _figures(standing(session, [row.id]).get(row.id, {})),
        "agenda": [line for line in row.agenda.splitlines() if line.strip()],
        "invitees": [_invitee(one, sent.get(one.ask_id)) for one in invitees],
        "ics_url": url_for("meetings.calendar", meeting_id=row.id),
        "story": groups,
    }


def _heading(row: Meeting) -> dict[str, Any]:
    changed = [_("changed %(count)s times", count=row.sequence)] if row.sequence else []
    return {
        "title": row.titled(language()),
        "badge": badges.of_meeting(row.state),
        "when": when(row),
        "where": row.venue or row.video_link,
        "facts": changed,
        "about_word": None,
        "about_url": None,
        "sequence": row.sequence,
        "uid": row.uid,
    }


def _acts(row: Meeting, actor: Actor) -> list[dict[str, Any]]:
    if row.state is MeetingState.CANCELLED or not actor.may(Permission.RUN_MEETING):
        return []
    acts = [
        ("cancel", _("Cancel"), "x", False),
        ("reschedule", _("Change time or place"), "clock", False),
        ("invite", _("Invite"), "people", True),
    ]
    return [
        {
            "url": url_for(f"meetings.{name}", meeting_id=row.id),
            "word": word,
            "icon": icon,
            "post": False,
            "primary": primary,
        }
        for name, word, icon, primary in acts
    ]


def _figures(counts: dict[PartStat, int]) -> list[dict[str, Any]]:
    words = [
        (sum(counts.values()), _("invited"), ""),
        (counts.get(PartStat.ACCEPTED, 0), _("will attend"), ""),
        (counts.get(PartStat.DELEGATED, 0), _("send a deputy"), ""),
        (counts.get(PartStat.TENTATIVE, 0), _("may attend"), ""),
        (counts.get(PartStat.DECLINED, 0), _("will not attend"), ""),
        (counts.get(PartStat.NEEDS_ACTION, 0), _("no reply yet"), ""),
    ]
    return [{"value": value, "word": word, "tone": tone if value else ""} for value, word, tone in words]


def _invitee(one: Invitee, delivery: Status | None) -> dict[str, Any]:
    seat, organisation = one.ask.seat, one.ask.seat.organisation
    deputy = _("deputy: %(address)s", address=one.delegate) if one.delegate else ""
    return {
        "partner": organisation.named(language()),
        "partner_url": url_for("organisations.show", organisation_id=organisation.id),
        "seat": seat.titled(language()),
        "delivery": badges.of_delivery(delivery),
        "reply": badges.of_reply(one.partstat, organisation.courtesy),
        "replied_at": one.ask.answered_at,
        "note": " · ".join(part for part in (deputy, one.comment) if part) or None,
    }


def choices(session: Session, meeting_id: int) -> list[tuple[int, str]]:
    """The partners that may still be invited: those with a focal post and a mailbox."""
    invited = {one.ask.organisation_id for one in invitees_of(session, meeting_id)}
    rows = [row for row in partners(session, PartnerFilter()) if row.id not in invited and not row.do_not_contact]
    seats = focal_seats(session, [row.id for row in rows])
    return [(row.id, row.named(language())) for row in rows if row.id in seats and seats[row.id].address]


def seats_of(session: Session, organisation_ids: list[int]) -> list[Seat]:
    """The focal posts of chosen partners, in their order."""
    seats = focal_seats(session, organisation_ids)
    return [seats[one] for one in organisation_ids if one in seats]


def told(count: int) -> str:
    """What was done, for the flash."""
    return str(_("%(count)s invitations are in the outbox.", count=count))


def written(row: Meeting) -> dict[str, Any]:
    """A meeting as its form shows it."""
    start = datetime.fromisoformat(row.wall_start)
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    names = ("title", "title_ur", "venue", "video_link", "agenda")
    return {"wall_start": start, "minutes": minutes} | {name: getattr(row, name) for name in names}


def form_page(heading: str, back_word: str, back_url: str, form: Any, save_word: str) -> dict[str, Any]:
    """The context of meetings/edit."""
    back = {"word": back_word, "url": back_url}
    return {"heading": heading, "back": back, "form": form, "fields": form.FIELDS, "save_word": save_word}
