"""The draft is read as people numbered it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.documents.clauses import Annex, Clause, read_markdown

DRAFT = """# A procedure

Draft for consultation.
Document code: NPB/1. Version 0.3. Classification: OFFICIAL.
Mind the law.

## Part A: Purpose

1. First clause, which
wraps.

2. Second clause.

It has a second paragraph.

## Part B: Principles

3. Third clause.

## Annexes (titles only)

Annex A: A form. Annex B: A list.
"""


def test_title_notes_parts_clauses_and_annexes_are_told_apart():
    draft = read_markdown(DRAFT)
    assert (draft.title, draft.code, draft.version, draft.classification) == ("A procedure", "NPB/1", "0.3", "OFFICIAL")
    assert draft.notes[0] == "Draft for consultation."
    assert draft.notes[-1] == "Mind the law."
    assert [(part.label, part.title, len(part.clauses)) for part in draft.parts] == [
        ("A", "Purpose", 2),
        ("B", "Principles", 1),
    ]
    assert draft.clauses[0] == Clause("1", "First clause, which wraps.")
    assert draft.clauses[1].text == "Second clause.\nIt has a second paragraph."
    assert draft.annexes == (Annex("A", "A form"), Annex("B", "A list"))


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference():
    assert read_markdown("\ufeff" + DRAFT.replace("\n", "\r\n")) == read_markdown(DRAFT)


@pytest.mark.parametrize("text", ["", "No title", "# Title only", "# T\n\n## Part A: x\n\n1. a\n\n1. b"])
def test_a_draft_without_title_or_with_doubtful_numbers_is_refused(text):
    with pytest.raises(ValueError, match="The draft has"):
        read_markdown(text)


@given(st.text(max_size=200))
def test_nothing_breaks_the_reader(text):
    with contextlib.suppress(ValueError):
        assert read_markdown(text).clauses
