"""An adult's number in a signature block is masked and the answer goes on; anywhere else the text is held."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from crm.guard.identifiers import Finding, cover, identifiers

# A signature is short; a number far below a closing phrase belongs to an enclosure.
LONGEST = 12

_CLOSING = re.compile(
    r"^\s*(?:--\s*$|_{5,}\s*$|(?:yours|very)\s+(?:faithfully|sincerely|truly)|(?:with\s+)?(?:best|kind|warm)?\s*regards\b"
    r"|thanking you|sincerely|respectfully|والسلام|آپ کا (?:مخلص|خیر اندیش)|نیازمند)",
    re.I,
)
_CHILD = re.compile(r"\b(?:child|minor|juvenile|victim|accused|aged|s/o|d/o)\b|بچہ|بچے|بچی|ملزم|نابالغ", re.I)


@dataclass(frozen=True)
class Screening:
    """`text` with all identifiers masked, what was found (offsets into the original), and whether it must be held."""

    text: str
    findings: tuple[Finding, ...]
    held: bool


def screen(text: str) -> Screening:
    """Mask every identifier in `text`; held unless each one stands in a signature block and is no child's."""
    findings = identifiers(text)
    held = bool(findings) and not _are_adults(text, findings)
    return Screening(cover(text, findings), findings, held)


def signature_blocks(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each signature: from a closing phrase, at most twelve lines."""
    blocks: list[tuple[int, int]] = []
    place, start, lines = 0, -1, 0
    for line in text.splitlines(keepends=True):
        if _CLOSING.match(line):
            if start >= 0:
                blocks.append((start, place))
            start, lines = place, 0
        place += len(line)
        lines += 1
        if start >= 0 and lines >= LONGEST:
            blocks.append((start, place))
            start = -1
    if start >= 0:
        blocks.append((start, place))
    return tuple(blocks)


def _are_adults(text: str, findings: Sequence[Finding]) -> bool:
    """Whether each stands within a signature block that speaks of no child. Each block is looked at once."""
    blocks = signature_blocks(text)
    starts = [start for start, _ in blocks]
    used: set[int] = set()
    for finding in findings:
        at = bisect_right(starts, finding.start) - 1
        if finding.child or at < 0 or finding.end > blocks[at][1]:
            return False
        used.add(at)
    return not any(_CHILD.search(text, *blocks[at]) for at in used)
