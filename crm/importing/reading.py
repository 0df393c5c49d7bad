"""A list from JSON, CSV or XLSX as rows of text. What cannot be read is refused in one sentence."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from crm.documents import archive
from crm.errors import RuleBroken
from crm.guard.cells import original_cell
from crm.i18n import Message
from crm.importing.columns import Column, meaning

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 3_000  # what goes in while the lock is held for two seconds
MOST_COLUMNS = 100
# A title and a date may stand above the headings.
TITLE_ROWS = 10
PACKAGE, OLD_EXCEL = b"PK\3\4", b"\xd0\xcf\x11\xe0"
TEXT_ENDINGS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Row:
    """One row of the list. `number` is the one its own program shows; `spare` says that cells outnumber headings."""

    number: int
    cells: Mapping[str, str]
    spare: bool = False


@dataclass(frozen=True)
class Table:
    """The headings and every row that is not empty."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Message, ...] = ()


def read_table(path: Path) -> Table:
    """The list in a file, judged by its content. Raises RuleBroken."""
    content = _content(path)
    if content.startswith(OLD_EXCEL):
        raise RuleBroken(Message("%(file)s is an old or locked Excel file. Save it as .xlsx.", file=path.name))
    if content.startswith(PACKAGE):
        table = _workbook(path.name, content)
    elif path.suffix.lower() == ".json":
        table = _json(path.name, content)
    elif path.suffix.lower() in TEXT_ENDINGS:
        table = _separated(path.name, content)
    else:
        raise RuleBroken(Message("%(file)s is not a list in JSON, CSV or XLSX.", file=path.name))
    if not table.rows:
        raise RuleBroken(_no_rows(path.name))
    if len(table.rows) > MOST_ROWS:
        raise RuleBroken(
            Message("%(file)s has more than %(most)s rows. Import it in parts.", file=path.name, most=MOST_ROWS)
        )
    return table


def _no_rows(name: str) -> Message:
    return Message("%(file)s holds no rows.", file=name)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as fault:
        raise RuleBroken(
            Message("%(file)s cannot be read: %(why)s.", file=path.name, why=fault.strerror or "the disk refuses")
        ) from fault
    if not content.strip():
        raise RuleBroken(Message("%(file)s is empty.", file=path.name))
    if len(content) > LARGEST:
        raise RuleBroken(Message("%(file)s is larger than 10 MB. Import it in parts.", file=path.name))
    return content


def _text(name: str, content: bytes) -> str:
    """UTF-8 with or without its mark, or UTF-16 with one: a guess at anything else would spoil Urdu names."""
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise RuleBroken(
            Message("The letters of %(file)s cannot be read. Save it as “CSV UTF-8”.", file=name)
        ) from fault
    if "\0" in text:
        raise RuleBroken(Message("%(file)s is not a list in JSON, CSV or XLSX.", file=name))
    return text


def _json(name: str, content: bytes) -> Table:
    try:
        written = json.loads(_text(name, content))
    except RecursionError as fault:
        raise RuleBroken(Message("%(file)s is nested too deeply to be a list.", file=name)) from fault
    except json.JSONDecodeError as fault:
        raise RuleBroken(
            Message("%(file)s is not JSON: line %(line)s cannot be understood.", file=name, line=fault.lineno)
        ) from fault
    items = written.get("organisations") if isinstance(written, dict) else written
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RuleBroken(
            Message("%(file)s is JSON, but not a list of records, nor an object with “organisations”.", file=name)
        )
    records = [_flat(item) for item in items]
    headings = tuple(dict.fromkeys(heading for record in records for heading in record))
    rows = (Row(number, record) for number, record in enumerate(records, 1))
    return Table(headings, tuple(row for row in rows if any(row.cells.values())))


