"""A stored file by its content, and its attachment to a record."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import Base, Subject


class ScanState(StrEnum):
    """What is known of a file. `unread`: no machine could read it; a person releases it after a look (practice 1)."""

    CLEAN = "clean"
    UNREAD = "unread"
    HELD = "held"
    REFUSED = "refused"


class Blob(Base):
    """Bytes, named by their SHA-256. The bytes lie in the blob store."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    state: Mapped[ScanState]
    reason: Mapped[str] = mapped_column(default="")
    stored_at: Mapped[datetime]
    released_by: Mapped[str | None]
    quarantined_as: Mapped[str | None]


class Attachment(Base):
    """A file as it came with or belongs to a record, under the name it is shown by."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_of", "subject_kind", "subject_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    name: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    added_at: Mapped[datetime]
    is_inline: Mapped[bool] = mapped_column(default=False)

    blob: Mapped[Blob] = relationship(lazy="joined")

    @property
    def subject(self) -> Subject:
        """What it is attached to."""
        return Subject(self.subject_kind, self.subject_id)
