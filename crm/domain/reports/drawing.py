"""The collaboration timeline: lanes in, one SVG string out. Every colour is a class of the stylesheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from crm.domain.reports import axis, bars, events
from crm.domain.reports.paper import GUTTER, HEAD, Paper
from crm.domain.reports.rules import width_of
from crm.domain.reports.sheets import Bar, Lane, Round, Sheet

HEADING, FOOT = 26, 30
WITHOUT_BARS = 5
NAME_LINE, NAME_SIZE, INDENT = 15, 12.5, 14
MANY_LINKS = 150
"""Above this, signs leave the tab order: nobody tabs through thousands, and the table beside the picture has them."""


@dataclass(frozen=True)
class _Placed:
    """A lane with the rows of its bars and rounds, its name in lines, and the height that all this takes."""

    lane: Lane
    bar_rows: bars.Rows[Bar]
    round_rows: bars.Rows[Round]
    name: list[str]

    @property
    def bars_top(self) -> int:
        return events.HEIGHT

    @property
    def rounds_top(self) -> int:
        return self.bars_top + (bars.BAR_ROW * self.bar_rows.count or WITHOUT_BARS)

    @property
    def height(self) -> int:
        drawn = self.rounds_top + bars.ROUND_ROW * self.round_rows.count
        named = 12 + NAME_LINE * (len(self.name) + bool(self.lane.sub))
        return max(drawn, named)


def draw(lanes: Sequence[Lane], sheet: Sheet) -> str:
    """The whole sheet as SVG text, fit for a page, a PDF and A3 paper. Escapes all that it is given."""
    links = sum(len(lane.marks) + len(lane.bars) + len(lane.rounds) for lane in lanes)
    paper = Paper(sheet, quiet=links > MANY_LINKS)
    groups = [
        (group, [_place(paper, lane) for lane in members]) for group, members in groupby(lanes, lambda lane: lane.group)
    ]
    heights = [HEADING * bool(group) + sum(placed.height for placed in members) for group, members in groups]
    paper.height = HEAD + sum(heights) + FOOT
    axis.draw_ground(paper)
    y = HEAD
    for (group, members), height in zip(groups, heights, strict=True):
        _draw_group(paper, group, members, y)
        y += height
    axis.draw_today(paper)
    return paper.finished(linked=links > 0 or any(lane.href for lane in lanes))


def _place(paper: Paper, lane: Lane) -> _Placed:
    return _Placed(lane, bars.rows(paper, lane.bars), bars.rows(paper, lane.rounds), _in_lines(lane.name))


def _in_lines(name: str) -> list[str]:
    """`name` broken between words to fit beside the lanes. Never cut: it is an office's official name."""
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, NAME_SIZE) <= GUTTER - INDENT - 10:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw_group(paper: Paper, group: str, members: Sequence[_Placed], y: int) -> None:
    if group:
        paper.box(0, paper.sheet.width, y, HEADING, "f-sunk")
        paper.words(INDENT, y + 17, group, "ti")
        y += HEADING
    for placed in members:
        _draw_lane(paper, placed, y)
        y += placed.height
        paper.add(f'<path d="M0 {y}H{paper.sheet.width}" class="s-line"/>')


def _draw_lane(paper: Paper, placed: _Placed, y: int) -> None:
    _draw_name(paper, placed, y)
    bars.draw_bars(paper, placed.bar_rows, y + placed.bars_top)
    bars.draw_rounds(paper, placed.round_rows, y + placed.rounds_top)
    events.draw_events(paper, placed.lane, y)


def _draw_name(paper: Paper, placed: _Placed, y: int) -> None:
    lane = placed.lane
    lines = len(placed.name) + bool(lane.sub)
    line = y + (placed.height - NAME_LINE * lines) // 2 + 12
    closing = paper.open(lane.name, lane.href, always=True)
    for part in placed.name:
        paper.words(INDENT, line, part, "ti")
        line += NAME_LINE
    paper.add(closing)
    if lane.sub:
        paper.words(INDENT, line, lane.sub, "tk")
