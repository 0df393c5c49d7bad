"""One door to the words of a partner's file, whatever its kind. Nothing is run, fetched or believed."""

from dataclasses import dataclass

from crm.documents import archive, open_document, pages, plain, sheets, word
from crm.i18n import Message

LARGEST = 35 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
PDF = "application/pdf"
HTML = frozenset({"text/html", "application/xhtml+xml"})
PACKAGES = {DOCX: word.text_of_docx, XLSX: sheets.text_of_xlsx, ODT: open_document.text_of_odt}


@dataclass(frozen=True)
class DocumentText:
    """The words of a file. `readable` is False where the machine could not read all of it; `reason` says why."""

    text: str
    readable: bool
    reason: Message


def text_of(content: bytes, media_type: str) -> DocumentText:
    """The words of `content`. A file that can't be read gives no words and a reason; nothing is raised for it."""
    if len(content) > LARGEST:
        return _unread(Message("The file is larger than 35 MB and was not read."))
    try:
        return _read(content, media_type.partition(";")[0].strip().lower())
    except archive.Unreadable:
        return _unread(Message("The file is damaged, locked or unsafe, and was not read."))


def _read(content: bytes, media_type: str) -> DocumentText:
    if media_type in PACKAGES:
        return _whole(PACKAGES[media_type](content))
    if media_type == PDF:
        return _of_pages(pages.text_of_pdf(content))
    if media_type in HTML:
        return _whole(plain.text_of_html(plain.decoded(content)))
    if media_type.startswith("text/"):
        return _whole(plain.decoded(content))
    if media_type.startswith("image/"):
        return _unread(Message("A picture is unread by the machine."))
    return _unread(Message("This kind of file is unread by the machine."))


def _of_pages(found: pages.Pages) -> DocumentText:
    if found.broken:
        return _unread(Message("The letters of this PDF cannot be read; please enter its text by hand."))
    if found.scanned == found.pages:
        return _unread(Message("The PDF is a scan and is unread by the machine."))
    if found.scanned:
        reason = Message(
            "One page of the PDF is a scan and is unread by the machine.",
            plural="%(count)s pages of the PDF are scans and are unread by the machine.",
            count=found.scanned,
        )
        return DocumentText(found.text, readable=False, reason=reason)
    return _whole(found.text)


def _whole(text: str) -> DocumentText:
    if not text.strip():
        return _unread(Message("The file holds no words."))
    return DocumentText(text.replace("\0", ""), readable=True, reason=Message("The words of the file were read."))


def _unread(reason: Message) -> DocumentText:
    return DocumentText("", readable=False, reason=reason)
