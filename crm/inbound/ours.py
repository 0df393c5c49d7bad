"""Our own words in a reply: the surest sign of a quote, since we know what we sent."""

import re

from crm.inbound.visible import Visible

SHINGLE = 5
MOSTLY = 0.8
_WORD = re.compile(r"\w+")


def without_our_words(seen: Visible, sent: str) -> Visible:
    """`seen` with the last paragraphs folded that are mostly runs of five words out of `sent`, the text we had sent.

    For mailers that quote without a mark or an announcement. What stands between or below a person's own words stays,
    and so does everything if nothing else would remain.
    """
    ours = _shingles(sent)
    paragraphs = re.split(r"(\n\s*\n)", seen.text)
    end = len(paragraphs)
    while end > 0 and (not paragraphs[end - 1].strip() or _is_ours(paragraphs[end - 1], ours)):
        end -= 1
    kept, tail = "".join(paragraphs[:end]), "".join(paragraphs[end:]).strip("\n")
    if not kept.strip() or not tail:
        return seen
    return Visible(kept, f"{tail}\n\n{seen.folded}".strip("\n"))


def _is_ours(paragraph: str, ours: set[tuple[str, ...]]) -> bool:
    own = _shingles(paragraph)
    return bool(own) and len(own & ours) >= MOSTLY * len(own)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
