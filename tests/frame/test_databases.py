"""The databases that tests are given: all tables, no row, whatever the test before left behind."""

import pytest
from sqlalchemy import Engine, inspect, text

from crm.metadata import metadata


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_every_table_and_no_row(engine: Engine, turn: str) -> None:
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS left_behind (id INTEGER)"))
        assert connection.execute(text("SELECT count(*) FROM left_behind")).scalar() == 0
        connection.execute(text("INSERT INTO left_behind VALUES (1)"))
        filled = [name for name in metadata.tables if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()]
        assert filled == []
