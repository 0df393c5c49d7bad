"""The trail: one row a changed record, its values beside it, and the seals that chain them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import Base


class AuditEntry(Base):
    """Who inserted, changed or deleted which row, with a salted digest of the values (house, convention 19)."""

    __tablename__ = "audit_entry"
    __audited__ = False
    __table_args__ = (Index("ix_audit_entry_row", "table_name", "row_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    table_name: Mapped[str]
    row_id: Mapped[str]
    salt: Mapped[str]
    digest: Mapped[str]


class AuditValue(Base):
    """The fields of an entry: old and new values by name. Erasure may empty this table; the digest stays."""

    __tablename__ = "audit_value"
    __audited__ = False

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    changes: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """A link of the chain: the hash of the seal before it and of every digest since."""

    __tablename__ = "audit_seal"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    last_entry_id: Mapped[int]
    hash: Mapped[str]
    at: Mapped[datetime]
