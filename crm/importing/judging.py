"""One row of a list held against the rules, without looking at the register."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crm.domain.organisations.rules import CommunicationForm, Courtesy
from crm.errors import RuleBroken
from crm.guard.identifiers import identifiers
from crm.i18n import Message
from crm.importing.columns import Column
from crm.importing.reading import Row
from crm.importing.vocabulary import Vocabularies
from crm.itip.addresses import BadAddress, strict_address
from crm.itip.lines import one_line
from crm.search.rules import normalise

LONGEST = 300
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_PARTS = re.compile(r"[;,،؛\n]")
_WORDS = {
    Column.NAME: "name",
    Column.NAME_UR: "name_ur",
    Column.ACRONYM: "acronym",
    Column.CITY: "city",
    Column.CITY_UR: "city_ur",
}


@dataclass(frozen=True)
class Entry:
    """A sound row: fields of the organisation and of its focal post by attribute; only what the row tells."""

    row: int
    fields: Mapping[str, str]
    seat: Mapping[str, str]
    themes: tuple[str, ...]
    parent: str

    @property
    def name(self) -> str:
        """The name, which every row has."""
        return self.fields["name"]

    @property
    def key(self) -> str:
        """The name in the one spelling by which names are compared."""
        return normalise(self.name)


def judge(row: Row, columns: Mapping[str, Column], lists: Vocabularies) -> Entry:
    """The row as an entry. Raises RuleBroken with what is wrong in it."""
    if row.spare:
        raise RuleBroken(Message("a cell stands under no heading."))
    cells = {column: _clean(text, column) for heading, column in columns.items() if (text := row.cells.get(heading))}
    if not normalise(cells.get(Column.NAME, "")):
        raise RuleBroken(Message("the name is missing."))
    return Entry(
        row.number,
        dict(_fields(cells, lists)),
        dict(_seat(cells, lists)),
        tuple(_themes(cells, lists)),
        cells.get(Column.PARENT, ""),
    )


def _clean(text: str, column: Column) -> str:
    """One line of visible text. Nothing of a row with a person's number is kept (security 5)."""
    if identifiers(text):
        raise RuleBroken(
            Message("the column “%(column)s” holds what looks like a person's identity number.", column=str(column))
        )
    tidy = one_line(unicodedata.normalize("NFC", text)).strip()
    if len(tidy) > LONGEST:
        raise RuleBroken(
            Message("the column “%(column)s” is longer than %(most)s characters.", column=str(column), most=LONGEST)
        )
    return tidy


def _fields(cells: Mapping[Column, str], lists: Vocabularies) -> Iterator[tuple[str, str]]:
    yield from ((name, cells[column]) for column, name in _WORDS.items() if cells.get(column))
    if code := cells.get(Column.CODE, "").lower():
        yield "code", _code(code)
    if website := cells.get(Column.WEBSITE):
        yield "website", _website(website)
    coded = {
        Column.TYPE: ("type", lists.types),
        Column.LEVEL: ("level", lists.levels),
        Column.PROVINCE: ("province", lists.provinces),
    }
    yield from ((name, book.code(cells[column])) for column, (name, book) in coded.items() if cells.get(column))
    if courtesy := cells.get(Column.COURTESY):
        yield "courtesy", Courtesy(lists.courtesies.code(courtesy))
    if form := cells.get(Column.FORM):
        yield "form", CommunicationForm(lists.forms.code(form))


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise RuleBroken(
            Message("the code “%(code)s” may hold only Latin letters, digits, dots and dashes.", code=text[:60])
        )
    return text


def _website(text: str) -> str:
    """An address that a browser may open; nothing that runs."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in address
    except ValueError:
        sound = False
    if not sound:
        raise RuleBroken(
            Message("the website “%(address)s” is not an address like https://npb.gov.pk.", address=text[:60])
        )
    return address


def _seat(cells: Mapping[Column, str], lists: Vocabularies) -> Iterator[tuple[str, str]]:
    if address := cells.get(Column.EMAIL):
        yield "address", _address(address)
    for column, name in ((Column.POST, "title"), (Column.POST_UR, "title_ur")):
        if cells.get(column):
            yield name, cells[column]
    if language := cells.get(Column.LANGUAGE):
        yield "language", lists.languages.code(language)


def _address(text: str) -> str:
    """One plain mailbox at a full domain."""
    try:
        address = strict_address(text.removeprefix("mailto:")).lower()
    except BadAddress:
        address = ""
    if "." not in address.rpartition("@")[2]:
        raise RuleBroken(Message("“%(address)s” is not one plain e-mail address.", address=text[:80]))
    return address


def _themes(cells: Mapping[Column, str], lists: Vocabularies) -> Iterator[str]:
    yield from (lists.themes.code(one) for one in _parts(cells.get(Column.THEMES, "")))
    for tag in _parts(cells.get(Column.TAGS, "")):
        yield normalise(tag).replace(" ", "-")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if normalise(part)]
