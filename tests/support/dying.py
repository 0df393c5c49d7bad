"""Upgrades that die: a process of its own, which kills a child at each change. Run as a module; prints JSON."""

import json
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event, inspect, make_url

from crm.upgrade import head, move, upgrade_database
from tests.support.schema import connect

CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def main(url: str, first: int, step: int) -> dict[str, Any]:
    """Die at change `first`, then `step` further on, until an upgrade lives. What each death left is compared."""
    move(connect(make_url("sqlite://")), head())  # the children inherit what this loads, and need not load it again
    before, changed = _state(url), []
    for statement in count(first, step):
        child = os.fork()
        if child == 0:
            _upgrade_and_die(url, statement)
        if os.waitpid(child, 0)[1] == 0:
            return {"deaths": (statement - first) // step, "changed": changed, "after": _state(url)[0]}
        if _state(url) != before:
            changed.append(statement)
    raise AssertionError("count never ends")


def _state(url: str) -> tuple[str, dict[str, int]]:
    """The revision, and how many rows each table has."""
    engine = connect(make_url(url))
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        rows = {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in names}
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    engine.dispose()
    return str(found), rows


def _upgrade_and_die(url: str, statement: int) -> None:
    """SIGKILL before the change of this number, or before the commit; exit code 0 where the upgrade has fewer."""
    engine, numbers = connect(make_url(url)), count(1)

    def die(*what: object) -> None:
        changes = len(what) == 1 or str(what[2]).lstrip().startswith(CHANGES)
        if changes and next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", die)
    event.listen(engine, "commit", die)
    with tempfile.TemporaryDirectory() as home:
        upgrade_database(engine, Path(home), NOW, backup=False)
    os._exit(0)


if __name__ == "__main__":
    found = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(found | {"head": head()}))
