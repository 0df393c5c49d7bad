"""Who has an account, as the administrator sees it."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.domain.accounts.models import User, UserSession
from crm.domain.accounts.queries import all_users, get_user
from crm.domain.accounts.rules import ROLE_WORDS

LANGUAGE_WORDS = {"en": "English", "ur": "اردو"}
SYLLABLES = 4


def users(session: Session) -> dict[str, Any]:
    """The context of accounts/index."""
    seen = select(UserSession.user_id, func.max(UserSession.seen_at)).group_by(UserSession.user_id)
    last = {user_id: at for user_id, at in session.execute(seen)}
    rows = [_row(user, last.get(user.id)) for user in all_users(session)]
    page = {"shown": len(rows), "total": None, "earlier_url": None, "later_url": None}
    return {"new_url": url_for("accounts.new"), "users": rows, "page": page}


def _row(user: User, last_at: Any) -> dict[str, Any]:
    return {
        "url": url_for("accounts.show", user_id=user.id),
        "name": f"{user.name}, {user.post}",
        "email": user.email,
        "role_word": worded(ROLE_WORDS[user.role]),
        "language_word": LANGUAGE_WORDS.get(user.language, user.language),
        "last_at": last_at,
        "badge": ("ended", _("Disabled")) if user.disabled_at else ("active", _("Active")),
    }


def account(session: Session, user_id: int, form: Any, new_password: str | None = None) -> dict[str, Any]:
    """The context of accounts/edit for an account that exists."""
    user = get_user(session, user_id)
    acts = [{"url": url_for("accounts.reset", user_id=user.id), "word": _("Reset the password"), "icon": "shield"}]
    if user.disabled_at is None:
        acts.append({"url": url_for("accounts.disable", user_id=user.id), "word": _("Disable"), "icon": "x"})
    return {
        "heading": f"{user.name}, {user.post}",
        "form": form,
        "fields": (),
        "save_word": _("Done"),
        "new_password": new_password,
        "sessions": [],
        "acts": acts,
    }


def demo_accounts(sign_ins: Iterable[Any]) -> list[dict[str, str]]:
    """The demo's accounts as the sign-in page offers them."""
    return [
        {"role_word": worded(ROLE_WORDS[one.role]), "email": one.email, "password": one.password} for one in sign_ins
    ]


def readable_password(octets: bytes) -> str:
    """A password that can be read out: 20 letters and digits in groups of five, 100 bits, no look-alikes."""
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    drawn = "".join(letters[octet % 32] for octet in octets[: 5 * SYLLABLES])
    return "-".join(drawn[start : start + 5] for start in range(0, len(drawn), 5))
