"""Drawing numbers from a series, moving a switch."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.base import insert_once
from crm.domain.settings.models import Series, Setting
from crm.domain.settings.rules import FIRST_VALUES, REFERENCE_PATTERN, SeriesKind
from crm.errors import NotFound
from crm.i18n import Message
from crm.uow import UnitOfWork


def next_numbers(session: Session, kind: SeriesKind, year: int, how_many: int = 1) -> range:
    """Draw the next numbers of a gapless series: locked with the row, given back if the transaction fails."""
    insert_once(session, Series, [{"kind": kind, "year": year, "last": 0}], audit="told")
    here = (Series.kind == kind) & (Series.year == year)
    drawn = update(Series).where(here).values(last=Series.last + how_many).returning(Series.last)
    last = session.execute(drawn, execution_options={"audit": "told"}).scalar_one()
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
