"""A meeting as calendars know it, and each invitee's standing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, SubjectRow
from crm.domain.asks.models import Ask
from crm.domain.meetings.rules import MeetingState, PartStat
from crm.search.rules import Findable


class Meeting(Base, SubjectRow):
    """Moments are UTC; `wall_start` and `zone` keep what was agreed. `uid` never changes (RFC 5545 3.8.4.7)."""

    __tablename__ = "meeting"
    SUBJECT = "meeting"

    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    wall_start: Mapped[str]
    zone: Mapped[str] = mapped_column(default="Asia/Karachi")
    venue: Mapped[str] = mapped_column(default="")
    video_link: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)

    @property
    def findable(self) -> Findable:
        """What it is about and where it is held."""
        return Findable(self.title, self.agenda, self.title_ur, self.venue)

    def titled(self, language: str) -> str:
        """The title in a reader's language."""
        return (self.title_ur or self.title) if language == "ur" else self.title


class Invitee(Base):
    """One invited post: its request, and the last calendar answer that counted."""

    __tablename__ = "invitee"
    __table_args__ = (Index("ix_invitee_meeting_id", "meeting_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    ask_id: Mapped[int] = mapped_column(ForeignKey("ask.id"), unique=True)
    partstat: Mapped[PartStat] = mapped_column(default=PartStat.NEEDS_ACTION)
    sequence: Mapped[int] = mapped_column(default=0)
    dtstamp: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    delegate: Mapped[str] = mapped_column(default="")

    ask: Mapped[Ask] = relationship(lazy="joined", innerjoin=True)
    meeting: Mapped[Meeting] = relationship()
