"""What happened on a day: signs, gathered into a count where they crowd, and the silences between them."""

from collections.abc import Sequence

from crm.domain.reports.paper import GUTTER, Paper
from crm.domain.reports.rules import Cluster, gathered, width_of
from crm.domain.reports.sheets import Lane, Mark, Silence
from crm.domain.reports.signs import COUNT_HALF_WIDTH, HALF_WIDTH, Sign, counted, drawn

HEIGHT, LINE = 19, 11
NAMED = 6
"""So many of the things behind a count are named in its title; the link shows all."""


def draw_events(paper: Paper, lane: Lane, top: int) -> None:
    """The uppermost row of a lane."""
    sheet = paper.sheet
    seen = sorted((mark for mark in lane.marks if sheet.start <= mark.at < sheet.end), key=lambda mark: mark.at)
    places = [paper.middle(mark.at) for mark in seen]
    clusters = gathered(places, [HALF_WIDTH[mark.sign] + 1 for mark in seen], COUNT_HALF_WIDTH)
    y = top + LINE
    said = [span for silence in lane.silences for span in _draw_silence(paper, silence, clusters, y)]
    edges = sorted([(each.centre - each.half, each.centre + each.half) for each in clusters] + said)
    for cluster in clusters:
        marks = seen[cluster.first : cluster.last + 1]
        if len(marks) == 1:
            _draw_mark(paper, marks[0], cluster, y)
        else:
            _draw_count(paper, lane, marks, cluster, y)
        _draw_label(paper, marks, cluster, edges, y)


def _draw_mark(paper: Paper, mark: Mark, cluster: Cluster, y: int) -> None:
    closing = paper.open(mark.title, mark.href)
    paper.add(drawn(mark.sign, paper.x(cluster.centre), y, planned=mark.at > paper.sheet.today))
    paper.add(closing)


def _draw_count(paper: Paper, lane: Lane, marks: Sequence[Mark], cluster: Cluster, y: int) -> None:
    said = [paper.sheet.words.together(len(marks), marks[0].at, marks[-1].at)]
    said += [mark.title for mark in marks[:NAMED]]
    closing = paper.open("\n".join(said if len(marks) <= NAMED else [*said, "…"]), lane.href)
    paper.add(counted(paper.x(cluster.centre), y, len(marks)))
    paper.add(closing)


def _draw_label(
    paper: Paper, marks: Sequence[Mark], cluster: Cluster, edges: list[tuple[float, float]], y: int
) -> None:
    """After the sign if there is room, else before it, else nowhere: the table says it too."""
    label = _label_of(marks)
    if not label:
        return
    left, right = cluster.centre - cluster.half, cluster.centre + cluster.half
    at = edges.index((left, right))
    after = edges[at + 1][0] if at + 1 < len(edges) else paper.end
    before = edges[at - 1][1] if at else float(GUTTER)
    need = width_of(label) + 6
    if right + need <= after:
        paper.words(right + 2, y + 4, label)
        edges[at] = (left, right + need)
    elif left - need >= before:
        paper.words(left - 2, y + 4, label, anchor="end")
        edges[at] = (left - need, right)


def _label_of(marks: Sequence[Mark]) -> str:
    if len(marks) == 1:
        return marks[0].label
    return next((mark.label for mark in marks if mark.sign is Sign.MILESTONE), "")


def _draw_silence(paper: Paper, silence: Silence, clusters: Sequence[Cluster], y: int) -> list[tuple[float, float]]:
    """A dotted line, with its days in the widest gap that the signs leave; returns where its words stand."""
    if not paper.sees(silence.start, silence.end):
        return []
    start, end = paper.middle(max(silence.start, paper.sheet.start)), paper.place(silence.end)
    closing = paper.open(silence.title, silence.href)
    paper.add(
        f'<path d="M{paper.x(start):g} {y}H{paper.x(end):g}" class="s-danger nofill" '
        'stroke-dasharray="2 4" stroke-width="1.5"/>'
    )
    spans = _draw_days(paper, (silence.end - silence.start).days, _widest_gap(start, end, clusters), y)
    paper.add(closing)
    return spans


def _draw_days(paper: Paper, days: int, gap: tuple[float, float], y: int) -> list[tuple[float, float]]:
    """The words, else the bare number, else nothing."""
    middle = sum(gap) / 2
    for words in (paper.sheet.words.silent(days), str(days)):
        half = width_of(words) / 2 + 5
        if gap[1] - gap[0] >= 2 * half + 8:
            ahead = middle - half > paper.place(paper.sheet.today)
            paper.box(middle - half, middle + half, y - 8, 16, "f-ground" if ahead else "f-paper")
            paper.words(middle, y + 4, words, "td", "middle")
            return [(middle - half, middle + half)]
    return []


def _widest_gap(start: float, end: float, clusters: Sequence[Cluster]) -> tuple[float, float]:
    best, free = (start, start), start
    for cluster in clusters:
        left, right = cluster.centre - cluster.half, cluster.centre + cluster.half
        if right <= start or left >= end:
            continue
        best = max(best, (free, left), key=lambda gap: gap[1] - gap[0])
        free = max(free, right)
    return max(best, (free, end), key=lambda gap: gap[1] - gap[0])
