"""One round: its steps, representation, answers by day, and everybody who was asked. Read in few statements."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from crm.blueprints import badges, lists
from crm.blueprints.asks import rows as asked
from crm.blueprints.consultations.chart import Day, chart
from crm.blueprints.consultations.drafts import badge_of, round_title, version_word
from crm.blueprints.door import language
from crm.blueprints.memory import remembered
from crm.blueprints.places import SHORT
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import day, worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks.rules import AskState
from crm.domain.consultations import invited, queries
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.queries import Tally
from crm.domain.consultations.rules import ROUND_WORDS, Cell, Coverage, RoundState, coverage
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState
from crm.domain.settings.queries import labels, plurals, workdays
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.outbox.rules import NOT_DELIVERED, Status
from crm.uow import Actor

LONGEST_CHART = 60
PAGE, FEW = 25, 3
NO_MAILBOX = (AddressState.BOUNCED,)


@dataclass(frozen=True)
class Round:
    """A round with everything that its page says of it."""

    consultation: ConsultationRound
    asks: Sequence[Any]
    about: asked.Around
    tally: Tally
    types: Mapping[str, str]
    type_heads: Mapping[str, str]
    provinces: Mapping[str, str]

    @cached_property
    def open(self) -> list[Any]:
        """The requests without an answer."""
        return [ask for ask in self.asks if ask.state is AskState.OPEN]

    @cached_property
    def failed(self) -> dict[int, Any]:
        """Those that did not reach their post."""
        went = self.about.deliveries
        lost = [ask for ask in self.open if went.get(ask.id) in NOT_DELIVERED or ask.address_state in NO_MAILBOX]
        return {ask.id: ask for ask in lost}

    @cached_property
    def silent(self) -> list[Any]:
        """Those whose reply is awaited: delivered, open, and not of one that is never called silent."""
        return [ask for ask in self.open if ask.courtesy not in NEVER_CALLED_SILENT and ask.id not in self.failed]

    @cached_property
    def answered_on(self) -> dict[int, date]:
        """The day on which each was answered that was."""
        answered = [ask for ask in self.asks if ask.answered_at is not None]
        return {ask.id: ask.answered_at.astimezone(HOUSE_ZONE).date() for ask in answered}

    def is_late(self, ask: Any) -> bool:
        """Whether its answer came after the date."""
        return ask.id in self.answered_on and self.answered_on[ask.id] > ask.due_on


def named(ask: Any) -> str:
    """Its partner in the reader's language."""
    return str((ask.name_ur if language() == "ur" else "") or ask.name)


def gather(session: Session, round_id: int, today: date, deliveries: Mapping[int, Status] | None = None) -> Round:
    """Read a round once, for all parts of its page. `deliveries`: how its mails stand, where that was read before."""
    consultation = queries.get_round(session, round_id)
    counting = remembered(session, "workdays", lambda: workdays(session))
    went = invited.deliveries(session, round_id) if deliveries is None else deliveries
    about = asked.Around(today, counting, invited.ledger(session, round_id), went)
    types, provinces = TermKind.ORGANISATION_TYPE, TermKind.JURISDICTION
    return Round(
        consultation,
        invited.invited(session, round_id),
        about,
        queries.tally(session, round_id),
        *(_words(session, kind, read) for kind, read in ((types, labels), (types, plurals), (provinces, labels))),
    )


def _words(session: Session, kind: TermKind, read: Callable[..., dict[str, str]]) -> Mapping[str, str]:
    tongue = language()
    return remembered(session, (read.__name__, kind, tongue), lambda: read(session, kind, tongue))


def page(known: Round, actor: Actor) -> dict[str, Any]:
    """The context of consultations/show, but for the ladder and those who were asked."""
    facts = [(ask.type, ask.province, ask.answered_at is not None) for ask in known.asks]
    grid = coverage(facts, _order(known.types, facts, 0), _order(known.provinces, facts, 1))
    return {
        "round": heading(known, actor),
        "steps": _steps(known.consultation),
        "figures": _figures(known),
        "invited": len(known.asks),
        "grid": _grid(known, grid),
        "chart": chart(_days(known), len(known.asks), language() == "ur"),
        "gaps": _gaps(known),
        "gaps_url": url_for("consultations.show", round_id=known.consultation.id, view="awaited"),
    }


