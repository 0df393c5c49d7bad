"""Meetings ahead and past, and who is coming."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.rules import MeetingState, PartStat
from crm.errors import NotFound
from crm.i18n import Message


def get_meeting(session: Session, meeting_id: int) -> Meeting:
    """One meeting. Raises NotFound."""
    row = session.get(Meeting, meeting_id)
    if row is None:
        raise NotFound(Message("There is no such meeting."))
    return row


def meeting_with_uid(session: Session, uid: str) -> Meeting | None:
    """The meeting that a calendar object names."""
    return session.scalars(select(Meeting).where(Meeting.uid == uid)).one_or_none()


def meetings_between(session: Session, start: datetime, end: datetime) -> Sequence[Meeting]:
    """The meetings that begin in a span, first ones first."""
    within = (Meeting.starts_at >= start) & (Meeting.starts_at < end) & (Meeting.state != MeetingState.CANCELLED)
    return session.scalars(select(Meeting).where(within).order_by(Meeting.starts_at)).all()


def all_meetings(session: Session, most: int = 200) -> Sequence[Meeting]:
    """Every meeting, the latest first."""
    return session.scalars(select(Meeting).order_by(Meeting.starts_at.desc()).limit(most)).all()


def invitees_of(session: Session, meeting_id: int) -> Sequence[Invitee]:
    """Who was invited, with their standing."""
    return session.scalars(select(Invitee).where(Invitee.meeting_id == meeting_id).order_by(Invitee.id)).all()


def invitee_of(session: Session, ask_id: int) -> Invitee | None:
    """The invitee behind a request."""
    return session.scalars(select(Invitee).where(Invitee.ask_id == ask_id)).one_or_none()


def standing(session: Session, meeting_ids: Sequence[int]) -> dict[int, dict[PartStat, int]]:
    """Of each meeting how many stand at which status."""
    if not meeting_ids:
        return {}
    here = Invitee.meeting_id.in_(list(meeting_ids))
    counted = select(Invitee.meeting_id, Invitee.partstat, func.count()).where(here)
    book: dict[int, dict[PartStat, int]] = {}
    for meeting_id, partstat, count in session.execute(counted.group_by(Invitee.meeting_id, Invitee.partstat)):
        book.setdefault(meeting_id, {})[partstat] = count
    return book
