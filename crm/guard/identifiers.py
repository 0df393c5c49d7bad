"""Finds CNIC and B-Form numbers (13 digits, 5-7-1) and phone numbers in free text, and masks the former."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crm.guard.normal import Normal, normal

MASK = "#####-#######-#"
LENGTH = 13
MOST_SEPARATORS = 3
# A label counts when it stands at most this many characters before the number, or closely after it.
NEAR_BEFORE, NEAR_AFTER = 48, 24

_DIGITS = re.compile(r"[0-9]+")
_SEPARATORS = re.compile(r"[\s\-‐-―−_./\\·•:,|*~()\[\]٫٬،۔ـ]{0,3}")
_LABEL = re.compile(
    r"\bc\.?n\.?i\.?c\b|\bcnic|nicop|\bn\.?i\.?c\b|\bb[\s\-]?form|\bform[\s\-]?b\b|\bcrc\b|\bpoc\b|\bjuvenile card"
    r"|identity card|id card|شناختی|ب[\s\-]?فارم|فارم[\s\-]?ب|نادرا"
)
_CHILD_LABEL = re.compile(r"\bb[\s\-]?form|\bform[\s\-]?b\b|\bcrc\b|juvenile card|ب[\s\-]?فارم|فارم[\s\-]?ب")
# Thirteen bare digits after one of these are something else.
_OTHER_NUMBER = re.compile(
    r"(isbn|ean|barcode|iban|account|a/c|tracking|consignment|invoice|challan|epoch|timestamp|unix|imei|message-id"
    r"|transaction|serial)\W*(no|number|id|time|ms)?\W*$"
)
_PHONE = re.compile(
    r"(?<![0-9])(?:\+92|0092|92|0)[\s\-.()]{0,3}3[0-9]{2}[\s\-.)]{0,3}[0-9]{3}[\s\-.]?[0-9]{4}(?![0-9])"
)
_ADDRESS_BEFORE = re.compile(r"(://|www\.|mailto:|message-id:\s*<|[?&=])[^\s]*$")
_PROVINCES = "1234567"


class Level(StrEnum):
    """How sure we are that a number is a person's identifier."""

    HIGH = "high"
    MEDIUM = "medium"
    PHONE = "phone"


@dataclass(frozen=True)
class Finding:
    """Where something was found: never what it was."""

    level: Level
    start: int
    end: int
    child: bool = False

    @property
    def is_identifier(self) -> bool:
        """Whether the text must be held; a phone number is only worth a warning in free text."""
        return self.level is not Level.PHONE


def find(text: str) -> tuple[Finding, ...]:
    """Every identifier and phone number in `text`, in order, by offsets into it. Linear in the length of `text`."""
    clean = normal(text)
    found = [_placed(clean, *hit) for hit in _identifiers(clean.text)]
    taken = [(finding.start, finding.end) for finding in found]
    for phone in _PHONE.finditer(clean.text):
        start, end = clean.span(*phone.span())
        found.append(Finding(Level.PHONE, start, end))
    found = [one for one in found if one.is_identifier or not _touches(one, taken)]
    return tuple(sorted(found, key=lambda one: one.start))


def identifiers(text: str) -> tuple[Finding, ...]:
    """Only what is to be held: the findings of level high and medium."""
    return tuple(finding for finding in find(text) if finding.is_identifier)


def mask(text: str) -> str:
    """`text` with every identifier as `#####-#######-#`; all else is kept byte for byte."""
    return cover(text, identifiers(text))


def cover(text: str, findings: Sequence[Finding]) -> str:
    """`text` with the given findings masked."""
    pieces, kept = [], 0
    for finding in findings:
        pieces += [text[kept : finding.start], MASK]
        kept = finding.end
    return "".join([*pieces, text[kept:]])


def _placed(clean: Normal, level: Level, start: int, end: int) -> Finding:
    near = clean.text[max(0, start - NEAR_BEFORE) : start]
    return Finding(level, *clean.span(start, end), child=_CHILD_LABEL.search(near) is not None)


def _touches(finding: Finding, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < finding.end and finding.start < end for start, end in taken)


def _identifiers(text: str) -> Iterator[tuple[Level, int, int]]:
    """Walk over runs of digit groups; from each group, add groups until thirteen digits are reached."""
    groups = [match.span() for match in _DIGITS.finditer(text)]
    at = 0
    while at < len(groups):
        used = _gather(text, groups, at)
        level = _level(text, groups[at : at + used]) if used else None
        if level is not None:
            yield level, groups[at][0], groups[at + used - 1][1]
        at += used if level is not None else 1


def _gather(text: str, groups: Sequence[tuple[int, int]], at: int) -> int:
    """How many groups from `at` on make thirteen digits with at most three separators between; 0 if none do."""
    digits = 0
    for count, (start, end) in enumerate(groups[at : at + LENGTH], 1):
        if count > 1 and not _joined(text, groups[at + count - 2][1], start):
            return 0
        digits += end - start
        if digits >= LENGTH:
            return count if digits == LENGTH else 0
    return 0


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= MOST_SEPARATORS and _SEPARATORS.fullmatch(text, end, start) is not None


def _level(text: str, groups: Sequence[tuple[int, int]]) -> Level | None:
    start, end = groups[0][0], groups[-1][1]
    if text[start] not in _PROVINCES:
        return None
    if _labelled(text, start, end):
        return Level.HIGH
    sizes = [stop - begin for begin, stop in groups]
    if _in_word(text, start, end):
        return None
    if sizes in ([5, 7, 1], [12, 1], [5, 8]):
        return Level.HIGH
    if sizes == [LENGTH]:
        return None if _is_another_number(text, start) else Level.MEDIUM
    return Level.MEDIUM if set(sizes) == {1} or _fives_and_sevens(sizes) else None


def _fives_and_sevens(sizes: Sequence[int]) -> bool:
    """Whether the groups, cut smaller, still break where an identity number breaks: after 5 and after 12 digits."""
    ends = {sum(sizes[: count + 1]) for count in range(len(sizes))}
    return {5, 12} <= ends and len(sizes) <= 5


def _labelled(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - NEAR_BEFORE) : start], text[end : end + NEAR_AFTER]
    return _LABEL.search(before) is not None or _LABEL.search(after) is not None


def _in_word(text: str, start: int, end: int) -> bool:
    """Part of a longer code: touching a Latin letter, as in an IBAN or a UUID."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


def _is_another_number(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start]
    return _OTHER_NUMBER.search(before[-40:]) is not None or _ADDRESS_BEFORE.search(before) is not None
