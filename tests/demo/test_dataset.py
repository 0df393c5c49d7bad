"""The sample data is complete, bilingual, and holds nobody's data."""

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from crm.demo.dataset import DATA, load, moved
from crm.demo.values import Dataset, Text

URDU = re.compile("[\u0600-\u06ff]")
CNIC = re.compile(r"\d{5}-?\d{7}-?\d")
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load()


def texts(value: object) -> Iterator[Text]:
    """Every bilingual text anywhere inside `value`."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts(getattr(value, name))


def test_every_list_has_its_full_count(data: Dataset) -> None:
    assert len(data.organisations) == 198
    assert len(data.document.clauses) == 44
    assert len(data.consultation.questions) == 16
    assert len(data.instruments) == 67
    assert len(data.holidays) == 30
    assert len(data.engagements) >= 40


def test_no_id_occurs_twice(data: Dataset) -> None:
    for rows in (data.organisations, data.instruments, data.engagements, data.requests):
        ids = [row.id for row in rows]
        assert len(ids) == len(set(ids))
    mailboxes = [organisation.mailbox for organisation in data.organisations]
    assert len(mailboxes) == len(set(mailboxes))


def test_every_parent_invitee_party_and_copy_line_names_an_organisation_that_is_there(data: Dataset) -> None:
    ids = {organisation.id for organisation in data.organisations}
    named = {organisation.parent for organisation in data.organisations if organisation.parent}
    named |= {line.organisation for each in data.organisations for line in each.copy_to if line.organisation}
    named |= {invitee for invitees in data.consultation.invitees.values() for invitee in invitees}
    named |= {party for engagement in data.engagements for party in engagement.parties}
    named |= {request.organisation for request in data.requests}
    assert named <= ids


def test_no_organisation_is_its_own_ancestor(data: Dataset) -> None:
    parents = {organisation.id: organisation.parent for organisation in data.organisations}
    for start in parents:
        seen, at = {start}, parents[start]
        while at:
            assert at not in seen
            seen.add(at)
            at = parents[at]


def test_every_code_that_an_organisation_uses_is_in_the_taxonomy(data: Dataset) -> None:
    taxonomy = data.taxonomy
    assert {each.type for each in data.organisations} <= {label.code for label in taxonomy.organisation_types}
    assert {tag for each in data.organisations for tag in each.tags} == {label.code for label in taxonomy.tags}
    assert {theme for each in data.organisations for theme in each.themes} == {
        label.code for label in taxonomy.thematic_areas
    }
    assert {each.province for each in data.organisations} <= {place.code for place in taxonomy.jurisdictions}
    assert {each.level for each in data.organisations} <= {label.code for label in taxonomy.levels}
    assert {each.form for each in data.organisations} <= {label.code for label in taxonomy.communication_forms}
    assert {each.courtesy for each in data.organisations} == {label.code for label in taxonomy.courtesy_classes}
    assert {each.kind for each in data.engagements} <= {label.code for label in taxonomy.engagement_kinds}
    assert {each.status for each in data.instruments} <= {label.code for label in taxonomy.instrument_states}
    assert {step.step for step in data.consultation.ladder} == {label.code for label in taxonomy.reminders}


def test_everything_that_has_english_words_has_urdu_ones(data: Dataset) -> None:
    pairs = list(texts(data))
    assert len(pairs) > 700
    missing = [pair.en for pair in pairs if not pair.en.strip() or not (URDU.search(pair.ur) or pair.ur.isdigit())]
    assert missing == []


def test_urdu_is_written_with_urdu_letters_not_arabic_ones(data: Dataset) -> None:
    assert [pair.ur for pair in texts(data) if re.search("[\u0643\u064a\u0649]", pair.ur)] == []


def test_each_clause_has_its_part_and_a_short_title(data: Dataset) -> None:
    assert [clause.number for clause in data.document.clauses] == list(range(1, 45))
    assert [part.code for part in data.document.parts] == list("ABCDEFGHI")
    assert {clause.part for clause in data.document.clauses} == set("ABCDEFGHI")
    lengths = {len(clause.title[language].split()) for clause in data.document.clauses for language in ("en", "ur")}
    assert min(lengths) >= 2
    assert max(lengths) <= 7


def test_references_inside_clauses_survive_translation(data: Dataset) -> None:
    changed = [
        clause.number
        for clause in data.document.clauses
        if set(re.findall(r"clause (\d+)", clause.text.en)) != set(re.findall(r"شق (\d+)", clause.text.ur))
    ]
    assert changed == []


def test_questions_ask_about_clauses_and_types_that_exist(data: Dataset) -> None:
    types = {label.code for label in data.taxonomy.organisation_types}
    for question in data.consultation.questions:
        assert set(question.clauses) <= set(range(1, 45))
        assert set(question.audience) <= types
        assert bool(question.options) == question.type.startswith("single")


def test_every_mailbox_is_on_the_reserved_domain(data: Dataset) -> None:
    assert [
        each.mailbox for each in data.organisations if not re.fullmatch(r"[a-z.]+@[a-z0-9-]+\.example", each.mailbox)
    ] == []
    for file in DATA.glob("*.json"):
        assert set(re.findall(r"@[\w.-]+", file.read_text(encoding="utf-8"))) <= {
            "@" + each.mailbox.split("@")[1] for each in data.organisations
        }


def test_no_number_looks_like_an_identity_card() -> None:
    assert [file.name for file in DATA.glob("*.json") if CNIC.search(file.read_text(encoding="utf-8"))] == []


def test_every_file_says_that_it_is_a_sample() -> None:
    files = sorted(DATA.glob("*.json"))
    assert len(files) == 7
    assert all(json.loads(file.read_text(encoding="utf-8"))["sample"] is True for file in files)


def test_engagements_are_past_and_requests_wait_on_both_sides(data: Dataset) -> None:
    assert max(engagement.at.date() for engagement in data.engagements) <= TODAY
    waiting = [request for request in data.requests if request.answered_on is None]
    assert {request.direction for request in waiting} == {"by_us", "of_us"}
    assert any(request.direction == "of_us" and request.due_on < TODAY for request in waiting)
    assert any(request.direction == "by_us" and request.due_on < TODAY for request in waiting)


def test_no_court_and_no_statutory_commission_is_shown_as_owing_us_something(data: Dataset) -> None:
    spared = {each.id for each in data.organisations if each.courtesy in {"judiciary", "statutory_commission"}}
    asked = {request.organisation for request in data.requests if request.direction == "by_us"}
    assert asked & spared == set()


def test_a_demo_set_up_in_a_later_year_asks_for_answers_that_lie_ahead():
    today = date(2029, 3, 5)
    planned = moved(load(), today).consultation
    assert today < planned.closes < planned.validation_workshop
    assert planned.closes.weekday() == load().consultation.closes.weekday()


def test_a_demo_set_up_early_keeps_the_dates_of_the_sample():
    assert moved(load(), date(2026, 1, 1)) == load()
