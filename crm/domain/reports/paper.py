"""The paper that a timeline is drawn on: places, escaping, links. Right to left is `x` and nothing else."""

import re
from datetime import date
from html import escape

from crm.domain.reports.sheets import Sheet

GUTTER, HEAD, MARGIN = 196, 46, 12

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAFE_TARGET = re.compile(r"(?:/(?!/)|#|\?|https?://)")


def shown(text: str) -> str:
    """`text` fit to stand in XML, between tags or in an attribute."""
    return escape(_UNPRINTABLE.sub("", text))


class Paper:
    """Collects the parts of one SVG. Places are pixels from the edge where reading starts; `x` turns them."""

    def __init__(self, sheet: Sheet, quiet: bool = False) -> None:
        self.sheet = sheet
        self.height = 0.0
        self.key = shown(sheet.key)
        self.end = float(sheet.width - MARGIN)
        self._quiet = quiet
        self._parts: list[str] = []
        self._first = sheet.start.toordinal()
        self._scale = (self.end - GUTTER) / max((sheet.end - sheet.start).days, 1)

    @property
    def floor(self) -> float:
        """Where the lanes end and the holidays' names begin."""
        return self.height - 24

    def place(self, day: date) -> float:
        """Where `day` begins, held between the edges of the sheet."""
        return min(max(GUTTER + (day.toordinal() - self._first) * self._scale, GUTTER), self.end)

    def middle(self, day: date) -> float:
        """The middle of `day`, where a sign stands: at noon, not at midnight."""
        return min(GUTTER + (day.toordinal() - self._first + 0.5) * self._scale, self.end)

    def sees(self, start: date, end: date) -> bool:
        """Whether any of `start` to `end` is on the sheet."""
        return start < self.sheet.end and end >= self.sheet.start

    def x(self, place: float) -> float:
        """The horizontal coordinate of `place`. The only spot that knows of right to left."""
        return round(self.sheet.width - place if self.sheet.right_to_left else place, 1)

    def add(self, part: str) -> None:
        """Put finished SVG on the paper."""
        self._parts.append(part)

    def box(self, start: float, end: float, y: float, height: float, paint: str, more: str = "") -> None:
        """A rectangle between two places."""
        left = min(self.x(start), self.x(end))
        self.add(f'<rect x="{left:g}" y="{y:g}" width="{end - start:.1f}" height="{height:g}" class="{paint}"{more}/>')

    def line(self, place: float, top: float, bottom: float, paint: str) -> None:
        """An upright line."""
        self.add(f'<path d="M{self.x(place):g} {top:g}V{bottom:g}" class="{paint}"/>')

    def words(self, place: float, y: float, text: str, paint: str = "", anchor: str = "start") -> None:
        """`text`, escaped. `anchor` follows the reading direction by itself: start is the right edge in Urdu."""
        of_class = f' class="{paint}"' if paint else ""
        self.add(f'<text x="{self.x(place):g}" y="{y:g}" text-anchor="{anchor}"{of_class}>{shown(text)}</text>')

    def open(self, title: str, href: str, always: bool = False) -> str:
        """Begin a named part, a link where `href` leads somewhere safe; returns its closing tag.

        On a crowded sheet links are not in the tab order unless `always`.
        """
        name = shown(title)
        if not _SAFE_TARGET.match(href):
            self.add(f"<g><title>{name}</title>")
            return "</g>"
        tab = ' tabindex="-1"' if self._quiet and not always else ""
        self.add(f'<a href="{shown(href)}"{tab}><title>{name}</title>')
        return "</a>"

    def finished(self, linked: bool) -> str:
        """All of it. Something with links in it may not call itself one image, so it is a named group then."""
        sheet, key = self.sheet, self.key
        turned = ' direction="rtl"' if sheet.right_to_left else ""
        role = "group" if linked else "img"
        return "".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.width} {self.height:g}" '
                f'width="{sheet.width}" height="{self.height:g}" class="fit tlsvg" role="{role}"{turned} '
                f'aria-labelledby="{key}-title" aria-describedby="{key}-words">',
                f'<title id="{key}-title">{shown(sheet.words.title)}</title>',
                f'<desc id="{key}-words">{shown(sheet.words.description)}</desc>',
                f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
                'patternTransform="rotate(45)"><rect width="6" height="6" class="f-sunk"/>'
                '<path d="M0 0v6" class="s-quiet" stroke-width="3"/></pattern></defs>',
                *self._parts,
                "</svg>",
            )
        )
