"""Which clock may be moved, and how."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from crm.adapters.clocks import DemoClock, SystemClock
from tests.support.fakes import NOON, FakeClock


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_the_demo_clock_starts_with_the_system_clock(tmp_path: Path) -> None:
    assert DemoClock(tmp_path / "offset", FakeClock()).now() == NOON


def test_a_step_forward_is_seen_at_once_by_every_process_and_is_kept(tmp_path: Path) -> None:
    system = FakeClock()
    web, worker = (DemoClock(tmp_path / "home" / "offset", system) for _ in range(2))
    assert web.advance(timedelta(days=1)) == NOON + timedelta(days=1)
    assert worker.now() == NOON + timedelta(days=1)
    worker.advance(timedelta(microseconds=1))
    system.advance(timedelta(hours=2))
    assert web.now() == NOON + timedelta(days=1, hours=2, microseconds=1)


def test_the_demo_clock_goes_to_a_moment_but_never_back(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "offset", FakeClock())
    assert clock.advance_to(NOON + timedelta(days=3)) == NOON + timedelta(days=3)
    assert clock.advance_to(NOON) == NOON + timedelta(days=3)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(seconds=-1))


def test_a_damaged_offset_is_named(tmp_path: Path) -> None:
    (tmp_path / "offset").write_text("soon")
    with pytest.raises(ValueError, match="does not hold a number"):
        DemoClock(tmp_path / "offset", FakeClock()).now()
