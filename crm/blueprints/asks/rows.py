"""Requests as the rows of a list: who, by when, how it stands, what comes next. Read in four statements a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from crm.blueprints import badges
from crm.blueprints.door import language
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import day, worded
from crm.domain.asks.models import Ask
from crm.domain.asks.queries import ledger
from crm.domain.asks.rules import STEP_WORDS, AskKind, AskState, Side, Step, StepState, days_of, step_due, thaw_ladder
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.settings.queries import workdays
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import NOT_DELIVERED, Status
from crm.workdays import Workdays

SHOWN = (
    *(Ask.id, Ask.number, Ask.reference, Ask.title, Ask.title_ur, Ask.kind, Ask.side, Ask.state, Ask.due_on),
    *(Ask.paused_at, Ask.ladder, Ask.organisation_id, Ask.subject_kind, Ask.subject_id),
    Seat.title.label("seat"),
    Seat.title_ur.label("seat_ur"),
    *(Organisation.name, Organisation.name_ur, Organisation.acronym, Organisation.courtesy),
)
POST, ASK = OutboxMessage.__table__.c, Ask.__table__.c
STANDING = (
    select(POST.about_id, POST.status)
    .where(POST.about_kind == Ask.SUBJECT, POST.status.not_in((Status.CANCELLED, Status.EXPIRED)))
    .order_by(POST.id)
)
WENT = STANDING.where(POST.about_id.in_(bindparam("ids", expanding=True)))
OPEN_HERE = (ASK.organisation_id == bindparam("partner")) & (ASK.state == AskState.OPEN)
WENT_TO = STANDING.where(POST.about_id.in_(select(ASK.id).where(OPEN_HERE)))


def kind_words() -> dict[AskKind, str]:
    """The kinds of request as people call them."""
    return {AskKind.CONSULTATION: _("Consultation"), AskKind.RSVP: _("Invitation"), AskKind.LETTER: _("Letter")}


def columns() -> Select[Any]:
    """The columns that a row needs, with its partner and post."""
    return (
        select(*SHOWN)
        .join(Organisation, Organisation.id == Ask.organisation_id)
        .join(Seat, Seat.id == Ask.seat_id)
        .where(Ask.archived_at.is_(None))
    )


def deliveries(session: Session, ask_ids: Iterable[int]) -> dict[int, Status]:
    """How the latest mail of each request stands, those apart that were stopped on purpose."""
    return {ask_id: status for ask_id, status in session.execute(WENT, {"ids": list(ask_ids)})}


def deliveries_to(session: Session, organisation_id: int) -> dict[int, Status]:
    """The same of the open requests of one partner."""
    return {ask_id: status for ask_id, status in session.execute(WENT_TO, {"partner": organisation_id})}


@dataclass(frozen=True)
class Around:
    """What a page of requests needs besides its rows."""

    today: date
    workdays: Workdays
    ledger: Mapping[int, Mapping[str, Any]]
    deliveries: Mapping[int, Status]


def climbing(session: Session, ask_ids: Sequence[int], today: date) -> Around:
    """Ledger and working days alone: enough to say which rung comes next."""
    counting = remembered(session, "workdays", lambda: workdays(session))
    return Around(today, counting, ledger(session, ask_ids) if ask_ids else {}, {})


def around(session: Session, ask_ids: Sequence[int], today: date) -> Around:
    """Ledger, deliveries and working days for the requests of one page."""
    known = climbing(session, ask_ids, today)
    return replace(known, deliveries=deliveries(session, ask_ids)) if ask_ids else known


def next_rung(row: Any, about: Around) -> tuple[Step, date] | None:
    """The rung that comes next and its day; of one that is due, today. None where the ladder has ended or rests."""
    if row.state is not AskState.OPEN or row.paused_at is not None or not row.ladder:
        return None
    steps, taken = thaw_ladder(row.ladder), about.ledger.get(row.id, {})
    due = step_due(steps, row.due_on, about.today, about.workdays)
    if due is not None and due.name not in taken:
        return due, about.today
    days = days_of(steps, row.due_on, about.workdays)
    later = [step for step in steps if days[step.name] > about.today and step.name not in taken]
    return (later[0], days[later[0].name]) if later else None


def waits_for_person(row: Any, about: Around) -> Step | None:
    """The rung that is due and goes only when a person says so."""
    following = next_rung(row, about)
    return following[0] if following and following[0].needs_person and following[1] <= about.today else None


def ladder(row: Any, about: Around) -> dict[str, Any] | None:
    """The pips of the ladder: rungs gone, rungs in all, and what comes next in words."""
    if not row.ladder or row.state is not AskState.OPEN:
        return None
    taken = about.ledger.get(row.id, {})
    done = sum(step.state is StepState.POSTED for step in taken.values())
    return {"done": done, "total": len(row.ladder), "word": next_words(row, about)}


def next_words(row: Any, about: Around) -> str:
    """What comes next, in words."""
    if row.state is not AskState.OPEN:
        return ""
    if row.side is Side.THEIRS:
        return str(_("our reply"))
    if row.paused_at is not None:
        return str(_("a person decides whether reminders go on"))
    if about.deliveries.get(row.id) in NOT_DELIVERED:
        return str(_("correct the address"))
    following = next_rung(row, about)
    return _rung_words(*following, about) if following else str(_("no further reminder"))


def _rung_words(step: Step, on: date, about: Around) -> str:
    word = worded(STEP_WORDS.get(step.name, STEP_WORDS["request"]))
    if on > about.today:
        return str(_("%(step)s on %(day)s", step=word, day=day(on)))
    return str(_("%(step)s waits for you", step=word) if step.needs_person else _("%(step)s goes today", step=word))


def line(row: Any, about: Around) -> dict[str, Any]:
    """One row of asks/index."""
    is_urdu = language() == "ur"
    url = url_for("asks.show", ask_id=row.id)
    badge = badges.of_ask(row, about.today, row.courtesy, about.deliveries.get(row.id))
    needs = row.paused_at is not None or waits_for_person(row, about) is not None or row.side is Side.THEIRS
    return {
        "url": url,
        "title": (row.title_ur or row.title) if is_urdu else row.title,
        "reference": row.number,
        "partner": (row.name_ur or row.name) if is_urdu else (row.acronym or row.name),
        "partner_url": url_for("organisations.show", organisation_id=row.organisation_id),
        "seat": (row.seat_ur or row.seat) if is_urdu else row.seat,
        "kind_word": kind_words()[row.kind],
        "due_on": row.due_on,
        "due_word": badges.due_words(row, about.today, row.courtesy),
        "badge": badge,
        "delivery": None,
        "ladder": None,
        "next": next_words(row, about),
        "next_url": url if needs and row.state is AskState.OPEN else None,
    }


def lines(session: Session, rows: Sequence[Any], today: date) -> list[dict[str, Any]]:
    """The rows of a page."""
    about = around(session, [row.id for row in rows], today)
    return [line(row, about) for row in rows]
