"""One partner: facts, posts, what is pending both ways, and its story."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints import badges, stories
from crm.blueprints.addresses import with_changes
from crm.blueprints.asks import rows as asked
from crm.blueprints.door import language
from crm.blueprints.organisations.register import Terms, read_terms
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import dotted, relative
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskState, Side
from crm.domain.organisations.models import Organisation, OrganisationTheme, Seat
from crm.domain.organisations.queries import get_organisation, partner_row
from crm.domain.organisations.rules import Courtesy
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.outbox.rules import Status
from crm.timeline.models import Direction
from crm.timeline.service import last_contacts
from crm.uow import Actor

SEAT, BELOW, THEME = Seat.__table__.c, Organisation.__table__.c, OrganisationTheme.__table__.c
SEATS = (
    select(SEAT.id, SEAT.title, SEAT.title_ur, SEAT.address, SEAT.address_state, SEAT.language, SEAT.is_focal)
    .where(SEAT.organisation_id == bindparam("partner"), SEAT.archived_at.is_(None))
    .order_by(SEAT.is_focal.desc(), SEAT.id)
)
CHILDREN = (
    select(BELOW.id, BELOW.name, BELOW.name_ur)
    .where(BELOW.parent_id == bindparam("partner"), BELOW.archived_at.is_(None))
    .order_by(BELOW.name)
    .limit(60)
)
THEMES = select(THEME.theme).where(THEME.organisation_id == bindparam("partner")).order_by(THEME.theme)
OPEN = (
    asked.columns()
    .where(Ask.organisation_id == bindparam("partner"), Ask.state == AskState.OPEN)
    .order_by(Ask.due_on, Ask.id)
)
"""What stands around the story, each read by a statement that is made once."""
FILTERS = {"from-them": Direction.FROM_THEM, "from-us": Direction.FROM_US, "both": Direction.MUTUAL}


def partner(
    session: Session, actor: Actor, organisation_id: int, today: date, deliveries: Mapping[int, Status]
) -> dict[str, Any]:
    """The context of organisations/show. `deliveries`: how the mails of its open requests stand."""
    row, terms = partner_row(session, organisation_id), read_terms(session)
    may = actor.may(Permission.EDIT_PARTNERS)
    here = {"partner": row.id}
    asks, themes = session.execute(OPEN, here).all(), session.scalars(THEMES, here).all()
    about = replace(asked.climbing(session, [ask.id for ask in asks], today), deliveries=deliveries)
    return {
        "organisation": _heading(session, row, terms),
        "acts": _acts(row, may),
        "tabs": _tabs(row, len(asks)),
        "facts": _facts(row, terms),
        "themes": [terms.word(TermKind.THEME, theme) for theme in themes],
        "tags": _tags(row, themes, terms),
        "mandate": [],
        "seats": [_seat(seat, may) for seat in session.execute(SEATS, here)],
        "new_seat_url": url_for("organisations.new_seat", organisation_id=row.id) if may else None,
        "children": [_linked(*one) for one in session.execute(CHILDREN, here)],
        "parent": _linked(row.parent_id, row.parent_name, row.parent_name_ur) if row.parent_id else None,
        "they_heading": _they_heading(row),
        "they": [_open(ask, row, about) for ask in asks if ask.side is Side.OURS],
        "we": [_open(ask, row, about) for ask in asks if ask.side is Side.THEIRS],
        **_story(session, actor, row),
    }


def _they_heading(row: Any) -> str:
    """Over what we asked of it. Neither a court nor a commission is said to be pending (practice 18)."""
    words = {Courtesy.JUDICIARY: _("With the court"), Courtesy.STATUTORY_COMMISSION: _("With the commission")}
    return words.get(row.courtesy) or str(_("Pending with them"))


def _tags(row: Any, themes: Sequence[str], terms: Terms) -> list[str]:
    """Its tags in words, those apart that its themes say already."""
    said = {terms.word(TermKind.THEME, theme) for theme in themes}
    return [word for word in (terms.word(TermKind.TAG, one) for one in row.tags) if word not in said]


def _heading(session: Session, row: Any, terms: Terms) -> dict[str, Any]:
    last = last_contacts(session, Organisation.SUBJECT, [row.id]).get(row.id)
    heard = _("last contact %(ago)s", ago=relative(last.astimezone(HOUSE_ZONE).date())) if last else _("no contact yet")
    blocked = [("held", _("Not to be contacted"))] if row.do_not_contact else []
    shown = _named(row.name, row.name_ur)
    other = row.name if shown == row.name_ur else row.name_ur
    return {
        "id": row.id,
        "name": shown,
        "other_name": other if other != shown else None,
        "other_language": "en" if other == row.name else "ur",
        "kind": terms.word(TermKind.ORGANISATION_TYPE, row.type),
        "badges": blocked,
        "last_word": heard,
        "url": url_for("organisations.show", organisation_id=row.id),
    }


def _acts(row: Any, may: bool) -> list[dict[str, Any]]:
    if not may:
        return []
    log = url_for("organisations.log", organisation_id=row.id)
    return [{"word": _("Log a contact"), "url": log, "icon": "plus", "primary": True}]


def _tabs(row: Any, open_asks: int) -> list[dict[str, Any]]:
    here, asks = url_for("organisations.show", organisation_id=row.id), url_for("asks.index", partner=row.id)
    return [
        {"word": _("Overview"), "url": here, "count": None, "current": True},
        {"word": _("Requests"), "url": asks, "count": open_asks, "current": False},
    ]


def _facts(row: Any, terms: Terms) -> list[dict[str, Any]]:
    site = row.website if row.website.startswith(("http://", "https://")) else None
    facts = [
        (_("Acronym"), row.acronym, None),
        (_("Type"), terms.word(TermKind.ORGANISATION_TYPE, row.type), None),
        (_("Province"), terms.word(TermKind.JURISDICTION, row.province), None),
        (_("City"), (row.city_ur if language() == "ur" else "") or row.city, None),
        (_("Website"), row.website, site),
        (_("Not to be contacted"), row.do_not_contact, None),
    ]
    return [{"word": word, "value": value, "url": url} for word, value, url in facts if value]


def _seat(seat: Any, may: bool) -> dict[str, Any]:
    return {
        "title": _named(seat.title, seat.title_ur),
        "holder": _("(focal post)") if seat.is_focal else None,
        "since": None,
        "address": seat.address,
        "language_word": _("Urdu") if seat.language == "ur" else _("English"),
        "state": badges.of_address(seat.address, seat.address_state),
        "edit_url": url_for("organisations.edit_seat", seat_id=seat.id) if may else None,
    }


def _named(name: str, name_ur: str) -> str:
    return (name_ur or name) if language() == "ur" else name


def _linked(organisation_id: int, name: str, name_ur: str) -> dict[str, str]:
    url = url_for("organisations.show", organisation_id=organisation_id)
    return {"name": _named(name, name_ur), "url": url}


def _open(ask: Any, row: Any, about: asked.Around) -> dict[str, Any]:
    url = url_for("asks.show", ask_id=ask.id)
    due = badges.due_words(ask, about.today, row.courtesy)
    return {
        "title": _named(ask.title, ask.title_ur),
        "url": url,
        "detail": dotted(ask.number, due),
        "badge": badges.of_ask(ask, about.today, row.courtesy, about.deliveries.get(ask.id)),
        "ladder": asked.ladder(ask, about),
        "acts": [],
    }


def _story(session: Session, actor: Actor, row: Any) -> dict[str, Any]:
    asked_for, here = request.args.get("show", ""), Subject(Organisation.SUBJECT, row.id)
    groups, last = stories.story(session, actor, here, read_place(), FILTERS.get(asked_for))
    words = {"": _("All"), "from-them": _("From them"), "from-us": _("From us"), "both": _("Together")}
    chips = [
        {"word": word, "url": with_changes(show=key or None, before=None), "current": key == asked_for}
        for key, word in words.items()
    ]
    earlier = {"word": _("Earlier"), "url": with_changes(before=write_place(last))} if last else None
    return {"story": groups, "story_filters": chips, "earlier": earlier}


def write_place(entry: Any) -> str:
    """Where a page of a story ended, as a part of an address."""
    return f"{entry.at.isoformat()}~{entry.id}"


def read_place() -> tuple[datetime, int] | None:
    """The place that the address names; None for the beginning, and for what is none."""
    at, _tilde, number = request.args.get("before", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(number)) if moment.tzinfo else None
    except ValueError:
        return None


def form_page(heading: str, back: dict[str, str], form: Any, save_word: str) -> dict[str, Any]:
    """The context of organisations/edit."""
    return {
        "heading": heading,
        "back": back,
        "form": form,
        "fields": form.FIELDS,
        "save_word": save_word,
        "multipart": False,
    }


def back_to_partner(session: Session, organisation_id: int) -> dict[str, str]:
    """The way back from a form to its partner."""
    row = get_organisation(session, organisation_id)
    return {"word": row.named(language()), "url": url_for("organisations.show", organisation_id=row.id)}
