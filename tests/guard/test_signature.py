"""An officer's own number does not stop an answer."""

from crm.guard.identifiers import MASK
from crm.guard.signature import screen

NUMBER = "35202-1234567-1"


def test_an_adult_s_number_in_the_signature_is_masked_and_the_answer_goes_on():
    screening = screen(f"Clause 7: no objection.\n\nYours faithfully,\nSection Officer\nCNIC {NUMBER}\n")
    assert not screening.held
    assert screening.text.endswith(f"CNIC {MASK}\n")


def test_a_number_in_the_text_is_held():
    assert screen(f"The boy's number is {NUMBER}.\n\nRegards,\nSection Officer").held


def test_a_child_s_number_below_the_signature_is_held():
    assert screen(f"Regards,\nSection Officer\nB-Form {NUMBER}").held
    assert screen(f"Regards,\nSection Officer\nminor {NUMBER}").held


def test_a_number_far_below_the_closing_is_held():
    assert screen("Regards,\nSection Officer\n" + "Annexure\n" * 12 + NUMBER).held


def test_an_urdu_closing_is_known():
    assert not screen(f"والسلام\nسیکشن افسر\nشناختی کارڈ {NUMBER}").held


def test_clean_text_is_neither_held_nor_changed():
    screening = screen("Clause 7: no objection.\n")
    assert (screening.text, screening.findings, screening.held) == ("Clause 7: no objection.\n", (), False)
