"""What needs me now: the most pressing first, each line with its one act. Only what a person may do is offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints.asks.lists import owing_line
from crm.blueprints.door import language
from crm.blueprints.home import needs
from crm.blueprints.home.today import Today, upcoming
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.domain.accounts.rules import Permission
from crm.domain.asks.queries import who_owes_whom
from crm.domain.organisations.queries import count_partners
from crm.uow import Actor

FIRST, FEW = 10, 8


@dataclass(frozen=True)
class Kind:
    """One kind of need: who is shown it, and where it comes from, in the order of the page.

    `is_kept`: read of audited tables alone, so that it is remembered until one of them changes.
    """

    permission: Permission
    read: Any
    is_kept: bool = False


KINDS = (
    Kind(Permission.FILE_MAIL, needs.unmatched_mail),
    Kind(Permission.SEE_ASKS, needs.overdue_by_us, is_kept=True),
    Kind(Permission.SEE_CONSULTATIONS, needs.overdue_by_partners),
    Kind(Permission.APPROVE_STEP, needs.steps_to_courts),
    Kind(Permission.SEE_ASKS, needs.overdue_letters, is_kept=True),
    Kind(Permission.RUN_ROUND, needs.rounds_to_send, is_kept=True),
    Kind(Permission.SEE_MEETINGS, needs.meetings_near, is_kept=True),
    Kind(Permission.DISPOSE, needs.undecided_comments, is_kept=True),
    Kind(Permission.EDIT_PARTNERS, needs.undeliverable_addresses),
    Kind(Permission.APPROVE_STEP, needs.paused_requests, is_kept=True),
    Kind(Permission.STOP_MAIL, needs.failed_letters),
)


def home(session: Session, actor: Actor, now: Today, show_all: bool) -> dict[str, Any]:
    """The context of home/index."""
    found = list(_needs(session, actor, now))
    shown = found if show_all else found[:FIRST]
    owing, owing_total = _owing(session, now) if actor.may(Permission.SEE_ASKS) else ([], 0)
    return {
        "heading": _("What needs me now") if actor.may(Permission.FILE_MAIL) else _("What is pending"),
        "needs": shown,
        "total": len(found),
        "more_url": url_for("home.index", all=1) if len(found) > len(shown) else None,
        "first_steps": first_steps(session, actor) if not found else [],
        "upcoming": upcoming(session, now) if actor.may(Permission.SEE_MEETINGS) else [],
        "meetings_url": url_for("meetings.index"),
        "pending": owing,
        "pending_total": owing_total,
    }


def _needs(session: Session, actor: Actor, now: Today) -> Iterable[dict[str, Any]]:
    for kind in KINDS:
        if actor.may(kind.permission):
            yield from _kept(kind, session, actor, now) if kind.is_kept else kind.read(session, actor, now)


def _kept(kind: Kind, session: Session, actor: Actor, now: Today) -> list[dict[str, Any]]:
    key = (kind.read, now.today, language(), actor.permissions, actor.grades)
    return remembered(session, key, lambda: list(kind.read(session, actor, now)))


def _owing(session: Session, now: Today) -> tuple[list[dict[str, Any]], int]:
    """The first few lines of "who owes whom", and how many partners it has."""

    def read() -> tuple[list[dict[str, Any]], int]:
        owing = who_owes_whom(session, now.today)
        return [owing_line(one) for one in owing[:FEW]], len(owing)

    return remembered(session, ("who owes whom", now.today, language()), read)


def first_steps(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What to do in an empty house."""
    if not actor.may(Permission.EDIT_PARTNERS):
        return []
    partners = count_partners(session)
    word = ngettext("%(num)s partner on the register", "%(num)s partners on the register", partners)
    return [
        {"word": word, "url": url_for("organisations.index"), "done": partners > 0},
        {"word": _("Open a consultation round"), "url": url_for("consultations.index"), "done": False},
        {"word": _("Call a meeting"), "url": url_for("meetings.index"), "done": False},
    ]
