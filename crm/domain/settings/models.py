"""The unit, its taxonomy, its holidays, its gapless series and its switches."""

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import Base
from crm.domain.settings.rules import SeriesKind, TermKind


class Unit(Base):
    """The office that keeps this register: what its letterhead says."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_ur: Mapped[str]
    bureau: Mapped[str]
    bureau_ur: Mapped[str]
    address: Mapped[str]
    address_ur: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    signatory: Mapped[str]
    signatory_ur: Mapped[str]


class Term(Base):
    """An entry of a list that the unit keeps: a code, and its words in both languages."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("kind", "code"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TermKind]
    code: Mapped[str]
    label: Mapped[str]
    label_ur: Mapped[str]
    plural: Mapped[str] = mapped_column(default="")
    plural_ur: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=0)


class Holiday(Base):
    """A day on which offices are shut. `scope` is national or a province; a moved date supersedes an older one."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("on", "scope", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date]
    name: Mapped[str]
    name_ur: Mapped[str]
    scope: Mapped[str] = mapped_column(default="national")
    is_moon_dependent: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[str] = mapped_column(default="")


class Series(Base):
    """The last number given in a series of a year."""

    __tablename__ = "series"

    kind: Mapped[SeriesKind] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Setting(Base):
    """A switch that was moved from its first value."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
