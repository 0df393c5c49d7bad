"""Whatever program a list comes from, its rows are read alike; what is no list is refused in one sentence."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from crm.errors import RuleBroken
from crm.importing import reading
from crm.importing.reading import read_table
from tests.importing.lists import Desk

CSV = "Name,Type,Province\nSahil,ngo,Punjab\n"


def a_file(folder: Path, content: bytes | str, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(RuleBroken) as raised:
        read_table(file)
    return str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + CSV.replace(",", ";").replace("\n", "\r\n").encode(),
        b"List of partners,,\n,,\n" + CSV.encode(),
        CSV.replace("\n", ",,\n").encode(),
    ],
    ids=["plain", "with mark", "semicolons", "tabs in UTF-16", "sep line", "title above", "empty columns"],
)
def test_every_kind_of_csv_is_read_alike(tmp_path: Path, content: bytes) -> None:
    table = read_table(a_file(tmp_path, content))
    assert table.headings == ("Name", "Type", "Province")
    assert [dict(row.cells) for row in table.rows] == [{"Name": "Sahil", "Type": "ngo", "Province": "Punjab"}]
    assert not table.rows[0].spare


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    table = read_table(a_file(tmp_path, 'List,\n\nName,Type\n"A\nB",ngo\n,\nC,ngo\n'))
    assert [row.number for row in table.rows] == [4, 6]


def test_a_workbook_gives_whole_numbers_and_dates_as_people_type_them(desk: Desk) -> None:
    table = read_table(desk.xlsx(["Name", "City"], ["Helpline", 1121.0], ["Sahil", None]))
    assert [tuple(row.cells.values()) for row in table.rows] == [("Helpline", "1121"), ("Sahil", "")]


def test_a_formula_guard_of_our_own_export_is_taken_off_again(tmp_path: Path) -> None:
    table = read_table(a_file(tmp_path, "Name,Type\n'=SUM(A1),ngo\n"))
    assert table.rows[0].cells["Name"] == "=SUM(A1)"


def test_json_may_be_a_list_or_an_object_and_texts_in_two_languages_become_two_columns(desk: Desk) -> None:
    record = {"name": "Sahil", "themes": ["a", "b"], "post": {"en": "Director", "ur": "ڈائریکٹر"}, "website": None}
    for written in ([record], {"note": "x", "organisations": [record]}):
        table = read_table(desk.json(written))
        assert dict(table.rows[0].cells) == {
            "name": "Sahil", "themes": "a; b", "post": "Director", "post_ur": "ڈائریکٹر", "website": "",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"", "list.csv is empty."),
        ("list.csv", b" \n\n", "list.csv is empty."),
        ("list.csv", b",,\n,,\n", "list.csv holds no rows."),
        ("list.csv", b"Name,Type\n", "list.csv holds no rows."),
        ("list.csv", "Name,Type\nلاھور,ngo\n".encode("cp1256"), "Save it as “CSV UTF-8”."),
        ("list.csv", b'Name,Type\n"Sahil,ngo\n', "a quotation mark is missing"),
        ("list.csv", b"Name,Name\nA,B\n", "has the column “Name” twice"),
        ("list.csv", b"%PDF-1.7\n\0\1", "is not a list in JSON, CSV or XLSX."),
        ("list.pdf", b"%PDF-1.7\n", "is not a list in JSON, CSV or XLSX."),
        ("list.json", b"{", "is not JSON: line 1"),
        ("list.json", b"[" * 100_000, "is nested too deeply"),
        ("list.json", b'{"partners": []}', "nor an object with “organisations”"),
        ("list.json", b"[1, 2]", "not a list of records"),
        ("list.json", b"[]", "holds no rows."),
        ("list.xlsx", b"PK\3\4 not a workbook", "is damaged or locked"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .xlsx."),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    said = refusal(a_file(tmp_path, content, name))
    assert says in said
    assert "\n" not in said


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == "none.csv cannot be read: No such file or directory."
    assert "cannot be read: Is a directory." in refusal(tmp_path)


def test_a_list_that_is_too_large_is_to_be_cut(tmp_path: Path) -> None:
    assert f"more than {reading.MOST_ROWS} rows" in refusal(
        a_file(tmp_path, "Name\n" + "x\n" * (reading.MOST_ROWS + 1))
    )
    assert "larger than 10 MB" in refusal(a_file(tmp_path, b"x" * (reading.LARGEST + 1)))


def test_a_second_sheet_with_data_is_mentioned(desk: Desk, tmp_path: Path) -> None:
    path = desk.xlsx(["Name"], ["Sahil"])
    workbook = load_workbook(path)
    workbook.create_sheet("More").append(["x"])
    workbook.save(path)
    assert "only the first, “Sheet”, is read" in str(read_table(path).notes[0])


def test_an_empty_workbook_holds_no_rows(desk: Desk) -> None:
    assert refusal(desk.xlsx()) == "list.xlsx holds no rows."
