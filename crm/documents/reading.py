"""One door to the words of a partner's file, whatever its kind. Nothing is run, fetched or believed."""

from crm.documents import archive, open_document, pages, plain, sheets, word
from crm.i18n import Message
from crm.ports import DocumentText

LARGEST = 35 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
PDF = "application/pdf"
HTML = frozenset({"text/html", "application/xhtml+xml"})
PACKAGES = {DOCX: word.text_of_docx, XLSX: sheets.text_of_xlsx, ODT: open_document.text_of_odt}
# The kinds that a parser takes apart, and that can be made to harm it.
PARSED = frozenset({*PACKAGES, PDF, *HTML})
# No letter is so long; what is longer is for a person, not for the detectors to search.
LONGEST_TEXT = 4_000_000
UNSAFE = Message("The file is damaged, locked or unsafe, and was not read.")


def text_of(content: bytes, media_type: str) -> DocumentText:
    """The words of `content`. A file that can't be read gives no words and a reason; nothing is raised for it."""
    if len(content) > LARGEST:
        return unread(Message("The file is larger than 35 MB and was not read."))
    try:
        return _read(content, bare_type(media_type))
    except archive.Unreadable:
        return unread(UNSAFE)


def bare_type(media_type: str) -> str:
    """A media type without parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


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
        return unread(Message("A picture is unread by the machine."))
    return unread(Message("This kind of file is unread by the machine."))


def _of_pages(found: pages.Pages) -> DocumentText:
    if found.broken:
        return unread(Message("The letters of this PDF cannot be read; please enter its text by hand."))
    if found.pages < found.all_pages:
        return unread(Message("The PDF has more pages than the machine reads."))
    if found.scanned == found.pages:
        return unread(Message("The PDF is a scan and is unread by the machine."))
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
        return unread(Message("The file holds no words."))
    if len(text) > LONGEST_TEXT:
        return unread(Message("The file holds more words than the machine reads."))
    return DocumentText(text.replace("\0", ""), readable=True, reason=Message("The words of the file were read."))


def unread(reason: Message) -> DocumentText:
    """No words, and why."""
    return DocumentText("", readable=False, reason=reason)
