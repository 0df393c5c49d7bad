"""One partner's lane of the timeline, out of what happened."""

from datetime import date, datetime
from typing import Any

from flask import url_for

from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import day, worded
from crm.domain.meetings.models import Meeting
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import ENGAGEMENT_WORDS, NEVER_CALLED_SILENT, EngagementKind
from crm.domain.reports.queries import Happenings
from crm.domain.reports.rules import silent_spells
from crm.domain.reports.sheets import Lane, Mark, Round, Silence
from crm.domain.reports.signs import Sign
from crm.i18n import HOUSE_ZONE

SIGNS = {
    EngagementKind.CALL: Sign.CALL,
    EngagementKind.VISIT: Sign.VISIT,
    EngagementKind.LETTER: Sign.LETTER,
    EngagementKind.MESSAGE: Sign.MESSAGE,
    EngagementKind.EVENT: Sign.EVENT,
    EngagementKind.MEETING: Sign.MEETING,
}


def lane_of(row: Organisation, group: str, found: Happenings, today: date) -> Lane:
    """A partner's lane. Neither a court nor a statutory commission is ever drawn as silent (practice 18)."""
    quiet = row.courtesy in NEVER_CALLED_SILENT
    spells = [] if quiet else silent_spells(found.contacts.get(row.id, ()), today)
    marks = [
        *(_meeting(one) for one in found.meetings.get(row.id, ())),
        *(_engagement(one) for one in found.engagements.get(row.id, ())),
        *(_answer(one) for one in found.answers.get(row.id, ()) if one.subject_kind != Meeting.SUBJECT),
    ]
    return Lane(
        key=str(row.id),
        name=row.named(language()) if language() == "ur" else row.short,
        href=url_for("organisations.show", organisation_id=row.id),
        group=group,
        rounds=[_round(one) for one in found.rounds.get(row.id, ())],
        marks=sorted(marks, key=lambda mark: mark.at),
        silences=[_silence(start, end) for start, end in spells],
    )


def _titled(one: Any) -> str:
    return str((one.title_ur or one.title) if language() == "ur" else one.title)


def _day(at: datetime) -> date:
    return at.astimezone(HOUSE_ZONE).date()


def _round(one: Any) -> Round:
    start = _day(one.start)
    title = _(
        "%(title)s, round %(number)s: asked %(start)s, due %(end)s, %(answered)s of %(asked)s answered",
        title=_titled(one),
        number=one.number,
        start=day(start),
        end=day(one.end),
        answered=one.answered,
        asked=one.asked,
    )
    href = url_for("consultations.show", round_id=one.id)
    return Round(start, max(one.end, start), one.answered / one.asked, title, href, f"R{one.number}")


def _meeting(one: Any) -> Mark:
    on = _day(one.starts_at)
    title = _("%(day)s, meeting: %(title)s", day=day(on), title=_titled(one))
    return Mark(on, Sign.MEETING, title, url_for("meetings.show", meeting_id=one.id))


def _engagement(one: Any) -> Mark:
    on = _day(one.at)
    title = _("%(day)s, %(kind)s: %(title)s", day=day(on), kind=worded(ENGAGEMENT_WORDS[one.kind]), title=_titled(one))
    return Mark(on, SIGNS[one.kind], title)


def _answer(one: Any) -> Mark:
    on = _day(one.answered_at)
    title = _("%(day)s, reply: %(title)s", day=day(on), title=_titled(one))
    return Mark(on, Sign.LETTER, title, url_for("asks.show", ask_id=one.id))


def _silence(start: date, end: date) -> Silence:
    days = (end - start).days
    words = ngettext("no two-way contact for %(num)s day", "no two-way contact for %(num)s days", days)
    return Silence(start, end, f"{words}: {day(start)} – {day(end)}")
