"""The HTML twin: the same words, small, escaped, one button, nothing to fetch."""

import re

import pytest
from lxml import html

from crm.mail.blocks import blocks
from crm.mail.inline import words
from crm.mail.render import render
from crm.mail.twin import twin
from tests.mail.letters import ASK as AN_ASK
from tests.mail.letters import EVERY, HEAD, PAGE, a_letter


@pytest.mark.parametrize("name", EVERY)
def test_the_twin_says_what_the_text_says(name):
    said = render(EVERY[name], HEAD)
    shown = html.fromstring(said.html).body.text_content().replace("Open your page", PAGE)
    assert re.sub(r"\s|^- ", "", shown) == re.sub(r"\s", "", re.sub(r"(?m)^- ", "", said.text))


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("name", EVERY)
def test_the_twin_is_small_and_fetches_nothing(name, language):
    page = render(EVERY[name].in_language(language), HEAD).html
    assert len(page.encode()) < 6500
    tree = html.fromstring(page)
    assert not tree.xpath("//img | //script | //link | //iframe | //form | //*[@src]")
    assert "url(" not in page


@pytest.mark.parametrize("name", ["consultations/request", "consultations/reminder.3", "meetings/invitation"])
def test_the_private_page_is_one_button(name):
    tree = html.fromstring(render(EVERY[name], HEAD).html)
    assert [link.get("href") for link in tree.xpath("//a[contains(@style, 'background')]")] == [PAGE]


def test_an_urdu_twin_runs_from_the_right_in_nastaliq_with_latin_set_apart():
    page = render(a_letter("consultations/request", language="ur"), HEAD).html
    assert '<html lang="ur" dir="rtl">' in page
    assert "Noto Nastaliq Urdu" in page
    assert "line-height:2.15" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("حوالہ No.1(5)/2026-JJCPU۔", "حوالہ <bdi>No.1(5)/2026-JJCPU</bdi>۔"),
        ("منگل، 22 دسمبر 2026", "منگل، <bdi>22</bdi> دسمبر <bdi>2026</bdi>"),
        ("شق 8، 10۔ (Reply) <b>", "شق <bdi>8</bdi>، <bdi>10</bdi>۔ (<bdi>Reply</bdi>) &lt;<bdi>b</bdi>&gt;"),
        ("فون +92 51 000 0000", "فون <bdi>+92 51 000 0000</bdi>"),
        ("Secretary (Police), Islamabad (تاریخ)", "<bdi>Secretary (Police), Islamabad</bdi> (تاریخ)"),
        ("clauses 8, 10 and 20-21۔", "<bdi>clauses 8, 10 and 20-21</bdi>۔"),
    ],
)
def test_latin_among_urdu_is_set_apart(text, shown):
    assert words(text, right_to_left=True) == shown


def test_values_cannot_become_markup():
    hostile = AN_ASK | {"title": '<script>alert(1)</script> \x02& "quotes" \'x\' https://a.example/?a=1&b="2"'}
    letter = a_letter("consultations/request", with_pdf=True)
    letter.context["ask"] = hostile
    said = render(letter, HEAD)
    assert said.pdf_html is not None
    for page in (said.html, said.pdf_html):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_a_page_that_is_not_on_the_web_becomes_no_link():
    assert "<a " not in twin(blocks("> javascript:alert(1) Open your page\n"), "Subject", "en")
