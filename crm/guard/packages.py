"""ZIP-based documents looked at from outside: bombs, macros, traps in names. Only two small parts are read."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from crm.i18n import Message

MOST_PARTS = 2_000
# Entries of directories, also of documents embedded in the document.
MOST_ENTRIES = 3 * MOST_PARTS
_ENTRY = b"PK\1\2"
LARGEST_TOTAL = 300 * 1024 * 1024
LARGEST_RATIO = 150
# Small parts may be as regular as they like.
SMALL = 1024 * 1024
LONGEST_LABEL = 256
LARGEST_LIST = 1024 * 1024

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
SHOWN = frozenset({DOCX, XLSX, ODT})
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_MACRO_PARTS = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/basic/", "/scripts/")


class Unsafe(Exception):
    """The package must not be opened; the reason is fit for a person."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Package:
    """`media_type` is None for an archive that is no document."""

    media_type: str | None
    has_macros: bool


def has_directory(content: bytes) -> bool:
    """Whether a ZIP directory stands at the end of `content`, whatever its beginning."""
    return b"PK\5\6" in content[-(65_536 + 22) :]


def inspect(content: bytes) -> Package:
    """Judge by the directory. Raises Unsafe for a bomb, a locked or broken file, or a trap in a name."""
    if content.count(_ENTRY) > MOST_ENTRIES:
        # Merely listing them would take seconds and much memory.
        raise Unsafe(Message("The file unpacks to far more than it should."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check(parts, len(content))
            names = [part.filename for part in parts]
            kind = _kind(archive, names)
            return Package(kind, _has_macros(archive, names))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        raise Unsafe(Message("The file is damaged and cannot be opened.")) from error


def _check(parts: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > LARGEST_TOTAL or sum(part.compress_size for part in parts) > size:
        raise Unsafe(Message("The file unpacks to far more than it should."))
    for part in parts:
        if part.flag_bits & 1:
            raise Unsafe(Message("The file is locked with a password."))
        if part.file_size > SMALL and part.file_size > LARGEST_RATIO * max(part.compress_size, 1):
            raise Unsafe(Message("The file unpacks to far more than it should."))
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            raise Unsafe(Message("The file holds a part that is named to leave its folder."))
    if len({part.filename for part in parts}) < len(parts):
        raise Unsafe(Message("The file holds two parts of one name."))


def _kind(archive: zipfile.ZipFile, names: list[str]) -> str | None:
    if "mimetype" in names:
        with archive.open("mimetype") as label:
            declared = label.read(LONGEST_LABEL).decode("ascii", "replace").strip()
        return declared if "content.xml" in names and declared.startswith("application/vnd.oasis.") else None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for main, kind in _MAIN_PARTS.items() if main in names), None)


def _has_macros(archive: zipfile.ZipFile, names: list[str]) -> bool:
    if any(mark in f"/{name.lower()}" for name in names for mark in _MACRO_PARTS):
        return True
    if "[Content_Types].xml" not in names:
        return False
    with archive.open("[Content_Types].xml") as types:
        return b"macroenabled" in types.read(LARGEST_LIST).lower()
