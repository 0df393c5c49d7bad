"""Every row of a list is either new, a change, no news, or refused with one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm.demo.dataset import DATA
from crm.domain.organisations.rules import Courtesy
from crm.errors import RuleBroken
from crm.importing.plan import Counts, Parent
from crm.importing.vocabulary import COURTESY_OF_TYPE
from tests.importing.lists import HEADINGS, SAHIL, Desk, reasons

SEED = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "organisations.json"
IDENTITY = "35202-1234567-1"


def refused(desk: Desk, row: dict[str, Any], **told: bool) -> str:
    """Why one record is refused."""
    plan = desk.plan(desk.json([{"name": "Sahil", "type": "ngo"} | row]), **told)
    assert plan.counts == Counts(1, 0, 0, 0, 1)
    return reasons(plan)[1]


def fields(desk: Desk, **row: Any) -> dict[str, Any]:
    """The fields of a partner that one record makes."""
    plan = desk.plan(desk.json([{"name": "Sahil", "type": "ngo"} | row]))
    assert not plan.refused, reasons(plan)
    return dict(plan.creations[0].fields)


def test_headings_are_understood_in_english_and_urdu_in_any_dress(desk: Desk) -> None:
    english = [
        "NAME of Organisation",
        "name_ur",
        "Type",
        "Province / Region",
        "City",
        "E-mail",
        "Designation",
        "Web site",
    ]
    urdu = ["ادارے کا نام", "اردو نام", "قسم", "صوبہ", "شہر", "ای میل", "عہدہ", "ویب سائٹ"]
    row = ["Sahil", "ساحل", "National NGO", "پنجاب", "Lahore", "Focal@Sahil.example", "Director", "sahil.example"]
    for headings in (english, urdu):
        made = desk.plan(desk.csv(row, headings=headings)).creations[0]
        assert made.fields["name_ur"] == "ساحل"
        assert (made.fields["type"], made.fields["province"], made.fields["city"]) == ("ngo", "Punjab", "Lahore")
        assert made.fields["website"] == "https://sahil.example"
        assert (made.seat["address"], made.seat["title"]) == ("focal@sahil.example", "Director")


def test_an_unknown_column_is_refused_with_its_name_and_ignored_only_when_told(desk: Desk) -> None:
    file = desk.csv((*SAHIL, "021-111"), headings=(*HEADINGS, "Telephone"))
    with pytest.raises(RuleBroken, match="The column “Telephone” is not known"):
        desk.plan(file)
    plan = desk.plan(file, ignore_unknown_columns=True)
    assert plan.counts.created == 1
    assert "Not kept from the file: “Telephone”." in [str(line) for line in plan.lines()]


def test_a_misspelt_column_is_answered_with_the_one_meant(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="The column “Provinse” is not known; did you mean “Province”"):
        desk.plan(desk.csv(SAHIL, headings=("Name", "Type", "Provinse")))


def test_a_list_without_names_and_two_columns_of_one_meaning_are_refused(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="The file has no column “Name”. It has: “Type”."):
        desk.plan(desk.csv(("ngo",), headings=("Type",)))
    with pytest.raises(RuleBroken, match="mean the same: “Email”, “Mailbox”"):
        desk.plan(desk.csv(("A", "", ""), headings=("Name", "Email", "Mailbox")))


def test_types_and_provinces_are_known_by_code_and_by_label_in_either_language(desk: Desk) -> None:
    for kind in ("ngo", "NGO", "National NGO", "قومی غیر سرکاری تنظیم"):
        assert fields(desk, type=kind)["type"] == "ngo"
    for province in ("KP", "khyber pakhtunkhwa", "خیبر پختونخوا"):
        assert fields(desk, province=province)["province"] == "KP"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": " "}, "the name is missing."),
        ({"name": "***"}, "the name is missing."),
        ({"type": ""}, "the type of a new partner is missing."),
        ({"type": "Polise servis"}, "the type “Polise servis” is not known; the nearest is “Police service”."),
        ({"province": "Panjab"}, "the province “Panjab” is not known; the nearest is “Punjab”."),
        ({"themes": ["Legal ade"]}, "the theme “Legal ade” is not known; the nearest is “Legal aid”."),
        ({"email": "a@b"}, "“a@b” is not one plain e-mail address."),
        ({"email": "a@x.example, b@x.example"}, "is not one plain e-mail address."),
        ({"email": "Ali <a@x.example>"}, "is not one plain e-mail address."),
        ({"email": "a@x.example\r\nBcc: b@x.example"}, "is not one plain e-mail address."),
        ({"website": "javascript:alert(1)"}, "is not an address like"),
        ({"website": "https://"}, "is not an address like"),
        ({"id": "a b"}, "may hold only Latin letters"),
        ({"courtesy": "royal"}, "the courtesy class “royal” is not known"),
        ({"city": "x" * 301}, "the column “City” is longer than 300 characters."),
        ({"name": f"Sahil {IDENTITY}"}, "the column “Name” holds what looks like a person's identity number."),
        ({"post": "B-Form ۳۵۲۰۲۱۲۳۴۵۶۷۱"}, "the column “Post” holds what looks like a person's identity number."),
        ({"parent": "Ministry of Magic"}, "its parent “Ministry of Magic” is neither on the register nor in the list."),
        ({"parent": "Sahil"}, "it names itself as its parent."),
    ],
)
def test_a_wrong_row_is_refused_with_one_sentence(desk: Desk, row: dict[str, Any], says: str) -> None:
    said = refused(desk, row)
    assert says in said
    assert IDENTITY not in said


def test_a_cell_under_no_heading_refuses_its_row_only(desk: Desk) -> None:
    plan = desk.plan(desk.csv(SAHIL, ("Rozan", "ngo", "ICT", "stray")))
    assert reasons(plan) == {3: "a cell stands under no heading."}
    assert plan.counts.created == 1


def test_control_characters_and_direction_marks_do_not_enter_a_name(desk: Desk) -> None:
    assert fields(desk, name="Sahil\r\n\u202eTrust\x07")["name"] == "Sahil Trust"


def test_a_court_is_courteously_treated_though_the_list_says_nothing_of_it(desk: Desk) -> None:
    assert fields(desk, type="judiciary")["courtesy"] == "judiciary"
    assert fields(desk, type="nhri")["courtesy"] == "statutory_commission"
    assert fields(desk, type="police")["courtesy"] == "government"
    assert fields(desk, type="police", courtesy="judiciary")["courtesy"] == "judiciary"


def test_the_courtesy_of_a_type_is_that_of_the_sample_data() -> None:
    sample = json.loads((DATA / "organisations.json").read_text("utf-8"))["organisations"]
    for one in sample:
        assert COURTESY_OF_TYPE.get(one["type"], Courtesy.GOVERNMENT) == one["courtesy"], one["type"]


def test_a_row_that_repeats_another_is_refused_with_the_first_ones_number(desk: Desk) -> None:
    plan = desk.plan(desk.csv(SAHIL, ("SAHIL.", "ngo", "Sindh"), ("Rozan", "ngo", "ICT")))
    assert reasons(plan) == {3: "it repeats row 2."}
    assert plan.counts == Counts(3, 2, 0, 0, 1)


def test_a_likely_twin_waits_until_it_is_accepted(desk: Desk) -> None:
    desk.take(("Society for the Protection of the Rights of the Child", "ngo", "ICT"))
    file = desk.csv(("Society for Protection of the Rights of the Child", "ngo", "ICT"))
    plan = desk.plan(file)
    assert "it is probably the same as “Society for the Protection of the Rights of the Child” (" in reasons(plan)[2]
    assert desk.plan(file, accept_likely=True).counts == Counts(1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Legal Aid Centre for Children", "Legal Aid Center for Children", True),
        ("District and Sessions Court Islamabad East", "District and Sessions Court Islamabad West", False),
        ("Punjab Commission on the Status of Women", "KP Commission on the Status of Women", False),
        ("Society of Organisations of Rights", "Society of Organizations of Rights", True),
    ],
)
def test_one_word_of_its_own_sets_two_names_apart(desk: Desk, one: str, other: str, same: bool) -> None:
    plan = desk.plan(desk.csv((one, "ngo", ""), (other, "ngo", "")))
    assert reasons(plan) == ({3: "it is probably the same as row 2."} if same else {})


def test_the_same_name_in_another_province_is_another_office(desk: Desk) -> None:
    plan = desk.plan(
        desk.csv(("Prisons Department North", "prisons", "Punjab"), ("Prison Department North", "prisons", "KP"))
    )
    assert plan.counts.created == 2


def test_a_second_reading_is_no_news_and_a_changed_cell_is_one_change(desk: Desk) -> None:
    headings = ("Code", "Name", "Type", "City", "Email", "Themes")
    row = ("sahil", "Sahil", "ngo", "Islamabad", "focal@sahil.example", "Diversion; Legal aid")
    desk.take(row, headings=headings)
    assert desk.plan(desk.csv(row, headings=headings)).counts == Counts(1, 0, 0, 1, 0)
    changed = desk.plan(desk.csv(("sahil", "SAHIL", "", "Lahore", "new@sahil.example", "Diversion"), headings=headings))
    assert changed.counts == Counts(1, 0, 1, 0, 0)
    assert changed.changes[0].fields == {"city": ("Islamabad", "Lahore")}
    assert changed.changes[0].seat == {"address": ("focal@sahil.example", "new@sahil.example")}
    assert "Row 2: “Sahil” changes: city, address." in [str(line) for line in changed.lines()]


def test_a_code_and_a_name_that_disagree_are_not_guessed(desk: Desk) -> None:
    headings = ("Code", "Name", "Type")
    desk.take(("sahil", "Sahil", "ngo"), ("rozan", "Rozan", "ngo"), headings=headings)
    plan = desk.plan(desk.csv(("sahil", "Rozan", "ngo"), ("other", "Sahil", "ngo"), headings=headings))
    assert reasons(plan) == {
        2: "its code belongs to “Sahil” and its name to “Rozan”.",
        3: "“Sahil” is on the register with the code “sahil”.",
    }


def test_a_partner_named_in_urdu_only_is_found_and_not_renamed(desk: Desk) -> None:
    desk.take(("Sahil", "ساحل", "ngo"), headings=("Name", "Name (Urdu)", "Type"))
    assert desk.plan(desk.csv(("ساحل", "ngo", ""))).counts == Counts(1, 0, 0, 1, 0)


def test_parents_are_found_by_code_acronym_or_name_also_further_down_the_file(desk: Desk) -> None:
    headings = ("Code", "Acronym", "Name", "Type", "Parent")
    rows = [
        ("npb", "NPB", "National Police Bureau", "host", "Ministry of Interior"),
        ("moi", "MOI", "Ministry of Interior", "federal_ministry", ""),
        ("x1", "", "Wing One", "federal_agency", "NPB"),
        ("x2", "", "Other Branch", "federal_agency", "moi"),
    ]
    made = {one.fields["code"]: one for one in desk.plan(desk.csv(*rows, headings=headings)).creations}
    assert [made[code].parent for code in ("npb", "moi", "x1", "x2")] == [
        Parent(row=3),
        None,
        Parent(row=2),
        Parent(row=3),
    ]


def test_a_circle_of_parents_and_what_hangs_on_a_refused_row_are_refused(desk: Desk) -> None:
    headings = ("Name", "Type", "Parent")
    rows = [("Alpha", "ngo", "Beta"), ("Beta", "ngo", "Alpha"), ("Gamma", "ngo", "Beta"), ("Delta", "ngo", "")]
    plan = desk.plan(desk.csv(*rows, headings=headings))
    assert reasons(plan)[2] == reasons(plan)[3] == "its parents lead back to itself."
    assert "its parent “Beta”" in reasons(plan)[4]
    assert [one.name for one in plan.creations] == ["Delta"]


def test_a_new_code_is_made_of_the_acronym_or_the_name_and_is_free(desk: Desk) -> None:
    rows = [("One Body", "OB", "ngo"), ("Other Block", "OB", "ngo"), ("Lone Name", "", "ngo")]
    plan = desk.plan(desk.csv(*rows, headings=("Name", "Acronym", "Type")))
    assert [one.fields["code"] for one in plan.creations] == ["ob", "ob-2", "lone-name"]


def test_rows_in_are_created_updated_unchanged_and_refused_together(desk: Desk) -> None:
    desk.take(SAHIL, ("Rozan", "ngo", "ICT"))
    plan = desk.plan(desk.csv(SAHIL, ("Rozan", "ngo", "Punjab"), ("New", "ngo", ""), ("", "ngo", "")))
    assert plan.counts == Counts(rows=4, created=1, updated=1, unchanged=1, refused=1)
    assert str(plan.lines()[0]) == "4 rows: 1 to create, 1 to update, 1 unchanged, 1 refused."


def test_the_register_of_198_institutions_comes_in_whole(desk: Desk) -> None:
    if not SEED.exists():
        pytest.skip("The seed list is not beside the project (../shared/seed), so it was not imported.")
    plan = desk.plan(SEED)
    assert plan.counts == Counts(198, 198, 0, 0, 0), reasons(plan)
    desk.write(plan)
    assert desk.plan(SEED).counts == Counts(198, 0, 0, 198, 0)