def _order(words: Mapping[str, str], facts: Sequence[tuple[str, str, bool]], place: int) -> list[str]:
    """The codes in the order of the taxonomy; those it does not know come last."""
    used = {str(fact[place]) for fact in facts}
    return [*words, *sorted(used - set(words))]


def heading(known: Round, actor: Actor) -> dict[str, Any]:
    """The head of the page, with what this person may do."""
    one = known.consultation
    runs, is_open = actor.may(Permission.RUN_ROUND), one.state is RoundState.ROUND_OPEN
    may_invite = runs and (is_open or not known.asks)
    may_export = bool(known.tally.all) and actor.may(Permission.EXPORT)
    return {
        "id": one.id,
        "title": round_title(one),
        "reference": f"{one.document.code} / {one.number}",
        "badge": badge_of(one.state),
        "facts": [_("due %(day)s", day=day(one.due_on))] if one.due_on else [],
        "document_url": url_for("consultations.document", document_id=one.document_id),
        "document_word": version_word(one.document),
        "matrix_url": url_for("consultations.matrix", round_id=one.id),
        "export_url": url_for("consultations.export", round_id=one.id) if may_export else None,
        "invite_url": url_for("consultations.invite", round_id=one.id) if may_invite else None,
        "close_url": url_for("consultations.close", round_id=one.id) if runs and is_open else None,
        "undecided": known.tally.undecided,
    }


def _steps(one: ConsultationRound) -> list[dict[str, Any]]:
    states = list(RoundState)
    here = states.index(one.state)
    return [
        {
            "word": worded(ROUND_WORDS[state]),
            "on": date.fromisoformat(one.reached[state]) if state in one.reached else None,
            "state": "now" if place == here else ("done" if place < here else ""),
        }
        for place, state in enumerate(states)
    ]


def _figures(known: Round) -> list[dict[str, Any]]:
    silent, failed = len(known.silent), len(known.failed)
    figures = [
        (len(known.asks), _("invited"), ""),
        (len(known.answered_on), _("answered"), "accent"),
        (silent, _("replies awaited"), "attn" if silent else ""),
        (failed, _("not delivered"), "danger" if failed else ""),
        (known.tally.all, _("comments"), ""),
        (known.tally.undecided, _("without a decision"), "attn" if known.tally.undecided else ""),
    ]
    return [{"value": value, "word": word, "tone": tone} for value, word, tone in figures]


def _grid(known: Round, grid: Coverage) -> dict[str, Any]:
    return {
        "columns": [_column(known, one) for one in grid.provinces],
        "rows": [
            {
                "word": known.type_heads.get(code, code),
                "cells": [_cell(cells.get(one)) for one in grid.provinces],
                "total": _cell(grid.sum_of(code)),
            }
            for code, cells in grid.rows.items()
        ],
        "totals": [_cell(grid.sum_of(province=one)) for one in grid.provinces],
        "all": _cell(grid.sum_of()),
    }


def _cell(cell: Cell | None) -> dict[str, str] | None:
    """What a cell says, and its shade: none, some, half or all of those asked have answered."""
    if cell is None:
        return None
    half = "r-c2" if cell.answered * 2 >= cell.asked else "r-c1"
    shade = "r-c4" if cell.answered == cell.asked else (half if cell.answered else "r-c0")
    return {"said": f"{cell.answered}/{cell.asked}", "shade": shade}


def _column(known: Round, code: str) -> dict[str, str]:
    """The head of a column: short enough for its figures, with the full name beside it."""
    full = known.provinces.get(code, code) or str(_("National"))
    return {"word": worded(SHORT[code]) if code in SHORT else full, "full": full}


