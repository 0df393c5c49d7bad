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


def chart(days: Sequence[Day], invited: int, is_mirrored: bool) -> dict[str, Any]:
    """The drawing, in units of its view box: off, bars, line, ticks, scale, marks; `days` are those of its table."""
    step = (RIGHT - LEFT) / max(len(days), 1)
    tall = (FLOOR - TOP) / max(invited, 1)

    def across(x: float, width: float = 0) -> float:
        return round(WIDE - x - width if is_mirrored else x, 1)

    def middle(place: int) -> float:
        return across(LEFT + step * (place + 0.5))

    last = len(days) - 1
    return {
        "days": [day for day in days if day.answers],
        "answered": days[-1].total if days else 0,
        "width": round(step, 1),
        "bar_width": round(step * BAR, 1),
        "off": [across(LEFT + step * place, step) for place, day in enumerate(days) if day.is_off],
        "bars": [
            (across(LEFT + step * (place + 0.15), step * BAR), round(FLOOR - day.answers * tall, 1), day.answers * tall)
            for place, day in enumerate(days)
            if day.answers
        ],
        "line": " ".join(f"{middle(place)},{round(FLOOR - day.total * tall, 1)}" for place, day in enumerate(days)),
        "end": max(round(FLOOR - days[-1].total * tall - 6, 1), TOP + 10) if days else FLOOR,
        "ticks": [
            (middle(place), day.on, place == last)
            for place, day in enumerate(days)
            if place in (0, last) or (place % WEEK == 0 and last - place > WEEK // 2)
        ],
        "scale": [(at, round(FLOOR - at * tall, 1)) for at in _scale(invited)],
        "side": across(LEFT - 4),
        "marks": _marks(days, step, across),
        "left": across(LEFT),
        "right": across(RIGHT),
    }


def _scale(invited: int) -> list[int]:
    """Two to four round numbers of the side axis, below the number invited."""
    paces = (one * 10**power for power in count() for one in SCALE)
    pace = next(one for one in paces if invited <= one * FEWEST)
    return [at for at in range(pace, invited, pace) if invited - at > pace * 0.3]


def _marks(days: Sequence[Day], step: float, across: Any) -> list[tuple[float, float, str, float, bool]]:
    """Of each marked day: where its line stands, how deep its word hangs, the word, where it begins, which side."""
    marked = [(place, day.mark) for place, day in enumerate(days) if day.mark]
    drawn = []
    for nth, (place, word) in enumerate(marked, 1):
        at = LEFT + step * (place + 0.5)
        is_early = at * 2 < WIDE
        drawn.append((across(at), FLOOR + 20 + MARK * nth, word, across(at + (4 if is_early else -4)), is_early))
    return drawn
