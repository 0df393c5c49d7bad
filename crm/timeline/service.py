"""Telling what happened, and reading it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from crm.base import Grade, Subject, insert_many
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace

PLACE = TimelinePlace.__table__.c
TWO_WAY = (Direction.FROM_THEM, Direction.MUTUAL)
LAST_CONTACTS = (
    select(PLACE.number, func.max(PLACE.at))
    .where(PLACE.kind == bindparam("of_kind"), PLACE.number.in_(bindparam("numbers", expanding=True)))
    .where(PLACE.direction.in_(TWO_WAY))
    .group_by(PLACE.number)
)
"""When each record last had two-way contact."""


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
    session.execute(insert(TimelinePlace), places)


def story_of(
    session: Session,
    subject: Subject,
    most: int = 50,
    before: tuple[datetime, int] | None = None,
    direction: Direction | None = None,
    grades: Iterable[Grade] = tuple(Grade),
) -> Sequence[TimelineEntry]:
    """The latest entries told at `subject`, newest first, before the (moment, id) of the last one shown."""
    here = (TimelinePlace.kind == subject.kind) & (TimelinePlace.number == subject.id)
    chosen = select(TimelineEntry).join(TimelinePlace).where(here, TimelineEntry.grade.in_(list(grades)))
    if direction is not None:
        chosen = chosen.where(TimelinePlace.direction == direction)
    if before is not None:
        earlier = (TimelinePlace.at < before[0]) | (
            (TimelinePlace.at == before[0]) & (TimelinePlace.entry_id < before[1])
        )
        chosen = chosen.where(earlier)
    return session.scalars(chosen.order_by(TimelinePlace.at.desc(), TimelinePlace.entry_id.desc()).limit(most)).all()


def places_of(session: Session, entry_ids: Iterable[int], kind: str) -> dict[int, list[int]]:
    """The records of `kind` where each entry is told, by the entry's id."""
    here = TimelinePlace.entry_id.in_(list(entry_ids)) & (TimelinePlace.kind == kind)
    rows = session.execute(select(TimelinePlace.entry_id, TimelinePlace.number).where(here))
    book: dict[int, list[int]] = {}
    for entry_id, number in rows:
        book.setdefault(entry_id, []).append(number)
    return book


def last_contacts(session: Session, kind: str, numbers: Iterable[int]) -> dict[int, datetime]:
    """The last two-way contact of each record of `kind` that had one."""
    rows = session.execute(LAST_CONTACTS, {"of_kind": kind, "numbers": list(numbers)})
    return {number: at for number, at in rows}
