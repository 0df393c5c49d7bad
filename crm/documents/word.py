"""The words of a DOCX in reading order: paragraphs, tables, headers, notes, tracked changes and margin comments."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from crm.documents import archive, marks

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SKIPPED = frozenset(
    {f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}tblPr", f"{_W}sectPr", f"{_W}del", f"{_W}moveFrom"}
)
_STRUCK = frozenset({f"{_W}del", f"{_W}moveFrom"})
_PUT_IN = frozenset({f"{_W}ins", f"{_W}moveTo"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MOST_COLUMNS = 60
_EXTRAS = re.compile(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml")


@dataclass
class _Reader:
    """Comments not yet placed, and the words under each open comment range."""

    comments: dict[str, str]
    open: dict[str, list[str]] = field(default_factory=dict)
    ready: list[str] = field(default_factory=list)


def text_of_docx(content: bytes) -> str:
    """All words, one paragraph or table row a line; cells are parted by tabs. Raises archive.Unreadable."""
    with archive.opened(content) as package:
        document = archive.xml(package, "word/document.xml")
        if document is None:
            raise archive.Unreadable("no document part")
        reader = _Reader(_comments(package))
        lines = [line for body in document for line in _blocks(body, reader)]
        # A comment whose place is not in the text still must not be lost.
        lines += [marks.comment(words) for words in reader.comments.values()]
        return "\n\n".join(
            [
                *_extras(package, "header"),
                *_extras(package, "footer"),
                *lines,
                *_extras(package, "footnotes"),
                *_extras(package, "endnotes"),
            ]
        )


def _comments(package: zipfile.ZipFile) -> dict[str, str]:
    root = archive.xml(package, "word/comments.xml")
    found = {} if root is None else {one.get(f"{_W}id", ""): _plain(one) for one in root.iter(f"{_W}comment")}
    return {number: words for number, words in found.items() if words}


def _extras(package: zipfile.ZipFile, start: str) -> list[str]:
    names = [name for name in package.namelist() if _EXTRAS.fullmatch(name) and name.startswith(f"word/{start}")]
    roots = [archive.xml(package, name) for name in names]
    return [words for root in roots if root is not None and (words := _plain(root))]


def _plain(root: Element) -> str:
    lines = ("".join(_words(paragraph, _Reader({}))).strip() for paragraph in root.iter(f"{_W}p"))
    return " ".join(line for line in lines if line)


def _blocks(element: Element, reader: _Reader) -> Iterator[str]:
    """Paragraphs and table rows below `element`; the comments of each follow it."""
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, reader)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, reader)
        elif child.tag not in _SKIPPED:
            yield from _blocks(child, reader)


def _paragraph(element: Element, reader: _Reader) -> Iterator[str]:
    line = _joined_marks("".join(_words(element, reader)))
    if line.strip():
        yield line.strip(" ")
    yield from reader.ready
    reader.ready = []


def _table(element: Element, reader: _Reader) -> Iterator[str]:
    """One line a row; a cell merged downwards gives its words to each row, one merged sideways leaves gaps."""
    rows: list[str] = []
    above: list[str] = []
    for row in element.iter(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{_W}tc"):
            words = " ".join(" ".join(_blocks(cell, reader)).split())
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(f"{_W}val") != "restart" and not words and len(cells) < len(above):
                words = above[len(cells)]
            cells += [words, *[""] * (_columns(cell) - 1)]
        above = cells
        if any(cells):
            rows.append("\t".join(cells))
    yield "\n".join(rows)


def _columns(cell: Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val", "1") if span is not None else "1"
    return max(1, min(int(value), MOST_COLUMNS)) if value.isascii() and value.isdigit() else 1


def _words(element: Element, reader: _Reader) -> Iterator[str]:
    for child in element:
        if child.tag in _STRUCK:
            yield marks.deleted("".join(text.text or "" for text in child.iter(f"{_W}delText")) or _all_text(child))
        elif child.tag in _PUT_IN:
            yield from _put_in(child, reader)
        elif child.tag == f"{_W}t":
            yield _said(child.text or "", reader)
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag.startswith(f"{_W}comment"):
            _comment_mark(child, reader)
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK:
            yield from _words(child, reader)


def _put_in(element: Element, reader: _Reader) -> Iterator[str]:
    """Words put in; what another author struck out within them was never there and is shown struck out only."""
    for child in element:
        if child.tag in _STRUCK:
            yield marks.deleted(_all_text(child))
        elif child.tag.startswith(f"{_W}comment"):
            _comment_mark(child, reader)
        else:
            wrapper = Element("run")
            wrapper.append(child)
            yield marks.inserted("".join(_words(wrapper, reader)))


def _all_text(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter() if text.tag in (f"{_W}t", f"{_W}delText"))


def _said(text: str, reader: _Reader) -> str:
    for words in reader.open.values():
        words.append(text)
    return text


def _comment_mark(element: Element, reader: _Reader) -> None:
    number = element.get(f"{_W}id", "")
    if element.tag == f"{_W}commentRangeStart":
        reader.open[number] = []
    elif number in reader.comments:
        anchor = "".join(reader.open.pop(number, []))
        reader.ready.append(marks.comment(reader.comments.pop(number), anchor))


def _joined_marks(line: str) -> str:
    """Neighbouring changes of one kind as one change: Word cuts runs wherever it likes."""
    return line.replace("+}{+", "").replace("-][-", "")
