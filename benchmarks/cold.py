"""Cold start: from exec to the first 200 of the sign-in page, and what the web must not import for that."""

import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.houses import House
from benchmarks.servers import ROOT, WEB, launch, stop, wait_until_served

COLD_START = 2.0
HEAVY = ("weasyprint", "docx", "openpyxl", "xlsxwriter", "pypdf", "alembic")
"""Each takes longer to import, or more memory, than all of Flask. Reading calendars and markup is not among them."""
LOADED = "import sys, crm.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def measure(house: House, tries: int) -> Iterator[Figure]:
    """The best of several starts, and beside it a bare Flask behind gunicorn's imports."""
    best = min(_start(house) for _try in range(tries))
    note = f"best of {tries}; importing Flask and SQLAlchemy alone {min(_bare() for _try in range(tries)):.2f} s"
    yield Figure(f"cold start, {house.label}", best, "s", COLD_START, note=note)
    loaded = set(_python(LOADED).stdout.split())
    found = [name for name in HEAVY if name in loaded]
    yield Figure("heavy libraries loaded by the web", len(found), "libraries", 0, note=", ".join(found))


def _start(house: House) -> float:
    began = time.perf_counter()
    server = launch(WEB, house.environment)
    try:
        wait_until_served(server, "/sign-in")
        return time.perf_counter() - began
    finally:
        stop(server)


def _bare() -> float:
    began = time.perf_counter()
    _python("import flask, flask_sqlalchemy, sqlalchemy.orm, gunicorn.app.base")
    return time.perf_counter() - began


def _python(source: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
