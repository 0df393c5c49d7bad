"""Writing a plan: everything was validated before, so the lock is held only while rows go in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm.base import Subject
from crm.domain.accounts.rules import Permission
from crm.domain.organisations import service
from crm.domain.organisations.models import Organisation, OrganisationTheme, Seat
from crm.domain.organisations.rules import CommunicationForm
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.importing.plan import Change, Counts, Creation, ImportPlan, Parent
from crm.search import service as search
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

MOVED_ON = Message("The register has changed since the list was read. Nothing was imported; run the import again.")
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("name_ur", "acronym", "level", "province", "city", "city_ur", "website"), ""),
    "form": CommunicationForm.LETTER,
}


def write_plan(uow: UnitOfWork, plan: ImportPlan) -> Counts:
    """All rows that were not refused, or nothing. Raises NotAllowed, and RuleBroken where the register moved on.

    Every partner's story gets an entry "imported" with the file, the row and what stood there before (undo journal).
    """
    uow.require(Permission.EDIT_PARTNERS)
    known = _unmoved(uow, plan)
    made = _create(uow, plan)
    for change in plan.changes:
        _apply(uow, known[change.organisation_id], change, made)
    uow.session.flush()
    told = [_told(made[one.row], plan.file, one.row, None) for one in plan.creations]
    told += [_told(one.organisation_id, plan.file, one.row, _before(one)) for one in plan.changes]
    uow.record_many("imported", Direction.INTERNAL, told)
    return plan.counts


def _unmoved(uow: UnitOfWork, plan: ImportPlan) -> dict[int, Organisation]:
    """The partners to change, as the plan saw them."""
    numbers = [one.organisation_id for one in plan.changes]
    codes = [one.fields["code"] for one in plan.creations]
    known = {row.id: row for row in uow.session.scalars(select(Organisation).where(Organisation.id.in_(numbers)))}
    taken = uow.session.scalars(select(Organisation.id).where(Organisation.code.in_(codes)).limit(1)).first()
    versions = {number: row.version for number, row in known.items()}
    if taken is not None or any(versions.get(one.organisation_id) != one.version for one in plan.changes):
        raise RuleBroken(MOVED_ON)
    return known


def _create(uow: UnitOfWork, plan: ImportPlan) -> dict[int, int]:
    """Row number to id of what was made: parents before children, many rows to a statement."""
    made: dict[int, int] = {}
    waiting = list(plan.creations)
    while waiting:
        ready = [one for one in waiting if one.parent is None or one.parent.row is None or one.parent.row in made]
        rows = [DEFAULTS | dict(one.fields) | {"parent_id": _number(one.parent, made)} for one in ready]
        made |= zip((one.row for one in ready), uow.add_many(Organisation, rows), strict=True)
        waiting = [one for one in waiting if one.row not in made]
    _add_themes_and_seats(uow, plan.creations, made)
    new = uow.session.scalars(select(Organisation).where(Organisation.id.in_(made.values())))
    search.add_new(uow.session, ((row.subject, row.findable, row.grade) for row in new))
    return made


def _number(parent: Parent | None, made: Mapping[int, int]) -> int | None:
    if parent is None:
        return None
    return parent.organisation_id if parent.row is None else made[parent.row]


def _add_themes_and_seats(uow: UnitOfWork, creations: Sequence[Creation], made: Mapping[int, int]) -> None:
    themes = [{"organisation_id": made[one.row], "theme": theme} for one in creations for theme in one.themes]
    uow.add_many(OrganisationTheme, themes)
    seats = [{"organisation_id": made[one.row], "is_focal": True, **one.seat} for one in creations if one.seat]
    uow.add_many(Seat, seats)


def _apply(uow: UnitOfWork, row: Organisation, change: Change, made: Mapping[int, int]) -> None:
    for name, (_, after) in change.fields.items():
        setattr(row, name, after)
    if change.parent is not None:
        row.parent_id = _number(change.parent, made)
    row.themes += [OrganisationTheme(theme=theme) for theme in change.themes]
    if change.seat:
        _apply_to_seat(uow, change, {name: after for name, (_, after) in change.seat.items()})
    if change.fields:
        uow.session.flush()
        service.index_organisation(uow, row)


def _apply_to_seat(uow: UnitOfWork, change: Change, told: dict[str, str]) -> None:
    if change.seat_id is None:
        service.add_seat(uow, change.organisation_id, is_focal=True, **told)
        return
    if "address" in told:
        service.correct_address(uow, change.seat_id, told.pop("address"))
    seat = uow.session.get_one(Seat, change.seat_id)
    for name, after in told.items():
        setattr(seat, name, after)


def _before(change: Change) -> dict[str, Any]:
    """What stood there: enough to put it back."""
    fields = {name: str(before) for name, (before, _) in change.fields.items()}
    seat = {name: before for name, (before, _) in change.seat.items()}
    return {"fields": fields, "seat": seat, "themes_added": list(change.themes), "parent_id": change.parent_before}


def _told(number: int, file: str, row: int, before: dict[str, Any] | None) -> dict[str, Any]:
    data = {"file": file, "row": row, "before": before}
    return {"subject": Subject(Organisation.SUBJECT, number), "data": data, "places": []}
