"""Gathers the words for people from code and templates, and proves that each has its Urdu.

`catalogues.py` checks, `catalogues.py --update` first writes new words into the catalogue and drops those of no use.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, TemplateSyntaxError
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "crm"
LANGUAGE = "ur"
CATALOGUE = PACKAGE / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"
ONE = {"_", "_l", "gettext", "lazy_gettext", "Message"}
MANY = {"ngettext", "lazy_ngettext"}
PLACE = re.compile(r"%\((\w+)\)")
# Dates in the file would differ in every branch; its history is in git.
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = 25
TEMPLATES = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


class Words(NamedTuple):
    """A sentence for people, its plural where it has one, and the file it stands in."""

    text: str
    plural: str | None
    place: str


def literal(node: ast.expr | None) -> str | None:
    """The text of a string constant, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_code(path: Path) -> Iterator[Words]:
    """The marked sentences of a module."""
    return in_source(path.read_text(encoding="utf-8"), path)


def in_source(source: str, path: Path) -> Iterator[Words]:
    """The same of its text: `Message(text, plural)`, `_(text)`, `ngettext(text, plural, n)`."""
    for node in ast.walk(ast.parse(source, str(path.relative_to(ROOT)))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        text = literal(node.args[0]) if node.args and name in ONE | MANY else None
        if text:
            second = node.args[1] if len(node.args) > 1 and name not in ONE - {"Message"} else None
            named = next((keyword.value for keyword in node.keywords if keyword.arg == "plural"), None)
            yield Words(text, literal(second) or literal(named), str(path.relative_to(ROOT)))


def in_template(path: Path) -> Iterator[Words]:
    """The marked sentences of a page or letter."""
    tree = TEMPLATES.parse(path.read_text(encoding="utf-8"), filename=str(path.relative_to(ROOT)))
    for _line, function, found in extract_from_ast(tree, tuple(ONE | MANY)):
        texts = [text for text in (found if isinstance(found, tuple) else (found,)) if text]
        if texts:
            plural = texts[1] if function in MANY and len(texts) > 1 else None
            yield Words(texts[0], plural, str(path.relative_to(ROOT)))


def every_word() -> Catalog:
    """All sentences of the package."""
    found = Catalog(locale=LANGUAGE, project="Rabta", charset="utf-8", fuzzy=False)
    for path in sorted(PACKAGE.rglob("*")):
        read = {".py": in_code, ".html": in_template, ".txt": in_template}.get(path.suffix)
        if read is None or (path.suffix != ".py" and "templates" not in path.parts):
            continue
        for words in read(path):
            identity = (words.text, words.plural) if words.plural else words.text
            found.add(identity, locations=[(words.place, 0)])
    return found


def current() -> Catalog:
    """The catalogue as it lies on disk; empty where there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale=LANGUAGE, project="Rabta", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update() -> None:
    """Bring the catalogue up to the code: new sentences wait in it untranslated; then compile it."""
    catalogue = current()
    catalogue.update(every_word(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    catalogue.version, catalogue.msgid_bugs_address = "1", ""
    catalogue.last_translator, catalogue.language_team = "Rabta", LANGUAGE
    catalogue.header_comment = "# Urdu words of Rabta's pages, letters and errors."
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def trouble(message: Message, translation: Message | None) -> str:
    """What is wrong with a sentence's translation, in a word or two; '' when nothing is."""
    if translation is None:
        return "not in the catalogue"
    texts = translation.string if isinstance(translation.string, (tuple, list)) else (translation.string,)
    if not all(texts):
        return "untranslated"
    if translation.fuzzy:
        return "fuzzy"
    sources = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    allowed = set(PLACE.findall(" ".join(sources)))
    if foreign := set(PLACE.findall(" ".join(texts))) - allowed:
        return f"names a place that the sentence lacks: {', '.join(sorted(foreign))}"
    if isinstance(message.id, str) and (lost := allowed - set(PLACE.findall(texts[0]))):
        return f"leaves out {', '.join(sorted(lost))}"
    return ""


def check(catalogue: Catalog) -> None:
    """SystemExit with the list, where a sentence wants its Urdu."""
    faults = []
    for message in every_word():
        if message.id and (fault := trouble(message, catalogue.get(message.id))):
            places = ", ".join(sorted({place for place, _line in message.locations}))
            faults.append(f"{fault}: {message.id!r} ({places})")
    if faults:
        rest = [f"... and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise SystemExit(
            "\n".join(
                [*faults[:SHOWN], *rest, f"{len(faults)} sentences want their Urdu in {CATALOGUE.relative_to(ROOT)}"]
            )
        )


def main(arguments: list[str]) -> None:
    try:
        if "--update" in arguments:
            update()
        check(current())
    except (SyntaxError, TemplateSyntaxError) as unreadable:
        raise SystemExit(f"catalogues: {unreadable.filename}, line {unreadable.lineno}: {unreadable}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
