"""How a tracked change and a margin comment stand in plain text: {+put in+}, [-struck out-], [comment: words]."""

import re

_INSERTED = re.compile(r"\{\+(.*?)\+\}", re.S)
_DELETED = re.compile(r"\[-(.*?)-\]", re.S)
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
    return _INSERTED.search(text) is not None or _DELETED.search(text) is not None


def after(text: str) -> str:
    """`text` with the changes accepted."""
    return re.sub(r"[ \t]{2,}", " ", _INSERTED.sub(r"\1", _DELETED.sub("", text)))


def before(text: str) -> str:
    """`text` as it stood before the changes."""
    return re.sub(r"[ \t]{2,}", " ", _DELETED.sub(r"\1", _INSERTED.sub("", text)))


def changes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words put in, words struck out), in order."""
    return tuple(_INSERTED.findall(text)), tuple(_DELETED.findall(text))
