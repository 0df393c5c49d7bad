"""One mail to one recipient: the letter as posted, its fixed identity, its bytes, its tries and its outcome."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import Base, Subject
from crm.mail.letter import LetterKind
from crm.outbox.rules import Status


class OutboxMessage(Base):
    """Unique `key`: never twice. `message_id` is fixed on writing, so that a resend is recognisable.

    due_at and expires_at run on the business clock; first_tried_at, retry_at and leased_until on the system clock.
    """

    __tablename__ = "outbox_message"
    __audited__ = False
    __table_args__ = (
        Index("ix_outbox_message_waiting", "status", "due_at"),
        Index("ix_outbox_message_about", "about_kind", "about_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[LetterKind]
    status: Mapped[Status] = mapped_column(default=Status.PREPARING)
    about_kind: Mapped[str]
    about_id: Mapped[int]
    seat_id: Mapped[int | None]
    step: Mapped[str] = mapped_column(default="")
    to_address: Mapped[str]
    to_name: Mapped[str]
    language: Mapped[str]
    subject_line: Mapped[str] = mapped_column(default="")
    message_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    envelope_from: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    lease_id: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]
    code: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(default="")
    letter: Mapped[dict[str, Any]] = mapped_column(deferred=True)

    @property
    def about(self) -> Subject:
        """What the mail is about: an ask, a meeting."""
        return Subject(self.about_kind, self.about_id)

    @property
    def edition(self) -> int:
        """A mail has one edition (see `links.Capability`)."""
        return 0


class MessageBytes(Base):
    """The exact bytes of a mail, in a table of their own so that lists never read them."""

    __tablename__ = "outbox_bytes"
    __audited__ = False

    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), primary_key=True)
    mime: Mapped[bytes]
