"""A file name is for showing only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.guard.filenames import LONGEST, display_name, ending


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\SOP.docx", "SOP.docx"),
        ("annex\u202efdp.exe", "annexfdp.exe"),
        ("com\u200bments.pdf", "comments.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("report.pdf. . ", "report.pdf"),
        ("gpj\u202e.exe", "gpj.exe"),
        ("CON.txt", "_CON.txt"),
        ("نوٹ.docx", "نوٹ.docx"),
        ("", "file"),
        ("...", "file"),
        ("line\r\nbreak.txt", "line break.txt"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_hostile_name_is_shown_harmless(name, shown):
    assert display_name(name) == shown


@given(st.text())
def test_every_name_is_short_flat_and_stable(name):
    shown = display_name(name)
    assert 0 < len(shown) <= LONGEST + 1
    assert not set(shown) & set('/\\\r\n\0<>:"|?*')
    assert display_name(shown) == shown


def test_the_ending_is_the_last_one():
    assert ending("letter.pdf.EXE") == ".exe"
    assert ending("letter") == ""
