"""Everybody whom a round asked, as plain rows: its page shows hundreds, and reads them in five statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Text, bindparam, cast, func, select
from sqlalchemy.orm import Session

from crm.domain.asks.models import Ask, AskAnswer, AskStep
from crm.domain.consultations.models import Comment, ConsultationRound
from crm.domain.organisations.models import Organisation, Seat
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status

ASK, STEP, SEAT, PARTNER = Ask.__table__.c, AskStep.__table__.c, Seat.__table__.c, Organisation.__table__.c
MAIL, ANSWER, COMMENT = OutboxMessage.__table__.c, AskAnswer.__table__.c, Comment.__table__.c
HERE = (ASK.subject_kind == ConsultationRound.SUBJECT) & (ASK.subject_id == bindparam("round"))

INVITED = (
    select(
        *(ASK.id, ASK.organisation_id, ASK.side, ASK.state, ASK.asked_at, ASK.due_on, ASK.paused_at, ASK.answered_at),
        cast(ASK.ladder, Text).label("ladder"),
        *(SEAT.title, SEAT.title_ur, SEAT.address_state),
        *(PARTNER.name, PARTNER.name_ur, PARTNER.type, PARTNER.province, PARTNER.courtesy),
    )
    .join_from(Ask.__table__, Seat.__table__, SEAT.id == ASK.seat_id)
    .join(Organisation.__table__, PARTNER.id == ASK.organisation_id)
    .where(HERE, ASK.archived_at.is_(None))
    .order_by(PARTNER.type, ASK.id)
)
LEDGER = (
    select(STEP.ask_id, STEP.step, STEP.state)
    .join_from(Ask.__table__, AskStep.__table__, (STEP.ask_id == ASK.id) & (STEP.edition == ASK.edition))
    .where(HERE)
)
DELIVERIES = (
    select(MAIL.about_id, MAIL.status)
    .where(MAIL.about_kind == Ask.SUBJECT, MAIL.about_id.in_(select(ASK.id).where(HERE)))
    .where(MAIL.status.not_in((Status.CANCELLED, Status.EXPIRED)))
    .order_by(MAIL.id)
)
ANSWERS = (
    select(ANSWER.ask_id, ANSWER.id, func.count(COMMENT.id))
    .outerjoin_from(
        AskAnswer.__table__, Comment.__table__, (COMMENT.answer_id == ANSWER.id) & COMMENT.archived_at.is_(None)
    )
    .where(ANSWER.ask_id.in_(bindparam("ids", expanding=True)), ANSWER.archived_at.is_(None))
    .group_by(ANSWER.ask_id, ANSWER.id, ANSWER.at)
    .order_by(ANSWER.at, ANSWER.id)
)


def invited(session: Session, round_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The requests of a round with their post and partner, by type of partner; `ladder` is JSON text."""
    return session.execute(INVITED, {"round": round_id}).all()


def ledger(session: Session, round_id: int) -> Mapping[int, Mapping[str, Row[*tuple[Any, ...]]]]:
    """Of each request the rungs of its latest edition that something became of."""
    book: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in session.execute(LEDGER, {"round": round_id}):
        book[row.ask_id][row.step] = row
    return book


def deliveries(session: Session, round_id: int) -> dict[int, Status]:
    """How the latest mail of each request stands, those apart that were stopped on purpose."""
    return {ask_id: status for ask_id, status in session.execute(DELIVERIES, {"round": round_id})}


def answers(session: Session, ask_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Of each request that was answered: (answer, how many comments came of it), the oldest first."""
    book: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for ask_id, answer_id, count in session.execute(ANSWERS, {"ids": list(ask_ids)}):
        book[ask_id].append((answer_id, count))
    return book
