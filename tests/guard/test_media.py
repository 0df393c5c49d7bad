"""A file is what its content says, and only what is known is shown."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.guard.media import Kind, judge
from crm.guard.packages import DOCX, ODT, XLSX

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50 + b"\xff\xd9"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def a_package(parts: dict[str, bytes], **options: int) -> bytes:
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return holder.getvalue()


def a_docx(**more: bytes) -> bytes:
    return a_package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("letter.pdf", PDF, "application/pdf"),
        ("letter.pdf", a_docx(), DOCX),
        ("sheet.xlsx", a_package({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), XLSX),
        ("text.odt", a_package({"mimetype": ODT.encode(), "content.xml": b""}), ODT),
        ("note.txt", "محترم جناب".encode(), "text/plain"),
        ("note.md", b"# Note", "text/markdown"),
        ("rows.csv", b"a,b\n", "text/csv"),
        ("note.txt", "Sir,".encode("utf-16"), "text/plain"),
        ("invite.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        ("fwd.eml", b"From: a@b.example\r\nTo: c@d.example\r\n\r\nSir", "message/rfc822"),
    ],
)
def test_the_usual_answers_are_shown(name, content, media_type):
    verdict = judge(name, content)
    assert (verdict.kind, verdict.media_type, verdict.readable) == (Kind.NORMAL, media_type, True)


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_photo_of_a_letter_is_an_answer_that_the_machine_cannot_read(content, media_type):
    verdict = judge("letter.jpg", content)
    assert (verdict.kind, verdict.media_type, verdict.readable) == (Kind.NORMAL, media_type, False)
    assert str(verdict.reason) == "A picture is unread by the machine."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"MZ\x90\0" + b"\0" * 100),
        ("letter.txt", b"\x7fELF" + b"\0" * 100),
        ("letter.pdf.exe", PDF),
        ("run.js", b"alert(1)"),
        ("run", b"#!/bin/sh\n"),
        ("letter.docm", a_docx()),
        ("letter.docx", a_docx(**{"word/vbaProject.bin": b"x"})),
        ("letter.docx", a_package({"[Content_Types].xml": b"x.macroEnabled.main+xml", "word/document.xml": b""})),
        ("letter.odt", a_package({"mimetype": ODT.encode(), "content.xml": b"", "Basic/script-lc.xml": b""})),
        ("letter.doc", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        ("letter.lnk", b"L\0\0\0\x01\x14\x02\0"),
    ],
)
def test_programs_and_macros_are_refused(name, content):
    assert judge(name, content).kind is Kind.REFUSED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"not a pdf \0\1"),
        ("letter.pdf", PDF + b"/JavaScript (x)"),
        ("letter.pdf", PDF + b"/Encrypt 5 0 R"),
        ("letter.pdf", PDF + a_docx()),
        ("photo.jpg", JPEG + a_docx()),
        ("page.html", b"<html><script>"),
        ("page.txt", b"<!DOCTYPE html>"),
        ("drawing.svg", b"<svg onload=x>"),
        ("old.doc", OLE),
        ("files.zip", a_package({"a.txt": b"a"})),
        ("files.zip", a_package({"../a.txt": b"a"})),
        ("bomb.docx", a_docx(**{"word/x.xml": b"\0" * 30_000_000})),
        ("list.docx", a_docx() + b"PK\1\2" + b"\0" * 42 + b"PK\1\2" * 10_000),
        ("many.docx", a_docx(**{f"p{number}": b"" for number in range(2100)})),
        ("broken.docx", a_docx()[:-30]),
        ("huge.png", PNG.replace(b"\0\0\1\0\0\0\1\0", b"\0\1\0\0\0\1\0\0")),
        ("empty.pdf", b""),
        ("unknown.xyz", b"\1\2\3\4"),
        ("slides.pptx", a_package({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})),
    ],
)
def test_everything_else_waits_for_a_person(name, content):
    verdict = judge(name, content)
    assert verdict.kind is Kind.HELD
    assert not verdict.readable
    assert str(verdict.reason)


@given(st.text(max_size=20), st.binary(max_size=200), st.sampled_from([b"", b"PK\3\4", b"%PDF-", b"\xff\xd8\xff"]))
def test_no_content_breaks_the_judge(name, content, start):
    assert judge(name, start + content).kind in Kind
