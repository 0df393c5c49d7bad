"""Bulk inserts: ids come in the order of the rows, follow the last one ever given; a known key is left alone."""

from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError

from crm.base import Grade
from crm.bulk import WORTH_A_STREAM, insert_many, insert_once
from crm.domain.settings.models import Series
from crm.search.models import SearchEntry
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace
from tests.support.rooms import Rooms, furnished


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return furnished(engine)


def an_entry(number: int) -> dict[str, object]:
    return {"subject_kind": "test", "subject_id": number, "title": f"no {number}", "title_words": "", "words": ""}


def test_ids_stand_in_the_order_of_the_rows_and_none_is_ever_given_twice(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        first = insert_many(uow.session, SearchEntry, [an_entry(number) for number in range(30)])
    with rooms.unit() as uow:
        found = uow.session.execute(select(SearchEntry.id, SearchEntry.subject_id).order_by(SearchEntry.id))
        assert [tuple(row) for row in found if row.id in first] == list(zip(first, range(30), strict=True))
        uow.session.execute(delete(SearchEntry).where(SearchEntry.id.in_(first)))
    with rooms.unit() as uow:
        one = insert_many(uow.session, SearchEntry, [an_entry(30)])
        more = insert_many(uow.session, SearchEntry, [an_entry(31), an_entry(32)])
        assert first[-1] < one[0] < more[0] < more[1]


def test_of_rows_inserted_once_only_the_new_are_counted(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        [entry] = insert_many(uow.session, SearchEntry, [an_entry(1)])
        assert insert_once(uow.session, SearchEntry, [an_entry(1)]) == 0
        assert insert_once(uow.session, SearchEntry, [an_entry(1), an_entry(2), an_entry(3)]) == 2
        assert insert_once(uow.session, TimelinePlace, []) == 0
        assert uow.session.get_one(SearchEntry, entry).title == "no 1"


def test_rows_of_an_audited_table_are_not_inserted_past_the_trail(rooms: Rooms) -> None:
    with rooms.unit() as uow, pytest.raises(RuntimeError, match="audited table series"):
        insert_once(uow.session, Series, [{"kind": "request", "year": 2026, "last": 0}])


def test_many_rows_arrive_whole_with_their_defaults_on_both_databases(rooms: Rooms) -> None:
    """PostgreSQL takes them as a stream, SQLite as statements: what is read back is the same."""
    at = datetime(2026, 11, 24, 7, 0, 0, 123456, tzinfo=UTC)
    told = [
        {
            **{"at": at, "actor": "بچوں\tکا\n\\N", "subject_kind": "test", "subject_id": number, "verb": "told"},
            **{"direction": Direction.MUTUAL, "data": {"words": ["a\tb", None, number]}},
        }
        for number in range(WORTH_A_STREAM * 2)
    ]
    with rooms.unit() as uow:
        numbers = insert_many(uow.session, TimelineEntry, told)
    with rooms.unit() as uow:
        rows = uow.session.scalars(
            select(TimelineEntry).where(TimelineEntry.id.in_(numbers)).order_by(TimelineEntry.id)
        )
        found = [(row.id, row.at, row.actor, row.subject_id, row.direction, row.data, row.grade) for row in rows]
    assert found == [
        (number, at, one["actor"], one["subject_id"], Direction.MUTUAL, one["data"], Grade.OFFICIAL)
        for number, one in zip(numbers, told, strict=True)
    ]


def test_a_stream_that_breaks_a_rule_leaves_nothing_behind(rooms: Rooms) -> None:
    rows = [an_entry(number) for number in range(WORTH_A_STREAM * 2)]
    with pytest.raises((IntegrityError, psycopg.IntegrityError)), rooms.unit() as uow:
        insert_many(uow.session, SearchEntry, [*rows, rows[0]])
    with rooms.unit() as uow:
        assert uow.session.scalars(select(SearchEntry).where(SearchEntry.subject_kind == "test")).all() == []


def test_of_many_rows_inserted_once_those_that_stand_are_left_alone(rooms: Rooms) -> None:
    rows = [an_entry(number) for number in range(WORTH_A_STREAM * 2)]
    with rooms.unit() as uow:
        assert insert_once(uow.session, SearchEntry, rows[:3]) == 3
        assert insert_once(uow.session, SearchEntry, rows) == len(rows) - 3
        assert insert_once(uow.session, SearchEntry, [an_entry(number) for number in range(100, 150)]) == 50
