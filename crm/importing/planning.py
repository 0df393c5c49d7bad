"""What each row of a list would do to the register. Nothing is written here, and no lock is held."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.rules import Courtesy
from crm.errors import RuleBroken
from crm.guard.identifiers import mask
from crm.i18n import Message
from crm.importing.columns import Column, understand
from crm.importing.judging import Entry, judge
from crm.importing.matching import match
from crm.importing.parents import resolve_parents
from crm.importing.plan import Change, Creation, ImportPlan, Parent, Refused
from crm.importing.reading import Row, read_table
from crm.importing.register import Register, read_register
from crm.importing.vocabulary import COURTESY_OF_TYPE, Vocabularies, vocabularies
from crm.search.rules import normalise

SPELT = frozenset({"name", "name_ur", "acronym", "city", "city_ur", "title", "title_ur"})
SEAT_TITLE = "Focal person"
NO_TYPE = Message("the type of a new partner is missing.")


def plan_organisations(
    session: Session, path: Path, ignore_unknown_columns: bool = False, accept_likely: bool = False
) -> ImportPlan:
    """Read a list of partners and say what importing it would do. Raises RuleBroken where the file is no such list.

    A row means the partner with its code, else the one with its name; an empty cell leaves what the register says.
    """
    table = read_table(path)
    columns, left_out = understand(table.headings, ignore_unknown_columns)
    entries, refused = _judged(table.rows, columns, vocabularies(session))
    register = read_register(session)
    matched = match(entries, register, accept_likely)
    typed, untyped = _typed(matched.pairs)
    parents, orphans = resolve_parents(typed, register)
    gone = {one.row for one in orphans}
    standing = [pair for pair in typed if pair[0].row not in gone]
    changes = [_change(entry, register, known, parents.get(entry.row)) for entry, known in standing if known]
    return ImportPlan(
        file=mask(path.name),
        creations=_creations([entry for entry, known in standing if not known], register, parents),
        changes=tuple(one for one in changes if not one.is_empty),
        unchanged=tuple(one.row for one in changes if one.is_empty),
        refused=tuple(sorted([*refused, *matched.refused, *untyped, *orphans], key=lambda one: one.row)),
        notes=(*table.notes, *_left_out(left_out)),
    )


def _typed(pairs: Sequence[tuple[Entry, int | None]]) -> tuple[list[tuple[Entry, int | None]], list[Refused]]:
    """A new partner needs a type; for one on the register it may be left out."""
    bare = {entry.row for entry, known in pairs if not known and "type" not in entry.fields}
    return [pair for pair in pairs if pair[0].row not in bare], [Refused(row, NO_TYPE) for row in sorted(bare)]


def _left_out(headings: Sequence[str]) -> tuple[Message, ...]:
    if not headings:
        return ()
    return (Message("Not kept from the file: %(columns)s.", columns=", ".join(f"“{one}”" for one in headings)),)


def _judged(
    rows: Sequence[Row], columns: Mapping[str, Column], lists: Vocabularies
) -> tuple[list[Entry], list[Refused]]:
    entries, refused = [], []
    for row in rows:
        try:
            entries.append(judge(row, columns, lists))
        except RuleBroken as refusal:
            refused.append(Refused(row.number, refusal.message))
    return entries, refused


def _creations(entries: Sequence[Entry], register: Register, parents: Mapping[int, Parent]) -> tuple[Creation, ...]:
    taken = set(register.codes) | {entry.fields["code"] for entry in entries if "code" in entry.fields}
    made = []
    for entry in entries:
        fields: dict[str, Any] = dict(entry.fields)
        if "code" not in fields:
            fields["code"] = _free_code(fields.get("acronym") or entry.name, taken)
        taken.add(fields["code"])
        fields.setdefault("courtesy", COURTESY_OF_TYPE.get(fields["type"], Courtesy.GOVERNMENT))
        made.append(Creation(entry.row, fields, _distinct(entry.themes), _new_seat(entry), parents.get(entry.row)))
    return tuple(made)


def _free_code(name: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")[:40] or "partner"
    return next(code for code in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def _distinct(themes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(themes))


def _new_seat(entry: Entry) -> dict[str, str]:
    """A focal post, where the list names a post or a mailbox."""
    if "address" not in entry.seat and "title" not in entry.seat:
        return {}
    return {"title": SEAT_TITLE, "address": "", "title_ur": "", "language": "en"} | dict(entry.seat)


def _change(entry: Entry, register: Register, number: int, parent: Parent | None) -> Change:
    known, seat = register.partners[number], register.seats.get(number)
    themes = {one.theme for one in known.themes}
    told = _new_seat(entry) if seat is None else entry.seat
    return Change(
        row=entry.row,
        organisation_id=number,
        version=known.version,
        name=known.name,
        fields=_differences(known, _without_urdu_name(entry, known)),
        themes=tuple(one for one in _distinct(entry.themes) if one not in themes),
        seat=_differences(seat, told),
        seat_id=seat.id if seat else None,
        parent=None if parent is None or parent.organisation_id == known.parent_id else parent,
        parent_before=known.parent_id,
    )


def _without_urdu_name(entry: Entry, known: Organisation) -> dict[str, str]:
    """A row that names a partner in Urdu only does not rename it."""
    is_urdu = entry.key == normalise(known.name_ur)
    return {name: value for name, value in entry.fields.items() if not (is_urdu and name == "name")}


def _differences(row: Organisation | Seat | None, told: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field to (before, after), where the two are not the same."""
    before = {name: getattr(row, name) if row is not None else "" for name in told}
    return {name: (before[name], value) for name, value in told.items() if not _is_same(name, before[name], value)}


def _is_same(name: str, before: Any, after: Any) -> bool:
    """Capitals, points and Arabic twins of Urdu letters are no news: the register keeps its own spelling."""
    return bool(before == after or (name in SPELT and normalise(before) == normalise(after)))
