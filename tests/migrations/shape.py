"""What a database looks like, as values that two databases can be compared by."""

from typing import Any

from sqlalchemy import Engine, inspect, text

from crm.upgrade import VERSIONS, ours

SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' OR sql LIKE '%AUTOINCREMENT%'"
POSTGRESQL = f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '{VERSIONS}'"


def shape(engine: Engine) -> dict[str, Any]:
    """Columns, keys, constraints and indexes of every table of ours, and what only this kind of database knows."""
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        seen = inspect(connection)
        for name in ours(connection):
            found[name] = {
                "columns": sorted(_plain(one) for one in seen.get_columns(name)),
                "key": _plain(dict(seen.get_pk_constraint(name))),
                "foreign keys": sorted(_plain(one) for one in seen.get_foreign_keys(name)),
                "unique": sorted(_plain(one) for one in seen.get_unique_constraints(name)),
                "checks": sorted(_plain(one) for one in seen.get_check_constraints(name)),
                "indexes": sorted(_plain(one) for one in seen.get_indexes(name) if one["name"]),
            }
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text(SQLITE)).all()
            found["own"] = sorted((name, sql if "VIRTUAL" in sql else "counts on") for name, sql in rows)
        else:
            found["own"] = sorted(tuple(row) for row in connection.execute(text(POSTGRESQL)))
    return found


def _plain(described: Any) -> str:
    return repr(sorted((key, _text(value)) for key, value in dict(described).items()))


def _text(value: Any) -> str:
    """What a value says; a condition of an index would otherwise say where it lies in memory."""
    return str({key: str(one) for key, one in value.items()}) if isinstance(value, dict) else str(value)
