"""The body of a mail: which of its parts are the text, plain or HTML, and which are files."""

import re
from dataclasses import dataclass
from itertools import pairwise

from crm.inbound.charsets import clean_text
from crm.inbound.markup import text_of
from crm.inbound.parts import TEXT_OCTETS, Leaf, Opened

SHORT_SHARE = 0.3
_STUB = re.compile(
    r"(?:view|see|open|display|read)[^.\n]{0,40}\bHTML\b|HTML[- ](?:capable|compatible|enabled)|"
    r"does not support HTML|cannot (?:be )?display|^\s*$",
    re.I,
)
_CLOSED = re.compile(r"</(?:div|p|html|body|blockquote|table|td|tr|span|a|b|font|ul|li)\s*>", re.I)
_TAG = re.compile(r"<(?:html|body|div|p|br|table|span)\b", re.I)


@dataclass(frozen=True)
class Body:
    """The whole text for people, where it came from (plain, html or none), and the leaves that are files."""

    text: str
    source: str
    files: tuple[Leaf, ...]


def body_of(opened: Opened) -> Body:
    """Choose the text: plain, unless it is empty, a stub, or under 30 % of what the HTML says (A.8.3)."""
    plain = [leaf for leaf in opened.leaves if _is_body(leaf, "text/plain")]
    rich = [leaf for leaf in opened.leaves if _is_body(leaf, "text/html")]
    files = tuple(leaf for leaf in opened.leaves if leaf not in plain and leaf not in rich)
    text = "\n\n".join(filter(None, (_plain_text(leaf).strip("\n") for leaf in plain)))
    if rich and (not text.strip() or len(text) < 4000):
        marked = "\n\n".join(filter(None, (text_of(leaf.text) for leaf in rich)))
        if _prefers_html(text, marked):
            return Body(marked, "html", files)
    if text and not rich and len(_TAG.findall(text[:2000])) >= 3:
        return Body(text_of(text) or text, "html", files)
    return Body(text, "plain" if plain else "none", files)


def _prefers_html(text: str, marked: str) -> bool:
    words, marked_words = len(text.split()), len(marked.split())
    if not words:
        return bool(marked_words)
    if words < 40 and _STUB.search(text) and marked_words > words:
        return True
    return words < SHORT_SHARE * marked_words


def _is_body(leaf: Leaf, wanted: str) -> bool:
    if leaf.media_type != wanted or leaf.disposition == "attachment":
        return False
    return not (leaf.name and leaf.disposition != "inline" and wanted == "text/html")


def _plain_text(leaf: Leaf) -> str:
    text = leaf.text
    if leaf.params.get("format", "").lower() == "flowed":
        text = unflowed(text, leaf.params.get("delsp", "").lower() == "yes")
    return text


def unflowed(text: str, delete_space: bool = False) -> str:
    """format=flowed put together again (RFC 3676 section 4): a line that ends in a space goes on, at the same depth."""
    lines = text.split("\n")
    joined = ""
    for line, following in pairwise([*lines, ""]):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ") if depth == 0 else line[depth:]
        head = ">" * depth if joined.endswith("\n") or not joined else ""
        next_depth = len(following) - len(following.lstrip(">"))
        flows = content.endswith(" ") and content.strip() != "--" and next_depth == depth and following.strip(" >")
        piece = head + content if head or depth == 0 or joined.endswith("\n") else content.lstrip(" ")
        joined += (piece[:-1] if delete_space else piece) if flows else piece + "\n"
    return joined[:TEXT_OCTETS].rstrip("\n")


def raw_body(text: str) -> str:
    """A body that stands alone, as text: HTML if it looks like it, else as it is."""
    closed = len(_CLOSED.findall(text[:4000]))
    marked = (re.match(r"\s*<[!a-z]", text, re.I) and _TAG.search(text[:2000])) or closed >= 2
    return text_of(text) if marked and closed else clean_text(text)
