"""Wording that is worth a second look."""

import pytest

from crm.guard.hints import Hint, warnings


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("FIR No. 123/2026 of PS Kohsar", Hint.FIR),
        ("ایف آئی آر نمبر ۱۲۳", Hint.FIR),
        ("Ahmed s/o Bashir", Hint.PARENTAGE),
        ("Sana, D/O Akram", Hint.PARENTAGE),
        ("احمد ولد بشیر احمد", Hint.PARENTAGE),
        ("Ahmed, aged 14", Hint.AGE),
        ("a 12-year-old boy named Bilal", Hint.AGE),
        ("عمر ۱۴ سال", Hint.AGE),
        ("DOB: 01/02/2012", Hint.BIRTH),
    ],
)
def test_wording_beside_a_child_s_name_is_a_warning(text, hint):
    assert hint in [found.hint for found in warnings(text)]


@pytest.mark.parametrize(
    "text",
    ["Clause 7: the age of the child is settled under Part E.", "five years service", "the FIR is registered"],
)
def test_ordinary_comments_are_not_warned_about(text):
    assert warnings(text) == ()
