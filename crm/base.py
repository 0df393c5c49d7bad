"""The declarative base every table stands on, the column types that both databases share, and `Subject`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, ForeignKey, Integer, LargeBinary, MetaData, Text, insert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.schema import Table
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.sql.expression import text
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


def insert_once(session: Session, table: type[Base], rows: list[dict[str, Any]], audit: str = "") -> int:
    """Insert `rows`, leaving out those whose unique key is taken already. Returns how many were new.

    An audited table wants audit="told" and a reason: such rows leave no entry of their own.
    """
    if table.__audited__ and audit != "told":
        raise RuntimeError(f"bulk write to audited table {table.__tablename__}")
    if not rows:
        return 0
    write = _insert_once(table, session.get_bind().dialect.name)
    written = session.connection().execute(write, _one_or_many(rows), execution_options={"preserve_rowcount": True})
    return written.rowcount


def insert_many(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert many rows in few statements. Returns their ids, in the order of `rows`; the caller writes the trail.

    The ids of many rows are drawn before: to tell them afterwards, a database wants one statement of a thousand rows,
    which takes both sides longer to read than a thousand short ones.
    """
    if not rows:
        return []
    key = table.__mapper__.primary_key[0].name
    if key in rows[0]:
        numbers = [row[key] for row in rows]
    elif len(rows) == 1:
        return list(session.connection().execute(_insert_one(table), rows[0]).scalars())
    else:
        numbers = _drawn(session, rows_of(table), key, len(rows))
        rows = [row | {key: number} for row, number in zip(rows, numbers, strict=True)]
    session.connection().execute(_insert(table), rows)
    return numbers


def _drawn(session: Session, table: Table, key: str, how_many: int) -> list[int]:
    """The next ids of a table. SQLite keeps the last one ever given; whoever inserts there holds the lock."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.connection().scalar(LAST_ID, {"name": table.name}) or 0
        return list(range(last + 1, last + 1 + how_many))
    wanted = {"name": table.name, "key": key, "how_many": how_many}
    return sorted(session.connection().scalars(NEXT_IDS, wanted))


LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence(:name, :key)) FROM generate_series(1, :how_many)")


# Building a statement costs more than running it, and the session's path to it more than the connection's: each is
# built once, on the table, and goes to the connection.
@cache
def _insert_once(table: type[Base], dialect: str) -> Insert:
    write = insert_sqlite if dialect == "sqlite" else insert_postgresql
    return write(rows_of(table)).on_conflict_do_nothing()


@cache
def _insert(table: type[Base]) -> Insert:
    return insert(rows_of(table))


@cache
def _insert_one(table: type[Base]) -> ReturningInsert[Any]:
    return insert(rows_of(table)).returning(*table.__mapper__.primary_key)


def rows_of(table: type[Base]) -> Table:
    """The table itself, for statements that make no entities."""
    return Base.metadata.tables[table.__tablename__]


def _one_or_many(rows: list[dict[str, Any]]) -> Any:
    """A single row is executed plainly: a batch of one costs twice as much."""
    return rows[0] if len(rows) == 1 else rows
