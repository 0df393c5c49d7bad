"""The words of an ODT in reading order: paragraphs, tables, tracked changes and margin comments."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from crm.documents import archive, marks

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_BREAKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
MOST_SPACES = 200


@dataclass
class _Reader:
    """Deleted words by change id, comments waiting for the end of their paragraph, whether we are in an insertion."""

    deleted: dict[str, str]
    ready: list[str] = field(default_factory=list)
    inserting: bool = False


def text_of_odt(content: bytes) -> str:
    """All words, one paragraph or table row a line. Raises archive.Unreadable."""
    with archive.opened(content) as package:
        root = archive.xml(package, "content.xml")
        body = None if root is None else root.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise archive.Unreadable("no text part")
        return "\n\n".join(_blocks(body, _Reader(_deletions(body))))


def _deletions(body: Element) -> dict[str, str]:
    found = {}
    for region in body.iter(f"{_TEXT}changed-region"):
        deletion = region.find(f"{_TEXT}deletion")
        if deletion is not None:
            words = ["".join(part.itertext()) for part in deletion if part.tag in _PARAGRAPHS]
            found[region.get(f"{_TEXT}id", "")] = " ".join(words)
    return found


def _blocks(element: Element, reader: _Reader) -> Iterator[str]:
    for child in element:
        if child.tag in _PARAGRAPHS:
            yield from _paragraph(child, reader)
        elif child.tag == f"{_TABLE}table":
            yield _table(child, reader)
        elif child.tag == f"{_TEXT}change":
            yield marks.deleted(reader.deleted.get(child.get(f"{_TEXT}change-id", ""), ""))
        elif child.tag.startswith(f"{_TEXT}change-"):
            reader.inserting = child.tag.endswith("start")
        elif child.tag != f"{_TEXT}tracked-changes":
            yield from _blocks(child, reader)


def _paragraph(element: Element, reader: _Reader) -> Iterator[str]:
    line = "".join(_words(element, reader)).replace("+}{+", "")
    if line.strip():
        yield line.strip(" ")
    yield from reader.ready
    reader.ready = []


def _table(table: Element, reader: _Reader) -> str:
    rows = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells = [" ".join(" ".join(_blocks(cell, reader)).split()) for cell in row if cell.tag in _CELLS]
        if any(cells):
            rows.append("\t".join(cells))
    return "\n".join(rows)


def _words(element: Element, reader: _Reader) -> Iterator[str]:
    yield _said(element.text, reader)
    for child in element:
        yield from _inline(child, reader)
        yield _said(child.tail, reader)


def _inline(child: Element, reader: _Reader) -> Iterator[str]:
    if child.tag == f"{_TEXT}s":
        yield " " * min(int(child.get(f"{_TEXT}c", "1") or 1), MOST_SPACES)
    elif child.tag in _BREAKS:
        yield _BREAKS[child.tag]
    elif child.tag == f"{_OFFICE}annotation":
        words = " ".join("".join(part.itertext()) for part in child.iter() if part.tag in _PARAGRAPHS)
        if words.strip():
            reader.ready.append(marks.comment(words))
    elif child.tag == f"{_TEXT}change":
        yield marks.deleted(reader.deleted.get(child.get(f"{_TEXT}change-id", ""), ""))
    elif child.tag in (f"{_TEXT}change-start", f"{_TEXT}change-end"):
        reader.inserting = child.tag.endswith("start")
    else:
        yield from _words(child, reader)


def _said(text: str | None, reader: _Reader) -> str:
    return marks.inserted(text or "") if reader.inserting else text or ""
