"""A letter as a value: whom it is to, in which language, by which template, and what must be true of its headers."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from crm.base import Subject
from crm.i18n import Message
from crm.itip.invitation import CalendarObject

PLAIN = frozenset({str, int, bool, type(None)})


class LetterKind(StrEnum):
    """Decides the headers. Only digests and circulars carry List-Unsubscribe (practice 10)."""

    REQUEST = "request"
    REMINDER = "reminder"
    INVITATION = "invitation"
    RECEIPT = "receipt"
    NOTICE = "notice"


@dataclass(frozen=True)
class Enclosure:
    """A stored file that goes with a letter."""

    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True)
class Letter:
    """Everything a letter will say, decided when it is posted; the press only puts it into bytes.

    key: unique for ever, so the same letter can never be posted twice (house, third way).
    template: below templates/mail, without ending; context: JSON values, dates and Messages.
    reply_to: the capability address of the ask; organizer of a calendar object is the same token scheme.
    with_pdf: the letter also goes as a PDF on the letterhead (practice 13).
    """

    key: str
    kind: LetterKind
    to: str
    to_name: str
    language: str
    template: str
    context: dict[str, Any]
    about: Subject
    seat_id: int | None = None
    step: str = ""
    reply_to: str = ""
    in_reply_to: tuple[str, ...] = ()
    calendar: CalendarObject | None = None
    enclosures: tuple[Enclosure, ...] = ()
    with_pdf: bool = False
    due_at: datetime | None = None
    expires_at: datetime | None = None
    copies_to: tuple[str, ...] = field(default=())

    def in_language(self, language: str) -> "Letter":
        """The same letter for a reader of another language (previews)."""
        return replace(self, language=language)


def freeze(letter: Letter) -> dict[str, Any]:
    """`letter` as JSON values."""
    return {name: value if type(value) in PLAIN else _plain(value) for name, value in vars(letter).items()}


def thaw(stored: dict[str, Any]) -> Letter:
    """The letter that `freeze` put away."""
    values = {name: _rich(value) for name, value in stored.items()}
    values["kind"] = LetterKind(values["kind"])
    for many in ("in_reply_to", "copies_to", "enclosures"):
        values[many] = tuple(values[many])
    return Letter(**values)


def _plain(value: Any) -> Any:
    if type(value) in PLAIN:
        return value
    match value:
        case dict():
            return {str(name): one if type(one) in PLAIN else _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case Message():
            return {"$message": [value.text, value.plural, _plain(value.params)]}
        case Subject():
            return {"$subject": [value.kind, value.id]}
        case Enclosure():
            return {"$enclosure": [value.sha256, value.name, value.media_type]}
        case CalendarObject():
            return {"$calendar": value.to_json()}
        case datetime():
            return {"$moment": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case StrEnum():
            return str(value)
        case _:
            return value


def _rich(value: Any) -> Any:
    match value:
        case {"$message": [text, plural, params]}:
            return Message(text, plural, **_rich(params))
        case {"$subject": [kind, number]}:
            return Subject(kind, number)
        case {"$enclosure": [sha256, name, media_type]}:
            return Enclosure(sha256, name, media_type)
        case {"$calendar": stored}:
            return CalendarObject.from_json(stored)
        case {"$moment": written}:
            return datetime.fromisoformat(written)
        case {"$date": written}:
            return date.fromisoformat(written)
        case dict():
            return {name: _rich(one) for name, one in value.items()}
        case list():
            return [_rich(one) for one in value]
        case _:
            return value
