"""`make bench`: one JSON object on standard output, progress on standard error. It always ends with 0 when it ran."""

import argparse
import json
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import arrivals, cold, invitees, pages, tray
from benchmarks.figures import Figure
from benchmarks.houses import House, postgresql, postgresql_house, sqlite_house
from benchmarks.telling import tell
from crm.starting import collect_seldom

PARTS = ("pages", "cold", "ingest", "outbox", "invitees")
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given several times")
    parser.add_argument("--database", choices=DATABASES, help="one database")
    parser.add_argument("--quick", action="store_true", help="few samples and no 10x, for development")
    wanted = parser.parse_args()
    collect_seldom()  # as the worker does, whose work is measured in this process
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="rabta-bench-") as folder:
        for figure in measured(Path(folder), wanted):
            figures[figure.name] = figure.shown()
            tell(f"    {figure.name}: {json.dumps(figures[figure.name], ensure_ascii=False)}")
    json.dump({"machine": machine(), "figures": figures}, sys.stdout, indent=2, ensure_ascii=False)
    print()


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "load": round(os.getloadavg()[0], 2),
    }


def measured(folder: Path, wanted: argparse.Namespace) -> Iterator[Figure]:
    """Every figure, database by database."""
    for database in (wanted.database,) if wanted.database else DATABASES:
        with ExitStack() as stack:
            sizes = (1, 10) if "pages" in _parts(wanted) and not wanted.quick else (1,)
            houses = list(_houses(stack, folder, database, sizes))
            for part in _parts(wanted):
                yield from _guarded(part, database, _figures(part, houses, wanted.quick))


def _parts(wanted: argparse.Namespace) -> tuple[str, ...]:
    return tuple(part for part in PARTS if part in (wanted.only or PARTS))


def _figures(part: str, houses: Sequence[House], is_quick: bool) -> Iterator[Figure]:
    """The figures of one part, in houses that hold the same at 1x and 10x."""
    small = houses[0]
    match part:
        case "pages":
            yield from pages.measure(houses, 20 if is_quick else 100)
        case "cold":
            yield from cold.measure(small, 2 if is_quick else 5)
        case "invitees":
            yield from invitees.measure(small)
        case "outbox":
            yield from tray.measure(small, 200 if is_quick else 600, 2 if is_quick else 4)
        case "ingest":
            yield from arrivals.measure(small, 100 if is_quick else 400)


def _guarded(part: str, database: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """A part that breaks is a figure without a value, with its reason; the others go on."""
    try:
        yield from figures
    except Exception as fault:
        traceback.print_exc()
        yield Figure(f"{part}, {database}", None, "not measured", 0, why=f"{type(fault).__name__}: {fault}"[:500])


def _houses(stack: ExitStack, folder: Path, database: str, sizes: tuple[int, ...]) -> Iterator[House]:
    if database == "sqlite":
        yield from (stack.enter_context(sqlite_house(folder, times)) for times in sizes)
        return
    cluster = stack.enter_context(postgresql())
    yield from (stack.enter_context(postgresql_house(folder, cluster, times)) for times in sizes)


if __name__ == "__main__":
    main()
