"""Comment tables: which column holds the clause, the comment, the proposed text, the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm.documents import references

_NAMES = {
    "serial": r"(?:s(?:r|l|er(?:ial)?)?\.?\s*(?:no|#)?\.?|#|نمبر شمار)",
    "clause": r"(?:(?:clause|para(?:graph)?|section|cl)s?\.?(?:\s*(?:/|or|and)\s*\w+)?(?:\s*(?:no|number"
    r"|ref(?:erence)?)s?\.?)?|reference|شق(?:\s*نمبر)?|پیرا)",
    "quoted": r"(?:existing|current|original|present|draft)\s+(?:text|provision|wording|clause)"
    r"|text of (?:the )?(?:clause|draft)|موجودہ.*",
    "kind": r"(?:comment\s+)?(?:type|category|kind)(?:\s+of\s+comment)?|نوعیت",
    "proposed": r".*(?:propos|suggest|recommend|amend|revis).*|(?:مجوزہ|تجویز).*",
    "reason": r"(?:reason|rationale|justification|remarks?\s*/\s*reason|basis|legal basis).*|وجہ.*|جواز.*",
    "comment": r"(?:(?:your|our)\s+)?(?:comment|observation|remark|view|input|feedback|issue|concern).*|(?:رائے"
    r"|تبصرہ|آرا|رائے/تبصرہ).*",
}
_COLUMNS = tuple((name, re.compile(pattern, re.I)) for name, pattern in _NAMES.items())
_GENERAL = re.compile(r"\s*(?:general|overall|whole|all|عمومی)\b", re.I)


@dataclass(frozen=True)
class Columns:
    """Column positions; None where the table has no such column."""

    clause: int | None
    comment: int | None
    proposed: int | None = None
    reason: int | None = None


@dataclass(frozen=True)
class Row:
    """One row of a comment table; no numbers means "as above" where `is_same`, else general."""

    numbers: tuple[str, ...]
    is_same: bool
    text: str
    proposed: str
    reason: str


def header(cells: Sequence[str]) -> Columns | None:
    """The columns, where `cells` are the names of some; at least a clause and a comment or proposal."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = next(
            (name for name, pattern in _COLUMNS if cell and len(cell) < 60 and pattern.fullmatch(cell.strip(" *:"))),
            None,
        )
        if name:
            found.setdefault(name, at)
    if "clause" not in found or not {"comment", "proposed"} & found.keys():
        return None
    return Columns(found["clause"], found.get("comment"), found.get("proposed"), found.get("reason"))


def guessed(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of a table without a header: numbers in one, then comment, proposal and reason."""
    width = max((len(row) for row in rows), default=0)
    for at in range(min(width, 3)):
        cells = [row[at] for row in rows if len(row) > at and row[at]]
        if (
            cells
            and all(_is_reference(cell) for cell in cells)
            and not (at + 1 < width and _numbers_follow(rows, at + 1))
        ):
            later = [
                column for column in range(at + 1, width) if any(len(row) > column and row[column] for row in rows)
            ]
            comment, proposed, reason = [*later, None, None, None][:3]
            return Columns(at, comment, proposed, reason) if comment is not None else None
    return None


def row(cells: Sequence[str], columns: Columns) -> Row | None:
    """The row's contents by column; None where it has no words."""
    clause, text, proposed, reason = (
        _at(cells, at) for at in (columns.clause, columns.comment, columns.proposed, columns.reason)
    )
    if not (text or proposed):
        return None
    numbers = () if _GENERAL.match(clause) else references.cell_numbers(clause)
    return Row(numbers, not clause, text, proposed, reason)


def _at(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _is_reference(cell: str) -> bool:
    return len(cell) < 40 and (_GENERAL.match(cell) is not None or bool(references.cell_numbers(cell)))


def _numbers_follow(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether the next column holds references too: then this one is the serial number."""
    cells = [row[at] for row in rows if len(row) > at and row[at]]
    return bool(cells) and all(_is_reference(cell) for cell in cells)
