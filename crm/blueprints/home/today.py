"""Today and tomorrow at the unit's desk, and the meetings in them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints.door import language
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import moment
from crm.domain.meetings.queries import meetings_between, standing
from crm.domain.meetings.rules import PartStat
from crm.i18n import HOUSE_ZONE


@dataclass(frozen=True)
class Today:
    """The moment of a page, on the business clock."""

    now: datetime

    @property
    def today(self) -> date:
        """The date at the unit's desk."""
        return self.now.astimezone(HOUSE_ZONE).date()

    @property
    def two_days(self) -> tuple[datetime, datetime]:
        """From this midnight to the one after tomorrow."""
        start = datetime.combine(self.today, time(), HOUSE_ZONE)
        return start, start + timedelta(days=2)


def upcoming(session: Session, now: Today) -> list[dict[str, Any]]:
    """Today's and tomorrow's meetings with who is coming."""
    return remembered(session, ("upcoming", now.today, language()), lambda: _read(session, now))


def _read(session: Session, now: Today) -> list[dict[str, Any]]:
    meetings = meetings_between(session, *now.two_days)
    counts = standing(session, [meeting.id for meeting in meetings])
    return [
        {
            "when": moment(meeting.starts_at),
            "where": meeting.venue or meeting.video_link,
            "title": meeting.titled(language()),
            "url": url_for("meetings.show", meeting_id=meeting.id),
            "points": coming_words(counts.get(meeting.id, {})),
            "links": [],
        }
        for meeting in meetings
    ]


def coming_words(counts: dict[PartStat, int]) -> list[str]:
    """Who comes, in words."""
    invited = sum(counts.values())
    if not invited:
        return [_("Nobody is invited yet.")]
    accepted, open_ones = counts.get(PartStat.ACCEPTED, 0), counts.get(PartStat.NEEDS_ACTION, 0)
    lines = [_("%(accepted)s of %(invited)s will attend", accepted=accepted, invited=invited)]
    if open_ones:
        lines.append(ngettext("%(num)s reply awaited", "%(num)s replies awaited", open_ones))
    return lines
