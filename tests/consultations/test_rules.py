"""Pure rules of a round: the ladder that courtesy allows, the questions of an audience, representation."""

from dataclasses import dataclass, field

import pytest

from crm.domain.asks.rules import USUAL_LADDER, Step
from crm.domain.consultations.rules import (
    DISPOSITION_KEYS,
    DISPOSITION_WORDS,
    Cell,
    Disposition,
    LadderChoice,
    coverage,
    questions_for,
)
from crm.domain.organisations.rules import Courtesy


@dataclass(frozen=True)
class AQuestion:
    """What `questions_for` looks at."""

    code: str
    audience: list[str] = field(default_factory=list)


def test_a_court_has_one_step_that_waits_for_a_person() -> None:
    assert LadderChoice().ladder_for(Courtesy.JUDICIARY) == (Step("reminder-1", 1, needs_person=True),)


def test_a_court_is_reminded_on_the_day_that_the_round_set_for_the_first_reminder() -> None:
    choice = LadderChoice((Step("courtesy", -3), Step("reminder-1", 4)), courts_wait=False)

    assert choice.ladder_for(Courtesy.JUDICIARY) == (Step("reminder-1", 4, needs_person=False),)


@pytest.mark.parametrize("courtesy", [one for one in Courtesy if one is not Courtesy.JUDICIARY])
def test_all_others_have_the_ladder_of_the_round(courtesy: Courtesy) -> None:
    assert LadderChoice().ladder_for(courtesy) == USUAL_LADDER


def test_a_partner_gets_the_questions_for_all_and_those_of_its_own_type() -> None:
    questions = [AQuestion("A"), AQuestion("B", ["police"]), AQuestion("C", ["ngo", "un"])]

    assert [one.code for one in questions_for(questions, "ngo")] == ["A", "C"]


def test_representation_counts_by_type_and_province_in_the_order_of_the_taxonomy() -> None:
    facts = [("ngo", "Punjab", True), ("ngo", "Sindh", False), ("police", "Punjab", False), ("ngo", "Punjab", False)]

    grid = coverage(facts, ["police", "ngo", "un"], ["Sindh", "Punjab", "KP"])

    assert list(grid.rows) == ["police", "ngo"]
    assert grid.provinces == ("Sindh", "Punjab")
    assert grid.rows["ngo"]["Punjab"] == Cell(2, 1)
    assert "Sindh" not in grid.rows["police"]
    assert grid.sum_of("ngo") == Cell(3, 1)
    assert grid.sum_of(province="Punjab") == Cell(3, 1)
    assert grid.sum_of() == Cell(4, 1)


def test_every_decision_has_a_word_and_a_key_of_its_own() -> None:
    assert set(DISPOSITION_WORDS) == set(DISPOSITION_KEYS) == set(Disposition)
    assert len(set(DISPOSITION_KEYS.values())) == len(Disposition)
