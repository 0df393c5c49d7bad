"""Many rows at once: statements built once on the tables, ids drawn before, and PostgreSQL's COPY."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Column, Dialect, Table, insert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.sql.expression import text

from crm.base import Base

Row = dict[str, Any]
WORTH_A_STREAM = 20
"""From so many rows on, PostgreSQL is given one stream (COPY) instead of a statement for each."""
LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence(:name, :key)) FROM generate_series(1, :how_many)")


def rows_of(table: type[Base]) -> Table:
    """The table itself, for statements that make no entities."""
    return Base.metadata.tables[table.__tablename__]


def insert_once(session: Session, table: type[Base], rows: list[Row], audit: str = "") -> int:
    """Insert `rows`, leaving out those whose unique key is taken already. Returns how many were new.

    An audited table wants audit="told" and a reason: such rows leave no entry of their own.
    """
    if table.__audited__ and audit != "told":
        raise RuntimeError(f"bulk write to audited table {table.__tablename__}")
    if not rows:
        return 0
    if _is_worth_a_stream(session, rows) and _all_were_new(session, table, rows):
        return len(rows)
    write = _insert_once(table, session.get_bind().dialect.name)
    written = session.connection().execute(write, _given(rows), execution_options={"preserve_rowcount": True})
    return written.rowcount


def insert_many(session: Session, table: type[Base], rows: list[Row]) -> list[int]:
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
    put(session, table, rows)
    return numbers


def put(session: Session, table: type[Base], rows: list[Row]) -> None:
    """Insert rows that bring their keys. All name the same columns."""
    if not rows:
        return
    if _is_worth_a_stream(session, rows):
        _copy(session, rows_of(table), rows)
    else:
        session.connection().execute(_insert(table), _given(rows))


def _is_worth_a_stream(session: Session, rows: list[Row]) -> bool:
    return len(rows) >= WORTH_A_STREAM and session.get_bind().dialect.name == "postgresql"


def _all_were_new(session: Session, table: type[Base], rows: list[Row]) -> bool:
    """Whether the stream went in. Where some row is there already nothing did, and each is asked for by itself."""
    try:
        with session.connection().begin_nested():
            _copy(session, rows_of(table), rows)
    except IntegrityError:
        return False
    return True


def _given(rows: list[Row]) -> Any:
    """A single row goes plainly: a batch of one costs twice as much."""
    return rows[0] if len(rows) == 1 else rows


def _drawn(session: Session, table: Table, key: str, how_many: int) -> list[int]:
    """The next ids of a table. SQLite keeps the last one ever given; whoever inserts there holds the lock."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.connection().scalar(LAST_ID, {"name": table.name}) or 0
        return list(range(last + 1, last + 1 + how_many))
    wanted = {"name": table.name, "key": key, "how_many": how_many}
    return sorted(session.connection().scalars(NEXT_IDS, wanted))


def _copy(session: Session, table: Table, rows: list[Row]) -> None:
    """One stream into PostgreSQL, in the same transaction; values are bound and defaults filled as an INSERT would."""
    connection = session.connection()
    columns = [column for column in table.columns if column.name in rows[0] or column.default is not None]
    binders = [_binder(column, connection.dialect) for column in columns]
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(quoted(column.name) for column in columns)
    into = f"COPY {quoted(table.name)} ({names}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    fault_of = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(into) as stream:
            for row in rows:
                stream.write_row([bind(row) for bind in binders])
    except fault_of as fault:
        raise DBAPIError.instance(into, None, fault, fault_of) from fault


def _binder(column: Column[Any], dialect: Dialect) -> Callable[[Row], Any]:
    """What takes a column's value out of a row, as the driver wants it."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    default: Any = column.default
    name = column.name

    def bind(row: Row) -> Any:
        value = row[name] if name in row else _default(default)
        return process(value) if process else value

    return bind


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


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
