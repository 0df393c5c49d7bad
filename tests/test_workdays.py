"""Working days, holidays and quiet hours."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.workdays import Calendar, Workdays

KARACHI = ZoneInfo("Asia/Karachi")
QUAID_DAY = date(2026, 12, 25)
DUE = date(2026, 12, 22)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def the_workdays() -> Workdays:
    return Workdays(Calendar.of([(QUAID_DAY, "national"), (date(2026, 12, 28), "sindh"), (date(2027, 1, 1), "bank")]))


@pytest.mark.parametrize(
    ("offset", "day"),
    [(-5, "2026-12-15"), (0, "2026-12-22"), (1, "2026-12-23"), (6, "2026-12-31"), (11, "2027-01-07")],
)
def test_the_ladder_of_the_sample_round_falls_on_these_days(offset, day):
    assert the_workdays().shift(DUE, offset) == date.fromisoformat(day)


def test_a_deadline_on_a_holiday_moves_to_the_next_working_day():
    assert the_workdays().shift(QUAID_DAY, 0) == date(2026, 12, 28)
    assert the_workdays().settle(date(2026, 12, 26)) == date(2026, 12, 28)
    assert the_workdays().shift(QUAID_DAY, 1) == date(2026, 12, 29)


def test_a_provincial_holiday_closes_only_its_province():
    workdays = the_workdays()
    monday = date(2026, 12, 28)
    assert workdays.is_working(monday)
    assert workdays.is_working(monday, "punjab")
    assert not workdays.is_working(monday, "sindh")
    assert workdays.shift(QUAID_DAY, 0, "sindh") == date(2026, 12, 29)


def test_a_bank_holiday_closes_no_office():
    assert the_workdays().is_working(date(2027, 1, 1), "sindh")


def test_two_provinces_may_share_a_holiday():
    calendar = Calendar.of([(DUE, "sindh"), (DUE, "punjab")])
    assert calendar.closed(DUE, "sindh")
    assert calendar.closed(DUE, "punjab")
    assert not calendar.closed(DUE, "balochistan")


def test_the_day_of_issue_is_not_counted():
    assert the_workdays().between(DUE, DUE) == 0
    assert the_workdays().between(DUE, date(2026, 12, 23)) == 1
    assert the_workdays().between(date(2026, 12, 31), DUE) == -6


def test_a_six_day_office_works_on_saturday():
    assert Workdays(Calendar(weekend=frozenset({6}))).is_working(date(2026, 12, 26))


def test_a_calendar_without_a_working_day_says_so():
    with pytest.raises(ValueError, match="no working day"):
        Workdays(Calendar(weekend=frozenset(range(7)))).shift(DUE, 1)


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-12-22 10:00", "2026-12-22 10:00"),
        ("2026-12-22 08:29", "2026-12-22 08:30"),
        ("2026-12-22 17:00", "2026-12-23 08:30"),
        ("2026-12-24 18:00", "2026-12-28 08:30"),
        ("2026-12-26 03:00", "2026-12-28 08:30"),
    ],
)
def test_no_reminder_leaves_at_night_or_on_a_holiday(now, sent):
    moment = datetime.fromisoformat(now).replace(tzinfo=KARACHI).astimezone(UTC)
    assert the_workdays().next_sending_moment(moment, KARACHI) == datetime.fromisoformat(sent).replace(tzinfo=KARACHI)


@given(DAYS, st.integers(-60, 60))
def test_shifting_lands_on_a_working_day_that_many_working_days_away(day, offset):
    workdays = the_workdays()
    landed = workdays.shift(day, offset)
    assert workdays.is_working(landed)
    assert workdays.between(workdays.settle(day), landed) == offset


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_two_shifts_are_one(day, first, second):
    workdays = the_workdays()
    assert workdays.shift(workdays.shift(day, first), second) == workdays.shift(day, first + second)
