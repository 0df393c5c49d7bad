"""What a collaboration timeline shows, as values: a sheet of lanes with bars, rounds, signs and silences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.domain.reports.signs import Sign


class BarState(StrEnum):
    """How an MoU stands; each has its own filling."""

    CLEARANCE = "clearance"
    ACTIVE = "active"
    EXPIRING = "expiring"
    ENDED = "ended"


@dataclass(frozen=True)
class Bar:
    """An MoU from `start` to `end`. `label` is drawn where it fits; `title` says everything, state included."""

    start: date
    end: date
    state: BarState
    title: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Round:
    """A consultation round in which the partner was asked; `share` of its requests, 0 to 1, is answered."""

    start: date
    end: date
    share: float
    title: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Mark:
    """One happening. After the sheet's today it is drawn hollow. `title` holds date, kind and words."""

    at: date
    sign: Sign
    title: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Silence:
    """A stretch without two-way contact (`rules.silent_spells`)."""

    start: date
    end: date
    title: str
    href: str = ""


@dataclass(frozen=True)
class Owed:
    """One line of "What the picture says": what stands, since when, whose step is next, and by when."""

    what: str
    since: str
    who: str
    by: str
    href: str = ""


@dataclass(frozen=True)
class Lane:
    """One partner (or MoU, province, theme). Neighbours with the same `group` stand under one heading."""

    key: str
    name: str
    sub: str = ""
    href: str = ""
    group: str = ""
    bars: Sequence[Bar] = ()
    rounds: Sequence[Round] = ()
    marks: Sequence[Mark] = ()
    silences: Sequence[Silence] = ()
    owes: Sequence[Owed] = ()


@dataclass(frozen=True)
class HolidayBand:
    """A holiday from `start` up to, not including, `end`."""

    start: date
    end: date
    label: str


@dataclass(frozen=True)
class Words:
    """What the sheet says, already in the reader's language.

    `months` from January, `weekdays` from Monday, `quarters` of the financial year from July. `financial_year`
    gets "2026-27"; `silent` a number of days; `together` a count and the first and last date of what it counts.
    """

    title: str
    description: str
    today: str
    months: Sequence[str]
    weekdays: Sequence[str]
    quarters: Sequence[str]
    financial_year: Callable[[str], str]
    silent: Callable[[int], str]
    together: Callable[[int, date, date], str]


@dataclass(frozen=True)
class Sheet:
    """The frame: `start` up to, not including, `end`; `width` in pixels. `key` keeps ids apart on one page."""

    start: date
    end: date
    today: date
    words: Words
    holidays: Sequence[HolidayBand] = ()
    right_to_left: bool = False
    width: int = 1168
    key: str = "timeline"


@dataclass(frozen=True)
class Row:
    """A row of the table under the picture."""

    lane: Lane
    owed: Owed


def table_of(lanes: Sequence[Lane]) -> list[Row]:
    """What the picture says, in the order of its lanes."""
    return [Row(lane, owed) for lane in lanes for owed in lane.owes]
