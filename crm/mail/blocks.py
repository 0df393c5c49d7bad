"""The text of a letter as blocks, from which the plain text, the HTML twin and the PDF sheet are all made.

A letter template writes one mark at the start of a line: nothing for a paragraph (lines are joined until an empty
one), `- ` an item, `| ` a line kept as it is, `# ` a small heading, `! ` a warning, `> URL label` the private page,
and `~~~` alone between empty lines, after which everything is the foot of the letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

WIDTH = 76
# Put around words by the filter `strong`. No value can bring them along: control characters are scrubbed from values.
STRONG, WEAK = "\x02", "\x03"
_UNMARKED = {ord(STRONG): None, ord(WEAK): None}
FOOT = "~~~"


class Shape(StrEnum):
    """How a block looks."""

    PARAGRAPH = ""
    ITEMS = "-"
    LINES = "|"
    HEADING = "#"
    WARNING = "!"
    PAGE = ">"


@dataclass(frozen=True)
class Block:
    """One block. texts: one paragraph, or the items, or the lines; of a page its address and its label."""

    shape: Shape
    texts: tuple[str, ...]
    in_foot: bool = False


_MARKS = {str(shape): shape for shape in Shape if shape}
_MANY = (Shape.ITEMS, Shape.LINES)


def blocks(source: str) -> list[Block]:
    """The blocks of a rendered template."""
    found: list[Block] = []
    in_foot = False
    for passage in re.split(r"\n\s*\n", source):
        if passage.strip() == FOOT:
            in_foot = True
        else:
            found += _passage(passage, in_foot)
    return found


# Most passages of a round's letters are the same words, so each is understood and written out only once.
@lru_cache(4096)
def _passage(passage: str, in_foot: bool) -> tuple[Block, ...]:
    """The blocks of lines with no empty line between them."""
    found = []
    for shape, texts in _runs(passage):
        if shape is Shape.PAGE:
            address, _, label = texts[0].partition(" ")
            found.append(Block(shape, (address, label), in_foot))
        else:
            found.append(Block(shape, tuple(texts) if shape in _MANY else (" ".join(texts),), in_foot))
    return tuple(found)


def _runs(passage: str) -> Iterator[tuple[Shape, list[str]]]:
    """Lines that belong together, without their marks."""
    run: list[str] = []
    last = Shape.PARAGRAPH
    for text in filter(None, map(str.strip, passage.split("\n"))):
        shape = _MARKS.get(text[:1], Shape.PARAGRAPH) if text[1:2] == " " else Shape.PARAGRAPH
        if run and (shape is not last or shape in (Shape.PAGE, Shape.HEADING)):
            yield last, run
            run = []
        run.append(text[2:].strip() if shape else text)
        last = shape
    if run:
        yield last, run


def plain(letter: Iterable[Block]) -> str:
    """The letter as plain text, wrapped at 76 characters; an address of a page is never broken."""
    parts: list[str] = []
    tight = False
    for block in letter:
        text = _plain(block)
        parts.append(text if not parts or tight else "\n" + text)
        tight = block.shape is Shape.HEADING
    return "\n".join(parts) + "\n"


def unmarked(text: str) -> str:
    """`text` without the marks of `strong`."""
    return text.translate(_UNMARKED) if STRONG in text or WEAK in text else text


@lru_cache(4096)
def _plain(block: Block) -> str:
    if block.shape is Shape.PAGE:
        return block.texts[0]
    first, rest = ("- ", "  ") if block.shape is Shape.ITEMS else ("", "")
    return "\n".join(line for text in block.texts for line in wrapped(unmarked(text), first, rest))


def wrapped(text: str, first: str = "", rest: str = "") -> Iterator[str]:
    """`text` in lines of at most 76 characters, unless a single word is longer."""
    text = first + text
    while len(text) > WIDTH:
        cut = text.rfind(" ", len(rest) + 1, WIDTH + 1)
        if cut < 0 or not text[:cut].strip(" -"):
            cut = text.find(" ", WIDTH)
        if cut < 0:
            break
        yield text[:cut]
        text = rest + text[cut + 1 :]
    yield text