def _days(known: Round) -> list[Day]:
    """Every day from the first request to today or the due date, with its answers and their sum so far."""
    if not known.asks:
        return []
    begin = min(ask.asked_at for ask in known.asks).astimezone(HOUSE_ZONE).date()
    due = known.consultation.due_on or known.about.today
    end = max(known.about.today, due)
    begin = max(begin, end - timedelta(days=LONGEST_CHART))
    came, marks = Counter(known.answered_on.values()), {due: _("due"), known.about.today: _("today")}
    total, days = sum(count for on, count in came.items() if on < begin), []
    for step in range((end - begin).days + 1):
        on = begin + timedelta(days=step)
        total += came[on]
        days.append(Day(on, came[on], total, not known.about.workdays.is_working(on), marks.get(on, "")))
    return days


def _gaps(known: Round) -> list[str]:
    """Where fewer than a third answered: by province, courts and statutory commissions left aside (practice 18)."""
    counts: dict[str, list[int]] = {}
    for ask in known.asks:
        if ask.courtesy not in NEVER_CALLED_SILENT:
            cell = counts.setdefault(ask.province, [0, 0])
            cell[0] += 1
            cell[1] += ask.answered_at is not None
    return [
        _(
            "%(place)s: %(answered)s of %(invited)s.",
            place=known.provinces.get(place, place) or _("National"),
            answered=answered,
            invited=invited,
        )
        for place, (invited, answered) in counts.items()
        if answered * FEW < invited
    ]


def invitees(session: Session, known: Round) -> dict[str, Any]:
    """A page of those who were asked, in the view that the address names."""
    views = {
        "all": (_("All"), known.asks),
        "awaited": (_("Reply awaited"), known.silent),
        "failed": (_("Not delivered"), list(known.failed.values())),
        "late": (_("Late"), [ask for ask in known.asks if known.is_late(ask)]),
        "answered": (_("Answered"), [ask for ask in known.asks if ask.id in known.answered_on]),
    }
    words = {name: word for name, (word, _rows) in views.items()}
    view = lists.chosen("view", words)
    counts = {name: len(rows) for name, (_word, rows) in views.items()}
    after = request.args.get("after", 0, type=int)
    shown = views[view][1][after : after + PAGE]
    following = after + PAGE if counts[view] > after + PAGE else None
    answers = invited.answers(session, [ask.id for ask in shown])
    return {
        "invitee_tabs": lists.tabs("view", words, view, counts),
        "invitees": [_invitee(known, ask, answers.get(ask.id, [])) for ask in shown],
        "page": lists.pager(len(shown), counts[view], following),
    }


def _invitee(known: Round, ask: Any, answers: Sequence[tuple[int, int]]) -> dict[str, Any]:
    delivery = known.about.deliveries.get(ask.id)
    late = known.about.workdays.between(ask.due_on, known.answered_on[ask.id]) if known.is_late(ask) else 0
    following, next_url = _next(known, ask, answers)
    return {
        "partner": named(ask),
        "partner_url": url_for("asks.show", ask_id=ask.id),
        "kind": known.types.get(ask.type, ask.type),
        "place": known.provinces.get(ask.province, ask.province),
        "sent_on": ask.asked_at,
        "delivery": badges.of_delivery(delivery),
        "state": badges.of_ask(ask, known.about.today, ask.courtesy, delivery),
        "answered_on": ask.answered_at,
        "late": ngettext("%(num)s working day late", "%(num)s working days late", late) if late else None,
        "comments": sum(count for _answer, count in answers) if answers else None,
        "next": following,
        "next_url": next_url,
    }


def _next(known: Round, ask: Any, answers: Sequence[tuple[int, int]]) -> tuple[str, str | None]:
    """What comes next with a request, in words, and where it is done."""
    if ask.id in known.failed:
        return _("Correct the address"), url_for("organisations.show", organisation_id=ask.organisation_id)
    if answers:
        return _("Read the answer"), url_for("consultations.answer", answer_id=answers[-1][0])
    return asked.next_words(ask, known.about), None
