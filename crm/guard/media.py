"""What a file really is, by content and structure: shown at once, held for a look, or refused."""

import re
from dataclasses import dataclass
from enum import StrEnum

from crm.guard import packages
from crm.guard.filenames import ending
from crm.i18n import Message

LARGEST = 35 * 1024 * 1024
MOST_PIXELS = 100_000_000
BINARY = "application/octet-stream"
PDF = "application/pdf"

_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa",
             b"L\0\0\0\x01\x14\x02\0", b"MSCF", b"\0asm")  # fmt: skip
_PROGRAM_ENDINGS = (
    ".exe .com .scr .pif .bat .cmd .js .jse .vbs .vbe .wsf .wsh .ps1 .psm1 .hta .jar .msi .msp .dll .cpl .lnk .reg .url"
    " .scf .inf .chm .apk .app .sh .docm .dotm .xlsm .xltm .xlam .xlsb .pptm .potm .ppam .ppsm .iso .img .vhd "
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"), b"Attribut\x00e VB_")
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<body|<script|<svg|<\?xml|<!--)", re.I)
_MAIL_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9\-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")


class Kind(StrEnum):
    """What happens to the file."""

    NORMAL = "normal"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """`readable` is False for what the machine cannot read, such as a scan: an officer looks at it first."""

    kind: Kind
    media_type: str
    reason: Message
    readable: bool = True


def judge(name: str, content: bytes) -> Verdict:
    """Decide by the content; the name can only make it worse. Accepted is what is known, never what is 'not bad'."""
    suffix = ending(name)
    if _is_program(content) or (suffix and f"{suffix} " in _PROGRAM_ENDINGS):
        return _refused(Message("The file is a program, or a document that can run one."))
    if not content:
        return _held(BINARY, Message("The file is empty."))
    if len(content) > LARGEST:
        return _held(BINARY, Message("The file is larger than 35 MB."))
    for judge_kind in (_pdf, _package, _image, _legacy, _text):
        verdict = judge_kind(suffix, content)
        if verdict is not None:
            return verdict
    return _held(BINARY, Message("The kind of file is not known."))


def _is_program(content: bytes) -> bool:
    return content.startswith(b"#!") or (content.startswith(_PROGRAMS) and not is_text(content))


def _pdf(suffix: str, content: bytes) -> Verdict | None:
    if not content.startswith(b"%PDF-"):
        return None
    if packages.has_directory(content):
        return _held(PDF, Message("The file is two kinds of file at once."))
    if re.search(rb"/Encrypt\b", content):
        return _held(PDF, Message("The file is locked with a password."))
    if _PDF_ACTIVE.search(content):
        return _held(PDF, Message("The PDF holds a script, a form or another file."))
    return _normal(PDF)


def _package(suffix: str, content: bytes) -> Verdict | None:
    if not content.startswith((b"PK\3\4", b"PK\5\6")):
        return None
    try:
        package = packages.inspect(content)
    except packages.Unsafe as unsafe:
        return _held("application/zip", unsafe.reason)
    if package.has_macros:
        return _refused(Message("The document holds macros."))
    if package.media_type is None:
        return _held("application/zip", Message("The file is an archive; its contents are listed, not opened."))
    if package.media_type not in packages.SHOWN:
        return _held(package.media_type, Message("Not shown before a person has looked at it."))
    return _normal(package.media_type)


def _image(suffix: str, content: bytes) -> Verdict | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
        media_type, sound = "image/png", 0 < width * height <= MOST_PIXELS and b"IEND" in content[-64:]
    elif content.startswith(b"\xff\xd8\xff"):
        media_type, sound = "image/jpeg", b"\xff\xd9" in content[-4096:]
    else:
        return None
    if not sound or packages.has_directory(content):
        return _held(media_type, Message("The picture is damaged or is more than a picture."))
    return Verdict(Kind.NORMAL, media_type, Message("A picture is unread by the machine."), readable=False)


def _legacy(suffix: str, content: bytes) -> Verdict | None:
    if not content.startswith(OLE):
        return None
    if any(mark in content for mark in _OLE_MACROS):
        return _refused(Message("The document holds macros."))
    return _held("application/x-ole-storage", Message("An old or locked Office document: please send DOCX or PDF."))


def _text(suffix: str, content: bytes) -> Verdict | None:
    if not is_text(content):
        return None
    start = content.removeprefix(b"\xef\xbb\xbf")[:4096]
    if MARKUP.match(start) or suffix in (".htm", ".html", ".xhtml", ".svg", ".xml"):
        return _held("text/html", Message("A web page is not shown before a person has looked at it."))
    if start.startswith(b"{\\rtf"):
        return _held("application/rtf", Message("Not shown before a person has looked at it."))
    if start.lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
        return _normal("text/calendar")
    if suffix == ".eml" and _MAIL_HEADER.match(start.replace(b"\r\n", b"\n")):
        return _normal("message/rfc822")
    return _normal({".csv": "text/csv", ".md": "text/markdown"}.get(suffix, "text/plain"))


def is_text(content: bytes) -> bool:
    """Whether `content` is text throughout: UTF-16 with its mark, or octets without control characters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return "\0" not in content.decode("utf-16")
        except UnicodeDecodeError:
            return False
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", content)


def _normal(media_type: str) -> Verdict:
    return Verdict(Kind.NORMAL, media_type, Message("The file is of a kind that is shown."))


def _held(media_type: str, reason: Message) -> Verdict:
    return Verdict(Kind.HELD, media_type, reason, readable=False)


def _refused(reason: Message) -> Verdict:
    return Verdict(Kind.REFUSED, BINARY, reason, readable=False)
