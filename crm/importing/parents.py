"""Whom each row stands under: named by code, acronym or name, on the register or in the same file."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from crm.errors import RuleBroken
from crm.i18n import Message
from crm.importing.judging import Entry
from crm.importing.plan import Parent, Refused
from crm.importing.register import Register
from crm.search.rules import normalise

NEAR = 70
Pairs = Sequence[tuple[Entry, int | None]]


def resolve_parents(pairs: Pairs, register: Register) -> tuple[dict[int, Parent], list[Refused]]:
    """Row to parent. A row whose parent is unknown, refused or below itself is refused, and so what hangs on it."""
    refused: list[Refused] = []
    standing = list(pairs)
    while True:
        parents, faults = _pass(standing, register)
        if not faults:
            return parents, refused
        refused += faults
        gone = {one.row for one in faults}
        standing = [pair for pair in standing if pair[0].row not in gone]


def _pass(pairs: Pairs, register: Register) -> tuple[dict[int, Parent], list[Refused]]:
    finder = _Finder(pairs, register)
    parents: dict[int, Parent] = {}
    faults: list[Refused] = []
    for entry, _ in pairs:
        try:
            if entry.parent:
                parents[entry.row] = finder.parent(entry)
        except RuleBroken as refusal:
            faults.append(Refused(entry.row, refusal.message))
    round_about = Message("its parents lead back to itself.")
    faults += [Refused(row, round_about) for row in parents if finder.leads_back(row, parents)]
    return parents, faults


class _Finder:
    """Finds organisations of register and file under one key: a partner's id, or minus the number of a new row."""

    def __init__(self, pairs: Pairs, register: Register) -> None:
        self._register = register
        self._key = {entry.row: number if number is not None else -entry.row for entry, number in pairs}
        self._rows = {key: row for row, key in self._key.items()}
        self._names: dict[str, set[int]] = {}
        for row in register.partners.values():
            self._note(row.id, row.code, row.acronym, row.name, row.name_ur)
        for entry, _ in pairs:
            told = (entry.fields.get(name, "") for name in ("code", "acronym", "name", "name_ur"))
            self._note(self._key[entry.row], *told)

    def _note(self, key: int, *names: str) -> None:
        for name in names:
            if normalise(name):
                self._names.setdefault(normalise(name), set()).add(key)

    def parent(self, entry: Entry) -> Parent:
        """Raises RuleBroken where none, or more than one, is meant."""
        wanted = normalise(entry.parent)
        found = self._names.get(wanted, set()) - {self._key[entry.row]}
        by_code = self._register.by_code.get(entry.parent.lower())
        if by_code is not None and by_code in found:
            found = {by_code}
        if len(found) == 1:
            key = found.pop()
            return Parent(organisation_id=key) if key > 0 else Parent(row=-key)
        if found:
            raise RuleBroken(
                Message("several partners are called “%(name)s”; give the parent's code.", name=entry.parent)
            )
        if wanted in self._names:
            raise RuleBroken(Message("it names itself as its parent."))
        raise RuleBroken(self._unknown(entry.parent))

    def _unknown(self, text: str) -> Message:
        near = process.extractOne(normalise(text), list(self._names), scorer=fuzz.ratio, score_cutoff=NEAR)
        if near is None:
            return Message("its parent “%(name)s” is neither on the register nor in the list.", name=text)
        return Message("its parent “%(name)s” is not known; the nearest is “%(near)s”.", name=text, near=near[0])

    def leads_back(self, row: int, parents: dict[int, Parent]) -> bool:
        """Whether the way up from a row comes back to it."""
        start, met = self._key[row], set[int]()
        key = self._above(start, parents)
        while key and key != start and key not in met:
            met.add(key)
            key = self._above(key, parents)
        return key == start

    def _above(self, key: int, parents: dict[int, Parent]) -> int | None:
        above = parents.get(self._rows.get(key, 0))
        if above is not None:
            return above.organisation_id or -(above.row or 0)
        known = self._register.partners.get(key)
        return known.parent_id if known else None
