"""Timeline entries as the page's story: an icon, a sentence, its proof, grouped by month."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints.addresses import url_of
from crm.blueprints.door import language
from crm.blueprints.words import day, dotted, moment, worded
from crm.domain.asks.rules import ANSWER_WORDS, CHANNEL_WORDS, STEP_WORDS, AnswerKind, Channel
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.queries import names_of
from crm.domain.organisations.rules import ENGAGEMENT_WORDS, EngagementKind
from crm.i18n import HOUSE_ZONE, Message
from crm.timeline.models import Direction, TimelineEntry
from crm.timeline.service import places_of, story_of
from crm.uow import Actor

TONES = {Direction.FROM_THEM: "in", Direction.FROM_US: "", Direction.MUTUAL: "", Direction.INTERNAL: ""}
PAGE = 30
MANY = 2
OWN_ACTORS = {"Rabta": Message("Rabta"), "Partner": Message("Partner"), "Set-up": Message("Set-up")}
ENGAGEMENT_ICONS = {
    EngagementKind.CALL: "phone",
    EngagementKind.VISIT: "flag",
    EngagementKind.LETTER: "letter",
    EngagementKind.MESSAGE: "chat",
    EngagementKind.EVENT: "people",
    EngagementKind.MEETING: "cal",
}
ICONS = {
    "asked-rsvp": "cal",
    "reminded": "clock",
    "paused": "pause",
    "resumed": "undo",
    "extended": "clock",
    "withdrawn": "x",
    "links-revoked": "link",
    "address-corrected": "user",
    "bounced": "warn",
    "closed": "check",
    "meeting-planned": "cal",
    "meeting-changed": "cal",
    "meeting-cancelled": "x",
}


def story(
    session: Session,
    actor: Actor,
    subject: Subject,
    before: tuple[Any, int] | None = None,
    direction: Direction | None = None,
    most: int = PAGE,
) -> tuple[list[dict[str, Any]], TimelineEntry | None]:
    """A page of the story of a record, grouped by month, and its last entry if there are earlier ones."""
    entries = story_of(session, subject, most + 1, before, direction, actor.grades)
    partners = {} if subject.kind == Organisation.SUBJECT else _partners(session, entries[:most])
    return grouped(entries[:most], subject, partners), entries[most - 1] if len(entries) > most else None


def _partners(session: Session, entries: Sequence[TimelineEntry]) -> dict[int, str]:
    """Whose each entry is, on a page that tells of several partners."""
    book = places_of(session, [entry.id for entry in entries], Organisation.SUBJECT)
    names = names_of(session, {number for numbers in book.values() for number in numbers})
    if len(names) < MANY:
        return {}
    here = language()
    words = {number: one.named("ur") if here == "ur" else one.short for number, one in names.items()}
    return {entry_id: words[numbers[0]] for entry_id, numbers in book.items() if len(numbers) == 1}


def grouped(
    entries: Sequence[TimelineEntry], here: Subject | None = None, partners: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Groups for the macro `story`, newest first. A title links to its record unless that is `here`.

    `partners`: whose an entry is, where the page tells of several.
    """
    whose = partners or {}
    shown = ((_month(entry), told(entry, here, whose.get(entry.id, ""))) for entry in entries)
    return [
        {"word": format_date(month, "LLLL yyyy", locale=language()), "entries": [one for _month_, one in members]}
        for month, members in groupby(shown, lambda pair: pair[0])
    ]


def _month(entry: TimelineEntry) -> date:
    return entry.at.astimezone(HOUSE_ZONE).date().replace(day=1)


def told(entry: TimelineEntry, here: Subject | None = None, partner: str = "") -> dict[str, Any]:
    """One entry as the macro `entry` wants it."""
    data, url = entry.data, url_of(entry.subject)
    return {
        "icon": _icon(entry),
        "tone": "bad" if entry.verb == "bounced" else TONES[entry.direction],
        "title": dotted(partner, sentence(entry)),
        "title_url": url if entry.subject != here else None,
        "at": entry.at,
        "text": data.get("note") or data.get("reason") or None,
        "quote": data.get("excerpt") or None,
        "badge": ("late_taken", _("After the date")) if data.get("late") else None,
        "facts": _facts(entry),
        "files": [],
        "links": [],
    }


