"""The register as an import needs it: read once, looked up by code, name and mailbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.queries import focal_seats
from crm.importing.likeness import Named
from crm.search.rules import normalise


@dataclass(frozen=True)
class Register:
    """Every partner that is not archived, its focal post, and the codes in use (archived ones keep theirs)."""

    partners: dict[int, Organisation]
    seats: dict[int, Seat]
    codes: frozenset[str]

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Code to id."""
        return {row.code.lower(): row.id for row in self.partners.values()}

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Normalised name, English or Urdu, to ids."""
        named = ((name, row.id) for row in self.partners.values() for name in (row.name, row.name_ur))
        return _gathered((normalise(name), number) for name, number in named)

    @cached_property
    def named(self) -> dict[int, Named]:
        """What likeness compares."""
        return {row.id: Named(normalise(row.name), row.province) for row in self.partners.values()}

    @cached_property
    def names(self) -> dict[int, str]:
        """The normalised names alone."""
        return {number: one.name for number, one in self.named.items()}


def read_register(session: Session) -> Register:
    """The register as it stands."""
    whole = select(Organisation).where(Organisation.archived_at.is_(None)).options(selectinload(Organisation.themes))
    partners = {row.id: row for row in session.scalars(whole)}
    return Register(partners, focal_seats(session, partners), frozenset(session.scalars(select(Organisation.code))))


def _gathered(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        if key and number not in found.setdefault(key, []):
            found[key].append(number)
    return found
