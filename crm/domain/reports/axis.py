"""The ground of a timeline: holidays, financial years, divisions from five years down to a week, and today."""

from datetime import date

from crm.domain.reports.paper import GUTTER, HEAD, Paper
from crm.domain.reports.rules import Scale, divisions, financial_years, scale_for, width_of

BAND_LINE, DIVISION_LINE = 16, 40
ISOLATE, END_ISOLATE = "\u2066", "\u2069"
"""Keep "2026-27" in its order inside Urdu, where a hyphen between digits would turn it round."""


def draw_ground(paper: Paper) -> None:
    """Everything that stands behind the lanes."""
    sheet = paper.sheet
    if sheet.today < sheet.end:
        paper.box(paper.place(sheet.today), paper.end, HEAD, paper.floor - HEAD, "f-ground")
    _draw_holidays(paper)
    scale = scale_for((sheet.end - sheet.start).days, paper.end - GUTTER)
    for start, end in divisions(sheet.start, sheet.end, scale):
        strong = _is_strong(start, scale)
        paper.line(paper.place(start), 24 if strong else 32, paper.floor, "s-line2" if strong else "s-line")
        if scale is not Scale.YEAR:
            _draw_label(paper, start, end, _division_label(paper, start, scale))
    _draw_bands(paper, scale)
    paper.add(f'<path d="M0 {HEAD}H{sheet.width}" class="s-line2"/>')


def draw_today(paper: Paper) -> None:
    """The line and the flag of today, where the sheet has today on it."""
    sheet = paper.sheet
    if not sheet.start <= sheet.today < sheet.end:
        return
    at = paper.x(paper.middle(sheet.today))
    left, right = _flag(paper)
    paper.add(f'<path d="M{at:g} 21V{paper.floor:g}" class="s-attn" stroke-width="1.5"/>')
    paper.box(left, right, 3, 18, "f-attn-s", ' rx="9"')
    paper.words((left + right) / 2, BAND_LINE, sheet.words.today, "ta", "middle")


def _flag(paper: Paper) -> tuple[float, float]:
    """The places between which today's flag hangs; it never leaves the sheet. Nowhere when today is elsewhere."""
    sheet = paper.sheet
    if not sheet.start <= sheet.today < sheet.end:
        return 0.0, 0.0
    half = width_of(sheet.words.today) / 2 + 9
    middle = min(max(paper.middle(sheet.today), half), sheet.width - half)
    return middle - half, middle + half


def _draw_holidays(paper: Paper) -> None:
    free = 0.0
    for holiday in sorted(paper.sheet.holidays, key=lambda each: each.start):
        if not paper.sees(holiday.start, holiday.end):
            continue
        start, end = paper.place(holiday.start), paper.place(holiday.end)
        paper.box(start, end, HEAD, paper.floor - HEAD, "f-sunk")
        middle, half = (start + end) / 2, width_of(holiday.label) / 2
        if middle - half >= free and middle + half <= paper.sheet.width:
            paper.words(middle, paper.height - 8, holiday.label, "tk", "middle")
            free = middle + half + 6


def _draw_label(paper: Paper, start: date, end: date, label: str) -> None:
    left, right = paper.place(start), paper.place(end)
    if width_of(label) + 2 <= right - left:
        paper.words((left + right) / 2, DIVISION_LINE, label, "tk", "middle")


def _draw_bands(paper: Paper, scale: Scale) -> None:
    """Financial years; over weeks and days, months with theirs."""
    sheet = paper.sheet
    name = sheet.words.financial_year
    if scale in (Scale.DAY, Scale.WEEK):
        for start, end in divisions(sheet.start, sheet.end, Scale.MONTH):
            month = f"{sheet.words.months[start.month - 1]} {start.year}"
            year = _isolated(next(financial_years(start, end))[2])
            _draw_band_label(paper, start, end, (f"{month} · {name(year)}", month))
    else:
        for start, end, year in financial_years(sheet.start, sheet.end):
            _draw_band_label(paper, start, end, (name(_isolated(year)), _isolated(year)))


def _draw_band_label(paper: Paper, start: date, end: date, labels: tuple[str, str]) -> None:
    """The long label or the short one, at the start of its band or behind today's flag; nothing if neither fits."""
    left, right = _flag(paper)
    first, last = paper.place(start) + 4, paper.place(end)
    for label in labels:
        need = width_of(label, 12.5)
        for at in (first, max(first, right + 6)):
            clear = at >= right or at + need <= left
            if clear and at + need <= last:
                paper.words(at, BAND_LINE, label, "ti")
                return


def _isolated(years: str) -> str:
    return f"{ISOLATE}{years}{END_ISOLATE}"


def _is_strong(start: date, scale: Scale) -> bool:
    if scale is Scale.DAY:
        return start.weekday() == 0
    if scale is Scale.WEEK:
        return start.day <= 7
    return start.month == 7 or (scale is Scale.MONTH and start.month == 1)


def _division_label(paper: Paper, start: date, scale: Scale) -> str:
    words = paper.sheet.words
    month = words.months[start.month - 1]
    if scale is Scale.DAY:
        return f"{words.weekdays[start.weekday()]} {start.day}"
    if scale is Scale.WEEK:
        return f"{start.day} {month}"
    if scale is Scale.MONTH:
        return month
    return words.quarters[(start.month - 7) % 12 // 3]
