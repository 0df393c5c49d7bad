"""Which column of somebody's list means what: headings in English and Urdu, as offices write them. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from rapidfuzz import fuzz, process

from crm.errors import RuleBroken
from crm.guard.identifiers import mask
from crm.i18n import Message
from crm.search.rules import normalise

NEAR = 70


class Column(StrEnum):
    """What a list may tell of a partner; the value is the heading that we suggest."""

    CODE = "Code"
    NAME = "Name"
    NAME_UR = "Name (Urdu)"
    ACRONYM = "Acronym"
    TYPE = "Type"
    LEVEL = "Level"
    PROVINCE = "Province"
    CITY = "City"
    CITY_UR = "City (Urdu)"
    WEBSITE = "Website"
    COURTESY = "Courtesy"
    FORM = "Form"
    EMAIL = "Email"
    POST = "Post"
    POST_UR = "Post (Urdu)"
    LANGUAGE = "Language"
    PARENT = "Parent"
    THEMES = "Themes"
    TAGS = "Tags"


_HEADINGS = {
    Column.CODE: "id; code; register code; کوڈ",
    Column.NAME: "name; name english; name en; name of organisation; name of organization; organisation; organization;"
    " organisation name; organization name; institution; name of institution; partner; partner name; نام; ادارہ;"
    " ادارے کا نام; نام ادارہ; نام انگریزی",
    Column.NAME_UR: "name urdu; urdu name; name ur; name in urdu; اردو نام; نام اردو; نام اردو میں",
    Column.ACRONYM: "acronym; abbreviation; short form; مخفف",
    Column.TYPE: "type; type of organisation; organisation type; organization type; kind; category; قسم; ادارے کی قسم",
    Column.LEVEL: "level; سطح",
    Column.PROVINCE: "province; region; province territory; province region; jurisdiction; صوبہ; صوبہ علاقہ",
    Column.CITY: "city; town; شہر",
    Column.CITY_UR: "city urdu; city ur; شہر اردو",
    Column.WEBSITE: "website; web site; web; url; ویب سائٹ",
    Column.COURTESY: "courtesy; courtesy class",
    Column.FORM: "form; form of letter; communication form",
    Column.EMAIL: "email; e mail; email address; e mail address; official email; official e mail; mailbox;"
    " contact mailbox; ای میل; ای میل پتہ; برقی پتہ",
    Column.POST: "post; post en; designation; focal post; focal person; title of post; عہدہ",
    Column.POST_UR: "post urdu; post ur; designation urdu; عہدہ اردو; اردو عہدہ",
    Column.LANGUAGE: "language; زبان",
    Column.PARENT: "parent; parent organisation; parent organization; attached to; ماتحت; بالا ادارہ",
    Column.THEMES: "themes; theme; thematic areas; thematic area; subjects; موضوع; موضوعات",
    Column.TAGS: "tags; keywords; ٹیگ",
}
# Running numbers, and how somebody came to know a row: read, not kept, and said so.
_LEFT_OUT = (
    "s no; sr no; serial no; serial number; no; نمبر شمار; website status; website verified; verification; sources;"
    " contains personal data"
)


def heading(text: str) -> str:
    """A heading in the one spelling by which it is compared."""
    return normalise(text.replace("_", " ").replace("#", " no"))


def _spellings(listed: str) -> list[str]:
    return [heading(one) for one in listed.split(";")]


_MEANINGS = {spelling: column for column, listed in _HEADINGS.items() for spelling in _spellings(listed)}
_IGNORED = frozenset(_spellings(_LEFT_OUT))


def meaning(text: str) -> Column | None:
    """The column that a heading means, or None."""
    return _MEANINGS.get(heading(text))


def is_left_out(text: str) -> bool:
    """Whether a column is known and holds nothing for the register."""
    return heading(text) in _IGNORED


def understand(headings: Sequence[str], ignore_unknown: bool) -> tuple[dict[str, Column], tuple[str, ...]]:
    """Heading to column, and the headings left out. Raises RuleBroken for an unknown, double or missing column."""
    known = {text: column for text in headings if (column := meaning(text)) is not None}
    rest = tuple(text for text in headings if text not in known)
    unknown = [text for text in rest if not is_left_out(text)]
    if Column.NAME not in known.values():
        raise RuleBroken(Message("The file has no column “Name”. It has: %(columns)s.", columns=_listed(headings)))
    if unknown and not ignore_unknown:
        raise RuleBroken(_unknown(unknown))
    for column in known.values():
        same = [text for text in headings if known.get(text) is column]
        if len(same) > 1:
            raise RuleBroken(Message("These columns mean the same: %(columns)s. Keep one.", columns=_listed(same)))
    return known, rest


def _unknown(texts: Sequence[str]) -> Message:
    near = process.extractOne(heading(texts[0]), list(_MEANINGS), scorer=fuzz.ratio, score_cutoff=NEAR)
    if len(texts) == 1 and near:
        return Message(
            "The column “%(column)s” is not known; did you mean “%(near)s”? Rename it, or have it ignored.",
            column=mask(texts[0])[:60],
            near=str(_MEANINGS[near[0]]),
        )
    return Message(
        "The column %(columns)s is not known. Rename it, or have it ignored.",
        plural="These columns are not known: %(columns)s. Rename them, or have them ignored.",
        count=len(texts),
        columns=_listed(texts),
    )


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(f"“{mask(text)[:60]}”" for text in texts[:12])
    return shown + (", …" if len(texts) > 12 else "")
