"""The text of a letter as blocks, from which the plain text, the HTML twin and the PDF sheet are all made.

A letter template writes one mark at the start of a line: nothing for a paragraph (lines are joined until an empty
one), `- ` an item, `| ` a line kept as it is, `# ` a small heading, `! ` a warning, `> URL label` the private page,
and `~~~` alone, after which everything is the foot of the letter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

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
    for shape, texts in _runs(source):
        if texts == [FOOT]:
            in_foot = True
        elif shape is Shape.PAGE:
            address, _, label = texts[0].partition(" ")
            found.append(Block(shape, (address, label), in_foot))
        else:
            found.append(Block(shape, tuple(texts) if shape in _MANY else (" ".join(texts),), in_foot))
    return found


def _runs(source: str) -> Iterator[tuple[Shape, list[str]]]:
    """Lines that belong together, without their marks."""
    run: list[str] = []
    last = Shape.PARAGRAPH
    for line in [*source.split("\n"), ""]:
        text = line.strip()
        shape = _MARKS.get(text[:1], Shape.PARAGRAPH) if text[1:2] == " " else Shape.PARAGRAPH
        together = text and text != FOOT and shape is last and shape not in (Shape.PAGE, Shape.HEADING)
        if run and not (together and run != [FOOT]):
            yield last, run
            run = []
        if text:
            run.append(text[2:].strip() if shape else text)
        last = shape


def plain(letter: Iterable[Block]) -> str:
    """The letter as plain text, wrapped at 76 characters; an address of a page is never broken."""
    parts: list[str] = []
    tight = False
    for block in letter:
        text = "\n".join(_plain_lines(block))
        parts.append(text if not parts or tight else "\n" + text)
        tight = block.shape is Shape.HEADING
    return "\n".join(parts) + "\n"


def unmarked(text: str) -> str:
    """`text` without the marks of `strong`."""
    return text.translate(_UNMARKED) if STRONG in text or WEAK in text else text


def _plain_lines(block: Block) -> Iterator[str]:
    if block.shape is Shape.PAGE:
        return iter((block.texts[0],))
    first, rest = ("- ", "  ") if block.shape is Shape.ITEMS else ("", "")
    return (line for text in block.texts for line in wrapped(unmarked(text), first, rest))


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