def _icon(entry: TimelineEntry) -> str:
    head, _dash, tail = entry.verb.partition("-")
    if head == "engaged" and tail in ENGAGEMENT_ICONS:
        return ENGAGEMENT_ICONS[EngagementKind(tail)]
    fallback = {Direction.FROM_THEM: "in", Direction.FROM_US: "out"}.get(entry.direction, "dot")
    return ICONS.get(entry.verb, fallback)


def _facts(entry: TimelineEntry) -> list[str]:
    data, facts = entry.data, [worded(OWN_ACTORS.get(entry.actor, entry.actor))]
    if data.get("number"):
        facts.append(str(data["number"]))
    if data.get("receipt"):
        facts.append(_("receipt %(number)s", number=data["receipt"]))
    if data.get("channel") in list(Channel):
        facts.append(worded(CHANNEL_WORDS[Channel(data["channel"])]))
    return facts


def sentence(entry: TimelineEntry) -> str:
    """What happened, in the reader's language."""
    title = _title(entry)
    head, _dash, tail = entry.verb.partition("-")
    if head == "answered" and tail in list(AnswerKind):
        return f"{worded(ANSWER_WORDS[AnswerKind(tail)])}: {title}"
    if head == "engaged" and tail in list(EngagementKind):
        return f"{worded(ENGAGEMENT_WORDS[EngagementKind(tail)])}: {title}"
    say = SENTENCES.get(entry.verb)
    return say(title, entry.data) if say else (title or entry.verb.replace("-", " "))


def _title(entry: TimelineEntry) -> str:
    data = entry.data
    return str((data.get("title_ur") if language() == "ur" else "") or data.get("title", ""))


def _step(data: dict[str, Any]) -> str:
    known = STEP_WORDS.get(str(data.get("step")))
    return worded(known) if known else str(data.get("step", ""))


def _due(data: dict[str, Any]) -> str:
    return day(date.fromisoformat(data["due_on"])) if data.get("due_on") else ""


Say = Callable[[str, dict[str, Any]], str]
SENTENCES: dict[str, Say] = {
    "asked-consultation": lambda title, _data: _("Views requested: %(title)s", title=title),
    "asked-rsvp": lambda title, _data: _("Invited: %(title)s", title=title),
    "asked-letter": lambda title, _data: _("Letter: %(title)s", title=title),
    "reminded": lambda title, data: _("%(step)s issued: %(title)s", step=_step(data), title=title),
    "paused": lambda title, _data: _("Reminders paused: %(title)s", title=title),
    "resumed": lambda title, _data: _("Reminders resumed: %(title)s", title=title),
    "extended": lambda title, data: _("More time, until %(due)s: %(title)s", due=_due(data), title=title),
    "withdrawn": lambda title, _data: _("Request withdrawn: %(title)s", title=title),
    "bounced": lambda title, data: _(
        "Not delivered to %(address)s: %(title)s", address=data.get("address"), title=title
    ),
    "auto-replied": lambda title, _data: _("An automatic reply came: %(title)s", title=title),
    "time-proposed": lambda title, data: _(
        "Another time proposed, %(when)s: %(title)s", when=moment(datetime.fromisoformat(data["proposed"])), title=title
    ),
    "round-planned": lambda title, _data: _("Round planned: %(title)s", title=title),
    "links-revoked": lambda title, _data: _("Private links revoked: %(title)s", title=title),
    "address-corrected": lambda title, data: _("Address of %(post)s corrected", post=data.get("post", "")),
    "imported": lambda _title, data: _(
        "Imported from %(file)s, row %(row)s", file=data.get("file", ""), row=data.get("row", "")
    ),
    "round-sent": lambda title, data: _("Round sent to %(count)s partners", count=data.get("count", 0)),
    "closed": lambda title, _data: _("Round closed: %(title)s", title=title),
    "meeting-planned": lambda title, _data: _("Meeting planned: %(title)s", title=title),
    "meeting-changed": lambda title, _data: _("Meeting changed: %(title)s", title=title),
    "meeting-cancelled": lambda title, _data: _("Meeting cancelled: %(title)s", title=title),
}
