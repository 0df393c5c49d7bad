"""What every page may say: filters for dates and sizes, the reader's language and theme, and the counts of the menu."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date, format_timedelta
from flask import Flask, g, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, Executable, Select, literal_column, select, union_all
from sqlalchemy import func as sql
from sqlalchemy.orm import Session

from crm.base import Base
from crm.blueprints import door
from crm.blueprints.marks import badge, icon
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import ROLE_WORDS, Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.rules import RoundState
from crm.domain.organisations.models import Organisation
from crm.i18n import HOUSE_ZONE, Message, is_right_to_left, translate
from crm.i18n import catalogue as book_of
from crm.i18n import day as written_day
from crm.i18n import moment as written_moment
from crm.inbound.models import InboundMail, MailState
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import WAITING
from crm.runtime import the_house

OVER = Markup('<span class="r-nowrap"><time datetime="{}">{}</time></span><span class="r-sub">{}</span>')
NAV = {"reports": "timeline"}


def introduce(app: Flask) -> None:
    """Give every template its filters and what the frame of a page needs."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(form_key=door.once_key, icon=icon, badge=badge)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue().gettext(text),
        lambda one, many, count: catalogue().ngettext(one, many, count),
        newstyle=True,
    )
    app.context_processor(frame)


def catalogue() -> NullTranslations:
    """The words of the page's language: a page asks for hundreds."""
    return book_of(door.language())


def frame() -> dict[str, Any]:
    """What base.html needs. The menu's counts are read once a page, in one statement."""
    language = door.language()
    shared: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if is_right_to_left(language) else "ltr",
        "comma": "، " if language == "ur" else ", ",
        "theme": "light",
        "nav": NAV.get(request.blueprint or "", request.blueprint),
        "nonce": g.get("nonce", ""),
        "demo": the_house().demo,
        "now": door.now(),
        "counts": {},
        "user": None,
        "new_links": [],
    }
    if not current_user or not current_user.is_authenticated:
        return shared
    user = current_user.user
    offered = {"new_links": new_links(user.actor.may), "may": user.actor.may}
    return shared | {"theme": user.theme, "user": _shown(user), "counts": counts()} | offered


def _shown(user: Any) -> dict[str, Any]:
    """Who is signed in, and which parts of the menu open for them."""
    return {
        "name": user.post,
        "role_word": worded(ROLE_WORDS[user.role]),
        "initials": "".join(word[0] for word in user.post.split()[:2]).upper(),
        "is_administrator": user.actor.may(Permission.MANAGE_USERS),
        "changes_settings": user.actor.may(Permission.CHANGE_SETTINGS),
        "sees_correspondence": user.actor.may(Permission.SEE_CORRESPONDENCE),
        "sees_outbox": user.actor.may(Permission.SEE_OUTBOX),
        "runs_demo": user.actor.may(Permission.RUN_DEMO),
    }


def new_links(may: Callable[[str], bool]) -> list[dict[str, str]]:
    """What the menu "New" offers to this person."""
    offered = [
        (Permission.EDIT_PARTNERS, _("Partner"), "organisations.new", "people"),
        (Permission.RUN_MEETING, _("Meeting"), "meetings.new", "cal"),
    ]
    return [{"word": word, "url": url_for(page), "icon": icon} for right, word, page, icon in offered if may(right)]


def counts() -> dict[str, int]:
    """How many of each the menu shows."""
    session = door.reader()
    return {**remembered(session, "counts", lambda: _read(session, AUDITED)), **_read(session, POST)}


def _read(session: Session, counted: Executable) -> dict[str, int]:
    return {name: count for name, count in session.execute(counted)}


def _counted(**parts: Select[int]) -> Executable:
    """Counts by name, in one statement."""
    return union_all(*(select(literal_column(f"'{name}'"), one.scalar_subquery()) for name, one in parts.items()))


def _count(table: type[Base], which: ColumnElement[bool]) -> Select[int]:
    return select(sql.count()).select_from(table).where(which)


AUDITED = _counted(
    organisations=_count(Organisation, Organisation.archived_at.is_(None)),
    asks=_count(Ask, Ask.state == AskState.OPEN),
    consultations=_count(ConsultationRound, ConsultationRound.state == RoundState.ROUND_OPEN),
)
POST = _counted(
    correspondence=_count(InboundMail, InboundMail.state.in_((MailState.WAITING, MailState.HELD, MailState.FAILED))),
    outbox=_count(OutboxMessage, OutboxMessage.status.in_(WAITING)),
)


def worded(text: Message | str) -> str:
    """A marked sentence in the reader's language; plain text as it is."""
    return translate(text, door.language()) if isinstance(text, Message) else text


def day(value: date | None) -> str:
    """`Tue 22 Dec 2026`."""
    return written_day(value, door.language()) if value else ""


def short_day(value: date | None) -> str:
    """`22 Dec`, with the year where it is another than now's."""
    if value is None:
        return ""
    on = value.astimezone(HOUSE_ZONE).date() if isinstance(value, datetime) else value
    return _short(on, on.year == door.now().astimezone(HOUSE_ZONE).year, door.language())


@lru_cache(maxsize=4096)
def _short(on: date, is_this_year: bool, language: str) -> str:
    return format_date(on, "d MMM" if is_this_year else "d MMM yyyy", locale=language)


def moment(value: datetime | None) -> str:
    """`Tue 22 Dec 2026, 3:00 pm PKT`."""
    return written_moment(value, door.language()) if value else ""


def relative(value: date | None) -> str:
    """`7 days ago`, `in 3 days`, `today`, by the business clock."""
    if value is None:
        return ""
    now = door.now()
    if isinstance(value, datetime):
        return _ago(value.astimezone(UTC) - now, door.language())
    between = value - now.astimezone(HOUSE_ZONE).date()
    return _ago(between, door.language()) if between else str(_("today"))


@lru_cache(maxsize=4096)
def _ago(between: timedelta, language: str) -> str:
    return str(format_timedelta(between, add_direction=True, threshold=1.3, locale=language))


def day_over_relative(value: date | None) -> Markup:
    """A date over "7 days ago", as table cells show it."""
    if value is None:
        return Markup('<span class="r-meta">{}</span>').format(_("never"))
    return _over(value, day(value), relative(value))


@lru_cache(maxsize=4096)
def _over(value: date, written: str, ago: str) -> Markup:
    return OVER.format(value.isoformat(), written, ago)


def size(octets: int) -> str:
    """`84 kB`, `1.2 MB`."""
    said = f"{max(1, round(octets / 1000))} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"
    return f"\u2066{said}\u2069" if door.language() == "ur" else said


def dotted(*parts: str) -> str:
    """Those of `parts` that say something, in one line. In Urdu each is isolated, so that a reference pulls no number
    along with it (Unicode Bidirectional Algorithm, section 2.4)."""
    said = [part for part in parts if part]
    return " · ".join(f"\u2068{part}\u2069" for part in said) if door.language() == "ur" else " · ".join(said)


def mailbox(line: str) -> Markup:
    """A From or To line with its name and its address each in its own direction."""
    name, found, address = line.rpartition(" <")
    if not found:
        return Markup("<bdi>{}</bdi>").format(line)
    return Markup("<bdi>{}</bdi> <bdi>&lt;{}</bdi>").format(name.strip('"'), address)


FILTERS: dict[str, Callable[..., Any]] = {
    one.__name__: one for one in (day, short_day, moment, relative, day_over_relative, size, worded, mailbox)
}
