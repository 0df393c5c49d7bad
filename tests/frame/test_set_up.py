"""What a fresh clone relies on: locks that name nobody's server, assets as listed, needs that are said in words."""

import json
import re
from pathlib import Path

import pytest

from tools import assets, catalogues, sizes, system

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json", ROOT / ".npmrc"], ids=lambda path: path.name)
def test_no_lock_names_a_host(lock: Path) -> None:
    assert not re.search(r"https?:|index-url|find-links|registry=", lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_and_proved_by_a_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_every_browser_package_is_pinned_and_proved_by_a_digest() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_assets_that_lie_there_are_those_of_the_manifest() -> None:
    assert assets.wrong() == []


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"a{}\n/*# sourceMappingURL=a.css.map */\n", b"a{}\n"),
        (b"f()\n//# sourceMappingURL=f.js.map", b"f()\n"),
        (b"a{}", b"a{}"),
    ],
)
def test_no_asset_sends_a_browser_after_a_source_map(content: bytes, kept: bytes) -> None:
    assert assets.without_source_map(content) == kept


def test_a_machine_that_lacks_something_is_told_exactly_what_to_install() -> None:
    need = system.Need("letters on paper", "a-package-that-is-not-there", lambda: False)

    sentence = system.refusal([need], "no network")

    assert "letters on paper" in sentence
    assert "sudo apt-get install a-package-that-is-not-there" in sentence
    assert "no network" in sentence


def test_a_machine_that_lacks_nothing_is_left_alone() -> None:
    said: list[str] = []

    system.provide([system.Need("anything", "anything", lambda: True)], said.append)

    assert said == []


def test_marked_sentences_are_found_in_code_with_their_plurals() -> None:
    module = catalogues.ROOT / "crm" / "i18n.py"
    source = 'a = Message("One file", "%(count)s files", count=n)\nb = _("Send")\nc = Message(text)\nd = other("No")\n'

    found = list(catalogues.in_source(source, module))

    assert [(words.text, words.plural) for words in found] == [("One file", "%(count)s files"), ("Send", None)]


@pytest.mark.parametrize(
    ("sentence", "urdu", "fault"),
    [
        ("Sent to %(who)s", "بھیجا: %(who)s", ""),
        ("Sent to %(who)s", "", "untranslated"),
        ("Sent to %(who)s", "بھیجا", "leaves out who"),
        ("Sent", "بھیجا %(who)s", "names a place that the sentence lacks: who"),
    ],
)
def test_a_translation_must_say_what_the_sentence_says(sentence: str, urdu: str, fault: str) -> None:
    assert catalogues.trouble(catalogues.Message(sentence), catalogues.Message(sentence, urdu)) == fault


def test_a_function_that_has_outgrown_the_house_is_found() -> None:
    lines = "\n".join(f"    x{number} = {number}" for number in range(30))
    source = f'def long() -> None:\n    """Docstrings do not count."""\n{lines}\n\n\ndef short() -> None:\n    y = 1\n'

    assert [name for name, _line, _length in sizes.long_functions(source)] == ["long"]
