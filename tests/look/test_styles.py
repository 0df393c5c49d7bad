"""What our stylesheets promise: both directions from one file, nothing from outside, no name of the kit taken."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "crm" / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
PHYSICAL = re.compile(
    r"[;{\s](?:left|right|margin-left|margin-right|padding-left|padding-right|border-left|border-right)\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
)
KIT_CLASSES = ("btn", "btn-primary", "btn-sm", "btn-link", "btn-danger-quiet", "row", "htmx-request")
DRAWING_CLASS = re.compile(r"^(?:[fs]-\w+(?:-s)?|t[kiagdqp]|nofill|fit|woff2)$")


def stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("sheet", SHEETS, ids=stem)
def test_a_stylesheet_knows_no_left_and_no_right(sheet: Path) -> None:
    assert not PHYSICAL.findall(sheet.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sheet", SHEETS, ids=stem)
def test_our_class_names_are_our_own(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{}]+)\{", text))
    names = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    foreign = {name for name in names if not name.startswith("r-") and name not in KIT_CLASSES}
    assert not {name for name in foreign if not DRAWING_CLASS.match(name)}


@pytest.mark.parametrize("path", SHEETS + SCRIPTS, ids=lambda path: path.name)
def test_nothing_is_fetched_from_outside(path: Path) -> None:
    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SHEETS + SCRIPTS, ids=lambda path: path.name)
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
