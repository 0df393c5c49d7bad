"""Icons and badges. A badge is a shape, a word and a tint: it reads in grey print and to the colour-blind."""

from functools import cache, lru_cache

from markupsafe import Markup

ICONS = "/static/icons.svg"
"""The sprite that every icon is a part of; the same address in every installation."""
SHAPES = {
    "answered": ("check", "ok"),
    "active": ("check", "ok"),
    "present": ("check", "ok"),
    "reached": ("check", "ok"),
    "sent": ("check", "ok"),
    "delivered": ("check", "ok"),
    "accepted": ("check", "ok"),
    "filed": ("check", "ok"),
    "nil": ("dash", "ok"),
    "noted": ("dash", "quiet"),
    "deemed": ("dash", "quiet"),
    "skipped": ("dash", ""),
    "vacant": ("ring", ""),
    "none": ("ring", ""),
    "undecided": ("ring", "quiet"),
    "withdrawn": ("ring", ""),
    "draft": ("half", "quiet"),
    "clearance": ("half", "quiet"),
    "likely": ("half", "quiet"),
    "doubtful": ("half", "attn"),
    "unread": ("half", "attn"),
    "progress": ("half", "quiet"),
    "due": ("clock", "quiet"),
    "waiting": ("clock", "quiet"),
    "expiring": ("clock", "attn"),
    "late_taken": ("clock", "attn"),
    "awaited": ("tri", "attn"),
    "gap": ("tri", "attn"),
    "late": ("tri", "danger"),
    "not_delivered": ("x", "danger"),
    "ended": ("x", ""),
    "declined": ("x", ""),
    "cancelled": ("x", ""),
    "bounced": ("warn", "danger"),
    "failed": ("warn", "danger"),
    "held": ("pause", "attn"),
    "going": ("send", "quiet"),
    "history": ("book", ""),
    "quarantined": ("shield", "attn"),
}
_ICON = Markup('<svg class="r-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>')
_BADGE = Markup('<span class="r-badge{}">{}{}</span>')


@cache
def icon(name: str, flip: bool = False) -> Markup:
    """A picture of the sprite; `flip` turns it with the direction of the script."""
    return _ICON.format(" r-flip" if flip else "", ICONS, name)


@lru_cache(4096)
def badge(kind: str, word: str) -> Markup:
    """`kind` is a key of SHAPES; `word` is what people read, already translated."""
    shape, tint = SHAPES.get(kind, ("ring", ""))
    return _BADGE.format(f" r-badge-{tint}" if tint else "", icon(shape, shape == "send"), word)
