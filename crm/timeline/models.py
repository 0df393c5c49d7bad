"""Entries of the story, and the places where each is told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, Grade, Subject


class Direction(StrEnum):
    """Who spoke. Only what they said, or both did, is two-way contact."""

    FROM_US = "from-us"
    FROM_THEM = "from-them"
    MUTUAL = "mutual"
    INTERNAL = "internal"


class TimelineEntry(Base):
    """One thing that happened: `verb` names it, `data` holds the values its sentence needs. Never changed."""

    __tablename__ = "timeline_entry"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    verb: Mapped[str]
    direction: Mapped[Direction] = mapped_column(default=Direction.INTERNAL)
    data: Mapped[dict[str, Any]]
    unit_id: Mapped[int] = mapped_column(default=1)
    grade: Mapped[Grade] = mapped_column(default=Grade.OFFICIAL)

    @property
    def subject(self) -> Subject:
        """The record that it happened to."""
        return Subject(self.subject_kind, self.subject_id)


class TimelinePlace(Base):
    """Where an entry is told: its own record, and every organisation and document that it concerns."""

    __tablename__ = "timeline_place"
    __audited__ = False
    __table_args__ = (Index("ix_timeline_place_told", "kind", "number", "at", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("timeline_entry.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    direction: Mapped[Direction]

    entry: Mapped[TimelineEntry] = relationship()
