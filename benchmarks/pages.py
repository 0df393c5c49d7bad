"""Pages: one client asks the real web server and the floor in turn, at 1x and 10x, so that noise meets all alike."""

import gzip
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from benchmarks.figures import Figure, p50, p95, thousandths
from benchmarks.houses import House
from benchmarks.servers import FLOOR, WEB, Client, Server, serving
from benchmarks.telling import tell

PAGES = ("home", "partner list", "partner", "search", "round")
P50, P95, GROWTH, LIST_BYTES, MEMORY = 3.0, 2.0, 1.15, 25_000, 250.0
WARM_UP, RECONNECT, SETTLED = 12, 10, 5.0
"""Turns before the measuring, turns a connection lasts, and the seconds in which new workers compile their pages."""
FLOOR_NAME = "floor"


@dataclass
class Place:
    """A house with its two servers, and the seconds that each page took."""

    house: House
    web: Server
    page_client: Client
    floor_client: Client
    took: dict[str, list[float]] = field(default_factory=dict)

    def address(self, page: str, turn: int) -> str:
        """Where a page is; each turn seeks another name."""
        marks = self.house.marks
        return {
            "home": "/",
            "partner list": "/partners",
            "partner": f"/partners/{marks.partner_id}",
            "search": f"/search?q={quote_plus(marks.queries[turn % len(marks.queries)])}",
            "round": f"/consultations/{marks.round_id}",
        }[page]

    def ask(self, page: str, turn: int, is_kept: bool) -> None:
        """The floor, then the page."""
        floor = self.floor_client.get("/").seconds
        shown = self.page_client.get(self.address(page, turn)).seconds
        if is_kept:
            self.took.setdefault(FLOOR_NAME, []).append(floor)
            self.took.setdefault(page, []).append(shown)

    def ratio(self, page: str) -> float:
        """The page's p50 in floors."""
        return p50(self.took[page]) / p50(self.took[FLOOR_NAME])


def measure(houses: Sequence[House], turns: int, pages: Sequence[str] = PAGES) -> Iterator[Figure]:
    """The figures of the houses of one database, the first at 1x."""
    with ExitStack() as stack:
        places = [_open(stack, house) for house in houses]
        time.sleep(SETTLED)
        for turn in range(-WARM_UP, turns):
            for place in places:
                if turn % RECONNECT == 0:
                    place.page_client.close()
                    place.floor_client.close()
                for page in pages:
                    place.ask(page, turn + WARM_UP, turn >= 0)
        tell(f"{houses[0].label}: {turns} turns measured")
        for place in places:
            yield from _speed(place, pages)
        yield from _growth(places, pages)
        yield from _weight(places[0])


def _open(stack: ExitStack, house: House) -> Place:
    web = stack.enter_context(serving(WEB, house.environment, "/sign-in"))
    floor = stack.enter_context(serving(FLOOR, house.environment))
    return Place(house, web, Client(web.port, house.cookie), Client(floor.port))


def _speed(place: Place, pages: Sequence[str]) -> Iterator[Figure]:
    floor = place.took[FLOOR_NAME]
    yield Figure(f"floor p50, {place.house.label}", p50(floor) * 1000, "ms")
    yield Figure(f"floor p95, {place.house.label}", p95(floor) / p50(floor), "x p50", note="what noise alone does")
    for page in pages:
        seconds = place.took[page]
        note = f"{thousandths(p50(seconds))}"
        yield Figure(f"{page} p50, {place.house.label}", place.ratio(page), "x floor", P50, note=note)
        yield Figure(f"{page} p95, {place.house.label}", p95(seconds) / p50(seconds), "x p50", P95)


def _growth(places: Sequence[Place], pages: Sequence[str]) -> Iterator[Figure]:
    """How much longer ten times the data takes, both measured in turn."""
    small, large = places[0], places[-1]
    if small is large:
        return
    database = small.house.label.split(",")[0]
    for page in (FLOOR_NAME, *pages):
        grown = p50(large.took[page]) / p50(small.took[page])
        goal = None if page == FLOOR_NAME else GROWTH
        yield Figure(f"{page} growth, {database}, 1x to 10x", grown, "x", goal)


def _weight(place: Place) -> Iterator[Figure]:
    """The list page as nginx sends it (gzip at its usual level 1), and what the processes hold after all this."""
    body = place.page_client.get(place.address("partner list", 0)).body
    packed = len(gzip.compress(body, 1))
    yield Figure(
        f"partner list of 50 rows gzipped, {place.house.label}", packed, "bytes", LIST_BYTES, note=f"{len(body)} plain"
    )
    workers = len(place.web.children())
    yield Figure(
        f"web memory, {place.house.label}", place.web.pss(), "MiB PSS", MEMORY, note=f"the master and {workers} workers"
    )
