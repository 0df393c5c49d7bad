"""The comment matrix as a landscape A4 workbook. No cell of it can ever be a formula."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.i18n import Message, translate

LONGEST_CELL = 32_767
LONGEST_FOOTER = 200
A4 = 9
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD_ROW = 3

COLUMNS = (
    (Message("Sr."), 5),
    (Message("Clause"), 8),
    (Message("Organisation"), 20),
    (Message("Type"), 12),
    (Message("Comment"), 40),
    (Message("Proposed text"), 34),
    (Message("Reason"), 24),
    (Message("Decision"), 14),
    (Message("Reason for the decision"), 26),
    (Message("Revised text"), 34),
    (Message("Decided by"), 16),
    (Message("Date"), 11),
    (Message("Receipt no."), 13),
)


@dataclass(frozen=True)
class MatrixTable:
    """What the sheet shows. `rows` hold one value for each of `columns`; `widths` are in characters.

    `grade` is printed in the middle of each page's head and foot, as is usual for graded papers.
    """

    title: str
    subtitle: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | date | None]]
    right_to_left: bool = False
    grade: str = ""
    sheet_name: str = "Matrix"
    widths: Sequence[int] = ()


def column_names(language: str) -> list[str]:
    """The headings of the comment matrix in `language`, in the order of the rows' values."""
    return [translate(name, language) for name, _ in COLUMNS]


def column_widths() -> list[int]:
    """The widths that go with `column_names`, in characters."""
    return [width for _, width in COLUMNS]


def matrix_xlsx(table: MatrixTable) -> bytes:
    """The workbook: head row frozen and repeated in print, filter, wrapped cells, one page wide.

    Text is written as typed string cells that carry Excel's own quote prefix (OWASP ASVS 5.0, 1.2.10): the words stay
    as they were said, also those that begin with "=". Raises ValueError where a row has not a value for each column.
    """
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError("A row of the matrix has not a value for each column.")
    # It takes a quarter of a second and 20 MB that only an export should cost; hence also `Any` below.
    import xlsxwriter  # noqa: PLC0415

    holder = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(holder, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", table.sheet_name)[:31].strip() or "Matrix")
        formats = _formats(book, table.right_to_left)
        _set_page(sheet, table)
        _write(sheet, table, formats)
    return holder.getvalue()


def _formats(book: Any, right_to_left: bool) -> dict[str, Any]:
    side = {
        "align": "right" if right_to_left else "left",
        "reading_order": 2 if right_to_left else 1,
        "quote_prefix": True,
    }
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B8C0CC", "font_size": 9, **side}
    return {
        "title": book.add_format({"bold": True, "font_size": 14, **side}),
        "subtitle": book.add_format({"font_size": 10, "font_color": "#44546A", **side}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#E8EEF4", "valign": "vcenter"}),
        "cell": book.add_format(cell),
        "date": book.add_format({**cell, "num_format": "d mmm yyyy", "quote_prefix": False}),
        "number": book.add_format({**cell, "quote_prefix": False}),
    }


def _set_page(sheet: Any, table: MatrixTable) -> None:
    grade = _footer(table.grade)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.freeze_panes(_HEAD_ROW + 1, 2 if len(table.columns) > 2 else 0)
    sheet.set_header(f"&L{_footer(table.title)}&C&B{grade}")
    sheet.set_footer(f"&C&B{grade}&R&P / &N")
    if table.right_to_left:
        sheet.right_to_left()
    for at, width in enumerate(table.widths or [20] * len(table.columns)):
        sheet.set_column(at, at, width)


def _write(sheet: Any, table: MatrixTable, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, _text(table.title), formats["title"])
    sheet.write_string(1, 0, _text(table.subtitle), formats["subtitle"])
    for column, name in enumerate(table.columns):
        sheet.write_string(_HEAD_ROW, column, _text(name), formats["head"])
    for at, row in enumerate(table.rows, _HEAD_ROW + 1):
        for column, value in enumerate(row):
            _cell(sheet, at, column, value, formats)
    if table.columns:
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(1, len(table.rows)), len(table.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: str | int | date | None, formats: dict[str, Any]) -> None:
    if isinstance(value, bool) or value is None:
        sheet.write_string(row, column, "" if value is None else str(value), formats["cell"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats["number"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["date"])
    else:
        sheet.write_string(row, column, _text(value), formats["cell"])


def _text(value: str) -> str:
    """What a cell may hold: no signs that XML forbids, not longer than Excel's limit."""
    clean = _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def _footer(value: str) -> str:
    """In heads and feet an ampersand starts a command; Excel takes 255 characters at most."""
    return _FORBIDDEN.sub("", value)[: LONGEST_FOOTER // 2].replace("&", "&&")
