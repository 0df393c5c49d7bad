"""The comment matrix opens anywhere and runs nothing."""

import io
import random
from datetime import date

import pytest
from openpyxl import load_workbook

from crm.documents.matrix import MatrixTable, column_names, column_widths, matrix_xlsx

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "=cmd|' /C calc'!A0",
    "{=",
    "＝",
    "\0=",
    " =",
    "=HYPERLINK(",
    "@SUM(",
    "'=",
]


def a_table(rows, **more):
    return MatrixTable("Comments", "Round 1", column_names("en"), rows, widths=column_widths(), **more)


def opened(table):
    return load_workbook(io.BytesIO(matrix_xlsx(table)))


def test_a_thousand_formula_payloads_give_no_formula_cell():
    chance = random.Random(20261222)
    payloads = [chance.choice(STARTS) + "".join(chance.choices("1+A()!|'\"x ", k=8)) for _ in range(1000)]
    width = len(column_names("en"))
    rows = [[payloads[(at * width + column) % 1000] for column in range(width)] for at in range(1000 // width + 1)]
    table = MatrixTable(payloads[0], payloads[1], column_names("en"), rows, sheet_name="=x", grade="=1+1")
    cells = [cell for row in load_workbook(io.BytesIO(matrix_xlsx(table))).active.iter_rows() for cell in row]
    assert len(cells) >= 1000
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert all(cell.quotePrefix for cell in cells if isinstance(cell.value, str))


def test_the_words_stand_as_they_were_said():
    row = [1, "7", "NCHR", "legal", "=not a formula", "- a dash", "r", "d", "r", "t", "post", date(2026, 12, 22), "R-1"]
    sheet = opened(a_table([row])).active
    assert [cell.value for cell in sheet[5]][:6] == [1, "7", "NCHR", "legal", "=not a formula", "- a dash"]
    assert sheet["L5"].value.date() == date(2026, 12, 22)


def test_the_sheet_prints_on_landscape_a4_with_its_head_on_each_page():
    sheet = opened(a_table([], grade="OFFICIAL & more")).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref.startswith("A4:")
    assert sheet.oddHeader.center.text == sheet.oddFooter.center.text
    assert "OFFICIAL" in sheet.oddHeader.center.text


def test_an_urdu_matrix_runs_from_the_right():
    sheet = opened(a_table([["۱"] * len(column_names("ur"))], right_to_left=True)).active
    assert sheet.sheet_view.rightToLeft
    assert sheet["A5"].alignment.readingOrder == 2


def test_a_very_long_comment_is_cut_with_a_sign_and_control_characters_go():
    sheet = opened(MatrixTable("t", "s", ["a", "b"], [["x" * 40_000, "a\x01b\x00c"]])).active
    assert sheet["A5"].value.endswith("x…")
    assert sheet["B5"].value == "abc"


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="each column"):
        matrix_xlsx(MatrixTable("t", "s", ["a", "b"], [["x"]]))
