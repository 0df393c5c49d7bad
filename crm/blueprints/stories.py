"""Timeline entries as the page's story: an icon, a sentence, its proof, grouped by month."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints.addresses import url_of
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import day, dotted, moment, worded
from crm.domain.asks.rules import ANSWER_WORDS, CHANNEL_WORDS, STEP_WORDS
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.queries import names_of
from crm.domain.organisations.rules import ENGAGEMENT_WORDS, EngagementKind
from crm.i18n import HOUSE_ZONE, Message, translate
from crm.timeline.models import Direction
from crm.timeline.service import places_of, story_of
from crm.uow import Actor

TONES = {Direction.FROM_THEM: "in", Direction.FROM_US: "", Direction.MUTUAL: "", Direction.INTERNAL: ""}
PAGE, WHOLE = 50, 500
"""Lines of a page; and how much of a record's own story is read, so that what was done at once is counted whole."""
MANY, FEW = 2, 3
OWN_ACTORS = {"Rabta": Message("Rabta"), "Partner": Message("Partner"), "Set-up": Message("Set-up")}
ICONS = {
    "asked-rsvp": "cal",
    "reminded": "clock",
    "paused": "pause",
    "resumed": "undo",
    "extended": "clock",
    "withdrawn": "x",
    "answer-taken-back": "undo",
    "mail-taken-back": "undo",
    "links-revoked": "link",
    "address-corrected": "user",
    "bounced": "warn",
    "closed": "check",
    "meeting-planned": "cal",
    "meeting-changed": "cal",
    "meeting-cancelled": "x",
    f"engaged-{EngagementKind.CALL}": "phone",
    f"engaged-{EngagementKind.VISIT}": "flag",
    f"engaged-{EngagementKind.LETTER}": "letter",
    f"engaged-{EngagementKind.MESSAGE}": "chat",
    f"engaged-{EngagementKind.EVENT}": "people",
    f"engaged-{EngagementKind.MEETING}": "cal",
}
KINDS = {
    **{f"answered-{kind}": words for kind, words in ANSWER_WORDS.items()},
    **{f"engaged-{kind}": words for kind, words in ENGAGEMENT_WORDS.items()},
}
"""The verbs that name a kind of answer or of contact."""
CHANNELS = {str(channel): words for channel, words in CHANNEL_WORDS.items()}


def story(
    session: Session,
    actor: Actor,
    subject: Subject,
    before: tuple[Any, int] | None = None,
    direction: Direction | None = None,
) -> tuple[list[dict[str, Any]], Any]:
    """A page of the story of a record, grouped by month, and the last entry of a partner's page if there are earlier.

    A partner's story goes back page by page; that of any other record tells what was done to several at once in one
    line, and is one page.
    """
    if subject.kind == Organisation.SUBJECT:
        entries = story_of(session, subject, PAGE + 1, before, direction, actor.grades)
        lines = [told(entry, subject) for entry in entries[:PAGE]]
        return by_month(lines), entries[PAGE - 1] if len(entries) > PAGE else None
    entries = story_of(session, subject, WHOLE, before, direction, actor.grades)
    whose = _partners(session, entries)
    lines = [told(entry, subject, whose.get(entry.id, "")) for entry in entries]
    return by_month(gathered(lines)[:PAGE]), None


def _partners(session: Session, entries: Sequence[Any]) -> dict[int, str]:
    """Whose each entry is, on a page that tells of several partners."""
    book = places_of(session, [entry.id for entry in entries], Organisation.SUBJECT) if entries else {}
    ids = {number for numbers in book.values() for number in numbers}
    if len(ids) < MANY:
        return {}
    here = language()
    words = {number: one.named("ur") if here == "ur" else one.short for number, one in names_of(session, ids).items()}
    return {entry_id: words[numbers[0]] for entry_id, numbers in book.items() if len(numbers) == 1}


def gathered(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one person did to several partners within a minute, in the place of the latest, as one line that unfolds."""
    alike: dict[Any, list[dict[str, Any]]] = {}
    for number, line in enumerate(lines):
        minute, does = line["at"].replace(second=0, microsecond=0), line["facts"][0]
        said = (line["said"], does, minute, line["text"], line["quote"], line["badge"])
        alike.setdefault(said if line["partner"] else number, []).append(line)
    return [one for same in alike.values() for one in _together(same)]


def _together(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parts = lines[::-1]
    names = list(dict.fromkeys(part["partner"] for part in parts))
    if len(names) < MANY:
        return lines
    count = ngettext("%(num)s partner", "%(num)s partners", len(names))
    word = dotted(count, *names[:FEW], "…" if len(names) > FEW else "")
    head = {"title": lines[0]["said"], "title_url": None, "facts": lines[0]["facts"][:1]}
    return [lines[0] | head | {"parts": parts, "parts_word": word}]


def by_month(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups for the macro `story`, of lines that stand newest first."""
    here = language()
    months = groupby(lines, lambda line: _month(line["at"]))
    return [{"word": _named(month, here), "entries": list(members)} for month, members in months]


def _month(at: datetime) -> date:
    return at.astimezone(HOUSE_ZONE).date().replace(day=1)


@lru_cache(maxsize=1024)
def _named(month: date, in_language: str) -> str:
    return format_date(month, "LLLL yyyy", locale=in_language)


def told(entry: Any, here: Subject | None = None, partner: str = "") -> dict[str, Any]:
    """One entry (columns of `TimelineEntry`) as the macro `entry` wants it.

    It links to its record unless that is `here`. `partner`: whose it is, where the page tells of several.
    """
    data, subject, said = entry.data, Subject(entry.subject_kind, entry.subject_id), sentence(entry)
    return {
        "icon": _icon(entry.verb, entry.direction),
        "tone": "bad" if entry.verb == "bounced" else TONES[entry.direction],
        "title": dotted(partner, said) if partner else said,
        "title_url": url_of(subject) if subject != here else None,
        "partner": partner,
        "said": said,
        "at": entry.at,
        "text": data.get("note") or data.get("reason") or None,
        "quote": data.get("excerpt") or None,
        "badge": ("late_taken", _("After the date")) if data.get("late") else None,
        "facts": _facts(entry),
        "parts": [],
    }


def _icon(verb: str, direction: Direction) -> str:
    fallback = {Direction.FROM_THEM: "in", Direction.FROM_US: "out"}.get(direction, "dot")
    return ICONS.get(verb, fallback)


def _facts(entry: Any) -> list[str]:
    data, facts = entry.data, [worded(OWN_ACTORS.get(entry.actor, entry.actor))]
    if data.get("number"):
        facts.append(str(data["number"]))
    if data.get("receipt"):
        facts.append(_("receipt %(number)s", number=data["receipt"]))
    if data.get("channel") in CHANNELS:
        facts.append(worded(CHANNELS[data["channel"]]))
    return facts


def sentence(entry: Any) -> str:
    """What happened, in the reader's language."""
    here, data, kind, say = language(), entry.data, KINDS.get(entry.verb), SENTENCES.get(entry.verb)
    title = str((data.get("title_ur") if here == "ur" else "") or data.get("title", ""))
    if kind is not None:
        return f"{translate(kind, here)}: {title}"
    return say(title, data) if say else (title or entry.verb.replace("-", " "))


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
    "answer-taken-back": lambda title, _data: _("Answer taken back: %(title)s", title=title),
    "mail-taken-back": lambda title, _data: _("Filing undone: %(title)s", title=title),
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
