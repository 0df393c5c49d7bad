"""The collaboration timeline: which partners, which span, its picture and the same as a table."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from markupsafe import Markup
from sqlalchemy.orm import Session

from crm.blueprints import lists
from crm.blueprints.addresses import with_changes
from crm.blueprints.door import language
from crm.blueprints.organisations.register import Terms, read_terms, wanted_partners
from crm.blueprints.reports.lanes import lane_of
from crm.blueprints.reports.saying import picture_rows
from crm.blueprints.reports.sheet import sheet_of
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.queries import PartnerFilter, partners
from crm.domain.reports.drawing import draw
from crm.domain.reports.queries import Span, active_partners, happenings
from crm.domain.settings.queries import plurals
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.uow import Actor

LANES = 24
SPANS = {"quarter": (60, 31), "year": (275, 90), "18-months": (365, 183)}
"""Days before and after today."""


def span_of(today: date, name: str) -> Span:
    """The span that a segment names, about today."""
    before, after = SPANS[name]
    start, end = today - timedelta(days=before), today + timedelta(days=after)
    midnight = time(tzinfo=HOUSE_ZONE)
    return Span(datetime.combine(start, midnight), datetime.combine(end, midnight))


def timeline(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    """The context of reports/timeline."""
    spans = {"18-months": _("18 months"), "year": _("A year"), "quarter": _("A quarter")}
    by = {"type": _("By type"), "province": _("By province")}
    name, lanes_by = lists.chosen("span", spans), lists.chosen("by", by)
    terms, wanted = read_terms(session), wanted_partners()
    groups, heads = _groups(terms), plurals(session, TermKind.ORGANISATION_TYPE, language())
    span = span_of(today, name)
    every = _partners(session, actor, wanted, lanes_by, span)
    shown, more = lists.cut(_page(every), LANES)
    found = happenings(session, [row.id for row in shown], span)
    lanes = [lane_of(row, _group(row, terms, heads, lanes_by), found, today) for row in shown]
    return {
        "nav": "timeline",
        "facts": [ngettext("%(num)s partner", "%(num)s partners", len(every))],
        "picture": Markup(draw(lanes, sheet_of(session, span, today))),
        "lanes_by": _segment("by", by, lanes_by),
        "spans": _segment("span", spans, name),
        "groups": groups,
        "keep": lists.keep("span", "by"),
        "chips": lists.chips(groups),
        "legend": legend(),
        "pdf_url": None,
        "rows": picture_rows(shown, found, today),
        "page": lists.pager(len(shown), len(every), shown[-1].id if more else None),
    }


def _segment(name: str, words: dict[str, str], current: str) -> list[dict[str, Any]]:
    return [
        {"word": word, "url": with_changes(**{name: key, "after": None}), "current": key == current}
        for key, word in words.items()
    ]


def _groups(terms: Terms) -> list[dict[str, Any]]:
    return [
        lists.group("type", _("Type"), terms.of(TermKind.ORGANISATION_TYPE)),
        lists.group("province", _("Province"), terms.of(TermKind.JURISDICTION)),
        lists.group("theme", _("Theme"), terms.of(TermKind.THEME)),
        lists.group("show", _("Show"), {"all": _("also partners without any contact")}),
    ]


def _partners(
    session: Session, actor: Actor, wanted: PartnerFilter, lanes_by: str, span: Span
) -> Sequence[Organisation]:
    """The partners that have a lane, by their group and name: those with anything in the span, or all if so asked."""
    rows = [row for row in partners(session, wanted) if row.grade in actor.grades]
    if "all" not in request.args.getlist("show"):
        active = active_partners(session, span)
        rows = [row for row in rows if row.id in active]
    return sorted(rows, key=lambda row: (row.province if lanes_by == "province" else row.type, row.name, row.id))


def _page(rows: Sequence[Organisation]) -> Sequence[Organisation]:
    """The partners of a page, after the one that `after` names."""
    after = lists.number("after")
    start = next((place + 1 for place, row in enumerate(rows) if row.id == after), 0)
    return rows[start : start + LANES + 1]


def _group(row: Organisation, terms: Terms, heads: dict[str, str], lanes_by: str) -> str:
    if lanes_by == "province":
        return terms.word(TermKind.JURISDICTION, row.province)
    return heads.get(row.type, row.type)


def legend() -> list[dict[str, str]]:
    """The signs with their words."""
    signs = {
        "round": _("consultation, filled by share answered"),
        "meeting": _("meeting"),
        "planned": _("planned"),
        "letter": _("letter, call or visit"),
        "answer": _("reply"),
        "silence": _("no contact for long"),
    }
    return [{"sign": sign, "word": word} for sign, word in signs.items()]
