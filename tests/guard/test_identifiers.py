"""No child's number is kept: what the detector finds, and what it leaves alone."""

import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.guard.identifiers import CHUNK, MASK, Level, find, identifiers, mask

URDU = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NUMBER = "3520212345671"
DASHED = "35202-1234567-1"


def a_number(chance: random.Random) -> str:
    return chance.choice("1234567") + "".join(chance.choices(string.digits, k=12))


def written(number: str, chance: random.Random) -> str:
    """`number` in one of the ways people, phones and forms write it."""
    parts = number[:5], number[5:12], number[12:]
    ways = (
        lambda: "-".join(parts),
        lambda: " ".join(parts),
        lambda: " - ".join(parts),
        lambda: "–".join(parts),
        lambda: ".".join(parts),
        lambda: "/".join(parts),
        lambda: "-\u200b".join(parts),
        lambda: "\u202a" + "-".join(parts) + "\u202c",
        lambda: number,
        lambda: "-".join(parts).translate(URDU),
        lambda: number.translate(ARABIC),
        lambda: " ".join(parts).translate(WIDE),
        lambda: f"{number[:12]}-{number[12]}",
        lambda: "\u2060".join(number),
        lambda: " ".join(number),
        lambda: f"CNIC: {number[:4]} {number[4:8]} {number[8:12]} {number[12]}",
        lambda: f"B-Form No. {number}",
        lambda: f"شناختی کارڈ نمبر {number.translate(URDU)}",
        lambda: "-\n".join(parts),
    )
    return chance.choice(ways)()


WORDS = """
    the child may be released on the undertaking of the guardian clause replaced with in consultation police station
    Reference your e-mail of 01.12.2026 section 9 of the Act views of this Department are as under please مسودے پر آراء
"""


def ordinary(chance: random.Random) -> str:
    """One harmless item with the numbers that office mail is full of."""

    def digits(count: int) -> str:
        return "".join(chance.choices(string.digits, k=count))

    items = (
        lambda: f"Tel: +92-51-{digits(7)}, Fax 051-{digits(7)}",
        lambda: f"Cell 03{digits(2)}-{digits(7)}",
        lambda: f"WhatsApp +92 3{digits(2)} {digits(7)} or 0092-3{digits(2)}-{digits(7)}",
        lambda: f"PK{digits(2)} SCBL {digits(4)} {digits(4)} {digits(4)} {digits(4)}",
        lambda: f"PK{digits(2)}NBPA{digits(16)}",
        lambda: f"ISBN 978-969-{digits(3)}-{digits(3)}-{digits(1)} and ISBN 978{digits(10)}",
        lambda: f"https://crm.example/a?t=17{digits(11)}",
        lambda: f"Message-ID: <17{digits(11)}@mail.example>",
        lambda: f"No. {digits(4)}/Judl/{digits(2)} dated 22-12-2026 at 10:{digits(2)}:{digits(2)}",
        lambda: f"{digits(8)}-4{digits(3)}-8{digits(3)}-{digits(12)}-a".replace("-4", "-4f"),
        lambda: f"Rs. {chance.randint(1, 999)},{digits(3)},{digits(3)}/- for FY 2026-27, No. F.4(12)/2026",
        lambda: f"20261201{digits(6)}",
        lambda: f"clauses {chance.randint(1, 44)}, {chance.randint(1, 44)} and {chance.randint(1, 44)}",
        lambda: f"account no. {digits(14)}; NTN {digits(7)}-{digits(1)}",
        lambda: f"2024: {digits(3)}, 2025: {digits(3)}, 2026: {digits(3)} first contacts",
    )
    return " ".join([*chance.choices(WORDS.split(), k=6), chance.choice(items)(), *chance.choices(WORDS.split(), k=6)])


def test_at_least_995_of_1000_identifiers_are_found_and_none_of_their_digits_remain():
    chance, missed = random.Random(20261222), 0
    for _ in range(5000):
        text = " ".join(
            [
                *chance.choices(WORDS.split(), k=4),
                written(a_number(chance), chance),
                *chance.choices(WORDS.split(), k=4),
            ]
        )
        found = identifiers(text)
        missed += len(found) != 1 or MASK not in mask(text) or bool(identifiers(mask(text)))
    assert missed <= 25


