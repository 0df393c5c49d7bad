"""The signs of the timeline, drawn so that they survive a photocopier. Colours are classes of the stylesheet."""

from enum import StrEnum


class Sign(StrEnum):
    """What a sign on a lane stands for."""

    MEETING = "meeting"
    MILESTONE = "milestone"
    JOINT_ACTION = "joint_action"
    EVENT = "event"
    VISIT = "visit"
    LETTER = "letter"
    MESSAGE = "message"
    CALL = "call"


HALF_WIDTH = {
    Sign.MEETING: 4.6,
    Sign.MILESTONE: 7.0,
    Sign.JOINT_ACTION: 5.5,
    Sign.EVENT: 5.5,
    Sign.VISIT: 5.0,
    Sign.LETTER: 5.0,
    Sign.MESSAGE: 5.0,
    Sign.CALL: 5.0,
}
COUNT_HALF_WIDTH = 12.0

_OUTLINES = {
    Sign.MILESTONE: ("-6", "l6 6-6 6-6-6z", "ok"),
    Sign.JOINT_ACTION: ("-4.5", "h4.5v9h-9v-9z", "quiet"),
    Sign.EVENT: ("-4.5", "h4.5v9h-9v-9z", "quiet"),
}
_STROKES = {
    Sign.LETTER: "m-4-3h8v6h-8zl4 3.5 4-3.5",
    Sign.MESSAGE: "m-4-3.5h8v5h-4l-2.5 2.5v-2.5h-1.5z",
    Sign.CALL: "m-4 2.5v-1.5a4 4 0 0 1 8 0v1.5",
    Sign.VISIT: "m-3 4.5v-9h6l-2 2.3 2 2.3h-6",
}


def drawn(sign: Sign, x: float, y: float, planned: bool) -> str:
    """The shape of `sign` centred on `x`, `y` in pixels; hollow when `planned`."""
    if sign is Sign.MEETING:
        return f'<circle cx="{x:g}" cy="{y:g}" r="3.6" class="{"f-paper s-ink" if planned else "f-ink"}"/>'
    if sign in _OUTLINES:
        rise, path, colour = _OUTLINES[sign]
        paint = f"f-paper s-{colour}" if planned else f"f-{colour}"
        return f'<path d="M{x:g} {y + float(rise):g}{path}" class="{paint}" stroke-width="1.5"/>'
    dashes = ' stroke-dasharray="2 1.5"' if planned else ""
    return f'<path d="M{x:g} {y:g}{_STROKES[sign]}" class="s-quiet f-paper" stroke-width="1.4"{dashes}/>'


def counted(x: float, y: float, count: int) -> str:
    """The sign of `count` things that stand too close to be drawn apart: a pill with the number in it."""
    shown = str(count) if count < 1000 else "999+"
    half = 5 + 3 * len(shown)
    return (
        f'<rect x="{x - half:g}" y="{y - 7.5:g}" width="{2 * half:g}" height="15" rx="7.5" class="f-paper s-ink"/>'
        f'<text x="{x:g}" y="{y + 4:g}" text-anchor="middle" class="tn">{shown}</text>'
    )


def legend(sign: Sign, planned: bool = False) -> str:
    """`sign` alone as a small picture for the legend beside its word; it has no name of its own."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f"{drawn(sign, 8, 8, planned)}</svg>"
    )
