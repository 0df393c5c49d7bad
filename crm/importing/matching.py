"""Which rows mean a partner on the register, which are new, and which say something that another row said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.errors import RuleBroken
from crm.i18n import Message
from crm.importing.judging import Entry
from crm.importing.likeness import Named, probably_same
from crm.importing.plan import Refused
from crm.importing.register import Register


@dataclass
class Matched:
    """Entries with the id of the partner that each means, or None for a new one."""

    pairs: list[tuple[Entry, int | None]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass
class _Seen:
    """What earlier rows of the file took."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    partners: dict[int, int] = field(default_factory=dict)
    new: dict[int, Named] = field(default_factory=dict)
    new_names: dict[int, str] = field(default_factory=dict)


def match(entries: Sequence[Entry], register: Register, accept_likely: bool) -> Matched:
    """Hold every entry against the register and the rows before it."""
    matched, seen = Matched(), _Seen()
    for entry in entries:
        try:
            number = _partner(entry, register)
            _refuse_repeated(entry, number, seen)
            if number is None and not accept_likely:
                _refuse_likely(entry, register, seen)
        except RuleBroken as refusal:
            matched.refused.append(Refused(entry.row, refusal.message))
            continue
        _remember(entry, number, seen)
        matched.pairs.append((entry, number))
    return matched


def _partner(entry: Entry, register: Register) -> int | None:
    """By code, else by name; where the two disagree nobody knows which is meant."""
    code = entry.fields.get("code", "")
    named = register.by_name.get(entry.key, [])
    coded = register.by_code.get(code)
    if coded is None:
        return _named_partner(code, named, register)
    if named and coded not in named:
        one, other = register.partners[coded].name, register.partners[named[0]].name
        raise RuleBroken(Message("its code belongs to “%(one)s” and its name to “%(other)s”.", one=one, other=other))
    return coded


def _named_partner(code: str, named: Sequence[int], register: Register) -> int | None:
    if code and code in register.codes:
        raise RuleBroken(Message("the code “%(code)s” belongs to a partner that is no longer active.", code=code))
    if len(named) > 1:
        raise RuleBroken(Message("several partners on the register have this name; give the code of the one meant."))
    if named and code:
        known = register.partners[named[0]]
        raise RuleBroken(
            Message("“%(name)s” is on the register with the code “%(code)s”.", name=known.name, code=known.code)
        )
    return named[0] if named else None


def _refuse_repeated(entry: Entry, number: int | None, seen: _Seen) -> None:
    code = entry.fields.get("code", "")
    rows = (seen.codes.get(code), seen.names.get(entry.key), seen.partners.get(number or 0))
    first = next((row for row in rows if row is not None), None)
    if first is not None:
        raise RuleBroken(Message("it repeats row %(first)s.", first=first))


def _refuse_likely(entry: Entry, register: Register, seen: _Seen) -> None:
    province = entry.fields.get("province", "")
    number = probably_same(entry.key, province, register.named, register.names)
    if number is not None:
        name, code = register.partners[number].name, register.partners[number].code
        raise RuleBroken(Message("it is probably the same as “%(name)s” (%(code)s).", name=name, code=code))
    row = probably_same(entry.key, province, seen.new, seen.new_names)
    if row is not None:
        raise RuleBroken(Message("it is probably the same as row %(first)s.", first=row))


def _remember(entry: Entry, number: int | None, seen: _Seen) -> None:
    seen.names[entry.key] = entry.row
    if code := entry.fields.get("code"):
        seen.codes[code] = entry.row
    if number is not None:
        seen.partners[number] = entry.row
    else:
        seen.new[entry.row] = Named(entry.key, entry.fields.get("province", ""))
        seen.new_names[entry.row] = entry.key
