"""The list of requests with its filters, and who owes whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from crm.blueprints import lists
from crm.blueprints.addresses import with_changes
from crm.blueprints.asks import rows as asked
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.domain.asks.models import Ask
from crm.domain.asks.queries import Owing, who_owes_whom
from crm.domain.asks.rules import AskKind, AskState, Side
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import NEVER_CALLED_SILENT
from crm.uow import Actor

OPEN = Ask.state == AskState.OPEN
MOST = 50


def tab_words() -> dict[str, str]:
    """The views of the list."""
    return {
        "open": _("Open"),
        "late": _("Overdue"),
        "paused": _("Paused"),
        "answered": _("Answered"),
        "withdrawn": _("Withdrawn"),
        "all": _("All"),
    }


def _state(tab: str, today: date) -> list[ColumnElement[bool]]:
    chased = (Ask.side == Side.THEIRS) | Organisation.courtesy.not_in(NEVER_CALLED_SILENT)
    wanted: dict[str, list[ColumnElement[bool]]] = {
        "open": [OPEN],
        "late": [OPEN, Ask.due_on < today, chased],
        "paused": [OPEN, Ask.paused_at.is_not(None)],
        "answered": [Ask.state.in_((AskState.ANSWERED, AskState.NIL, AskState.DECLINED, AskState.DEEMED))],
        "withdrawn": [Ask.state == AskState.WITHDRAWN],
        "all": [],
    }
    return wanted[tab]


def requests(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    """The context of asks/index."""
    words = tab_words()
    tab, sort = lists.chosen("view", words), lists.chosen("sort", {"due": "", "partner": ""})
    groups = _groups()
    chosen = asked.columns().where(Ask.grade.in_(actor.grades), *_state(tab, today), *_wanted(groups))
    rows, more = lists.cut(session.execute(_paged(chosen, session, sort)).all())
    total = session.scalar(select(func.count()).select_from(chosen.subquery()))
    return {
        "tabs": lists.tabs("view", words, tab),
        "groups": groups,
        "keep": lists.keep("view", "sort", "partner"),
        "chips": lists.chips(groups) + _partner_chip(session),
        "exports": [],
        "columns": {
            "due": _column("due", _("Due"), sort),
            "partner": _column("partner", _("Partner"), sort),
        },
        "rows": asked.lines(session, rows, today),
        "page": lists.pager(len(rows), total, rows[-1].id if more else None),
    }


def _column(key: str, word: str, sort: str) -> dict[str, Any]:
    url = with_changes(sort=None if key == "due" else key, after=None)
    return {"key": key, "word": word, "url": url, "order": "ascending" if key == sort else None}


def _groups() -> list[dict[str, Any]]:
    kinds = {str(kind): word for kind, word in asked.kind_words().items()}
    sides = {str(Side.OURS): _("With partners"), str(Side.THEIRS): _("With us")}
    return [lists.group("side", _("Pending"), sides), lists.group("kind", _("Kind"), kinds)]


def _wanted(groups: Sequence[dict[str, Any]]) -> list[ColumnElement[bool]]:
    on = {one["name"]: [choice["value"] for choice in one["choices"] if choice["on"]] for one in groups}
    wanted: list[ColumnElement[bool]] = []
    if on["side"]:
        wanted.append(Ask.side.in_([Side(value) for value in on["side"]]))
    if on["kind"]:
        wanted.append(Ask.kind.in_([AskKind(value) for value in on["kind"]]))
    if partner := lists.number("partner"):
        wanted.append(Ask.organisation_id == partner)
    return wanted


def _partner_chip(session: Session) -> list[dict[str, str]]:
    partner = session.get(Organisation, lists.number("partner") or 0)
    return [{"word": partner.short, "remove_url": with_changes(partner=None, after=None)}] if partner else []


def _paged(chosen: Select[Any], session: Session, sort: str) -> Select[Any]:
    """A page after the request that `after` names, by due date or by partner."""
    by: Any = Organisation.name if sort == "partner" else Ask.due_on
    after = lists.number("after")
    if after is not None:
        last = session.execute(select(by, Ask.id).select_from(Ask).join(Organisation).where(Ask.id == after)).first()
        if last is not None:
            chosen = chosen.where(tuple_(by, Ask.id) > tuple_(last[0], last[1]))
    return chosen.order_by(by, Ask.id).limit(MOST + 1)


def pending(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    """The context of asks/pending. No court and no statutory commission is listed as owing (practice 18)."""
    owing = who_owes_whom(session, today)
    mine = asked.columns().where(OPEN, Ask.grade.in_(actor.grades)).order_by(Ask.due_on, Ask.id).limit(MOST)
    ours = session.execute(mine.where(Ask.side == Side.THEIRS)).all()
    chased = (Ask.side == Side.OURS) & Organisation.courtesy.not_in(NEVER_CALLED_SILENT)
    theirs = session.execute(mine.where(chased)).all()
    both = asked.lines(session, [*ours, *theirs], today)
    shown = owing[: lists.PAGE]
    return {
        "nav": "pending",
        "facts": [ngettext("%(num)s partner", "%(num)s partners", len(owing))],
        "exports": [],
        "totals": {
            "they": sum(one.theirs_open for one in owing),
            "they_late": sum(one.theirs_overdue for one in owing),
            "we": sum(one.ours_open for one in owing),
            "we_late": sum(one.ours_overdue for one in owing),
        },
        "rows": [owing_line(one) for one in shown],
        "ours": both[: len(ours)],
        "theirs": both[len(ours) :],
        "page": lists.pager(len(shown), len(owing), None),
    }


def owing_line(one: Owing) -> dict[str, Any]:
    """One partner of "who owes whom"."""
    late = one.theirs_overdue + one.ours_overdue
    return {
        "partner": (one.name_ur or one.name) if language() == "ur" else (one.acronym or one.name),
        "partner_url": url_for("organisations.show", organisation_id=one.organisation_id),
        "they": one.theirs_open,
        "they_late": one.theirs_overdue,
        "we": one.ours_open,
        "we_late": one.ours_overdue,
        "word": ngettext("%(num)s overdue", "%(num)s overdue", late) if late else _("within the dates"),
    }
