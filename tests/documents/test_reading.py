"""What a partner's file says is read in order; a trap is not opened."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from crm.documents.reading import DOCX, ODT, PDF, XLSX, text_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
)


def a_package(**parts: str) -> bytes:
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return holder.getvalue()


def a_docx(body: str, comments: str = "", **more: str) -> bytes:
    parts = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **more}
    if comments:
        parts["word/comments.xml"] = f"<w:comments {W}>{comments}</w:comments>"
    return a_package(**parts)


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def an_odt(body: str) -> bytes:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    return a_package(**{"content.xml": f"<office:document-content {ODF}>{text}</office:document-content>"})


def a_pdf(content: bytes) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = StreamObject()
    stream.set_data(content)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = ArrayObject([stream])
    holder = io.BytesIO()
    writer.write(holder)
    return holder.getvalue()


def test_paragraphs_tables_and_headers_of_a_docx_are_read_in_order():
    table = f"<w:tbl><w:tr><w:tc>{p('7')}</w:tc><w:tc>{p('Too')}{p('vague')}</w:tc></w:tr></w:tbl>"
    header = f"<w:hdr {W}>{p('NCHR')}</w:hdr>"
    found = text_of(a_docx(p("First") + table + p("Last"), **{"word/header1.xml": header}), DOCX)
    assert found.text == "NCHR\n\nFirst\n\n7\tToo vague\n\nLast"
    assert found.readable


def test_a_cell_merged_downwards_gives_its_words_to_each_row():
    begins, goes_on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    first = f"<w:tr><w:tc>{begins}{p('7')}</w:tc><w:tc>{p('a')}</w:tc></w:tr>"
    second = f"<w:tr><w:tc>{goes_on}<w:p/></w:tc><w:tc>{p('b')}</w:tc></w:tr>"
    assert text_of(a_docx(f"<w:tbl>{first}{second}</w:tbl>"), DOCX).text == "7\ta\n7\tb"


def test_tracked_changes_and_margin_comments_of_a_docx_stand_at_their_place():
    body = (
        '<w:p><w:r><w:t xml:space="preserve">a last </w:t></w:r>'
        "<w:del><w:r><w:delText>step</w:delText></w:r></w:del><w:ins><w:r><w:t>resort</w:t></w:r></w:ins>"
        '<w:commentRangeStart w:id="1"/><w:r><w:t>, really</w:t></w:r><w:commentRangeEnd w:id="1"/>'
        '<w:r><w:commentReference w:id="1"/></w:r></w:p>' + p("Next")
    )
    comments = f'<w:comment w:id="1">{p("Why?")}</w:comment><w:comment w:id="2">{p("Lost one")}</w:comment>'
    assert text_of(a_docx(body, comments), DOCX).text == (
        "a last [-step-]{+resort+}, really\n\n[comment on “, really”: Why?]\n\nNext\n\n[comment: Lost one]"
    )


def test_paragraphs_changes_and_annotations_of_an_odt_are_read():
    body = (
        '<text:tracked-changes><text:changed-region text:id="d"><text:deletion><text:p>step</text:p></text:deletion>'
        "</text:changed-region></text:tracked-changes>"
        '<text:h>Title</text:h><text:p>a last<text:s/><text:change text:change-id="d"/><text:change-start/>resort'
        "<text:change-end/>.<office:annotation><text:p>Why?</text:p></office:annotation></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>7</text:p></table:table-cell>"
        "<table:table-cell><text:p>vague</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of(an_odt(body), ODT).text == "Title\n\na last [-step-]{+resort+}.\n\n[comment: Why?]\n\n7\tvague"


def test_rows_and_notes_of_an_xlsx_are_read_and_formulas_are_not_worked_out():
    book = Workbook()
    book.active.append(["Clause", "Comment"])
    book.active.append([7, "Too\nvague"])
    book.active["B2"].comment = Comment("A note", "x")
    book.create_sheet().append(["General", "=1+1"])
    holder = io.BytesIO()
    book.save(holder)
    found = text_of(holder.getvalue(), XLSX).text
    assert found.startswith("Clause\tComment\n7\tToo vague\n")
    assert "A note" in found
    assert "General" in found


def test_the_text_of_a_pdf_is_read_and_a_scan_is_unread_by_the_machine():
    with_words = a_pdf(b"BT /F1 12 Tf 10 100 Td (Clause seven is far too vague.) Tj ET")
    assert "Clause seven" in text_of(with_words, PDF).text
    scan = text_of(a_pdf(b"q 200 0 0 200 0 0 cm Q"), PDF)
    assert not scan.readable
    assert str(scan.reason) == "The PDF is a scan and is unread by the machine."


def test_html_loses_scripts_and_keeps_quotations_and_tables():
    source = (
        "<html><head><style>x{}</style></head><body><p>Dear <b>Sir</b>,</p><script>bad()</script>"
        "<p style='display: none'>hidden</p><blockquote><p>quoted</p></blockquote>"
        "<table><tr><td rowspan=2>7</td><td>a</td></tr><tr><td>b</td></tr></table>End&amp;</body></html>"
    )
    assert text_of(source.encode(), "text/html; charset=utf-8").text == "Dear Sir,\n\n> quoted\n\n7\ta\n7\tb\n\nEnd&\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_any_usual_encoding(encoding):
    assert text_of("شق ۷:\r\nمبہم".encode(encoding), "text/plain").text == "شق ۷:\nمبہم"


TENFOLD = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{TENFOLD}]>'


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (a_package(**{"word/document.xml": f"{ENTITIES}<x>&i;</x>"}), DOCX),
        (a_package(**{"word/document.xml": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'}), DOCX),
        (a_package(**{"word/document.xml": " " * 30_000_000}), DOCX),
        (a_package(**{"word/document.xml": "<a>" * 5000 + "</a>" * 5000}), DOCX),
        (a_package(**{"xl/workbook.xml": "0" * 30_000_000}), XLSX),
        (a_package(**{"content.xml": f"{ENTITIES}<x>&i;</x>"}), ODT),
        (a_package(**{f"part{number}": "" for number in range(2100)}), DOCX),
        (a_package(other="x"), DOCX),
        (b"PK\3\4 broken", ODT),
        (b"not a workbook", XLSX),
        (b"%PDF-1.7 broken", PDF),
        (b"", PDF),
    ],
)
def test_a_trap_or_a_broken_file_gives_no_words_and_a_reason(content, media_type):
    found = text_of(content, media_type)
    assert (found.text, found.readable) == ("", False)
    assert str(found.reason)


@pytest.mark.parametrize(
    ("media_type", "reason"),
    [
        ("image/png", "A picture is unread by the machine."),
        ("application/zip", "This kind of file is unread by the machine."),
        ("text/plain", "The file holds no words."),
    ],
)
def test_what_cannot_be_read_says_why(media_type, reason):
    assert str(text_of(b" ", media_type).reason) == reason


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([DOCX, XLSX, ODT, PDF, "text/html", "text/plain"]),
    st.sampled_from([b"", b"PK\3\4", b"%PDF-1.4\n"]),
    st.binary(max_size=300),
)
def test_no_content_breaks_the_reading(media_type, start, content):
    assert text_of(start + content, media_type).reason
