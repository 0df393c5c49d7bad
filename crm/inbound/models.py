"""A mail that came in: where its bytes lie, what was understood and done; and how far each mailbox is read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import Base, Grade, Subject
from crm.i18n import Message
from crm.search.rules import Findable


class MailState(StrEnum):
    """Kept first; then everything else. Nothing is deleted on error."""

    KEPT = "kept"
    DONE = "done"
    WAITING = "waiting"
    HELD = "held"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set-aside"
    FAILED = "failed"


MAIL_WORDS = {
    MailState.KEPT: Message("Arrived, being read"),
    MailState.DONE: Message("Filed"),
    MailState.WAITING: Message("Waits for a person"),
    MailState.HELD: Message("Held: it carries a child's identifier"),
    MailState.DUPLICATE: Message("Came twice"),
    MailState.SET_ASIDE: Message("Set aside"),
    MailState.FAILED: Message("Could not be read"),
}


class InboundMail(Base):
    """One arrived mail for one recipient. The raw bytes lie in the quarantine until scanned, then among the files.

    `content_key` tells the same mail delivered twice; `evidence` is what the match rested on, strongest first.
    """

    __tablename__ = "inbound_mail"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("account", "mailbox", "uidvalidity", "uid"),
        Index("ix_inbound_mail_state", "state", "id"),
        Index("ix_inbound_mail_content_key", "content_key"),
        {"sqlite_autoincrement": True},
    )
    SUBJECT = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[MailState] = mapped_column(default=MailState.KEPT)
    arrived_at: Mapped[datetime]
    envelope_from: Mapped[str] = mapped_column(default="")
    envelope_to: Mapped[str] = mapped_column(default="")
    account: Mapped[str | None]
    mailbox: Mapped[str | None]
    uidvalidity: Mapped[int | None]
    uid: Mapped[int | None]
    quarantined_as: Mapped[str | None]
    raw_sha256: Mapped[str | None]
    size: Mapped[int] = mapped_column(default=0)
    content_key: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str] = mapped_column(default="", index=True)
    written_at: Mapped[datetime | None]
    mail_class: Mapped[str] = mapped_column(default="")
    from_address: Mapped[str] = mapped_column(default="")
    from_name: Mapped[str] = mapped_column(default="")
    is_verified: Mapped[bool] = mapped_column(default=False)
    copied_to: Mapped[list[Any]] = mapped_column(default=list)
    subject_line: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(default="")
    ask_id: Mapped[int | None] = mapped_column(index=True)
    proposed_ask_id: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_by: Mapped[str] = mapped_column(default="")
    grade: Mapped[Grade] = mapped_column(default=Grade.OFFICIAL)

    @property
    def subject(self) -> Subject:
        """This mail as a value others may hold."""
        return Subject(self.SUBJECT, self.id)

    @property
    def verdict_words(self) -> Message:
        """Why it stands where it stands, in words."""
        return Message(self.verdict["text"], **self.verdict["params"]) if self.verdict else MAIL_WORDS[self.state]

    @property
    def findable(self) -> Findable:
        """Its subject line or its sender, and its text, masked when it was read."""
        shown = f"{self.from_name} {self.from_address}"
        return Findable(self.subject_line or shown, self.text, detail=shown)

    def judge(self, state: MailState, why: Message) -> None:
        """Write what became of it and why."""
        self.state, self.verdict = state, {"text": why.text, "params": why.params}


class MailCursor(Base):
    """The highest UID of a folder up to which every mail is kept (mail paper A.9.1)."""

    __tablename__ = "mail_cursor"
    __audited__ = False

    account: Mapped[str] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int]
    uid: Mapped[int]
    read_at: Mapped[datetime]
