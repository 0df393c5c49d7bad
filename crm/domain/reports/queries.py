"""What happened with each partner in a span: rounds, meetings, contacts. Plain columns, few statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState, Side
from crm.domain.consultations.models import ConsultationRound, Document
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.rules import MeetingState
from crm.domain.organisations.models import Engagement, EngagementParty, Organisation
from crm.timeline.models import TimelinePlace
from crm.timeline.service import TWO_WAY


@dataclass(frozen=True)
class Span:
    """From a day up to, not including, another, as moments at the unit's desk."""

    start: datetime
    end: datetime

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.date()

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.end.date()


@dataclass(frozen=True)
class Happenings:
    """Of each partner, by its id: what a lane shows."""

    rounds: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    meetings: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    engagements: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    answers: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    contacts: Mapping[int, Sequence[date]] = field(default_factory=dict)
    open_asks: Mapping[int, Sequence[Any]] = field(default_factory=dict)


def happenings(session: Session, organisation_ids: Sequence[int], span: Span) -> Happenings:
    """Everything a page of lanes needs, in six statements."""
    ids = list(organisation_ids)
    return Happenings(
        _by_partner(session.execute(_rounds(ids, span))),
        _by_partner(session.execute(_meetings(ids, span))),
        _by_partner(session.execute(_engagements(ids, span))),
        _by_partner(session.execute(_answers(ids, span))),
        _contacts(session, ids, span),
        _by_partner(session.execute(_open_asks(ids))),
    )


def active_partners(session: Session, span: Span) -> set[int]:
    """The partners with which anything was asked, answered or logged in a span."""
    asked = select(Ask.organisation_id).where(Ask.asked_at < span.end, Ask.due_on >= span.first)
    within = (Engagement.at >= span.start) & (Engagement.at < span.end) & Engagement.archived_at.is_(None)
    joined = EngagementParty.engagement_id == Engagement.id
    met = select(EngagementParty.organisation_id).join(Engagement, joined).where(within)
    return set(session.scalars(union(asked, met)))


def _by_partner(rows: Iterable[Any]) -> dict[int, list[Any]]:
    book: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        book[row.organisation_id].append(row)
    return book


def _rounds(ids: list[int], span: Span) -> Any:
    """The rounds in which a partner was asked, with how many of its requests are answered."""
    answered = func.count(Ask.answered_at).label("answered")
    row = ConsultationRound
    columns = (Ask.organisation_id, row.id, row.number, Document.title, Document.title_ur)
    asked = (Ask.subject_kind == row.SUBJECT) & (Ask.subject_id == row.id)
    return (
        select(*columns, func.min(Ask.asked_at).label("start"), func.max(Ask.due_on).label("end"), answered)
        .add_columns(func.count(Ask.id).label("asked"))
        .join(row, asked)
        .join(Document, Document.id == row.document_id)
        .where(Ask.organisation_id.in_(ids), Ask.asked_at < span.end, Ask.due_on >= span.first)
        .where(Ask.state != AskState.WITHDRAWN)
        .group_by(*columns)
        .order_by(func.min(Ask.asked_at))
    )


def _meetings(ids: list[int], span: Span) -> Any:
    """The meetings to which a partner was invited."""
    within = (Meeting.starts_at >= span.start) & (Meeting.starts_at < span.end)
    return (
        select(Ask.organisation_id, Meeting.id, Meeting.title, Meeting.title_ur, Meeting.starts_at)
        .join(Invitee, Invitee.ask_id == Ask.id)
        .join(Meeting, Meeting.id == Invitee.meeting_id)
        .where(Ask.organisation_id.in_(ids), within, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at)
    )


def _engagements(ids: list[int], span: Span) -> Any:
    """The logged contacts of a partner."""
    within = (Engagement.at >= span.start) & (Engagement.at < span.end) & Engagement.archived_at.is_(None)
    party = EngagementParty
    return (
        select(party.organisation_id, Engagement.kind, Engagement.at, Engagement.title, Engagement.title_ur)
        .join(Engagement, Engagement.id == party.engagement_id)
        .where(party.organisation_id.in_(ids), within)
        .order_by(Engagement.at)
    )


def _answers(ids: list[int], span: Span) -> Any:
    """The requests that a partner answered."""
    within = (Ask.answered_at >= span.start) & (Ask.answered_at < span.end)
    columns = (Ask.organisation_id, Ask.id, Ask.title, Ask.title_ur, Ask.answered_at, Ask.subject_kind)
    here = Ask.organisation_id.in_(ids) & (Ask.side == Side.OURS)
    return select(*columns).where(here, within).order_by(Ask.answered_at)


def _open_asks(ids: list[int]) -> Any:
    """What is open now, both ways."""
    columns = (Ask.organisation_id, Ask.id, Ask.title, Ask.title_ur, Ask.side, Ask.asked_at, Ask.due_on)
    here = Ask.organisation_id.in_(ids) & (Ask.state == AskState.OPEN) & Ask.archived_at.is_(None)
    return select(*columns).where(here).order_by(Ask.due_on, Ask.id)


def _contacts(session: Session, ids: list[int], span: Span) -> dict[int, list[date]]:
    """The days of two-way contact of each partner."""
    here = (TimelinePlace.kind == Organisation.SUBJECT) & TimelinePlace.number.in_(ids)
    within = (TimelinePlace.at >= span.start) & (TimelinePlace.at < span.end)
    chosen = select(TimelinePlace.number, TimelinePlace.at).where(here, within, TimelinePlace.direction.in_(TWO_WAY))
    book: dict[int, set[date]] = defaultdict(set)
    for number, at in session.execute(chosen):
        book[number].add(at.astimezone(span.start.tzinfo).date())
    return {number: sorted(days) for number, days in book.items()}
