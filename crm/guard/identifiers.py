"""Finds CNIC and B-Form numbers (13 digits, 5-7-1) and phone numbers in free text, and masks the former."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crm.guard.normal import Normal, normal

MASK = "#####-#######-#"
LENGTH = 13
MOST_SEPARATORS = 3
# A text is searched in stretches, each with what stands around it: a number and its label fit into OVERLAP, the start
# of a web address into LOOK_BACK.
CHUNK, OVERLAP, LOOK_BACK = 256 * 1024, 64, 256
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
    r"(isbn|ean|smtp|barcode|iban|account|a/c|tracking|consignment|invoice|challan|epoch|timestamp"
    r"|unix|imei|transaction|serial)\W*(no|number|id|time|ms)?\W*$"
)
_PHONE = re.compile(
    r"(?<![0-9])(?:\+92|0092|92|0)[\s\-.()]{0,3}3[0-9]{2}[\s\-.)]{0,3}[0-9]{3}[\s\-.]?[0-9]{4}(?![0-9])"
)
_ADDRESS_BEFORE = re.compile(r"(://|www\.|mailto:|message-id:\s*<|[?&=])[^\s]*$")
_CHAIN, _GLUE = frozenset(".-"), frozenset("_=")
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
    """Every identifier and phone number in `text`, in order, by offsets into it.

    Linear in the length of `text`, and beside it takes no more memory than one stretch needs (security 5.2).
    """
    clean = normal(text)
    found: list[Finding] = []
    free = 0
    for start in range(0, len(clean.text), CHUNK):
        for hit in _found_in(clean.text, start):
            if hit.start >= free:
                found.append(_in_original(hit, clean))
                free = hit.end
    return tuple(found)


def _found_in(text: str, start: int) -> list[Finding]:
    """What begins in the stretch at `start`, by offsets into `text`, in order."""
    offset, stop = max(0, start - LOOK_BACK), start + CHUNK
    around = text[offset : stop + OVERLAP]
    labels, child_labels = _Labels(around, _LABEL), _Labels(around, _CHILD_LABEL)
    hits = _identifiers(around, labels)
    found = [Finding(level, begin, end, child_labels.before(begin)) for level, begin, end in hits]
    starts = [one.start for one in found]
    for phone in _PHONE.finditer(around):
        before = bisect_left(starts, phone.end()) - 1
        if before < 0 or found[before].end <= phone.start():
            found.append(Finding(Level.PHONE, *phone.span()))
    moved = (replace(one, start=one.start + offset, end=one.end + offset) for one in found)
    return sorted((one for one in moved if start <= one.start < stop), key=lambda one: one.start)


def _in_original(hit: Finding, clean: Normal) -> Finding:
    start, end = clean.span(hit.start, hit.end)
    return replace(hit, start=start, end=end)


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


class _Labels:
    """Where a label stands, looked up once for the whole text."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        spans = [match.span() for match in pattern.finditer(text)]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __bool__(self) -> bool:
        return bool(self._starts)

    def before(self, place: int) -> bool:
        """Whether one ends shortly before `place`."""
        at = bisect_right(self._ends, place) - 1
        return at >= 0 and self._starts[at] >= place - NEAR_BEFORE

    def after(self, place: int) -> bool:
        """Whether one begins shortly after `place`."""
        at = bisect_left(self._starts, place)
        return at < len(self._starts) and self._ends[at] <= place + NEAR_AFTER


def _identifiers(text: str, labels: _Labels) -> Iterator[tuple[Level, int, int]]:
    """Slide a window over neighbouring digit groups; where it holds thirteen digits, judge it."""
    groups = [match.span() for match in _DIGITS.finditer(text)]
    first, digits = 0, 0
    for last, (start, end) in enumerate(groups):
        if last > first and not _joined(text, groups[last - 1][1], start):
            first, digits = last, 0
        digits += end - start
        while digits > LENGTH:
            digits -= groups[first][1] - groups[first][0]
            first += 1
        level = _level(text, groups[first : last + 1], labels) if digits == LENGTH else None
        if level is not None:
            yield level, groups[first][0], end
            first, digits = last + 1, 0


def _joined(text: str, end: int, start: int) -> bool:
    if start - end > MOST_SEPARATORS or _SEPARATORS.fullmatch(text, end, start) is None:
        return False
    return ")(" not in text[end:start]


def _level(text: str, groups: Sequence[tuple[int, int]], labels: _Labels) -> Level | None:
    start, end = groups[0][0], groups[-1][1]
    if text[start] not in _PROVINCES:
        return None
    if labels and (labels.before(start) or labels.after(end)):
        return Level.HIGH
    sizes = [stop - begin for begin, stop in groups]
    if _in_word(text, start, end):
        return None
    if sizes == [5, 7, 1]:
        return Level.HIGH
    if _in_chain(text, start, end):
        return None
    if sizes in ([12, 1], [5, 8]):
        return Level.HIGH if "." not in text[start:end] else None
    if sizes == [LENGTH]:
        return None if _is_another_number(text, start) else Level.MEDIUM
    return Level.MEDIUM if set(sizes) == {1} or _fives_and_sevens(sizes) else None


def _fives_and_sevens(sizes: Sequence[int]) -> bool:
    """Whether the groups, cut smaller, still break where an identity number breaks: after 5 and after 12 digits."""
    ends = {sum(sizes[: count + 1]) for count in range(len(sizes))}
    return {5, 12} <= ends and len(sizes) <= 5


def _in_word(text: str, start: int, end: int) -> bool:
    """Part of a longer code: touching a Latin letter, as in an IBAN or a UUID."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


def _in_chain(text: str, start: int, end: int) -> bool:
    """Part of a longer code such as a queue id: 157.161.1426478379039 or (2017031320274)(201703)."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if ")(" in (before, after):
        return True
    follows = before[-1:] in _CHAIN and (before[:1].isalnum() or before[:1] in _GLUE) and len(before) == 2
    return follows or (after[:1] in _CHAIN and after[1:].isdigit())


def _is_another_number(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start]
    return _OTHER_NUMBER.search(before[-40:]) is not None or _ADDRESS_BEFORE.search(before) is not None
