"""Gettext in the language of the page. Flask-Babel keeps the lazy words of forms; a page says hundreds of others."""

from typing import Any

from crm.blueprints.door import language
from crm.i18n import catalogue


def gettext(text: str, /, **places: Any) -> str:
    """`text` in the reader's language, its places filled."""
    said = catalogue(language()).gettext(text)
    return said % places if places else said


def ngettext(one: str, many: str, num: int, /, **places: Any) -> str:
    """The same of a number of things, which stands at `num`."""
    return catalogue(language()).ngettext(one, many, num) % {"num": num, **places}
