"""How a tracked change and a margin comment stand in plain text: {+put in+}, [-struck out-], [comment: words]."""

import re
from collections.abc import Iterator

_INSERTED = ("{+", "+}")
_DELETED = ("[-", "-]")
COMMENT = re.compile(r"^\s*\[comment(?: on “(?P<anchor>[^”\n]*)”)?: (?P<words>.*)\]\s*$")


def inserted(text: str) -> str:
    """`text` marked as put in; its own outer spaces stay with it."""
    return f"{{+{text}+}}" if text else ""


def deleted(text: str) -> str:
    """`text` marked as struck out."""
    return f"[-{text}-]" if text else ""


def comment(words: str, anchor: str = "") -> str:
    """A margin comment as one line of text."""
    anchor = " ".join(anchor.replace("”", '"').split())
    place = f" on “{anchor}”" if anchor else ""
    return f"[comment{place}: {' '.join(words.split())}]"


def is_changed(text: str) -> bool:
    """Whether `text` holds a tracked change."""
    return any(True for _ in _spans(text, _INSERTED)) or any(True for _ in _spans(text, _DELETED))


def after(text: str) -> str:
    """`text` with the changes accepted."""
    return re.sub(r"[ \t]{2,}", " ", _resolved(_resolved(text, _DELETED, ""), _INSERTED))


def before(text: str) -> str:
    """`text` as it stood before the changes."""
    return re.sub(r"[ \t]{2,}", " ", _resolved(_resolved(text, _INSERTED, ""), _DELETED))


def changes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words put in, words struck out), in order."""
    put_in, struck = ([text[start:end] for start, end in _spans(text, pair)] for pair in (_INSERTED, _DELETED))
    return tuple(put_in), tuple(struck)


def _spans(text: str, pair: tuple[str, str]) -> Iterator[tuple[int, int]]:
    """(start, end) of the words within each pair of marks. Linear, however many marks are never closed."""
    opening, closing = pair
    start = text.find(opening)
    while start >= 0 and (end := text.find(closing, start + 2)) >= 0:
        yield start + 2, end
        start = text.find(opening, end + 2)


def _resolved(text: str, pair: tuple[str, str], instead: str | None = None) -> str:
    """`text` without the marks, and with `instead` for the words within them if it is given."""
    parts, kept = [], 0
    for start, end in _spans(text, pair):
        parts += [text[kept : start - 2], text[start:end] if instead is None else instead]
        kept = end + 2
    return "".join([*parts, text[kept:]])
