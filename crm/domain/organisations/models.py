"""Organisations, their posts with known addresses, their themes, and the log of engagement."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, SubjectRow
from crm.domain.organisations.rules import AddressState, CommunicationForm, Courtesy, EngagementKind
from crm.search.rules import Findable

LIVE = text("archived_at IS NULL")


class Organisation(Base, SubjectRow):
    """A partner organisation. `type`, `province` and `tags` are codes of the taxonomy."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_listed", "name", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_organisation_live", "type", "province", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_organisation_below", "parent_id", "archived_at", "name"),
        {"sqlite_autoincrement": True},
    )
    SUBJECT = "organisation"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_ur: Mapped[str] = mapped_column(default="")
    acronym: Mapped[str] = mapped_column(default="")
    type: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    province: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    city_ur: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    courtesy: Mapped[Courtesy] = mapped_column(default=Courtesy.GOVERNMENT)
    form: Mapped[CommunicationForm] = mapped_column(default=CommunicationForm.LETTER)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    tags: Mapped[list[Any]] = mapped_column(default=list)
    do_not_contact: Mapped[str] = mapped_column(default="")

    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    themes: Mapped[list["OrganisationTheme"]] = relationship(cascade="all, delete-orphan")

    def named(self, language: str) -> str:
        """The name in a reader's language, as far as it is known."""
        return (self.name_ur or self.name) if language == "ur" else self.name

    @property
    def findable(self) -> Findable:
        """Every name it has."""
        detail = " · ".join(part for part in (self.acronym, self.city) if part)
        return Findable(self.name, f"{self.code} {self.website}", self.name_ur, detail)

    @property
    def short(self) -> str:
        """The acronym, or the name where there is none."""
        return self.acronym or self.name


class OrganisationTheme(Base):
    """A theme that an organisation works on."""

    __tablename__ = "organisation_theme"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(primary_key=True, index=True)


class Seat(Base, SubjectRow):
    """A post at an organisation, written to by its title. Persons come and go; the post is asked."""

    __tablename__ = "seat"
    __table_args__ = (Index("ix_seat_organisation_id", "organisation_id"), {"sqlite_autoincrement": True})
    SUBJECT = "seat"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="", index=True)
    address_state: Mapped[AddressState] = mapped_column(default=AddressState.GOOD)
    language: Mapped[str] = mapped_column(default="en")
    is_focal: Mapped[bool] = mapped_column(default=False)
    through: Mapped[str] = mapped_column(default="")
    copy_to: Mapped[list[Any]] = mapped_column(default=list)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    def titled(self, language: str) -> str:
        """The post in a reader's language."""
        return (self.title_ur or self.title) if language == "ur" else self.title

    def addressed(self, language: str) -> str:
        """The post and its office as a mail's To line names them: `Secretary, NCRC`."""
        office, comma = (self.organisation.named("ur"), "،") if language == "ur" else (self.organisation.short, ",")
        return f"{self.titled(language)}{comma} {office}"


class KnownAddress(Base):
    """Another address from which a post writes, learnt when an officer filed its mail."""

    __tablename__ = "known_address"
    __table_args__ = (UniqueConstraint("address", "seat_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    learnt_at: Mapped[datetime]
    confirmed_by: Mapped[str]

    seat: Mapped[Seat] = relationship()


class Engagement(Base, SubjectRow):
    """A call, visit, letter or event with one or several partners."""

    __tablename__ = "engagement"
    SUBJECT = "engagement"

    kind: Mapped[EngagementKind]
    at: Mapped[datetime]
    title: Mapped[str]
    title_ur: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)

    parties: Mapped[list["EngagementParty"]] = relationship(cascade="all, delete-orphan")


class EngagementParty(Base):
    """A partner that took part."""

    __tablename__ = "engagement_party"

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
