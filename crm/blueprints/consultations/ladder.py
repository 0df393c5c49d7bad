"""The next step of a round's ladder: who gets it, who does not and why; a person holds, skips, approves, releases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for

from crm.blueprints import badges
from crm.blueprints.addresses import with_changes
from crm.blueprints.asks.rows import Around
from crm.blueprints.consultations.rounds import Round, named
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks import service
from crm.domain.asks.rules import STATE_WORDS, STEP_WORDS, AskState, Step, StepState, days_of, step_due, thaw_ladder
from crm.domain.organisations.rules import Courtesy
from crm.errors import NotFound
from crm.i18n import HOUSE_ZONE, Message
from crm.uow import Actor, UnitOfWork

OPENING = time(8, 30)
SHOWN = 12
ACTS = {"approve": StepState.APPROVED, "hold": StepState.HELD, "skip": StepState.SKIPPED}


@dataclass(frozen=True)
class Rung:
    """Where a request stands on its ladder: the step that is due or comes next, and its day."""

    ask: Any
    step: Step
    on: date
    state: StepState | None


Ahead = list[tuple[Step, date]]
"""The step that is due, if one is, and those after it, each with its day."""


def _ahead(about: Around, ladder: Sequence[Step], due_on: date) -> Ahead:
    days = days_of(ladder, due_on, about.workdays)
    due = step_due(ladder, due_on, about.today, about.workdays)
    steps = [*([due] if due else []), *(step for step in ladder if days[step.name] > about.today)]
    return [(step, max(days[step.name], about.today)) for step in steps]


def _rung_of(about: Around, ask: Any, ahead: Ahead) -> Rung | None:
    """The step that is due and did not go, else the next; None where the ladder has ended."""
    taken = about.ledger.get(ask.id, {})
    for step, on in ahead:
        state = taken[step.name].state if step.name in taken else None
        if state is not StepState.POSTED:
            return Rung(ask, step, on, state)
    return None


def _rungs(known: Round) -> Iterator[Rung]:
    """Where each open request stands whose ladder neither ended nor rests. Most share a ladder and a date."""
    plans: dict[tuple[str, date], Ahead] = {}
    for ask in known.open:
        if ask.paused_at is not None or ask.id in known.failed:
            continue
        plan = (ask.ladder, ask.due_on)
        if plan not in plans:
            plans[plan] = _ahead(known.about, thaw_ladder(ask.ladder), ask.due_on)
        rung = _rung_of(known.about, ask, plans[plan])
        if rung:
            yield rung


def next_rungs(known: Round, name: str = "") -> list[Rung]:
    """The requests that stand before the named step; else before the one that comes first, a court's after others'."""
    rungs = list(_rungs(known))
    if not rungs:
        return []
    first = min(rungs, key=lambda rung: (rung.on, rung.state is StepState.SKIPPED, _is_court(rung), rung.step.offset))
    return [rung for rung in rungs if rung.step.name == (name or first.step.name)]


def panel(known: Round, actor: Actor, name: str = "", show_all: bool = False) -> dict[str, Any] | None:
    """The ladder of consultations/show, at the named step if any stands before it; None where nothing more will go."""
    rungs = next_rungs(known, name) or next_rungs(known)
    if not rungs:
        return None
    step, may = rungs[0].step, actor.may(Permission.APPROVE_STEP)
    going = [rung for rung in rungs if rung.state in (None, StepState.APPROVED)]
    waiting = [rung for rung in going if rung.step.needs_person and rung.state is None and not _is_court(rung)]
    shown = sorted(rungs, key=_is_settled)[: None if show_all else SHOWN]
    return {
        "word": worded(STEP_WORDS[step.name]),
        "at": datetime.combine(rungs[0].on, OPENING, HOUSE_ZONE),
        "waits_for_person": bool(going) and all(rung.step.needs_person and rung.state is None for rung in going),
        "decides": may,
        "going": len(going),
        "invited": len(known.asks),
        "approve_url": _url(known, step, "approve") if may and waiting else None,
        "approve_word": _("Approve for all %(count)s", count=len(waiting)),
        "preview_url": url_for("consultations.read_step", round_id=known.consultation.id, step=step.name),
        "rows": [_row(known, rung, may) for rung in shown],
        "left_out": _left_out(known, rungs),
        "more": len(rungs) - len(shown),
        "more_url": with_changes(everyone=1) + "#ladder",
        "note": _note(step),
    }


def _is_court(rung: Rung) -> bool:
    return rung.ask.courtesy is Courtesy.JUDICIARY


def _is_settled(rung: Rung) -> bool:
    """Those that were held or skipped, and courts, are always among the shown: a person may still decide them."""
    return rung.state not in (StepState.HELD, StepState.SKIPPED) and not _is_court(rung)


def _note(step: Step) -> str | None:
    if step.name != "reminder-3":
        return None
    return _("After the last reminder the record reads “no comments received”; silence is never agreement.")


def _url(known: Round, step: Step, act: str, ask: Any = None) -> str:
    ask_id = ask.id if ask else None
    return url_for("consultations.decide_step", round_id=known.consultation.id, step=step.name, act=act, ask_id=ask_id)


def _row(known: Round, rung: Rung, may: bool) -> dict[str, Any]:
    kind, word = badges.STEPS[rung.state] if rung.state in badges.STEPS else ("going", Message("Will go"))
    waits = rung.step.needs_person and rung.state is None
    if waits:
        kind, word = "waiting", Message("Waits for a person")
    stopped = rung.state in (StepState.HELD, StepState.SKIPPED)

    def url(act: str, fits: bool) -> str | None:
        return _url(known, rung.step, act, rung.ask) if may and fits else None

    return {
        "ask_id": rung.ask.id,
        "partner": named(rung.ask),
        "partner_url": url_for("asks.show", ask_id=rung.ask.id),
        "seat": (rung.ask.title_ur if language() == "ur" else "") or rung.ask.title,
        "badge": (kind, worded(word)),
        "held": stopped,
        "approve_url": url("approve", waits and _is_court(rung)),
        "hold_url": url("hold", not stopped),
        "skip_url": url("skip", not stopped),
        "release_url": url("release", stopped),
    }


def _left_out(known: Round, rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    """Everybody else, counted by reason."""
    here = {rung.ask.id for rung in rungs}
    why = [_why(known, ask) for ask in known.asks if ask.id not in here]
    words = {reason.text: reason for reason in why}
    counted = Counter(reason.text for reason in why)
    return [{"count": count, "why": words[text]} for text, count in counted.most_common()]


def _why(known: Round, ask: Any) -> Message:
    if ask.state is not AskState.OPEN:
        return STATE_WORDS[ask.state]
    if ask.id in known.failed:
        return Message("not delivered: no proof that it arrived, so no reminder")
    if ask.paused_at is not None:
        return Message("paused until a person decides")
    return Message("has had every step, or stands before another one")


def decide(uow: UnitOfWork, known: Round, step: str, act: str, ask_id: int | None) -> int:
    """Approve, hold, skip or release a step, of one request or of all that wait. Returns how many.

    Raises NotFound for an unknown act or a request of another round, NotAllowed.
    """
    those = {ask.id for ask in known.asks}
    if act not in (*ACTS, "release") or (ask_id is not None and ask_id not in those):
        raise NotFound(Message("There is no such step."))
    if act == "release":
        return sum(service.release_step(uow, one, step) is not None for one in ([ask_id] if ask_id else ()))
    return service.decide_steps(uow, [ask_id] if ask_id else _waiting(known, step), step, ACTS[act], act)


def _waiting(known: Round, step: str) -> list[int]:
    """All that one press approves: courts are decided one by one."""
    rungs = [rung for rung in next_rungs(known, step) if rung.state is None]
    return [rung.ask.id for rung in rungs if rung.step.needs_person and not _is_court(rung)]
