"""What the picture says, in words: long silences, and what is open both ways with whose step it is."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for

from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.domain.asks.rules import Side
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import NEVER_CALLED_SILENT
from crm.domain.reports.queries import Happenings
from crm.domain.reports.rules import silent_spells
from crm.i18n import HOUSE_ZONE

ROWS = 60
TOGETHER = 3
"""From so many partners on, the same thing asked of all of them is one row."""


def picture_rows(shown: Sequence[Organisation], found: Happenings, today: date) -> list[dict[str, Any]]:
    """The rows below the picture, the oldest date first. No court and no commission is listed (practice 18)."""
    open_rows, silences = _open(shown, found), _silences(shown, found, today)
    rows = [*sorted(open_rows, key=lambda row: row["by"]), *sorted(silences, key=lambda row: row["since"])]
    return rows[:ROWS]


def _open(shown: Sequence[Organisation], found: Happenings) -> list[dict[str, Any]]:
    """What is open with each partner; what was asked of many at once stands together."""
    pairs = [
        (row, ask)
        for row in shown
        for ask in found.open_asks.get(row.id, ())
        if ask.side is Side.THEIRS or row.courtesy not in NEVER_CALLED_SILENT
    ]
    pairs.sort(key=lambda pair: _alike(pair[1]))
    rows: list[dict[str, Any]] = []
    for _key, members in groupby(pairs, lambda pair: _alike(pair[1])):
        alike = list(members)
        rows += [_together(alike)] if len(alike) >= TOGETHER else [_row(row, ask) for row, ask in alike]
    return rows


def _alike(ask: Any) -> tuple[str, str, date]:
    return ask.title, ask.side, ask.due_on


def _together(pairs: Sequence[tuple[Organisation, Any]]) -> dict[str, Any]:
    """One row for many partners of whom the same is open."""
    row, ask = pairs[0]
    partners = ngettext("%(num)s partner", "%(num)s partners", len(pairs))
    return _row(row, ask) | {"partner": partners, "partner_url": url_for("asks.pending")}


def _titled(ask: Any) -> str:
    return str((ask.title_ur or ask.title) if language() == "ur" else ask.title)


def _row(row: Organisation, ask: Any) -> dict[str, Any]:
    theirs = ask.side is Side.OURS
    return _who(row) | {
        "what": _titled(ask),
        "since": ask.asked_at.astimezone(HOUSE_ZONE).date(),
        "next_word": _("their reply") if theirs else _("our reply"),
        "by": ask.due_on,
    }


def _who(row: Organisation) -> dict[str, str]:
    return {
        "partner": row.named(language()),
        "partner_url": url_for("organisations.show", organisation_id=row.id),
    }


def _silences(shown: Sequence[Organisation], found: Happenings, today: date) -> list[dict[str, Any]]:
    """Partners without two-way contact for long, until today."""
    rows: list[dict[str, Any]] = []
    for row in shown:
        spells = [] if row.courtesy in NEVER_CALLED_SILENT else silent_spells(found.contacts.get(row.id, ()), today)
        if spells and spells[-1][1] == today:
            days = (today - spells[-1][0]).days
            what = ngettext("no two-way contact for %(num)s day", "no two-way contact for %(num)s days", days)
            rows.append(
                _who(row) | {"what": what, "since": spells[-1][0], "next_word": _("we write or call"), "by": None}
            )
    return rows
