"""The words of a PDF: text of each page, then its annotations. Pictures of text are not read."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from crm.documents import archive, marks

MOST_PAGES = 300
# A page with fewer letters than this is a picture, a stamp or a page number.
FEWEST_LETTERS = 15


@dataclass(frozen=True)
class Pages:
    """`scanned` pages have no words; `broken` text came out as signs of no script. `pages` of `all_pages` were read."""

    text: str
    pages: int
    scanned: int
    broken: bool
    all_pages: int


def text_of_pdf(content: bytes) -> Pages:
    """All pages up to a limit. Raises archive.Unreadable for a locked or damaged file."""
    # Loading its codecs takes a tenth of a second that only a reader of PDFs should pay.
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise archive.Unreadable("locked")
        texts, all_pages = [_page(page) for page in reader.pages[:MOST_PAGES]], len(reader.pages)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError, RecursionError,
            NotImplementedError, AssertionError, OverflowError) as error:  # fmt: skip
        # pypdf raises nearly anything on a damaged file; one bad file must not stop the post.
        raise archive.Unreadable("broken PDF") from error
    text = "\n\n".join(texts)
    scanned = sum(1 for page in texts if _letters(page) < FEWEST_LETTERS)
    return Pages(text, len(texts), scanned, _is_broken(text), all_pages)


def _page(page: object) -> str:
    text = re.sub(r"[ \t]+\n", "\n", page.extract_text() or "")  # type: ignore[attr-defined]
    return "\n\n".join([text.strip(), *_annotations(page)])


def _annotations(page: object) -> Iterator[str]:
    for entry in page.get("/Annots") or []:  # type: ignore[attr-defined]
        words = str(entry.get_object().get("/Contents") or "").strip()
        if words and entry.get_object().get("/Subtype") not in ("/Link", "/Widget", "/Popup"):
            yield marks.comment(words)


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _is_broken(text: str) -> bool:
    """Urdu set in old fonts comes out as private or replacement signs: garbage is worse than nothing."""
    odd = sum(
        unicodedata.category(character) in ("Co", "Cn", "Cc", "So") for character in text if not character.isspace()
    )
    return odd > 0.1 * max(1, _letters(text))
