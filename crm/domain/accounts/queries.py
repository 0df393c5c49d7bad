"""Who has an account, and whose session this is."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crm.domain.accounts.models import User, UserSession
from crm.errors import NotFound
from crm.i18n import Message

WITH_SECRET = select(UserSession).where(UserSession.secret_sha256 == bindparam("secret"))
"""Made once: every page asks it."""


def get_user(session: Session, user_id: int) -> User:
    """One account. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(Message("There is no such account."))
    return user


def user_with_email(session: Session, email: str) -> User | None:
    """The account with this sign-in, if there is one."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def all_users(session: Session) -> Sequence[User]:
    """Every account by role and name."""
    return session.scalars(select(User).order_by(User.disabled_at.is_not(None), User.role, User.name)).all()


def session_with_secret(session: Session, secret_sha256: str) -> UserSession | None:
    """The sign-in with this secret, with its user."""
    return session.scalars(WITH_SECRET, {"secret": secret_sha256}).one_or_none()
