"""The sheet of the timeline: its span, its holidays, and its words in the reader's language."""

from datetime import date, timedelta

from babel.dates import get_day_names, get_month_names
from sqlalchemy.orm import Session

from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import day, short_day
from crm.domain.reports.queries import Span
from crm.domain.reports.sheets import HolidayBand, Sheet, Words
from crm.domain.settings.queries import holidays
from crm.i18n import is_right_to_left


def sheet_of(session: Session, span: Span, today: date) -> Sheet:
    """The frame of the picture."""
    return Sheet(
        span.first,
        span.after,
        today,
        _words(today),
        holidays=_holidays(session, span),
        right_to_left=is_right_to_left(language()),
    )


def _holidays(session: Session, span: Span) -> list[HolidayBand]:
    """National holidays; days of one name that follow each other are one band."""
    bands: list[HolidayBand] = []
    is_urdu = language() == "ur"
    for one in holidays(session):
        if one.scope != "national" or not span.first <= one.on < span.after:
            continue
        name, after = (one.name_ur if is_urdu else one.name), one.on + timedelta(days=1)
        if bands and bands[-1].end == one.on:
            bands[-1] = HolidayBand(bands[-1].start, after, bands[-1].label)
        else:
            bands.append(HolidayBand(one.on, after, name))
    return bands


def _words(today: date) -> Words:
    months = get_month_names("abbreviated", locale=language())
    weekdays = get_day_names("abbreviated", locale=language())
    return Words(
        title=_("Collaboration timeline"),
        description=_("A lane for each partner: consultations, meetings, contacts and replies by date."),
        today=short_day(today),
        months=[months[number] for number in range(1, 13)],
        weekdays=[weekdays[number] for number in range(7)],
        quarters=["Q1", "Q2", "Q3", "Q4"],
        financial_year=lambda years: _("FY %(years)s", years=years),
        silent=lambda days: ngettext("%(num)s day", "%(num)s days", days),
        together=lambda count, first, last: _(
            "%(count)s together, %(first)s to %(last)s", count=count, first=day(first), last=day(last)
        ),
    )
