"""Scales, silences, rows and crowds, as plain numbers and dates."""

from datetime import date, timedelta

import pytest

from crm.domain.reports.rules import (
    Scale,
    divisions,
    financial_year,
    gathered,
    packed,
    scale_for,
    silent_spells,
    width_of,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(("day", "year"), [(date(2026, 6, 30), 2025), (date(2026, 7, 1), 2026), (TODAY, 2026)])
def test_the_financial_year_begins_in_july(day: date, year: int) -> None:
    assert financial_year(day) == year


def test_the_longer_the_span_the_coarser_the_scale() -> None:
    scales = [scale_for(days, 960) for days in (7, 90, 540, 1826, 36500)]
    assert scales == [Scale.DAY, Scale.WEEK, Scale.MONTH, Scale.QUARTER, Scale.YEAR]


@pytest.mark.parametrize("scale", list(Scale))
def test_divisions_cover_the_span_without_gap_or_overlap(scale: Scale) -> None:
    parts = list(divisions(date(2025, 11, 13), date(2027, 8, 9), scale))
    assert parts[0][0] == date(2025, 11, 13)
    assert parts[-1][1] == date(2027, 8, 9)
    assert all(before[1] == after[0] for before, after in zip(parts, parts[1:], strict=False))


def test_sixty_days_are_not_yet_a_silence_and_sixty_one_are() -> None:
    first = date(2026, 1, 1)
    contacts = [first, first + timedelta(days=60), first + timedelta(days=121)]
    assert silent_spells(contacts, first + timedelta(days=130)) == [(contacts[1], contacts[2])]


def test_the_silence_since_the_last_contact_runs_until_today() -> None:
    assert silent_spells([date(2026, 5, 1), date(2026, 4, 1)], TODAY) == [(date(2026, 5, 1), TODAY)]


def test_a_planned_meeting_breaks_no_silence_and_nobody_is_silent_before_the_first_contact() -> None:
    assert silent_spells([date(2026, 5, 1), date(2026, 12, 1)], TODAY) == [(date(2026, 5, 1), TODAY)]
    assert silent_spells([], TODAY) == []


def test_spans_that_overlap_never_share_a_row() -> None:
    spans = [(0.0, 10.0), (5.0, 15.0), (10.0, 20.0), (6.0, 8.0), (21.0, 30.0)]
    rows = packed(spans)
    assert rows == [0, 1, 0, 2, 0]


def test_signs_apart_stay_apart_and_signs_that_touch_are_counted_together() -> None:
    clusters = gathered([0, 30, 35, 90], [5, 5, 5, 5], count_half=12)
    assert [(cluster.first, cluster.last, cluster.centre) for cluster in clusters] == [
        (0, 0, 0),
        (1, 2, 32.5),
        (3, 3, 90),
    ]


def test_after_gathering_no_two_signs_touch() -> None:
    places = [number * number / 60 for number in range(240)]
    clusters = gathered(places, [5.0] * len(places), count_half=12)
    assert sum(cluster.count for cluster in clusters) == 240
    pairs = zip(clusters, clusters[1:], strict=False)
    assert all(left.centre + left.half <= right.centre - right.half for left, right in pairs)


def test_wide_letters_take_more_room_than_narrow_ones() -> None:
    assert width_of("ill") < width_of("any") < width_of("MWM")
    assert width_of("جنوری") < width_of("Jan-F")
