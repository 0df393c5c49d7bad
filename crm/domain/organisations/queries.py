"""Finding partners and their posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, load_only

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
    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return not (self.types or self.provinces or self.themes or self.ids)


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    """One organisation. Raises NotFound."""
    row = session.get(Organisation, organisation_id)
    if row is None or row.archived_at is not None:
        raise NotFound(Message("There is no such partner on the register."))
    return row


def _narrow(chosen: Select[*Columns], wanted: PartnerFilter) -> Select[*Columns]:
    chosen = chosen.where(Organisation.archived_at.is_(None))
    if wanted.types:
        chosen = chosen.where(Organisation.type.in_(wanted.types))
    if wanted.provinces:
        chosen = chosen.where(Organisation.province.in_(wanted.provinces))
    if wanted.ids:
        chosen = chosen.where(Organisation.id.in_(wanted.ids))
    if wanted.themes:
        themed = exists().where(
            OrganisationTheme.organisation_id == Organisation.id, OrganisationTheme.theme.in_(wanted.themes)
        )
        chosen = chosen.where(themed)
    return chosen


def partner_rows(
    session: Session,
    wanted: PartnerFilter,
    grades: Iterable[Grade],
    after: tuple[str, int] | None = None,
    most: int = 50,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of the register by name after the (name, id) of the last row shown: plain columns, no entities."""
    parent = aliased(Organisation)
    columns = select(
        Organisation.id,
        Organisation.name,
        Organisation.name_ur,
        Organisation.acronym,
        Organisation.type,
        Organisation.province,
        Organisation.city,
        Organisation.courtesy,
        parent.acronym.label("parent"),
    ).outerjoin(parent, Organisation.parent_id == parent.id)
    chosen = _narrow(columns, wanted).where(Organisation.grade.in_(list(grades)))
    if after is not None:
        later = (Organisation.name > after[0]) | ((Organisation.name == after[0]) & (Organisation.id > after[1]))
        chosen = chosen.where(later)
    return session.execute(chosen.order_by(Organisation.name, Organisation.id).limit(most)).all()


def count_partners(session: Session, wanted: PartnerFilter | None = None) -> int:
    """How many partners a filter keeps."""
    return session.scalar(_narrow(select(func.count(Organisation.id)), wanted or PartnerFilter())) or 0


def partners(session: Session, wanted: PartnerFilter) -> Sequence[Organisation]:
    """Every partner that a filter keeps, by type and name."""
    return session.scalars(_narrow(select(Organisation), wanted).order_by(Organisation.type, Organisation.name)).all()


def focal_seats(session: Session, organisation_ids: Iterable[int]) -> dict[int, Seat]:
    """The focal post of each organisation that has one."""
    here = Seat.organisation_id.in_(list(organisation_ids)) & Seat.is_focal & Seat.archived_at.is_(None)
    return {seat.organisation_id: seat for seat in session.scalars(select(Seat).where(here).order_by(Seat.id.desc()))}


def seats_of(session: Session, organisation_id: int) -> Sequence[Seat]:
    """The posts of an organisation, focal first."""
    here = (Seat.organisation_id == organisation_id) & Seat.archived_at.is_(None)
    return session.scalars(select(Seat).where(here).order_by(Seat.is_focal.desc(), Seat.id)).all()


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
