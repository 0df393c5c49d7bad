"""What the child guard says of typed words: of a number that is never stored, and of wording to be read again."""

from collections.abc import Iterable

from crm.blueprints.speech import gettext as _
from crm.guard.hints import warnings
from crm.guard.signature import screen

MOST = 3


def complaint(text: str) -> str:
    """Why a text may not be stored: it holds what may be a child's identity number. Empty where it may."""
    found = screen(text)
    if not found.held:
        return ""
    shown = _quoted(text[one.start : one.end] for one in found.findings)
    return _(
        "%(number)s looks like the identity number of a child or of another person. Nothing was stored; "
        "kindly take it out and send again.",
        number=shown,
    )


def second_look(texts: Iterable[str]) -> str:
    """A warning where wording stands in a text that often stands beside a child's name; empty where there is none."""
    found = [text[one.start : one.end] for text in texts for one in warnings(text)]
    if not found:
        return ""
    words = _quoted(dict.fromkeys(found[:MOST]))
    return _("This text may name a child: %(words)s. Kindly read it again.", words=words)


def _quoted(words: Iterable[str]) -> str:
    """Each in quotation marks that a sentence in the other direction does not tear apart (UAX 9, isolates)."""
    return ", ".join(f"\u2068“{one}”\u2069" for one in words)
