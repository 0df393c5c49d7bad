"""Telling what happened, and reading it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from crm.base import Grade, Subject
from crm.bulk import insert_many, put
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace

ENTRY, PLACE = TimelineEntry.__table__.c, TimelinePlace.__table__.c
TWO_WAY = (Direction.FROM_THEM, Direction.MUTUAL)
LAST_CONTACTS = (
    select(PLACE.number, func.max(PLACE.at))
    .where(PLACE.kind == bindparam("of_kind"), PLACE.number.in_(bindparam("numbers", expanding=True)))
    .where(PLACE.direction.in_(TWO_WAY))
    .group_by(PLACE.number)
)
"""When each record last had two-way contact."""

PLACES = select(PLACE.entry_id, PLACE.number).where(
    PLACE.entry_id.in_(bindparam("ids", expanding=True)), PLACE.kind == bindparam("of_kind")
)


def record(
    session: Session,
    at: datetime,
    actor: str,
    subject: Subject,
    verb: str,
    places: Iterable[Subject] = (),
    direction: Direction = Direction.INTERNAL,
    data: dict[str, Any] | None = None,
    grade: Grade = Grade.OFFICIAL,
) -> None:
    """Tell that `verb` happened to `subject`, on its own story and on those of `places`."""
    told = [{"subject": subject, "data": data or {}, "places": list(places)}]
    record_many(session, at, actor, verb, direction, told, grade)


def record_many(
    session: Session,
    at: datetime,
    actor: str,
    verb: str,
    direction: Direction,
    told: Sequence[dict[str, Any]],
    grade: Grade = Grade.OFFICIAL,
) -> None:
    """Tell one verb of many subjects in two statements. `told`: subject, data, places."""
    if not told:
        return
    entries = [
        {
            "at": at,
            "actor": actor,
            "subject_kind": one["subject"].kind,
            "subject_id": one["subject"].id,
            "verb": verb,
            "direction": direction,
            "data": one["data"],
            "unit_id": 1,
            "grade": grade,
        }
        for one in told
    ]
    numbers = insert_many(session, TimelineEntry, entries)
    places = [
        {"entry_id": number, "kind": place.kind, "number": place.id, "at": at, "direction": direction}
        for number, one in zip(numbers, told, strict=True)
        for place in {one["subject"], *one["places"]}
    ]
    put(session, TimelinePlace, places)


def story_of(
    session: Session,
    subject: Subject,
    most: int = 50,
    before: tuple[datetime, int] | None = None,
    direction: Direction | None = None,
    grades: Iterable[Grade] = tuple(Grade),
) -> Sequence[Any]:
    """The latest entries told at `subject`, newest first, before the (moment, id) of the last one shown.

    Each has the columns of `TimelineEntry`.
    """
    at, number = before or (None, None)
    wanted = {"of_kind": subject.kind, "of_number": subject.id, "grades": list(grades), "most": most}
    given = {"of_direction": direction, "before_at": at, "before_id": number}
    chosen = _story(direction is not None, before is not None)
    return session.execute(chosen, wanted | {name: value for name, value in given.items() if value is not None}).all()


@cache
def _story(by_direction: bool, goes_on: bool) -> Select[Any]:
    """The statement of a page of a story: there are four, each made once."""
    here = (PLACE.kind == bindparam("of_kind")) & (PLACE.number == bindparam("of_number"))
    chosen = select(*ENTRY).join_from(TimelineEntry.__table__, TimelinePlace.__table__).where(here)
    chosen = chosen.where(ENTRY.grade.in_(bindparam("grades", expanding=True)))
    if by_direction:
        chosen = chosen.where(PLACE.direction == bindparam("of_direction"))
    if goes_on:
        same_moment = (PLACE.at == bindparam("before_at")) & (PLACE.entry_id < bindparam("before_id"))
        chosen = chosen.where((PLACE.at < bindparam("before_at")) | same_moment)
    return chosen.order_by(PLACE.at.desc(), PLACE.entry_id.desc()).limit(bindparam("most", type_=Integer))


def places_of(session: Session, entry_ids: Iterable[int], kind: str) -> dict[int, list[int]]:
    """The records of `kind` where each entry is told, by the entry's id."""
    book: dict[int, list[int]] = {}
    for entry_id, number in session.execute(PLACES, {"ids": list(entry_ids), "of_kind": kind}):
        book.setdefault(entry_id, []).append(number)
    return book


def last_contacts(session: Session, kind: str, numbers: Iterable[int]) -> dict[int, datetime]:
    """The last two-way contact of each record of `kind` that had one."""
    rows = session.execute(LAST_CONTACTS, {"of_kind": kind, "numbers": list(numbers)})
    return {number: at for number, at in rows}
