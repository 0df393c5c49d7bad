"""Rows for any table as it stands in a database, whatever its columns: what migrations must carry over unharmed."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select, types

from crm.upgrade import ours

MOMENT = datetime(2026, 11, 24, 7, 0, 0, 123456, tzinfo=UTC)
NAME = "بچوں کا تحفظ — child's care; 100 %"


def tables(connection: Connection) -> dict[str, Table]:
    """Every table as the database itself describes it now, those that others point at first."""
    described = MetaData()
    described.reflect(connection, only=ours(connection))
    return {table.name: table for table in described.sorted_tables}


def load_data(connection: Connection, names: Collection[str], rows: int = 2) -> None:
    """Put `rows` rows into each of these tables; a foreign key names the row of the same place in its table."""
    for name, into in tables(connection).items():
        if name in names:
            connection.execute(insert(into), [_row(into, place) for place in range(1, rows + 1)])


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {
        name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for name, table in tables(connection).items()
    }


def _row(into: Table, place: int) -> dict[str, Any]:
    """One value a column. Integer keys are left to the database, as the house leaves them."""
    keys = list(into.primary_key)
    counted = keys[0].name if len(keys) == 1 and not keys[0].foreign_keys else ""
    wanted = [column for column in into.columns if not (column.name == counted and _is_number(column))]
    return {column.name: _value(column, place) for column in wanted}


def _is_number(column: Column[Any]) -> bool:
    return isinstance(column.type, types.Integer)


def _value(column: Column[Any], place: int) -> Any:
    match column.type:
        case types.JSON():
            return {"words": [NAME, place]}
        case types.Boolean():
            return place % 2 == 0
        case types.DateTime():
            return MOMENT.replace(minute=place)
        case types.Date():
            return date(2026, 11, place)
        case types.Integer() | types.Float():
            return place
        case types.LargeBinary():
            return bytes([0, 255, place])
        case _:
            return f"{place} {NAME}"[:40]
