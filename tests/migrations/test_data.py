"""Each revision on filled tables: what was there stays, what is new works, and going back loses nothing."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from crm.upgrade import current, move, ours, revisions
from tests.migrations.rows import load_data, snapshot, tables

pytestmark = pytest.mark.slow

CREATED: dict[str, set[str]] = {
    "0001": {"unit", "term", "holiday", "series", "setting"},
    "0002": {"user_account", "user_session", "throttle", "idempotency_key"},
    "0003": {"organisation", "organisation_theme", "seat", "known_address", "engagement", "engagement_party"},
    "0004": {"ask", "ask_step", "ask_answer", "answer_draft"},
    "0005": {"meeting", "invitee"},
    "0006": {"document", "clause", "consultation_round", "question", "comment"},
    "0007": {"outbox_message", "outbox_bytes"},
    "0008": {"inbound_mail", "mail_cursor"},
    "0009": {"blob", "attachment"},
    "0010": {"timeline_entry", "timeline_place"},
    "0011": {"audit_entry", "audit_value", "audit_seal"},
    "0012": {"search_entry"},
    "0013": set(),
}
"""The tables that a revision makes. One that changes tables instead has a test module of its own beside this."""


def _before(revision: str) -> str:
    return dict(zip(revisions(), ("base", *revisions()), strict=False))[revision]


def test_every_revision_has_a_data_test() -> None:
    assert set(CREATED) == set(revisions())


@pytest.mark.parametrize("revision", CREATED)
def test_a_revision_carries_filled_tables_over_and_back(bare_engine: Engine, revision: str) -> None:
    if _before(revision) != "base":
        move(bare_engine, _before(revision))
    with bare_engine.begin() as connection:
        earlier = ours(connection)
        load_data(connection, earlier)
        old = snapshot(connection)

    move(bare_engine, revision)
    with bare_engine.begin() as connection:
        found = snapshot(connection)
        assert {name: found.pop(name) for name in CREATED[revision]} == {name: [] for name in CREATED[revision]}
        assert found == old
        load_data(connection, CREATED[revision])
        assert all(len(rows) == 2 for rows in snapshot(connection).values())

    move(bare_engine, _before(revision))
    with bare_engine.connect() as connection:
        assert snapshot(connection) == old
    move(bare_engine, revision)
    assert current(bare_engine) == revision


def _refuses(connection: Connection, into: Table, row: dict[str, Any]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(into), row)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("revision", CREATED)
def test_new_tables_refuse_orphans_and_twins_and_use_no_number_twice(bare_engine: Engine, revision: str) -> None:
    move(bare_engine, revision)
    with bare_engine.begin() as connection:
        load_data(connection, ours(connection), rows=3)
        known = tables(connection)
        pointed_at = {key.column.table.name for one in known.values() for key in one.foreign_keys}
        for name in CREATED[revision]:
            last = dict(connection.execute(select(known[name]).limit(1)).mappings().one())
            assert _refuses(connection, known[name], last), f"{name} took a row twice"
            for column in known[name].columns:
                if column.foreign_keys:
                    orphan = last | {column.name: 999}
                    assert _refuses(connection, known[name], orphan), f"{name}.{column.name} took an orphan"
            if "id" in known[name].columns and name not in pointed_at:
                _count_on(connection, known[name])


def _count_on(connection: Connection, described: Table) -> None:
    """The number of a row that is gone is never given again: a subject may still name it."""
    highest = connection.scalar(select(func.max(described.c.id)))
    gone = dict(connection.execute(select(described).where(described.c.id == highest)).mappings().one())
    connection.execute(delete(described).where(described.c.id == highest))
    connection.execute(insert(described), {key: value for key, value in gone.items() if key != "id"})
    assert connection.scalar(select(func.max(described.c.id))) == (highest or 0) + 1


def test_search_finds_urdu_words_and_parts_of_them_in_what_the_revision_made(bare_engine: Engine) -> None:
    move(bare_engine, "0012")
    row = {"subject_kind": "organisation", "subject_id": 1, "title": "NADRA", "title_ur": "نادرا", "detail": ""}
    row |= {"title_words": "nadra نادرا", "words": "nadra نادرا", "unit_id": 1, "grade": "open"}
    with bare_engine.begin() as connection:
        load_data(connection, ["unit"])
        connection.execute(insert(tables(connection)["search_entry"]), row)
        if bare_engine.dialect.name == "sqlite":
            for twin in ("search_words", "search_trigrams"):
                connection.execute(text(f"INSERT INTO {twin}({twin}) VALUES ('rebuild')"))
                sought = text(f"SELECT count(*) FROM {twin} WHERE {twin} MATCH '\"نادر\"*'")
                assert connection.scalar(sought) == 1
        else:
            sought = text(
                "SELECT count(*) FROM search_entry WHERE to_tsvector('simple', words) @@ to_tsquery('نادر:*')"
            )
            assert connection.scalar(sought) == 1
            assert connection.scalar(text("SELECT count(*) FROM search_entry WHERE 'نادره' <% title_words")) == 1
