"""What time it is: the system's clock, and the demo's business clock, which may be moved forward."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm.ports import Clock


class SystemClock:
    """The machine's time, aware, in UTC. Nothing moves it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class DemoClock:
    """The system's time plus an offset that only grows.

    The offset (seconds) stands in a small file and is read afresh each time, so that the web processes and the
    worker agree at once.
    """

    def __init__(self, file: Path, system: Clock) -> None:
        self._file = file
        self._system = system

    def now(self) -> datetime:
        return self._system.now() + self.offset()

    def offset(self) -> timedelta:
        """How far ahead of the system's clock this one is. Raises ValueError if its file is damaged."""
        try:
            written = self._file.read_text(encoding="ascii")
        except FileNotFoundError:
            return timedelta(0)
        try:
            return timedelta(seconds=float(written))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"the demo clock's file {self._file} does not hold a number of seconds") from error

    def advance(self, step: timedelta) -> datetime:
        """Move forward by `step`; the new moment. Raises ValueError for a step backwards."""
        if step < timedelta(0):
            raise ValueError("the demo clock only moves forward")
        self._write(self.offset() + step)
        return self.now()

    def advance_to(self, moment: datetime) -> datetime:
        """Move forward to `moment`, if it is still to come; the new moment."""
        return self.advance(max(timedelta(0), moment - self.now()))

    def _write(self, offset: timedelta) -> None:
        """Replace the file in one step: a reader sees the old offset or the new one, never half of it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        fresh.write_text(repr(offset.total_seconds()), encoding="ascii")
        fresh.replace(self._file)
