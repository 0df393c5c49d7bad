"""The templates of letters, compiled once a language, with that language's words, days and hours."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from crm.i18n import Message, catalogue, day, is_right_to_left, moment, translate
from crm.itip.lines import one_line
from crm.mail.blocks import STRONG, WEAK
from crm.mail.inline import words

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"


@cache
def environment(language: str) -> Environment:
    """The environment of `language`. A missing value is an error; only the PDF sheet, being HTML, is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= _words(language)
    made.filters |= {
        "day": _written(lru_cache(2048)(lambda value: day(value, language))),
        "moment": _written(lru_cache(2048)(lambda value: moment(value, language))),
        "named": lambda thing, name: _named(made, thing, name, language),
        "strong": lambda text: f"{STRONG}{text}{WEAK}",
        "marked": lambda text: Markup(words(str(text), is_right_to_left(language))),
    }
    return made


def spoken(value: Any, language: str) -> Any:
    """The values of a letter ready for its template: messages translated, every text scrubbed to one line."""
    match value:
        case str():
            return one_line(value)
        case Message():
            return one_line(translate(value, language))
        case dict():
            return {name: spoken(one, language) for name, one in value.items()}
        case list() | tuple():
            return [spoken(one, language) for one in value]
        case _:
            return value


def _words(language: str) -> dict[str, Any]:
    book = catalogue(language)

    def one(text: str, /, **params: Any) -> str:
        words = book.gettext(text)
        return words % params if params else words

    def many(text: str, plural: str, count: int, /, **params: Any) -> str:
        return book.ngettext(text, plural, count) % (params | {"count": count})

    return {"_": one, "gettext": one, "ngettext": many, "language": language, "rtl": is_right_to_left(language)}


def _written(write: Callable[[date | datetime], str]) -> Callable[[Any], str]:
    """`write`, but a value that is not there complains by its own name."""
    return lambda value: str(value) if isinstance(value, Undefined) else write(value)


def _named(made: Environment, thing: Any, name: str, language: str) -> Any:
    """`name` of `thing` in the letter's language where it has such a name, else as it stands."""
    own = made.getattr(thing, f"{name}_ur") if language == "ur" else ""
    return made.getattr(thing, name) if isinstance(own, Undefined) or not own else own