def _flat(item: Mapping[str, Any]) -> dict[str, str]:
    """A record's values as cells: lists with semicolons, `{"en": .., "ur": ..}` as two columns."""
    cells: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict) and set(value) == {"en", "ur"}:
            cells |= {name: _cell(value["en"]), f"{name}_ur": _cell(value["ur"])}
        else:
            cells[name] = "; ".join(map(_cell, value)) if isinstance(value, list) else _cell(value)
    return cells


def _separated(name: str, content: bytes) -> Table:
    text = _text(name, content)
    first = text.partition("\n")[0].strip().lower()
    told = re.fullmatch(r"sep=([,;\t])", first)
    separator = told[1] if told else max(",;\t", key=lambda one: _understood(text, one))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as fault:
        raise RuleBroken(
            Message("%(file)s is not a readable CSV: a quotation mark is missing or a cell is too long.", file=name)
        ) from fault
    return _tabled(name, [[original_cell(cell) for cell in row] for row in rows], skip=1 if told else 0)


def _understood(text: str, separator: str) -> tuple[int, int]:
    """How many known headings the first lines show when they are parted by `separator`; then how many parts."""
    lines = text.splitlines()[:TITLE_ROWS]
    parted = [line.split(separator) for line in lines]
    known = [sum(meaning(cell.strip(' "')) is not None for cell in row) for row in parted]
    return max(known, default=0), max(map(len, parted), default=0)


def _workbook(name: str, content: bytes) -> Table:
    try:
        sheets = _sheets(content)
    except (archive.Unreadable, CalamineError, ValueError, OSError) as fault:
        raise RuleBroken(Message("%(file)s is damaged or locked, or not an Excel file.", file=name)) from fault
    filled = [title for title, rows in sheets.items() if any(map(any, rows))]
    if not filled:
        raise RuleBroken(_no_rows(name))
    table = _tabled(name, sheets[filled[0]])
    if len(filled) == 1:
        return table
    note = Message("The workbook has several sheets with data; only the first, “%(sheet)s”, is read.", sheet=filled[0])
    return Table(table.headings, table.rows, (note,))


def _sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Every sheet's cells from the first row and column on. Parts that unpack to too much are not read at all."""
    with archive.opened(content) as package:
        for part in package.namelist():
            archive.part(package, part)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {}
    for title in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        found[title] = [[original_cell(_cell(value)) for value in row] for row in rows]
    return found


def _cell(value: object) -> str:
    """A value as a person would type it: whole numbers without `.0`, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime) and value.time().isoformat() == "00:00:00":
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _tabled(name: str, rows: Sequence[Sequence[str]], skip: int = 0) -> Table:
    """Rows under the first line that has a column for the name; without one, under the first that is not empty."""
    numbered = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1) if number > skip]
    filled = [(number, row) for number, row in numbered if any(row)]
    if not filled:
        raise RuleBroken(_no_rows(name))
    top = next((at for at, (_, row) in enumerate(filled[:TITLE_ROWS]) if _names_something(row)), 0)
    headings = {place: text for place, text in enumerate(filled[top][1]) if text}
    _check_headings(name, list(headings.values()))
    return Table(tuple(headings.values()), tuple(_row(number, headings, row) for number, row in filled[top + 1 :]))


def _names_something(row: Iterable[str]) -> bool:
    return any(meaning(cell) is Column.NAME for cell in row)


def _check_headings(name: str, headings: list[str]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise RuleBroken(Message("%(file)s has more than %(most)s columns.", file=name, most=MOST_COLUMNS))
    for text in headings:
        if headings.count(text) > 1:
            raise RuleBroken(Message("%(file)s has the column “%(column)s” twice.", file=name, column=text))


def _row(number: int, headings: Mapping[int, str], row: Sequence[str]) -> Row:
    """A row by heading; it is `spare` where a cell stands under no heading."""
    padded = [*row, *[""] * (max(headings, default=0) + 1)]
    spare = any(text for place, text in enumerate(row) if place not in headings)
    return Row(number, {text: padded[place] for place, text in headings.items()}, spare)
