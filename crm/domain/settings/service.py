"""Drawing numbers from a series, moving a switch."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from crm.bulk import insert_once, rows_of
from crm.domain.accounts.rules import Permission
from crm.domain.settings.models import Series, Setting
from crm.domain.settings.rules import FIRST_VALUES, REFERENCE_PATTERN, SeriesKind
from crm.errors import NotFound
from crm.i18n import Message
from crm.uow import UnitOfWork

SERIES = rows_of(Series).c
DRAW = (
    update(rows_of(Series))
    .where(SERIES.kind == bindparam("of_kind"), SERIES.year == bindparam("of_year"))
    .values(last=SERIES.last + bindparam("how_many"))
    .returning(SERIES.last)
)
"""On the table: a number leaves no entry in the trail, the record that bears it does."""


def next_numbers(session: Session, kind: SeriesKind, year: int, how_many: int = 1) -> range:
    """Draw the next numbers of a gapless series: locked with the row, given back if the transaction fails."""
    drawn = {"of_kind": kind, "of_year": year, "how_many": how_many}
    last = session.connection().execute(DRAW, drawn).scalar_one_or_none()
    if last is None:
        insert_once(session, Series, [{"kind": kind, "year": year, "last": 0}], audit="told")
        last = session.connection().execute(DRAW, drawn).scalar_one()
    return range(last - how_many + 1, last + 1)


def references(uow: UnitOfWork, how_many: int) -> list[str]:
    """The next of our reference numbers, as letters carry them."""
    year = uow.today.year
    numbers = next_numbers(uow.session, SeriesKind.DISPATCH, year, how_many)
    return [REFERENCE_PATTERN.format(file=number, year=year) for number in numbers]


def set_values(uow: UnitOfWork, values: Mapping[str, Any]) -> int:
    """Move switches; the trail keeps what each was. Returns how many moved.

    Raises NotAllowed, NotFound for one that does not exist.
    """
    uow.require(Permission.CHANGE_SETTINGS)
    moved = 0
    for name, value in values.items():
        if name not in FIRST_VALUES:
            raise NotFound(Message("There is no setting called %(name)s.", name=name))
        row = uow.session.get(Setting, name)
        if row is None and value != FIRST_VALUES[name]:
            uow.session.add(Setting(name=name, value={"value": value}))
        elif row is not None and row.value["value"] != value:
            row.value = {"value": value}
        else:
            continue
        moved += 1
    return moved
