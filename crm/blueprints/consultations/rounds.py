"""One round: its steps, representation, answers by day, and everybody who was asked. Read in few statements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.blueprints import badges, lists
from crm.blueprints.asks import rows as asked
from crm.blueprints.consultations.drafts import badge_of, round_title, version_word
from crm.blueprints.door import language
from crm.blueprints.places import SHORT
from crm.blueprints.words import day, worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.queries import answers_to, asks_about
from crm.domain.asks.rules import AskState
from crm.domain.consultations import queries
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.queries import Tally
from crm.domain.consultations.rules import ROUND_WORDS, Coverage, RoundState, coverage
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState
from crm.domain.settings.queries import labels, plurals
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.outbox.rules import NOT_DELIVERED
from crm.uow import Actor

LONGEST_CHART = 60
FEW = 3


@dataclass(frozen=True)
class Round:
    """A round with everything that its page says of it."""

    consultation: ConsultationRound
    asks: Sequence[Ask]
    about: asked.Around
    answers: Mapping[int, list[AskAnswer]]
    comments: Mapping[int, int]
    tally: Tally
    types: Mapping[str, str]
    type_heads: Mapping[str, str]
    provinces: Mapping[str, str]

    def is_silent(self, ask: Ask) -> bool:
        """Whether a reply is awaited: asked, delivered, open, and not one that is never called silent."""
        never = ask.seat.organisation.courtesy in NEVER_CALLED_SILENT
        return ask.state is AskState.OPEN and not never and not self.has_failed(ask)

    def has_failed(self, ask: Ask) -> bool:
        """Whether it did not reach its post."""
        bounced = ask.seat.address_state is AddressState.BOUNCED
        return ask.state is AskState.OPEN and (self.about.deliveries.get(ask.id) in NOT_DELIVERED or bounced)

    def is_late(self, ask: Ask) -> bool:
        """Whether its answer came after the date."""
        return ask.answered_at is not None and _on(ask) > ask.due_on


def _on(ask: Ask) -> date:
    """The day on which a request was answered."""
    if ask.answered_at is None:
        raise ValueError("the request was not answered")
    return ask.answered_at.astimezone(HOUSE_ZONE).date()


def gather(session: Session, round_id: int, today: date) -> Round:
    """Read a round once, for all parts of its page."""
    consultation = queries.get_round(session, round_id)
    asks = asks_about(session, consultation.subject)
    ids = [ask.id for ask in asks]
    return Round(
        consultation,
        asks,
        asked.around(session, ids, today),
        answers_to(session, ids),
        queries.comments_by_answer(session, round_id),
        queries.tally(session, round_id),
        labels(session, TermKind.ORGANISATION_TYPE, language()),
        plurals(session, TermKind.ORGANISATION_TYPE, language()),
        labels(session, TermKind.JURISDICTION, language()),
    )


def page(known: Round, actor: Actor) -> dict[str, Any]:
    """The context of consultations/show, but for the ladder."""
    partners = [(ask.seat.organisation, ask.answered_at is not None) for ask in known.asks]
    facts = [(one.type, one.province, has_answered) for one, has_answered in partners]
    grid = coverage(facts, _order(known.types, facts, 0), _order(known.provinces, facts, 1))
    return {
        "round": heading(known, actor),
        "steps": _steps(known.consultation),
        "figures": _figures(known),
        "grid": _grid(known, grid),
        "days": _days(known),
        "invited": len(known.asks),
        "chart_title": _(
            "%(answered)s of %(invited)s answered so far", answered=_answered(known), invited=len(known.asks)
        ),
        "gaps": _gaps(known),
        "gaps_url": url_for("consultations.show", round_id=known.consultation.id, view="awaited"),
    } | _invitees(known)


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


def _answered(known: Round) -> int:
    return sum(ask.answered_at is not None for ask in known.asks)


def _figures(known: Round) -> list[dict[str, Any]]:
    silent, failed = sum(map(known.is_silent, known.asks)), sum(map(known.has_failed, known.asks))
    figures = [
        (len(known.asks), _("invited"), ""),
        (_answered(known), _("answered"), "accent"),
        (silent, _("replies awaited"), "attn" if silent else ""),
        (failed, _("not delivered"), "danger" if failed else ""),
        (known.tally.all, _("comments"), ""),
        (known.tally.undecided, _("without a decision"), "attn" if known.tally.undecided else ""),
    ]
    return [{"value": value, "word": word, "tone": tone} for value, word, tone in figures]


def _grid(known: Round, grid: Coverage) -> dict[str, Any]:
    def shown(cell: Any) -> dict[str, int] | None:
        return {"answered": cell.answered, "invited": cell.asked} if cell is not None else None

    return {
        "columns": [_column(known, one) for one in grid.provinces],
        "rows": [
            {
                "word": known.type_heads.get(code, code),
                "cells": [shown(cells.get(one)) for one in grid.provinces],
                "total": shown(grid.sum_of(code)),
            }
            for code, cells in grid.rows.items()
        ],
        "totals": [shown(grid.sum_of(province=one)) for one in grid.provinces],
        "all": shown(grid.sum_of()),
    }


def _column(known: Round, code: str) -> dict[str, str]:
    """The head of a column: short enough for its figures, with the full name beside it."""
    full = known.provinces.get(code, code) or str(_("National"))
    return {"word": worded(SHORT[code]) if code in SHORT else full, "full": full}


def _days(known: Round) -> list[dict[str, Any]]:
    """Every day from the first request to today or the due date, with its answers and their sum so far."""
    if not known.asks:
        return []
    begin = min(ask.asked_at for ask in known.asks).astimezone(HOUSE_ZONE).date()
    due = known.consultation.due_on or known.about.today
    end = max(known.about.today, due)
    begin = max(begin, end - timedelta(days=LONGEST_CHART))
    came = Counter(_on(ask) for ask in known.asks if ask.answered_at is not None)
    total, days = sum(count for on, count in came.items() if on < begin), []
    for step in range((end - begin).days + 1):
        on = begin + timedelta(days=step)
        total += came[on]
        marks = {due: _("due"), known.about.today: _("today")}
        days.append(
            {
                "on": on,
                "answers": came[on],
                "total": total,
                "off": not known.about.workdays.is_working(on),
                "mark": marks.get(on),
            }
        )
    return days


def _gaps(known: Round) -> list[str]:
    """Where fewer than a third answered: by province, courts and statutory commissions left aside (practice 18)."""
    counts: dict[str, list[int]] = {}
    for ask in known.asks:
        if ask.seat.organisation.courtesy not in NEVER_CALLED_SILENT:
            cell = counts.setdefault(ask.seat.organisation.province, [0, 0])
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


def _invitees(known: Round) -> dict[str, Any]:
    views = {
        "all": (_("All"), known.asks),
        "awaited": (_("Reply awaited"), [ask for ask in known.asks if known.is_silent(ask)]),
        "failed": (_("Not delivered"), [ask for ask in known.asks if known.has_failed(ask)]),
        "late": (_("Late"), [ask for ask in known.asks if known.is_late(ask)]),
        "answered": (_("Answered"), [ask for ask in known.asks if ask.answered_at is not None]),
    }
    words = {name: word for name, (word, _rows) in views.items()}
    view = lists.chosen("view", words)
    counts = {name: len(rows) for name, (_word, rows) in views.items()}
    after = request.args.get("after", 0, type=int)
    shown = views[view][1][after : after + lists.PAGE]
    following = after + lists.PAGE if counts[view] > after + lists.PAGE else None
    return {
        "invitee_tabs": lists.tabs("view", words, view, counts),
        "invitees": [_invitee(known, ask) for ask in shown],
        "page": lists.pager(len(shown), counts[view], following),
    }


def _invitee(known: Round, ask: Ask) -> dict[str, Any]:
    partner, delivery = ask.seat.organisation, known.about.deliveries.get(ask.id)
    answers = known.answers.get(ask.id, [])
    late = known.about.workdays.between(ask.due_on, _on(ask)) if known.is_late(ask) else 0
    return {
        "partner": partner.named(language()),
        "partner_url": url_for("asks.show", ask_id=ask.id),
        "kind": known.types.get(partner.type, partner.type),
        "place": known.provinces.get(partner.province, partner.province),
        "sent_on": ask.asked_at,
        "delivery": badges.of_delivery(delivery),
        "state": badges.of_ask(ask, known.about.today, partner.courtesy, delivery),
        "answered_on": ask.answered_at,
        "late": ngettext("%(num)s working day late", "%(num)s working days late", late) if late else None,
        "comments": sum(known.comments.get(one.id, 0) for one in answers) if answers else None,
        "next": _next(known, ask),
        "next_url": _next_url(known, ask),
    }


def _next(known: Round, ask: Ask) -> str:
    if known.has_failed(ask):
        return str(_("Correct the address"))
    return str(_("Read the answer")) if known.answers.get(ask.id) else asked.next_words(ask, known.about)


def _next_url(known: Round, ask: Ask) -> str | None:
    if known.has_failed(ask):
        return url_for("organisations.show", organisation_id=ask.organisation_id)
    answers = known.answers.get(ask.id)
    return url_for("consultations.answer", answer_id=answers[-1].id) if answers else None
