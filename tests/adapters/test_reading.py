"""A file that is a trap ends the process that reads it, and nothing else."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from crm.adapters import parsers
from crm.adapters.reading import ChildReader, packed, unpacked
from crm.documents.reading import DOCX, PDF, UNSAFE, text_of
from crm.i18n import Message
from crm.ports import DocumentText

pytestmark = pytest.mark.slow

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def a_docx(body: str) -> bytes:
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return holder.getvalue()


LETTER = a_docx("<w:p><w:r><w:t>Clause 7: شق</w:t></w:r></w:p>")
# Two million elements in 12 MB of text and 40 kB of archive: as objects they take far more than they may.
BOMB = a_docx("<w:p/>" * 2_000_000)


@pytest.fixture
def reader() -> Iterator[ChildReader]:
    opened = ChildReader()
    yield opened
    opened.close()


def test_the_words_come_back_as_they_were_read(reader: ChildReader) -> None:
    assert reader.text_of(LETTER, DOCX) == text_of(LETTER, DOCX)
    assert reader.text_of(b"%PDF-1.4 broken", PDF) == text_of(b"%PDF-1.4 broken", PDF)
    assert reader.text_of("شق ۷".encode(), "text/plain; charset=utf-8").text == "شق ۷"


def test_a_bomb_is_unread_and_the_next_file_is_read() -> None:
    reader = ChildReader(memory=96 * 1024 * 1024)
    found = reader.text_of(BOMB, DOCX)
    assert (found.text, found.readable, found.reason) == ("", False, UNSAFE)
    assert reader.text_of(LETTER, DOCX).readable
    reader.close()


def test_a_file_that_toils_too_long_is_unread_and_the_next_is_read() -> None:
    reader = ChildReader(memory=8 * 1024 * 1024 * 1024, cpu_seconds=0)
    assert not reader.text_of(BOMB, DOCX).readable
    assert reader.text_of(LETTER, DOCX).readable
    reader.close()


def test_a_parser_that_only_waits_is_not_waited_for() -> None:
    reader = ChildReader(patience_seconds=0)
    assert not reader.text_of(LETTER, DOCX).readable
    reader.close()


def test_a_closed_reader_opens_again(reader: ChildReader) -> None:
    assert reader.text_of(LETTER, DOCX).readable
    reader.close()
    assert reader.text_of(LETTER, DOCX).readable


@pytest.mark.parametrize("event", ["socket.connect", "subprocess.Popen", "os.system", "os.fork", "os.exec"])
def test_a_parser_reaches_no_network_and_no_program(event: str) -> None:
    with pytest.raises(parsers.NotHere):
        parsers.refuse(event, ())


def test_a_parser_may_open_what_it_needs() -> None:
    parsers.refuse("open", ("codec.py", "r", 0))


def test_a_reason_in_the_plural_finds_its_way_back() -> None:
    found = DocumentText("a\0b", readable=False, reason=Message("One page.", plural="%(count)s pages.", count=3))
    assert unpacked(packed(found)) == found