def test_at_most_5_of_1000_ordinary_items_are_held():
    chance = random.Random(20261223)
    held = [text for text in (ordinary(chance) for _ in range(5000)) if identifiers(text)]
    assert len(held) <= 25


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (DASHED, Level.HIGH),
        (f"CNIC{NUMBER}", Level.HIGH),
        (f"his B-form is {NUMBER}", Level.HIGH),
        (f"{NUMBER} (CNIC)", Level.HIGH),
        (f"ب فارم {NUMBER.translate(URDU)}", Level.HIGH),
        ("3 5 2 0 2 1 2 3 4 5 6 7 1", Level.MEDIUM),
        (NUMBER, Level.MEDIUM),
        ("0300-1234567", Level.PHONE),
        ("+92 300 1234567", Level.PHONE),
        ("00923001234567", Level.PHONE),
    ],
)
def test_each_way_of_writing_has_its_level(text, level):
    assert [finding.level for finding in find(text)] == [level]


@pytest.mark.parametrize(
    "text",
    ["9520212345671", "352021234567", "35202123456712", "05202-1234567-1", "550e8400-e29b-41d4-a716-446655440000",
     "tracking no. 3520212345671", "https://crm.example/?t=1732435200000", "+92-51-9107181", "22-12-2026 10:15:30"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text):
    assert identifiers(text) == ()
    assert mask(text) == text


def test_two_numbers_side_by_side_are_both_masked():
    assert mask(f"{DASHED}, {DASHED}; {NUMBER}") == f"{MASK}, {MASK}; {MASK}"


def test_a_finding_never_shows_the_digits():
    finding = find(f"CNIC {DASHED}")[0]
    assert not re.search(r"\d{3}", repr(finding) + str(finding))


def test_masking_keeps_everything_else_byte_for_byte():
    text = f"\ufeffDear Sir,\r\n\tCNIC\u00a0{DASHED}\u200f \x00 ﷺ é e\u0301\r\n"
    assert mask(text) == text.replace(DASHED, MASK)


def test_a_child_s_label_is_told_apart():
    assert find(f"B-Form {NUMBER}")[0].child
    assert not find(f"CNIC {NUMBER}")[0].child


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789-– \u200b۱۲۳abش\n"), max_size=120))
def test_masked_text_has_nothing_left_to_mask_and_the_same_rest(text):
    found = identifiers(text)
    kept = "".join(piece for piece in mask(text).split(MASK))
    starts, ends = [0, *[one.end for one in found]], [*[one.start for one in found], None]
    outside = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    assert kept == "".join(outside)


PIECES = ["1", "1-", "35202-", "3 ", "3520212345671", "cnic ", "1\u200b", "۳-", "?1", "03001234567"]


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_a_megabyte_of_one_pattern_is_read_to_its_end(piece):
    text = piece * (1_000_000 // len(piece)) + f"\n\n{DASHED}"
    assert find(text)[-1].end <= len(text)


@pytest.mark.slow
@pytest.mark.parametrize("letter", [" ", "ش"])
@pytest.mark.parametrize("number", ["35202-1234567-1", "35202\u200b1234567 1", "3520212345671", "0300-1234567"])
@pytest.mark.parametrize("before", range(-20, 3))
def test_a_number_is_found_once_where_two_stretches_of_a_long_text_meet(letter: str, number: str, before: int) -> None:
    start = CHUNK + before
    text = letter * (start - 1) + " " + number + " " + letter * 200
    assert [(one.start, one.end) for one in find(text)] == [(start, start + len(number))]


@pytest.mark.parametrize("before", [0, 5, 20, 40])
def test_what_stands_before_a_number_counts_across_two_stretches(before: int) -> None:
    link = "see https://portal.example/list?page=2&id="
    for words, held in ((link, False), ("tracking no ", False), ("B-Form ", True)):
        text = " " * (CHUNK - len(words) - before) + words + "3520212345671 " + " " * 99
        assert bool(identifiers(text)) is held
