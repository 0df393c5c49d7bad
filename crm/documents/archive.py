"""Bounded reading from ZIP-based documents: a part that unpacks to more than it may is not read at all."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST_PART = 24 * 1024 * 1024
MOST_PARTS = 2_000
DEEPEST = 200


class Unreadable(Exception):
    """The document is damaged, locked or a trap."""


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive in `content`. Raises Unreadable whatever goes wrong inside the block."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise Unreadable("too many parts")
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable("broken archive") from error


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one part, or None where there is none. Raises Unreadable over the limit."""
    if name not in archive.namelist():
        return None
    with archive.open(name) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unreadable("part too large")
    return content


def xml(archive: zipfile.ZipFile, name: str) -> Element | None:
    """One part as XML, without entities or external references. Raises Unreadable where it is no good."""
    content = part(archive, name)
    if content is None:
        return None
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise Unreadable("broken XML") from error
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > DEEPEST:
            raise Unreadable("nested too deep")
