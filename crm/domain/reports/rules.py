"""How a timeline is arranged: financial years, scales, silences, rows and crowded signs. Pure numbers and dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

SILENT_AFTER = 60
"""Days without two-way contact before a silence is drawn."""

_NARROW = frozenset("iljtf.,:;'|!()[] ")
_WIDE = frozenset("mwMWQO@%—")


class Scale(StrEnum):
    """What one small division of the axis stands for, finest first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_ROOM = {Scale.DAY: (1.0, 34.0), Scale.WEEK: (7.0, 44.0), Scale.MONTH: (30.4, 30.0), Scale.QUARTER: (91.3, 26.0)}
"""Mean length in days of a division and the least width, in pixels, that its label needs."""


@dataclass(frozen=True)
class Cluster:
    """Signs drawn as one: the positions `first` to `last` of those given, around `centre`, `half` wide each way."""

    first: int
    last: int
    centre: float
    half: float

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of `day` began; it runs from 1 July to 30 June."""
    return day.year if day.month >= 7 else day.year - 1


def financial_years(start: date, end: date) -> Iterator[tuple[date, date, str]]:
    """Each financial year that touches `start` to `end`, clipped to it, with its name: "2026-27"."""
    for year in range(financial_year(start), financial_year(end) + 1):
        first, following = date(year, 7, 1), date(year + 1, 7, 1)
        yield max(start, first), min(end, following), f"{year}-{(year + 1) % 100:02d}"


def scale_for(days: int, width: float) -> Scale:
    """The finest scale whose labels fit when `days` are spread over `width` pixels."""
    for scale, (length, least) in _ROOM.items():
        if width / max(days, 1) * length >= least:
            return scale
    return Scale.YEAR


def divisions(start: date, end: date, scale: Scale) -> Iterator[tuple[date, date]]:
    """The divisions of `scale` that touch `start` to `end`, each from its first day to the next one's, clipped."""
    first = _floor(start, scale)
    while first < end:
        following = _next(first, scale)
        yield max(first, start), min(following, end)
        first = following


def _floor(day: date, scale: Scale) -> date:
    if scale is Scale.DAY:
        return day
    if scale is Scale.WEEK:
        return day - timedelta(days=day.weekday())
    if scale is Scale.MONTH:
        return day.replace(day=1)
    if scale is Scale.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(financial_year(day), 7, 1)


def _next(first: date, scale: Scale) -> date:
    if scale is Scale.DAY:
        return first + timedelta(days=1)
    if scale is Scale.WEEK:
        return first + timedelta(days=7)
    if scale is Scale.YEAR:
        return date(first.year + 1, 7, 1)
    months = first.month - 1 + (1 if scale is Scale.MONTH else 3)
    return date(first.year + months // 12, months % 12 + 1, 1)


def silent_spells(contacts: Sequence[date], today: date, over: int = SILENT_AFTER) -> list[tuple[date, date]]:
    """Stretches of more than `over` days between two-way contacts, and since the last of them until `today`.

    A partner never heard of is not silent: without a first contact there is no spell. Courts and statutory
    commissions are never shown as silent; the caller leaves them out.
    """
    past = sorted(day for day in contacts if day <= today)
    return [(start, end) for start, end in pairwise([*past, today]) if (end - start).days > over]


def packed(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each span, from 0, such that no two in a row overlap. Earlier starts take the higher rows."""
    rows: list[float] = []
    answer = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda at: spans[at]):
        start, end = spans[index]
        row = next((row for row, free in enumerate(rows) if free <= start), len(rows))
        rows[row : row + 1] = [end]
        answer[index] = row
    return answer


def gathered(places: Sequence[float], halves: Sequence[float], count_half: float) -> list[Cluster]:
    """Signs at ascending `places` with half-widths `halves`, those that would touch taken together.

    A cluster of several is drawn as one count sign of half-width `count_half` in its middle.
    """
    kept: list[Cluster] = []
    for index, (place, half) in enumerate(zip(places, halves, strict=True)):
        new = Cluster(index, index, place, half)
        while kept and kept[-1].centre + kept[-1].half > new.centre - new.half:
            first = kept.pop().first
            new = Cluster(first, index, (places[first] + place) / 2, count_half)
        kept.append(new)
    return kept


def width_of(text: str, size: float = 11.0) -> float:
    """About how many pixels `text` takes at `size` pixels; Urdu joins its letters and is narrower."""
    total = 0.0
    for letter in text:
        if letter in _NARROW:
            total += 0.33
        elif "\u0600" <= letter <= "\u06ff":
            total += 0.47
        elif letter in _WIDE:
            total += 0.86
        else:
            total += 0.6
    return total * size
