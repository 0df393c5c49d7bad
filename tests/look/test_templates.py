"""What every template promises before anyone looks: it parses, is small, says what it needs and carries no script."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from crm.blueprints.marks import SHAPES
from crm.blueprints.words import FILTERS

CRM = Path(__file__).resolve().parents[2] / "crm"
TEMPLATES = CRM / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] != "mail")
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE)
DRAWN = re.compile(r"icon\(\"(\w+)\"")
POST = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.IGNORECASE | re.DOTALL)
TOKEN = ("hidden()", "form.hidden_tag()", "csrf_token()")


def named(path: Path) -> str:
    """The template's name below templates/."""
    return path.relative_to(TEMPLATES).as_posix()


@pytest.fixture(scope="module")
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True
    )


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_template_parses_and_imports_only_what_exists(page: Path, environment: Environment) -> None:
    environment.filters.update(dict.fromkeys(FILTERS, str))
    environment.get_template(named(page))
    for name in re.findall(r"{%-? (?:from|include|extends) \"([^\"]+)\"", page.read_text(encoding="utf-8")):
        assert (TEMPLATES / name).is_file(), name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_template_is_small_and_opens_by_saying_what_it_needs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    assert text.startswith("{#-")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_template_holds_no_script_no_style_and_no_foreign_address(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not INLINE.search(text)
    assert not OUTSIDE.search(text)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_form_that_changes_something_carries_its_token(page: Path) -> None:
    for form in POST.findall(page.read_text(encoding="utf-8")):
        assert any(token in form for token in TOKEN), form[:120]


def test_every_icon_that_a_template_or_a_badge_names_is_drawn() -> None:
    drawn = set(re.findall(r"<symbol id=\"(\w+)\"", (CRM / "static" / "icons.svg").read_text(encoding="utf-8")))
    asked = {name for page in PAGES for name in DRAWN.findall(page.read_text(encoding="utf-8"))}
    assert asked | {shape for shape, _tint in SHAPES.values()} <= drawn


def test_no_text_is_raw_in_a_template() -> None:
    assert not [named(page) for page in PAGES if re.search(r"\|\s*safe\b", page.read_text(encoding="utf-8"))]
