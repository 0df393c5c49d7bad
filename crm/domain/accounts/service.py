"""Everything one can do to an account."""

import hashlib
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

from crm.domain.accounts import queries
from crm.domain.accounts.models import Throttle, User, UserSession
from crm.domain.accounts.rules import SESSION_IDLE, SESSION_LIFE, SHORTEST_PASSWORD, Permission, Role, wait_after
from crm.errors import NotAllowed, RuleBroken
from crm.i18n import LANGUAGES, Message
from crm.uow import UnitOfWork

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Kpu4Fmi4lGOUNM5PDU5A0g$074FzTzSGzJR76twRFLRHn2ugHa8iQ0hZ+Z3bplYMJQ"
"""The hash of a forgotten secret: an address without an account costs as long as one that has."""
REFUSED = Message("The e-mail address and the password do not go together.")


def add_user(uow: UnitOfWork, email: str, name: str, post: str, role: Role, password: str) -> User:
    """Open an account. Raises NotAllowed, and RuleBroken for a short password or an address in use."""
    uow.require(Permission.MANAGE_USERS)
    email = email.strip().lower()
    if "@" not in email:
        raise RuleBroken(Message("“%(email)s” is not an e-mail address.", email=email))
    if queries.user_with_email(uow.session, email):
        raise RuleBroken(Message("There is an account with the address %(email)s already.", email=email))
    user = User(email=email, name=name.strip(), post=post.strip(), role=role, password_hash=_hashed(password))
    uow.session.add(user)
    uow.session.flush()
    return user


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(Message("A password has at least %(count)s characters.", count=SHORTEST_PASSWORD))
    return HASHER.hash(password)


def disable_user(uow: UnitOfWork, user_id: int) -> User:
    """Shut an account and end its sessions at once. Raises NotAllowed, NotFound, RuleBroken."""
    uow.require(Permission.MANAGE_USERS)
    user = queries.get_user(uow.session, user_id)
    if user.id == uow.actor.user_id:
        raise RuleBroken(Message("You cannot disable the account you are signed in with."))
    user.disable(uow.now)
    end_sessions(uow, user)
    return user


def reset_password(uow: UnitOfWork, user_id: int, password: str) -> User:
    """Set a new password and end every session. Raises NotAllowed, NotFound, RuleBroken."""
    uow.require(Permission.MANAGE_USERS)
    user = queries.get_user(uow.session, user_id)
    user.password_hash = _hashed(password)
    end_sessions(uow, user)
    return user


def end_sessions(uow: UnitOfWork, user: User) -> None:
    """Sign a person out everywhere."""
    live = (UserSession.user_id == user.id) & UserSession.revoked_at.is_(None)
    uow.session.execute(update(UserSession).where(live).values(revoked_at=uow.system))


def sign_in(uow: UnitOfWork, email: str, password: str, source: str, agent: str) -> str | None:
    """The secret of a new session, or None where address and password do not go together.

    Takes as long for an address without an account. Raises NotAllowed while guessing is braked; the brake is on the
    address and on the source together, so nobody can lock another out.
    """
    brake = f"sign-in:{email.strip().lower()}:{source}"
    refuse_while_braked(uow, brake)
    user = queries.user_with_email(uow.session, email)
    if not _fits(user.password_hash if user else NOBODY, password) or user is None or user.disabled_at is not None:
        tighten(uow, brake)
        return None
    uow.session.execute(delete(Throttle).where(Throttle.key == brake))
    secret = uow.randomness.token(32).hex()
    row = UserSession(
        secret_sha256=fingerprint(secret), user_id=user.id, started_at=uow.system, seen_at=uow.system, agent=agent[:200]
    )
    uow.session.add(row)
    return secret


def _fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def fingerprint(secret: str) -> str:
    """What is kept of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_live(row: UserSession, now: datetime) -> bool:
    """Whether a session still counts on the system clock: not revoked, not idle, not too old, its user not disabled."""
    fresh = now - row.seen_at < SESSION_IDLE and now - row.started_at < SESSION_LIFE
    return row.revoked_at is None and fresh and row.user.disabled_at is None


def sign_out(uow: UnitOfWork, secret: str) -> None:
    """End one session."""
    row = queries.session_with_secret(uow.session, fingerprint(secret))
    if row is not None:
        row.revoked_at = uow.system


def refuse_while_braked(uow: UnitOfWork, key: str) -> None:
    """Raises NotAllowed until the brake on `key` is off."""
    row = uow.session.get(Throttle, key)
    if row is not None and row.open_at > uow.system:
        seconds = int((row.open_at - uow.system).total_seconds()) + 1
        raise NotAllowed(Message("Too many tries. Kindly wait %(seconds)s seconds.", seconds=seconds))


def tighten(uow: UnitOfWork, key: str) -> None:
    """Count one more failure of `key`."""
    row = uow.session.get(Throttle, key)
    failures = (row.failures if row else 0) + 1
    if row is None:
        row = Throttle(key=key)
        uow.session.add(row)
    row.failures, row.open_at = failures, uow.system + wait_after(failures)


def prefer(uow: UnitOfWork, user_id: int, language: str | None = None, theme: str | None = None) -> User:
    """Keep a person's language or theme."""
    user = queries.get_user(uow.session, user_id)
    if language in LANGUAGES:
        user.language = language
    if theme in ("light", "dark"):
        user.theme = theme
    return user
