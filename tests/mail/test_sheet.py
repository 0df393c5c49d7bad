"""The letter on paper, as HTML and as the PDF that the press makes of it."""

from base64 import b64decode, b64encode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from crm.adapters.press import FetchRefused, WeasyPress
from crm.mail.render import render
from tests.mail.letters import EVERY, HEAD, PAGE, THROUGH, a_letter

PRESS = WeasyPress(Path(__file__).parents[2] / "crm" / "static" / "vendor" / "fonts")

DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def sheet(**values):
    page = render(a_letter("consultations/request", with_pdf=True, **values), HEAD).pdf_html
    assert page is not None
    return page


def shown(page: str) -> str:
    spaced = page.replace("<br>", " ").replace("</p>", " ").replace("</li>", " ")
    return " ".join(html.fromstring(spaced).body.text_content().split())


def test_only_a_letter_that_goes_on_paper_has_a_sheet():
    assert render(EVERY["consultations/courtesy"], HEAD).pdf_html is None


def test_the_sheet_has_letterhead_number_date_addressee_subject_and_signature():
    words = shown(sheet())
    for part in ("Government of Pakistan National Police Bureau", "No.1(5)/2026-JJCPU", "Dispatch no. 2026/1164",
                 "Dated Tue 1 Dec 2026", "To: Secretary National Commission", "Subject: Views on the draft SOP",
                 "Dear Secretary,", "Director Juvenile Justice"):  # fmt: skip
        assert part in words
    assert "[R1-0034]" not in words


def test_paragraphs_are_numbered_from_the_second():
    words = shown(sheet())
    assert "Dear Secretary, The views of your office" in words
    assert "2.It would help" in words
    assert "3.The reply may kindly be sent to" in words


def test_through_attention_and_copies_stand_where_an_office_looks_for_them():
    words = shown(sheet(addressee=THROUGH))
    assert "Islamabad Through: Ministry of Human Rights Attention: Member (Law) Subject:" in words
    assert words.endswith(
        "Copy to Joint Secretary (Police), Ministry of Interior Director General, National Police Bureau"
    )


def test_the_grade_is_marked_at_the_top_and_the_bottom_and_an_open_letter_bears_none():
    assert '@top-center { content: "RESTRICTED" } @bottom-center { content: "RESTRICTED" }' in sheet(grade="restricted")
    assert 'content: "' not in sheet(grade="open").replace('content: counter(page) " / "', "")


def test_the_priority_is_marked():
    assert "IMMEDIATE" in shown(sheet(priority="immediate"))
    assert "IMMEDIATE" not in shown(sheet())


def test_the_square_code_leads_to_the_private_page_and_has_a_caption():
    page = sheet()
    assert html.fromstring(page).xpath("//*[local-name()='svg']/@class") == ["square"]
    assert PAGE in shown(page)
    assert "Kindly do not pass it on." in shown(page)


def test_without_a_page_there_is_no_code():
    letter = a_letter(
        "meetings/cancelled", with_pdf=True, meeting=EVERY["meetings/cancelled"].context["meeting"], page=""
    )
    assert "<svg" not in str(render(letter, HEAD).pdf_html)


def test_an_urdu_sheet_runs_from_the_right():
    page = sheet(language="ur")
    assert '<html lang="ur" dir="rtl">' in page
    assert "حکومتِ پاکستان" in page
    assert "<bdi>+92 51 000 0000" in page


def test_a_scanned_signature_stands_above_the_post():
    letter = a_letter("consultations/request", with_pdf=True)
    signed = html.fromstring(str(render(letter, replace(HEAD, signature=DOT)).pdf_html))
    assert signed.xpath("//div[@class='signature']/img/@src") == [f"data:image/png;base64,{b64encode(DOT).decode()}"]


@pytest.mark.slow
def test_the_press_prints_a_scanned_signature():
    letter = a_letter("consultations/request", with_pdf=True)
    page = str(render(letter, replace(HEAD, signature=DOT)).pdf_html)
    assert len(PdfReader(BytesIO(PRESS.pdf(page))).pages[0].images) == 1


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_press_prints_a_letter_on_one_page(language):
    pages = PdfReader(BytesIO(PRESS.pdf(sheet(language=language)))).pages
    assert len(pages) == 1
    assert "No.1(5)/2026-JJCPU" in pages[0].extract_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://127.0.0.1:1/x.png", "https://evil.test/x", "data:text/css,p{}",
     "data:image/svg+xml,<svg/>",
     "font:../../../etc/hostname", "font:x.woff2", "ftp://evil.test/"],
)  # fmt: skip
def test_the_press_fetches_nothing_but_its_fonts(address):
    with pytest.raises(FetchRefused):
        PRESS.fetcher.fetch(address)
    page = (
        f'<link rel="stylesheet" href="{address}"><img src="{address}"><p style="background: url({address})">Hall</p>'
    )
    assert "Hall" in PdfReader(BytesIO(PRESS.pdf(page))).pages[0].extract_text()
