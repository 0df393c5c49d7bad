"""Finding partners and their posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, load_only

from crm.base import Grade
from crm.domain.organisations.models import KnownAddress, Organisation, OrganisationTheme, Seat
from crm.errors import NotFound
from crm.i18n import Message

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class PartnerFilter:
    """Which partners a list shows. Empty means all."""

    types: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()

    @property
    def parts(self) -> dict[str, list[Any]]:
        """What is chosen, by part."""
        every = {"types": self.types, "provinces": self.provinces, "themes": self.themes, "ids": self.ids}
        return {part: list(chosen) for part, chosen in every.items() if chosen}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return not self.parts


PARTNER = Organisation.__table__.c
NARROWED = {
    "types": PARTNER.type.in_(bindparam("types", expanding=True)),
    "provinces": PARTNER.province.in_(bindparam("provinces", expanding=True)),
    "ids": PARTNER.id.in_(bindparam("ids", expanding=True)),
    "themes": exists().where(
        OrganisationTheme.organisation_id == PARTNER.id,
        OrganisationTheme.theme.in_(bindparam("themes", expanding=True)),
    ),
}
"""What each part of a filter asks of a partner."""
ABOVE = Organisation.__table__.alias("above")
ONE_PARTNER = (
    select(*PARTNER, ABOVE.c.name.label("parent_name"), ABOVE.c.name_ur.label("parent_name_ur"))
    .outerjoin_from(Organisation.__table__, ABOVE, PARTNER.parent_id == ABOVE.c.id)
    .where(PARTNER.id == bindparam("partner"))
)
LATER = (PARTNER.name > bindparam("last_name")) | (
    (PARTNER.name == bindparam("last_name")) & (PARTNER.id > bindparam("last_id"))
)


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    """One organisation. Raises NotFound."""
    row: Organisation = _live(session.get(Organisation, organisation_id))
    return row


def partner_row(session: Session, organisation_id: int) -> Any:
    """One organisation as columns, with its parent's names, for a page that shows it. Raises NotFound."""
    return _live(session.execute(ONE_PARTNER, {"partner": organisation_id}).one_or_none())


def _live(row: Any) -> Any:
    if row is None or row.archived_at is not None:
        raise NotFound(Message("There is no such partner on the register."))
    return row


def _narrow(chosen: Select[*Columns], parts: Iterable[str]) -> Select[*Columns]:
    return chosen.where(PARTNER.archived_at.is_(None), *(NARROWED[part] for part in parts))


@cache
def _page_of(parts: tuple[str, ...], has_last: bool) -> Select[*tuple[Any, ...]]:
    """A page of the register narrowed in these parts: made once for each of the few ways to narrow it."""
    columns = select(
        *(PARTNER.id, PARTNER.name, PARTNER.name_ur, PARTNER.acronym, PARTNER.type, PARTNER.province, PARTNER.city),
        *(PARTNER.courtesy, ABOVE.c.acronym.label("parent")),
    ).outerjoin_from(Organisation.__table__, ABOVE, PARTNER.parent_id == ABOVE.c.id)
    chosen = _narrow(columns, parts).where(PARTNER.grade.in_(bindparam("grades", expanding=True)))
    chosen = chosen.where(LATER) if has_last else chosen
    return chosen.order_by(PARTNER.name, PARTNER.id).limit(bindparam("most"))


def partner_rows(
    session: Session,
    wanted: PartnerFilter,
    grades: Iterable[Grade],
    after: tuple[str, int] | None = None,
    most: int = 50,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of the register by name after the (name, id) of the last row shown: plain columns, no entities."""
    given: dict[str, Any] = {"grades": list(grades), "most": most, **wanted.parts}
    if after is not None:
        given |= {"last_name": after[0], "last_id": after[1]}
    return session.execute(_page_of(tuple(wanted.parts), after is not None), given).all()


def count_partners(session: Session, wanted: PartnerFilter | None = None) -> int:
    """How many partners a filter keeps."""
    wanted = wanted or PartnerFilter()
    return session.scalar(_narrow(select(func.count(PARTNER.id)), wanted.parts), wanted.parts) or 0


def partners(session: Session, wanted: PartnerFilter) -> Sequence[Organisation]:
    """Every partner that a filter keeps, by type and name."""
    chosen = _narrow(select(Organisation), wanted.parts).order_by(Organisation.type, Organisation.name)
    return session.scalars(chosen, wanted.parts).all()


def focal_seats(session: Session, organisation_ids: Iterable[int]) -> dict[int, Seat]:
    """The focal post of each organisation that has one."""
    here = Seat.organisation_id.in_(list(organisation_ids)) & Seat.is_focal & Seat.archived_at.is_(None)
    return {seat.organisation_id: seat for seat in session.scalars(select(Seat).where(here).order_by(Seat.id.desc()))}


def get_seat(session: Session, seat_id: int) -> Seat:
    """One post. Raises NotFound."""
    seat = session.get(Seat, seat_id)
    if seat is None:
        raise NotFound(Message("There is no such post on the register."))
    return seat


def seats_with_address(session: Session, address: str) -> Sequence[Seat]:
    """The posts that write from `address`: their own, or one we have learnt."""
    address = address.strip().lower()
    learnt = select(KnownAddress.seat_id).where(KnownAddress.address == address)
    return session.scalars(
        select(Seat).where(or_(Seat.address == address, Seat.id.in_(learnt))).order_by(Seat.id)
    ).all()


def seats_at_domain(session: Session, domain: str) -> Sequence[Seat]:
    """The posts whose mailbox is at a domain: a hint who a new sender may be, never proof."""
    return session.scalars(select(Seat).where(Seat.address.like(f"%@{domain.lower()}")).order_by(Seat.id)).all()


def names_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, Organisation]:
    """Organisations by id, for lists that only name them."""
    columns = (Organisation.name, Organisation.name_ur, Organisation.acronym, Organisation.type, Organisation.province)
    chosen = select(Organisation).where(Organisation.id.in_(set(organisation_ids)))
    return {row.id: row for row in session.scalars(chosen.options(load_only(*columns)))}
