"""The drawing of "answers by day": where its bars, its line, its scale and its marks stand. Pure; mirrored for Urdu."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

LEFT, RIGHT, TOP, FLOOR, WIDE = 28.0, 532.0, 20.0, 206.0, 540.0
WEEK, BAR, MARK = 7, 0.7, 14
SCALE, FEWEST = (1, 2, 5), 4


@dataclass(frozen=True)
class Day:
    """One day of a round: the answers that came, their sum so far, whether offices are shut, and a word to mark it."""

    on: date
    answers: int
    total: int
    is_off: bool
    mark: str = ""


@dataclass(frozen=True)
class Plane:
    """Where a day and a count lie on the drawing."""

    step: float
    tall: float
    is_mirrored: bool

    def across(self, place: float, width: float = 0) -> float:
        """How far from the left edge a day begins, or a thing of `width` that begins there."""
        x = LEFT + self.step * place
        return round(WIDE - x - width if self.is_mirrored else x, 1)

    def up(self, count: float) -> float:
        """How far from the upper edge a count lies."""
        return round(FLOOR - count * self.tall, 1)


def chart(days: Sequence[Day], invited: int, is_mirrored: bool) -> dict[str, Any]:
    """The drawing, in units of its view box: off, bars, line, ticks, scale, marks; `days` are those of its table."""
    plane = Plane((RIGHT - LEFT) / max(len(days), 1), (FLOOR - TOP) / max(invited, 1), is_mirrored)
    step, total = plane.step, days[-1].total if days else 0
    bars = [(place, day.answers) for place, day in enumerate(days) if day.answers]
    return {
        "days": [day for day in days if day.answers],
        "answered": total,
        "width": round(step, 1),
        "bar_width": round(step * BAR, 1),
        "off": [plane.across(place, step) for place, day in enumerate(days) if day.is_off],
        "bars": [(plane.across(at + 0.15, step * BAR), plane.up(count), count * plane.tall) for at, count in bars],
        "line": " ".join(f"{plane.across(place + 0.5)},{plane.up(day.total)}" for place, day in enumerate(days)),
        "end": max(plane.up(total) - 6, TOP + 10),
        "ticks": [(plane.across(at + 0.5), days[at].on, at == len(days) - 1) for at in _ticks(len(days))],
        "scale": [(at, plane.up(at)) for at in _scale(invited)],
        "side": plane.across(-4 / step),
        "marks": _marks(days, plane),
        "left": plane.across(0),
        "right": plane.across(len(days) or 1),
    }


def _ticks(days: int) -> list[int]:
    """The days that are named: the first, the last, and every seventh that does not crowd the last."""
    last = days - 1
    return [at for at in range(days) if at in (0, last) or (at % WEEK == 0 and last - at > WEEK // 2)]


def _scale(invited: int) -> list[int]:
    """Two to four round numbers of the side axis, below the number invited."""
    paces = (one * 10**power for power in count() for one in SCALE)
    pace = next(one for one in paces if invited <= one * FEWEST)
    return [at for at in range(pace, invited, pace) if invited - at > pace * 0.3]


def _marks(days: Sequence[Day], plane: Plane) -> list[tuple[float, float, str, float, bool]]:
    """Of each marked day: where its line stands, how deep its word hangs, the word, where it begins, which side."""
    marked = [(place + 0.5, day.mark) for place, day in enumerate(days) if day.mark]
    beside = 4 / plane.step
    drawn = []
    for nth, (at, word) in enumerate(marked, 1):
        is_early = at * 2 < len(days)
        begin = plane.across(at + (beside if is_early else -beside))
        drawn.append((plane.across(at), FLOOR + 20 + MARK * nth, word, begin, is_early))
    return drawn
