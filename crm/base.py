"""The declarative base every table stands on, the column types that both databases share, and `Subject`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, ForeignKey, Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. Naive values are refused (SQLite forgets zones).

    A unit of work writes the same moment into every row; what was made of it is remembered.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        process = super().bind_processor(dialect)
        return lru_cache(maxsize=64)(process) if process else None

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value if value.tzinfo is UTC else value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. `__audited__ = False` keeps a table of machinery out of the audit trail."""

    __audited__ = True
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime(),
        date: Date(),
        bytes: LargeBinary(),
        str: Text(),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=lambda kind: [one.value for one in kind]),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        """No id is ever used twice: a `Subject` may name a row long after it is gone."""
        return {"sqlite_autoincrement": True}


class Grade(StrEnum):
    """The security mark of a record; lists, search and timelines filter by it."""

    OPEN = "open"
    OFFICIAL = "official"
    RESTRICTED = "restricted"


@dataclass(frozen=True, order=True)
class Subject:
    """Names any record by kind and id, so that the cellar needs no foreign key into a higher room."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class SubjectRow:
    """Mixed into every table that a subject can name: version, archived_at, unit and grade."""

    SUBJECT: str

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    archived_at: Mapped[datetime | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), default=1)
    grade: Mapped[Grade] = mapped_column(default=Grade.OFFICIAL)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("version") or cls.__table__.c.version}  # type: ignore[attr-defined]

    @property
    def subject(self) -> Subject:
        """This row as a value others may hold."""
        return Subject(self.SUBJECT, self.id)
