"""Whether the numbers at the start of paragraphs count clauses of the draft or paragraphs of the letter."""

import re
from collections.abc import Collection, Sequence

from crm.documents import references
from crm.documents.blocks import Block


def is_label(block: Block) -> bool:
    """Whether `block` stands under a heading like "Clause 7:"."""
    heading = references.heading(block.text)
    return heading is not None and heading.is_label and bool(heading.numbers)


def is_draft_heading(block: Block) -> bool:
    """Whether `block` is the heading of a part or an annex within a copy of the draft."""
    line = block.text.strip()
    return "\n" not in line and re.match(r"(?:part|annex(?:es|ure)?)\b", line, re.I) is not None


def without_marker(text: str) -> str:
    """`text` without the letter's own "3." or "(iii)"."""
    return re.sub(r"^\s*\(?(?:\d{1,2}|[ivxIVX]{1,5}|[a-z])[.)]\s+", "", text)


def counts_clauses(blocks: Sequence[Block], known: Collection[str]) -> bool:
    """Whether "7. ..." names clauses: ascending, known, not just 1, 2, 3, and no clause is headed by its word."""
    if any(is_label(block) for block in blocks):
        return False
    found = [heading.numbers[0] for block in blocks if (heading := references.bare_number(block.text))]
    numbers = [int(number) for number in found if number.isdigit()]
    if not numbers or any(str(number) not in known for number in numbers) or numbers != sorted(set(numbers)):
        return False
    consecutive = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return not (consecutive and numbers[0] <= 2)
