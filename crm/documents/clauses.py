"""A draft in Markdown cut into parts and clauses, as the consultation keeps it."""

import re
from dataclasses import dataclass

_TITLE = re.compile(r"#\s+(.+)")
_HEADING = re.compile(r"#{2,}\s+(.+)")
_PART = re.compile(r"Part\s+([A-Z0-9]+)\s*[:.\-–]\s*(.+)")
_CLAUSE = re.compile(r"(\d+[A-Z]?)\.\s+(.+)", re.S)
_ANNEX = re.compile(r"Annex\s+([A-Z0-9]+)\s*:\s*(.+?)(?=\s*Annex\s+[A-Z0-9]+\s*:|$)", re.S)
_CODE = re.compile(r"Document code:\s*([^\s.]+)")
_VERSION = re.compile(r"Version\s+([\w.]*\w)")
_CLASSIFICATION = re.compile(r"Classification:\s*([\w \-]*\w)")


@dataclass(frozen=True)
class Clause:
    """One numbered clause; the number without its dot."""

    number: str
    text: str


@dataclass(frozen=True)
class Part:
    """A lettered part with its clauses."""

    label: str
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Annex:
    """An annex by title only."""

    label: str
    title: str


@dataclass(frozen=True)
class DraftText:
    """A draft as read. `notes` are the lines between the title and the first part."""

    title: str
    code: str
    version: str
    classification: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    annexes: tuple[Annex, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in order, whatever their part."""
        return tuple(clause for part in self.parts for clause in part.clauses)


def read_markdown(text: str) -> DraftText:
    """Cut `text` into title, notes, parts, clauses and annexes. A paragraph without a number continues its clause.

    Raises ValueError where there is no title or no clause, or two clauses of one number.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    blocks = [_tidy(block) for block in re.split(r"\n\s*\n", text) if block.strip()]
    title, head = _title(blocks)
    first = next((at for at, block in enumerate(blocks) if _HEADING.match(block)), len(blocks))
    notes = [line.strip() for line in [*head, *(_lines(text, blocks[1:first]))] if line.strip()]
    parts, annexes = _parts(blocks[first:])
    draft = DraftText(title, _after(_CODE, text), _after(_VERSION, text), _after(_CLASSIFICATION, text),
                      tuple(notes), parts, annexes)  # fmt: skip
    numbers = [clause.number for clause in draft.clauses]
    if not numbers or len(set(numbers)) < len(numbers):
        raise ValueError("The draft has no numbered clause, or two clauses of one number.")
    return draft


def _tidy(block: str) -> str:
    """A heading keeps its lines, so that its first is the heading; wrapped prose becomes one line."""
    return block.strip() if block.lstrip().startswith("#") else " ".join(block.split())


def _title(blocks: list[str]) -> tuple[str, list[str]]:
    match = _TITLE.match(blocks[0]) if blocks else None
    if match is None:
        raise ValueError("The draft has no title.")
    return match.group(1).strip(), blocks[0].splitlines()[1:]


def _lines(text: str, blocks: list[str]) -> list[str]:
    """The lines of those blocks as they were broken in the file."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [line for line in lines if any(" ".join(line.split()) in block for block in blocks)]


def _after(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group(1).strip() if match else ""


def _parts(blocks: list[str]) -> tuple[tuple[Part, ...], tuple[Annex, ...]]:
    parts: list[tuple[str, str, list[Clause]]] = []
    annexes: list[Annex] = []
    for block in blocks:
        heading = _HEADING.match(block)
        if heading:
            named = _PART.match(heading.group(1))
            label, title = (named.group(1), named.group(2).strip()) if named else ("", heading.group(1).strip())
            parts.append((label, title, []))
        elif _ANNEX.match(block):
            annexes += [Annex(label, title.strip().rstrip(".")) for label, title in _ANNEX.findall(block)]
        elif parts:
            _add(parts[-1][2], block)
    return tuple(Part(label, title, tuple(clauses)) for label, title, clauses in parts if clauses), tuple(annexes)


def _add(clauses: list[Clause], block: str) -> None:
    match = _CLAUSE.match(block)
    if match:
        clauses.append(Clause(match.group(1), match.group(2).strip()))
    elif clauses:
        clauses[-1] = Clause(clauses[-1].number, f"{clauses[-1].text}\n{block}")
