"""Staff users, their sessions, and the brake on guessing."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, SubjectRow
from crm.domain.accounts.rules import ROLE_GRADES, ROLE_PERMISSIONS, Role
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.uow import Actor


class User(Base, SubjectRow):
    """A member of staff. `post` is what others see; the sign-in is the office e-mail address."""

    __tablename__ = "user_account"
    SUBJECT = "user"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    post: Mapped[str]
    role: Mapped[Role]
    language: Mapped[str] = mapped_column(default="en")
    theme: Mapped[str] = mapped_column(default="light")
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]

    @property
    def actor(self) -> Actor:
        """This person as the rooms know them."""
        return Actor(
            name=self.post,
            permissions=frozenset(ROLE_PERMISSIONS[self.role]),
            user_id=self.id,
            unit_id=self.unit_id,
            language=self.language,
            grades=ROLE_GRADES[self.role],
        )

    def disable(self, now: datetime) -> None:
        """Shut the account. Its history stays."""
        if self.disabled_at is not None:
            raise RuleBroken(Message("This account is disabled already."))
        self.disabled_at = now


class UserSession(Base):
    """A sign-in that can be revoked. Only the SHA-256 of its secret is kept."""

    __tablename__ = "user_session"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Throttle(Base):
    """Failures in a row for one address or one key, and when the next try is heard."""

    __tablename__ = "throttle"
    __audited__ = False

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    open_at: Mapped[datetime]


class IdempotencyKey(Base):
    """A form that was sent once. A double click or the back button finds the first result."""

    __tablename__ = "idempotency_key"
    __audited__ = False

    key: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime]
    location: Mapped[str] = mapped_column(default="")
