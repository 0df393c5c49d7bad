"""Everything one can do to a partner, its posts and the log of contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.base import Subject
from crm.domain.accounts.rules import Permission
from crm.domain.organisations import queries
from crm.domain.organisations.models import (
    Engagement,
    EngagementParty,
    KnownAddress,
    Organisation,
    OrganisationTheme,
    Seat,
)
from crm.domain.organisations.rules import AddressState, EngagementKind
from crm.timeline.models import Direction
from crm.uow import UnitOfWork


def add_organisation(uow: UnitOfWork, themes: Sequence[str] = (), **fields: Any) -> Organisation:
    """Put a partner on the register. Raises NotAllowed."""
    uow.require(Permission.EDIT_PARTNERS)
    row = Organisation(**fields, themes=[OrganisationTheme(theme=theme) for theme in dict.fromkeys(themes)])
    uow.session.add(row)
    uow.session.flush()
    index_organisation(uow, row)
    return row


def index_organisation(uow: UnitOfWork, row: Organisation) -> None:
    """Let a partner be found by every name it has."""
    uow.index(row)


def add_seat(uow: UnitOfWork, organisation_id: int, **fields: Any) -> Seat:
    """Put a post of a partner on the register. Raises NotAllowed."""
    uow.require(Permission.EDIT_PARTNERS)
    fields["address"] = fields.get("address", "").strip().lower()
    seat = Seat(organisation_id=organisation_id, **fields)
    uow.session.add(seat)
    uow.session.flush()
    return seat


def correct_address(uow: UnitOfWork, seat_id: int, address: str) -> Seat:
    """Give a post another mailbox; what is known of the old one no longer counts. Raises NotAllowed, NotFound."""
    uow.require(Permission.EDIT_PARTNERS)
    seat = queries.get_seat(uow.session, seat_id)
    seat.address, seat.address_state = address.strip().lower(), AddressState.GOOD
    uow.record(seat.subject, "address-corrected", [seat.organisation.subject], address=seat.address, post=seat.title)
    return seat


def mark_address(uow: UnitOfWork, seat: Seat, state: AddressState) -> None:
    """Write what a delivery report or a human answer told of a mailbox."""
    if seat.address_state is not state:
        seat.address_state = state


def learn_address(uow: UnitOfWork, seat: Seat, address: str) -> None:
    """From now on mail from `address` is known to come from this post."""
    address = address.strip().lower()
    known = {one.id for one in queries.seats_with_address(uow.session, address)}
    if address and seat.id not in known:
        uow.session.add(KnownAddress(address=address, seat_id=seat.id, learnt_at=uow.now, confirmed_by=uow.actor.name))


def forget_address(uow: UnitOfWork, seat: Seat, address: str) -> None:
    """Mail from `address` was filed to this post in error: it is known no longer."""
    here = (KnownAddress.address == address.strip().lower()) & (KnownAddress.seat_id == seat.id)
    for known in uow.session.scalars(select(KnownAddress).where(here)):
        uow.session.delete(known)


def log_engagement(
    uow: UnitOfWork,
    kind: EngagementKind,
    at: datetime,
    title: str,
    organisation_ids: Sequence[int],
    direction: Direction = Direction.MUTUAL,
    title_ur: str = "",
    note: str = "",
    is_sample: bool = False,
) -> Engagement:
    """Log a contact with one or several partners. Raises NotAllowed."""
    uow.require(Permission.EDIT_PARTNERS)
    row = Engagement(kind=kind, at=at, title=title, title_ur=title_ur, note=note, is_sample=is_sample)
    row.parties = [EngagementParty(organisation_id=number) for number in dict.fromkeys(organisation_ids)]
    uow.session.add(row)
    uow.session.flush()
    places = [Subject(Organisation.SUBJECT, number) for number in organisation_ids]
    data = {"title": title, "title_ur": title_ur, "note": note, "kind": str(kind)}
    from_then = {"subject": row.subject, "data": data, "places": places}
    uow.record_many_at(at, f"engaged-{kind}", direction, [from_then])
    return row
