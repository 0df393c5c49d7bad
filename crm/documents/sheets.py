"""The words of an XLSX: one row a line, cells parted by tabs, notes at the end. No formula is worked out."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element

from crm.documents import archive, marks

MOST_ROWS = 20_000
MOST_COLUMNS = 60
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_of_xlsx(content: bytes) -> str:
    """Every sheet with words in it. Raises archive.Unreadable."""
    # A Rust reader that the start of the web process should not wait for.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    with archive.opened(content) as package:
        for name in package.namelist():
            archive.part(package, name)
        notes = [line for name in package.namelist() if re.fullmatch(r"xl/comments[/\w]*\.xml", name)
                 for line in _notes(archive.xml(package, name))]  # fmt: skip
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_rows(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise archive.Unreadable("broken workbook") from error
    return "\n\n".join([sheet for sheet in sheets if sheet] + notes)


def _rows(rows: Sequence[Sequence[object]]) -> str:
    lines = ("\t".join(_cell(value) for value in row[:MOST_COLUMNS]) for row in rows[:MOST_ROWS])
    return "\n".join(line.rstrip("\t") for line in lines if line.strip())


def _cell(value: object) -> str:
    """Whole numbers without `.0`, dates in ISO form, no line break that would look like a new row."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime) and value.time().isoformat() == "00:00:00":
        return value.date().isoformat()
    if isinstance(value, date | datetime | timedelta):
        return str(value)
    return " ".join(str(value).split())


def _notes(root: Element | None) -> Iterator[str]:
    if root is None:
        return
    for note in root.iter(f"{_SHEET}comment"):
        yield marks.comment("".join(text.text or "" for text in note.iter(f"{_SHEET}t")), note.get("ref", ""))
