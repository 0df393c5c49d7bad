"""A figure, its goal, and the few sums that figures are made of."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `goal` is the most it may be, or the least where `more_is_better`; None is for the reader.

    `why`: why there is no value; `note`: what the value was made of.
    """

    name: str
    value: float | None
    unit: str
    goal: float | None = None
    more_is_better: bool = False
    note: str = ""
    why: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal

    def shown(self) -> dict[str, Any]:
        """As JSON values."""
        value = None if self.value is None else float(f"{self.value:.4g}")
        line: dict[str, Any] = {"value": value, "unit": self.unit}
        if self.goal is not None:
            line |= {"goal": self.goal, "ok": self.ok}
        line |= {"at least": True} if self.more_is_better and self.goal is not None else {}
        line |= {"note": self.note} if self.note else {}
        return line | ({"why": self.why} if self.why else {})


def p50(samples: Sequence[float]) -> float:
    """The median."""
    return statistics.median(samples)


def p95(samples: Sequence[float]) -> float:
    """What nineteen of twenty do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def thousandths(seconds: float) -> str:
    """Seconds as `2.41 ms`."""
    return f"{seconds * 1000:.2f} ms"
