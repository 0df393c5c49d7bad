"""What every route stands behind: a declared policy, the person, their language, and forms that count once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from flask import abort, current_app, g, request, session, url_for
from flask_login import UserMixin, current_user
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.bulk import insert_once
from crm.db import db
from crm.domain.accounts.models import IdempotencyKey, User
from crm.domain.accounts.queries import session_with_secret
from crm.domain.accounts.rules import Permission
from crm.domain.accounts.service import fingerprint, is_live
from crm.i18n import HOUSE_ZONE, LANGUAGES
from crm.runtime import open_uow, the_house
from crm.uow import Actor, UnitOfWork

View = TypeVar("View", bound=Callable[..., Any])
ANYONE = "anyone"
SIGNED_IN = "signed in"
SECRET = "secret"
ONCE = "idempotency_key"
SEEN_EVERY = 300


class Repeated(Exception):
    """A form that was sent before. `location` is where its first sending led, if that is known."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """A person with a live session, as Flask-Login wants to see them."""

    user: User

    def get_id(self) -> str:
        return str(self.user.id)


def allows(policy: Permission | str) -> Callable[[View], View]:
    """Declare who may use a route: a permission, SIGNED_IN or ANYONE. A route without a policy answers nobody."""

    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(endpoint: str) -> Permission | str | None:
    """The declared policy of an endpoint."""
    view = current_app.view_functions[endpoint]
    policy: Permission | str | None = getattr(view, "policy", None)
    return policy


def guard() -> Any:
    """Before every request: deny by default."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    policy = policy_of(request.endpoint)
    if policy == ANYONE:
        return None
    if policy is None:
        abort(403)
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if policy != SIGNED_IN and not current_actor().may(policy):
        abort(403)
    return None


def load_person(_: Any) -> SignedIn | None:
    """The person behind the request's session, if it is live. Its last use is noted now and then."""
    secret = session.get(SECRET)
    if not isinstance(secret, str):
        return None
    row = session_with_secret(db.session(), fingerprint(secret))
    at = the_house().ports.system.now()
    if row is None or not is_live(row, at):
        return None
    if (at - row.seen_at).total_seconds() > SEEN_EVERY:
        with open_uow() as uow:
            kept = session_with_secret(uow.session, fingerprint(secret))
            if kept is not None:
                kept.seen_at = at
    return SignedIn(row.user)


def current_actor() -> Actor:
    """Who acts in this request. Raises RuntimeError on a route that is open to anyone."""
    if not current_user.is_authenticated:
        raise RuntimeError("nobody is signed in")
    actor: Actor = current_user.user.actor
    return actor


def reader() -> Session:
    """The session that pages read from."""
    return db.session()


def fresh_reader() -> Session:
    """The same session after a form wrote in this request: its snapshot is let go, so that it sees what was written."""
    session = db.session()
    session.rollback()
    return session


def now() -> datetime:
    """The moment of this page, on the business clock: one for all that it says."""
    if "now" not in g:
        g.now = the_house().ports.business.now()
    moment: datetime = g.now
    return moment


def today() -> date:
    """The date at the unit's desk."""
    return now().astimezone(HOUSE_ZONE).date()


def language() -> str:
    """The language of this page: what a partner's page asks for, the person's own, or what the browser prefers."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _own_language()
    return known


def _own_language() -> str:
    if current_user and current_user.is_authenticated:
        return str(current_user.user.language)
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else (request.accept_languages.best_match(LANGUAGES) or "en")


@contextmanager
def writing(actor: Actor | None = None) -> Iterator[UnitOfWork]:
    """A unit of work for a form. Raises Repeated when the form's key was used before: nothing is done twice."""
    with open_uow(actor or current_actor()) as uow:
        key = request.form.get(ONCE, "")
        if key:
            row = {"key": key[:80], "used_at": uow.system, "location": ""}
            if not insert_once(uow.session, IdempotencyKey, [row]):
                known = uow.session.get(IdempotencyKey, key[:80])
                raise Repeated(known.location if known else "")
            g.once = key[:80]
        yield uow


def remember_location(response: Any) -> Any:
    """After a form led somewhere, keep where, for a second click."""
    key = g.pop("once", None)
    if key and response.status_code in (302, 303):
        with open_uow() as uow:
            here = IdempotencyKey.key == key
            uow.session.execute(update(IdempotencyKey).where(here).values(location=response.location))
    return response


def once_key() -> str:
    """A fresh key for a form."""
    return the_house().ports.randomness.token(16).hex()


def home_url() -> str:
    """Where a person goes who asked for nothing."""
    return url_for("home.index")
