"""No export carries a formula."""

from hypothesis import given
from hypothesis import strategies as st

from crm.guard.cells import is_dangerous, original_cell, safe_cell


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n\0'＝ aش1"), max_size=8) | st.text())
def test_every_value_comes_back_as_it_was_and_none_can_start_a_formula(value):
    assert original_cell(safe_cell(value)) == value
    assert not is_dangerous(safe_cell(value))


def test_ordinary_words_are_left_alone():
    assert safe_cell("Clause 7 may be deleted") == "Clause 7 may be deleted"
    assert safe_cell("O'Brien") == "O'Brien"


def test_a_formula_gets_an_apostrophe():
    assert safe_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert safe_cell("＝1+1") == "'＝1+1"
