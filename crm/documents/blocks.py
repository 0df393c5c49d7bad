"""A reply cut into blocks: paragraphs with their place, quotation depth and, for tables, their cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm.documents import formulas, marks, references

_QUOTE = re.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_LIST = re.compile(r"\s{0,8}(?:[-*•]\s+|\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-z])[.)]\s+)\S")
_PIPE = re.compile(r"\s*\|.*\|\s*$|[^|]+\|[^|]+\|")
_SEMICOLONS = re.compile(
    r"\s*(?:clauses?(?:\s*no\.?)?|cl\.?|شق|general"
    r"|(?:cl(?:ause)?\.?\s*)?\d{1,3}[A-Z]?(?:\s*[-–,&]\s*\d{1,3})*)\s*;[^;\n]*;",
    re.I,
)
_RULE = re.compile(r"[\s|+\-=:─━]+$")
_ORIGINAL = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|اصل پیغام)|begin forwarded message|_{10,}\s*$"
    r"|\*?(?:from|von|de|منجانب)\s?:\*?\s.*(?:@|<|\[))",
    re.I,
)
_WROTE = re.compile(
    r"\s*(?:on|am|le|el)\s[^\n]{5,160}(?:wrote|schrieb|a écrit|escribió)\s*:\s*$|[^\n]{5,200}نے لکھا\s*:?\s*$",
    re.I | re.S,
)
_DELIMITER = re.compile(r"--\s*$")


@dataclass(frozen=True)
class Block:
    """`text` is free of quotation marks; `start` and `end` hold the whole of it and the blank lines around it.

    `lead` counts the signs of the blank lines before it.
    """

    start: int
    end: int
    depth: int
    text: str
    cells: tuple[str, ...] | None = None
    lead: int = 0

    @property
    def opens_original(self) -> bool:
        """Whether the mail that is being answered, or one that is forwarded, begins here."""
        return _ORIGINAL.match(self.text) is not None or self.introduces_quote

    @property
    def introduces_quote(self) -> bool:
        """Whether this is the line "On ... wrote:"."""
        return _WROTE.match(self.text) is not None


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    depth: int
    text: str


def cut(text: str) -> list[Block]:
    """All of `text` in blocks that follow one another without a gap. Empty text gives no block."""
    groups: list[list[_Line]] = []
    said: _Line | None = None  # the last line with words in this group
    fresh = False
    for line in _lines(text):
        blank = not line.text.strip()
        if not groups or (not blank and said is not None and (fresh or _starts(line, said))):
            groups.append([])
            said = None
        groups[-1].append(line)
        said = said if blank else line
        fresh = blank
    return list(_without_grids([_block(group) for group in groups]))


def _without_grids(found: Sequence[Block]) -> Iterator[Block]:
    """Lines of a drawn grid between two rules are one row: their cells are joined column by column."""
    at = 0
    while at < len(found):
        stop = at
        if found[at].cells == () and at + 1 < len(found) and found[at + 1].cells:
            stop = next((to for to in range(at + 1, len(found)) if not found[to].cells), len(found))
        if stop > at + 1 and stop < len(found) and found[stop].cells == ():
            yield found[at]
            yield _joined(found[at + 1 : stop])
            at = stop
        else:
            yield found[at]
            at += 1


def _joined(rows: Sequence[Block]) -> Block:
    width = max(len(row.cells or ()) for row in rows)
    columns = (" ".join(row.cells[at] for row in rows if row.cells and at < len(row.cells)) for at in range(width))
    text = "\n".join(row.text for row in rows)
    return Block(rows[0].start, rows[-1].end, rows[0].depth, text, tuple(" ".join(cell.split()) for cell in columns))


def _lines(text: str) -> Iterator[_Line]:
    place = 0
    for raw in re.findall(r"[^\n]*\n|[^\n]+$", text):
        quote = _QUOTE.match(raw)
        body = raw[quote.end() :] if quote else raw
        yield _Line(place, place + len(raw), quote.group(1).count(">") if quote else 0, body.rstrip("\r\n"))
        place += len(raw)


def _starts(line: _Line, said: _Line) -> bool:
    """Whether a line begins a new block though no blank line is between it and the line `said` before it."""
    if line.depth != said.depth:
        return True
    if _is_row(line.text) or _is_row(said.text) or _DELIMITER.match(line.text):
        return True
    if (
        formulas.is_salutation(said.text)
        or formulas.closes(line.text)
        or marks.COMMENT.match(line.text)
        or _ORIGINAL.match(line.text)
        or _LIST.match(line.text)
    ):
        return True
    if line.text.lstrip()[:1] in "\"“‘'":
        return False  # words quoted in the middle of a sentence
    found = references.heading(line.text + "\n")
    return found is not None and (found.is_label or said.text.rstrip()[-1:] in '.:!?"”۔')


def _is_row(text: str) -> bool:
    return (
        "\t" in text.strip("\n")
        or _PIPE.match(text) is not None
        or _is_grid(text)
        or _SEMICOLONS.match(text) is not None
    )


def _is_grid(text: str) -> bool:
    return text.lstrip().startswith(("+-", "+=", "|-", "|=")) and _RULE.match(text) is not None


def _block(group: Sequence[_Line]) -> Block:
    said = [line for line in group if line.text.strip()]
    text = "\n".join(line.text for line in said)
    depth = said[0].depth if said else 0
    cells = _cells(said[0].text) if len(said) == 1 and _is_row(said[0].text) else None
    lead = said[0].start - group[0].start if said else 0
    return Block(group[0].start, group[-1].end, depth, text, cells, lead)


def _cells(line: str) -> tuple[str, ...] | None:
    if _RULE.match(line):
        return ()
    if "\t" in line:
        return tuple(cell.strip() for cell in line.split("\t"))
    if "|" not in line:
        return tuple(cell.strip() for cell in line.split(";"))
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
