"""Bulk inserts: ids come in the order of the rows, follow the last one ever given; a known key is left alone."""

import pytest
from sqlalchemy import Engine, delete, select

from crm.base import insert_many, insert_once
from crm.domain.settings.models import Series
from crm.search.models import SearchEntry
from crm.timeline.models import TimelinePlace
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
