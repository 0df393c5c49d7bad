"""What lasts: MoU bars and consultation rounds, in as many rows as keep them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from crm.domain.reports.paper import GUTTER, Paper
from crm.domain.reports.rules import packed, width_of
from crm.domain.reports.sheets import Bar, BarState, Round

BAR_ROW, BAR, ROUND_ROW = 17, 14, 14
LAST_DAYS = timedelta(days=90)
CHEVRON = 9
Span = TypeVar("Span", Bar, Round)


@dataclass(frozen=True)
class Rows(Generic[Span]):
    """What is seen of the spans, each with its row and the free places on both sides of it in that row."""

    spans: list[tuple[Span, int, float, float]]
    count: int


def rows(paper: Paper, spans: Sequence[Span]) -> Rows[Span]:
    """The spans that the sheet sees, in rows where none overlaps another."""
    seen = sorted((span for span in spans if paper.sees(span.start, span.end)), key=lambda span: (span.start, span.end))
    edges = [(paper.place(span.start), paper.place(span.end) + 2) for span in seen]
    numbers = packed(edges)
    taken: dict[int, float] = {}
    before = []
    for row, (_, end) in zip(numbers, edges, strict=True):
        before.append(taken.get(row, float(GUTTER)))
        taken[row] = end
    after = []
    ahead: dict[int, float] = {}
    for row, (start, _) in zip(reversed(numbers), reversed(edges), strict=True):
        after.append(ahead.get(row, paper.end))
        ahead[row] = start
    return Rows(list(zip(seen, numbers, before, reversed(after), strict=True)), max(numbers, default=-1) + 1)


def draw_bars(paper: Paper, found: Rows[Bar], top: int) -> None:
    """MoUs: hatched in clearance, solid when active, paler ahead of today, chevrons near the end, outline after it."""
    for bar, row, before, after in found.spans:
        closing = paper.open(bar.title, bar.href)
        _draw_bar(paper, bar, top + BAR_ROW * row)
        _draw_bar_label(paper, bar, top + BAR_ROW * row + 11, before, after)
        paper.add(closing)


def _draw_bar(paper: Paper, bar: Bar, y: int) -> None:
    start, end, today = paper.place(bar.start), paper.place(bar.end), paper.place(paper.sheet.today)
    if bar.state is BarState.CLEARANCE:
        paper.box(start, end, y, BAR, "s-quiet", f' rx="3" fill="url(#{paper.key}-hatch)"')
    elif bar.state is BarState.ENDED:
        paper.box(start, end, y, BAR, "f-paper s-line2", ' rx="3"')
    else:
        paper.box(start, end, y, BAR, "f-next", ' rx="3"')
        if start < today:
            paper.box(start, min(end, today), y, BAR, "f-bar", ' rx="3"')
        if bar.state is BarState.EXPIRING:
            last = max(start, paper.place(bar.end - LAST_DAYS))
            paper.box(last, end, y, BAR, "f-attn", ' rx="3"')
            if bar.end <= paper.sheet.end:
                _draw_chevrons(paper, last, end, y)


def _draw_chevrons(paper: Paper, start: float, end: float, y: int) -> None:
    """Up to three, pointing to the end; none where the bar goes on beyond the sheet."""
    ahead = paper.x(1) - paper.x(0)
    for number in range(min(3, int((end - start) // CHEVRON))):
        point = paper.x(end - 8 - number * CHEVRON) - 2 * ahead
        paper.add(
            f'<path d="M{point:g} {y + 4}l{3 * ahead:g} 3l{-3 * ahead:g} 3" class="s-paper nofill" stroke-width="1.5"/>'
        )


def _draw_bar_label(paper: Paper, bar: Bar, y: int, before: float, after: float) -> None:
    """Inside the bar where one colour is long enough, else after it, else before it, else nowhere."""
    start, end = paper.place(bar.start), paper.place(bar.end)
    need = width_of(bar.label) + 12
    inside, paint = _inside(paper, bar)
    if not bar.label:
        return
    if need <= inside:
        paper.words(start + 7, y, bar.label, paint)
    elif end + need <= after:
        paper.words(end + 6, y, bar.label, _OUTSIDE[bar.state])
    elif start - need >= before:
        paper.words(start - 6, y, bar.label, _OUTSIDE[bar.state], "end")


_OUTSIDE = {
    BarState.CLEARANCE: "tq",
    BarState.ACTIVE: "tg",
    BarState.EXPIRING: "ta",
    BarState.ENDED: "tk",
}


def _inside(paper: Paper, bar: Bar) -> tuple[float, str]:
    """How long the first stretch of one colour is, and the class of text that can be read on it."""
    start, end, today = paper.place(bar.start), paper.place(bar.end), paper.place(paper.sheet.today)
    if bar.state is BarState.CLEARANCE:
        return 0, ""
    if bar.state is BarState.ENDED:
        return end - start, "tk"
    if bar.state is BarState.EXPIRING:
        last = paper.place(bar.end - LAST_DAYS)
        if last <= start:
            return end - start - 4 * CHEVRON, "f-paper"
        end = last
    return (min(end, today) - start, "tp") if start < today else (end - start, "ti")


def draw_rounds(paper: Paper, found: Rows[Round], top: int) -> None:
    """Rounds: a bracket from opening to closing, filled by the share answered."""
    for each, row, before, after in found.spans:
        y = top + ROUND_ROW * row
        start, end = paper.place(each.start), max(paper.place(each.end), paper.place(each.start) + 3)
        closing = paper.open(each.title, each.href)
        paper.add(f'<path d="M{paper.x(start):g} {y}v7H{paper.x(end):g}v-7" class="s-ink nofill" stroke-width="1.5"/>')
        share = min(max(each.share, 0.0), 1.0)
        if share:
            paper.box(start, start + (end - start) * share, y + 1, 4, "f-ok")
        need = width_of(each.label) + 8
        if each.label and start - need >= before:
            paper.words(start - 6, y + 8, each.label, "ta", "end")
        elif each.label and end + need <= after:
            paper.words(end + 6, y + 8, each.label, "ta")
        paper.add(closing)
