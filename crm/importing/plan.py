"""What an import will do, as a value: made without writing anything, shown, and then written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.i18n import Message


@dataclass(frozen=True)
class Parent:
    """The organisation above: on the register already, or made by another row of the same file."""

    organisation_id: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class Creation:
    """A new partner. `seat` is empty where the list names neither post nor mailbox."""

    row: int
    fields: Mapping[str, Any]
    themes: tuple[str, ...]
    seat: Mapping[str, str]
    parent: Parent | None = None

    @property
    def name(self) -> str:
        """The partner's name."""
        return str(self.fields["name"])


@dataclass(frozen=True)
class Change:
    """What a row changes of a partner as it stood in `version`. Field to (before, after); themes are only added."""

    row: int
    organisation_id: int
    version: int
    name: str
    fields: Mapping[str, tuple[Any, Any]]
    themes: tuple[str, ...] = ()
    seat: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    seat_id: int | None = None
    parent: Parent | None = None
    parent_before: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the register says the same already."""
        return not (self.fields or self.themes or self.seat or self.parent)

    @property
    def what(self) -> tuple[str, ...]:
        """The names of what changes."""
        parts = [*self.fields, *(["themes"] if self.themes else []), *self.seat]
        return (*parts, *(["parent"] if self.parent else []))


@dataclass(frozen=True)
class Refused:
    """A row that is not imported, and why. Rows are numbered as the program of the list shows them."""

    row: int
    reason: Message


@dataclass(frozen=True)
class Counts:
    """Rows in = created + updated + unchanged + refused."""

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int


@dataclass(frozen=True)
class ImportPlan:
    """Everything validated; `write_plan` needs only the lock."""

    file: str
    creations: tuple[Creation, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: tuple[int, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def counts(self) -> Counts:
        """How many rows go which way."""
        ways = len(self.creations), len(self.changes), len(self.unchanged), len(self.refused)
        return Counts(sum(ways), *ways)

    def lines(self) -> list[Message]:
        """The plan for a person: the count, what changes, what is refused, what is left out."""
        counts = self.counts
        changed = [
            Message("Row %(row)s: “%(name)s” changes: %(what)s.", row=one.row, name=one.name, what=", ".join(one.what))
            for one in self.changes
        ]
        refused = [
            Message("Row %(row)s is refused: %(reason)s", row=one.row, reason=one.reason) for one in self.refused
        ]
        return [_summary(counts), *self.notes, *changed, *refused]


def _summary(counts: Counts) -> Message:
    return Message(
        "%(rows)s rows: %(created)s to create, %(updated)s to update, %(unchanged)s unchanged, %(refused)s refused.",
        rows=counts.rows,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=counts.refused,
    )
