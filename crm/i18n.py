"""Words for people: marked below the doors as `Message`, put into a language where the reader is known."""

import gettext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

LANGUAGES = ("en", "ur")
CATALOGUES = Path(__file__).parent / "translations"
HOUSE_ZONE = ZoneInfo("Asia/Karachi")
PARTS_OF_THE_DAY = ((4, "رات"), (12, "صبح"), (16, "دوپہر"), (20, "شام"), (24, "رات"))


@dataclass(frozen=True)
class Message:
    """A sentence with named places, not yet in a language. `plural` goes with the parameter `count`."""

    text: str
    params: dict[str, Any] = field(default_factory=dict)
    plural: str | None = None

    def __init__(self, text: str, plural: str | None = None, **params: Any) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "plural", plural)
        object.__setattr__(self, "params", params)

    def __str__(self) -> str:
        return translate(self, "en")

    def __hash__(self) -> int:
        return hash((self.text, self.plural, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of `language`; English is the source and needs none."""
    return gettext.translation("messages", CATALOGUES, [language], fallback=True)


def translate(message: Message, language: str) -> str:
    """`message` in `language`. Parameters that are messages are translated too; dates are written out."""
    book = catalogue(language)
    params = {name: _shown(value, language) for name, value in message.params.items()}
    if message.plural is not None:
        text = book.ngettext(message.text, message.plural, int(message.params["count"]))
    else:
        text = book.gettext(message.text)
    return text % params if params else text


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, datetime):
        return moment(value, language)
    if isinstance(value, date):
        return day(value, language)
    return value


def day(value: date, language: str = "en") -> str:
    """A date as letters write it: `Tue 22 Dec 2026`. A moment is taken in the house's zone."""
    return _day(value.astimezone(HOUSE_ZONE).date() if isinstance(value, datetime) else value, language)


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    """A list shows the same few dates on every line, and Babel takes its time over each."""
    return format_date(value, "EEEE d MMMM yyyy" if language == "ur" else "EEE d MMM yyyy", locale=language)


def hour(value: datetime, language: str = "en", zone: ZoneInfo = HOUSE_ZONE) -> str:
    """The hour of a moment: `3:00 pm`; Urdu names the part of the day."""
    local = value.astimezone(zone)
    digits = f"{local.hour % 12 or 12}:{local:%M}"
    if language == "ur":
        return f"{next(part for until, part in PARTS_OF_THE_DAY if local.hour < until)} {digits} بجے"
    return f"{digits} {'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime, language: str = "en", zone: ZoneInfo = HOUSE_ZONE) -> str:
    """A moment as pages show it: `Tue 22 Dec 2026, 3:00 pm PKT`; Urdu names only a zone that is not the house's."""
    local = value.astimezone(zone)
    on, at = day(local.date(), language), hour(value, language, zone)
    if language == "ur":
        return f"{on}، {at}" if zone is HOUSE_ZONE else f"{on}، {at} ({zone})"
    return f"{on}, {at} {local.tzname() if zone is HOUSE_ZONE else zone}"


def is_right_to_left(language: str) -> bool:
    """Whether `language` is written from the right."""
    return language == "ur"
