"""The rungs of a ladder in working days, and what an answer does to its request. Pure."""

from datetime import date

import pytest

from crm.domain.asks.rules import (
    ANSWER_WORDS,
    STATE_AFTER,
    STATE_WORDS,
    USUAL_LADDER,
    AnswerKind,
    AskState,
    Step,
    days_of,
    earlier,
    freeze_ladder,
    step_due,
    thaw_ladder,
)
from crm.workdays import Calendar, Workdays

DUE = date(2026, 12, 22)
WORKDAYS = Workdays(Calendar.of([(date(2026, 12, 25), "national")]))


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2026-12-14", None),
        ("2026-12-15", "courtesy"),
        ("2026-12-22", "courtesy"),
        ("2026-12-23", "reminder-1"),
        ("2026-12-30", "reminder-1"),
        ("2026-12-31", "reminder-2"),
        ("2027-01-06", "reminder-2"),
        ("2027-01-07", "reminder-3"),
        ("2027-06-01", "reminder-3"),
    ],
)
def test_the_latest_rung_that_should_have_gone_is_due(today: str, step: str | None) -> None:
    found = step_due(USUAL_LADDER, DUE, date.fromisoformat(today), WORKDAYS)

    assert (found.name if found else None) == step


def test_the_days_of_the_rungs_pass_over_the_holiday_and_the_weekends() -> None:
    assert days_of(USUAL_LADDER, DUE, WORKDAYS) == {
        "courtesy": date(2026, 12, 15),
        "reminder-1": date(2026, 12, 23),
        "reminder-2": date(2026, 12, 31),
        "reminder-3": date(2027, 1, 7),
    }


def test_an_empty_ladder_has_no_step() -> None:
    assert step_due((), DUE, date(2030, 1, 1), WORKDAYS) is None


def test_the_rungs_below_one_are_those_before_it() -> None:
    assert [step.name for step in earlier(USUAL_LADDER, USUAL_LADDER[2])] == ["courtesy", "reminder-1"]


def test_a_ladder_comes_back_as_it_was_put_away() -> None:
    ladder = (Step("courtesy", -3), Step("reminder-1", 2, needs_person=True))

    assert thaw_ladder(freeze_ladder(ladder)) == ladder


def test_every_state_and_every_answer_has_words_and_a_promise_of_more_decides_nothing() -> None:
    assert set(STATE_WORDS) == set(AskState)
    assert set(ANSWER_WORDS) == set(AnswerKind)
    open_ended = {AnswerKind.UNDER_PROCESS, AnswerKind.INTERIM, AnswerKind.NOT_OURS, AnswerKind.FORWARDED}
    assert not open_ended & (set(STATE_AFTER) - {AnswerKind.TENTATIVE})
