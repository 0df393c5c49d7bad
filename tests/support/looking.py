"""What is looked at on every page: axe at WCAG 2.2 AA, nothing sideways, and not a word in the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
AXE = Axe()
FROM_EDGE = """() => {
  const edge = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth;
  return wide > edge ? [`${wide - edge} px too wide`] : [];
}"""
UNFOLD = "() => document.querySelectorAll('main details').forEach(one => { one.open = true; })"


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds on the page, everything unfolded: rule, number of places, the first place and why."""
    page.evaluate(UNFOLD)
    found = AXE.run(page, options={"runOnly": {"type": "tag", "values": LEVELS}}).response["violations"]
    return [
        f"{one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:240]}"
        for one in found
    ]


def faults(page: Page) -> list[str]:
    """Everything that is wrong with how the page is made; on a phone it may not scroll sideways either."""
    narrow = (page.viewport_size or WIDE)["width"] <= PHONE["width"]
    return [*accessibility_faults(page), *(page.evaluate(FROM_EDGE) if narrow else [])]


@dataclass
class Console:
    """What the browser complained of: errors, refusals of the content security policy, failed loads."""

    complaints: list[str] = field(default_factory=list)
    _allowed: str = ""

    def listen(self, context: BrowserContext) -> BrowserContext:
        """Hear every page of a context."""
        context.on("page", self._hear)
        return context

    def _hear(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (self._allowed and self._allowed in message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    @contextmanager
    def expecting(self, words: str) -> Iterator[None]:
        """Let complaints with these words pass: a refusal that the test asks for."""
        self._allowed = words
        yield
        self._allowed = ""
