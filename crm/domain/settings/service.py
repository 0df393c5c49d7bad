"""Drawing numbers from a series, moving a switch."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from crm.base import insert_once, rows_of
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
    last = session.execute(DRAW, drawn).scalar_one_or_none()
    if last is None:
        insert_once(session, Series, [{"kind": kind, "year": year, "last": 0}], audit="told")
        last = session.execute(DRAW, drawn).scalar_one()
    return range(last - how_many + 1, last + 1)


def references(uow: UnitOfWork, how_many: int) -> list[str]:
    """The next of our reference numbers, as letters carry them."""
    year = uow.today.year
    numbers = next_numbers(uow.session, SeriesKind.DISPATCH, year, how_many)
    return [REFERENCE_PATTERN.format(file=number, year=year) for number in numbers]


def set_value(uow: UnitOfWork, name: str, value: Any) -> None:
    """Move a switch. Raises NotFound for one that does not exist."""
    if name not in FIRST_VALUES:
        raise NotFound(Message("There is no setting called %(name)s.", name=name))
    row = uow.session.scalars(select(Setting).where(Setting.name == name)).one_or_none()
    if row is None:
        uow.session.add(Setting(name=name, value={"value": value}))
    else:
        row.value = {"value": value}
