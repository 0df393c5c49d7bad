"""Dates as people write them in a mail, in English, Urdu and Roman Urdu and a few neighbours; day before month."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from crm.documents.references import ascii_digits

MONTHS = (
    ("jan", "january", "janvier", "januar", "enero", "جنوری"),
    ("feb", "february", "février", "februar", "febrero", "فروری"),
    ("mar", "march", "mars", "märz", "marzo", "مارچ"),
    ("apr", "april", "avril", "abril", "اپریل"),
    ("may", "mai", "mayo", "مئی", "مئ"),
    ("jun", "june", "juin", "juni", "junio", "جون"),
    ("jul", "july", "juillet", "juli", "julio", "جولائی"),
    ("aug", "august", "août", "agosto", "اگست"),
    ("sep", "sept", "september", "septembre", "septiembre", "ستمبر"),
    ("oct", "october", "octobre", "oktober", "octubre", "اکتوبر"),
    ("nov", "november", "novembre", "noviembre", "نومبر"),
    ("dec", "december", "décembre", "dezember", "diciembre", "دسمبر"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?"
_FORMS = (
    re.compile(r"\b(?P<year>20\d\d)[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)\b"),
    re.compile(r"\b(?P<day>[0-3]?\d)[-/.](?P<month>[01]?\d)[-/.](?P<year>(?:20)?\d\d)\b"),
    re.compile(rf"\b{_DAY}[\s-]*(?:of\s+)?(?P<name>{_NAMES})\b\.?,?،?(?:[\s-]*(?P<year>20\d\d))?", re.I),
    re.compile(rf"\b(?P<name>{_NAMES})\.?\s+{_DAY}\b(?:,?\s*(?P<year>20\d\d))?", re.I),
)


def dates_in(text: str, today: date | None) -> Iterator[tuple[int, date]]:
    """Places and dates in `text`, in the order of their places. A date without a year is the next after `today`."""
    plain = ascii_digits(text)
    found: dict[int, date] = {}
    for form in _FORMS:
        for hit in form.finditer(plain):
            when = _date(hit, today)
            if when is not None and not any(abs(hit.start() - place) < 4 for place in found):
                found[hit.start()] = when
    yield from sorted(found.items())


def _date(hit: re.Match[str], today: date | None) -> date | None:
    parts = hit.groupdict()
    name = (parts.get("name") or "").lower()
    month = MONTH_NUMBERS.get(name) or int(parts.get("month") or 0)
    day, year = int(parts["day"]), int(parts.get("year") or 0)
    if month > 12 >= day:
        day, month = month, day
    try:
        if year:
            return date(year + 2000 if year < 100 else year, month, day)
        if today is None:
            return None
        when = date(today.year, month, day)
        return when if when >= today - timedelta(days=60) else when.replace(year=today.year + 1)
    except ValueError:
        return None
