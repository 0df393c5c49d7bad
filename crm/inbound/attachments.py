"""What came along: name for display only, media type by content, the bytes, and whether it is more than decoration."""

import hashlib
import re
from dataclasses import dataclass

import puremagic

from crm.guard.filenames import NAMELESS, display_name
from crm.guard.media import BINARY, MARKUP, OLE, is_text
from crm.inbound.parts import Leaf

DECORATION_OCTETS = 20 * 1024
_OFFICE = (
    ("word/", "wordprocessingml.document"),
    ("xl/", "spreadsheetml.sheet"),
    ("ppt/", "presentationml.presentation"),
)
_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"#!", "text/x-script"),
)


@dataclass(frozen=True)
class Attachment:
    """One file of a mail. `inline`: shown within the text; `decoration`: a small inline picture such as a logo."""

    name: str
    media_type: str
    declared_type: str
    content: bytes
    inline: bool
    content_id: str
    sha256: str

    @property
    def decoration(self) -> bool:
        """Whether it is a small picture of a signature: hidden on screen, kept all the same."""
        return self.inline and self.media_type.startswith("image/") and len(self.content) < DECORATION_OCTETS


def attachment_of(leaf: Leaf, number: int) -> Attachment:
    """The attachment that a leaf is. `number` names it where it has no name."""
    media_type = media_type_of(leaf.content, leaf.media_type)
    inline = leaf.disposition == "inline" or (bool(leaf.content_id) and leaf.disposition != "attachment")
    name = display_name(leaf.name)
    if name == NAMELESS:
        name = f"attachment-{number}{_extension(media_type)}"
    return Attachment(
        name,
        media_type,
        leaf.media_type,
        leaf.content,
        inline,
        leaf.content_id,
        hashlib.sha256(leaf.content).hexdigest(),
    )


def _extension(media_type: str) -> str:
    return {
        "application/pdf": ".pdf",
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "text/plain": ".txt",
        "text/html": ".html",
        "message/rfc822": ".eml",
        "text/calendar": ".ics",
    }.get(media_type, ".bin")


def media_type_of(content: bytes, declared: str) -> str:
    """The type the bytes themselves show; the declared one only for plain text and for an enclosed mail."""
    if declared.startswith("message/"):
        return declared
    if not content:
        return BINARY
    sign = next((kind for start, kind in _SIGNS if content.startswith(start)), "")
    if sign:
        return sign
    if content.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    if content.startswith(OLE):
        return _ole_type(content)
    if MARKUP.match(content[:512]):
        return "image/svg+xml" if b"<svg" in content[:2048].lower() else "text/html"
    return _by_library(content) or (_text_type(declared) if is_text(content) else BINARY)


def _text_type(declared: str) -> str:
    return declared if declared in {"text/plain", "text/csv", "text/calendar", "text/markdown"} else "text/plain"


def _zip_type(content: bytes) -> str:
    head = content[:4096] + content[-65536:]
    for folder, kind in _OFFICE:
        if folder.encode() in head:
            macro = b"vbaProject.bin" in head
            return (
                f"application/vnd.openxmlformats-officedocument.{kind}"
                if not macro
                else "application/vnd.ms-office.macro"
            )
    hit = re.match(rb"^.{30}mimetype(application/vnd\.oasis\.opendocument\.[a-z]+)", content[:200], re.S)
    return hit[1].decode() if hit else "application/zip"


def _ole_type(content: bytes) -> str:
    names = {
        "WordDocument": "application/msword",
        "Workbook": "application/vnd.ms-excel",
        "PowerPoint Document": "application/vnd.ms-powerpoint",
        "__substg1.0_": "application/vnd.ms-outlook",
    }
    found = (kind for name, kind in names.items() if name.encode("utf-16-le") in content)
    return next(found, "application/x-ole-storage")


def _by_library(content: bytes) -> str:
    if is_text(content):
        return ""
    try:
        found = puremagic.magic_string(content[:16384])
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    sure = [one for one in found if one.confidence >= 0.4 and one.mime_type]
    return str(sure[0].mime_type) if sure else ""
