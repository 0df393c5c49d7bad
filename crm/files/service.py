"""Keeping files: judged by content, stored by content, attached to a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.bulk import insert_once
from crm.errors import NotFound
from crm.files.models import Attachment, Blob, ScanState
from crm.i18n import Message


@dataclass(frozen=True)
class StoredFile:
    """A file whose bytes are durable already: its hash, size, shown name, type by content, and what the scan said."""

    sha256: str
    size: int
    name: str
    media_type: str
    state: ScanState
    reason: str = ""
    is_inline: bool = False
    quarantined_as: str | None = None


def attach(session: Session, subject: Subject, files: Sequence[StoredFile], now: datetime) -> list[Attachment]:
    """Attach files to a record. The same bytes are kept once."""
    if not files:
        return []
    blobs = {one.sha256: _blob(one, now) for one in files}
    insert_once(session, Blob, list(blobs.values()), audit="told")  # the attachment leaves the entry
    rows = [
        Attachment(
            sha256=one.sha256,
            name=one.name,
            subject_kind=subject.kind,
            subject_id=subject.id,
            added_at=now,
            is_inline=one.is_inline,
        )
        for one in files
    ]
    session.add_all(rows)
    session.flush()
    return rows


def strays(session: Session, files: Sequence[StoredFile]) -> tuple[str, ...]:
    """The names in quarantine of second copies: of bytes that the register holds under another name, or released."""
    held = {one.quarantined_as: one.sha256 for one in files if one.quarantined_as}
    if not held:
        return ()
    known = select(Blob.sha256, Blob.quarantined_as).where(Blob.sha256.in_(held.values()))
    registered = {sha256: name for sha256, name in session.execute(known)}
    return tuple(name for name, sha256 in held.items() if sha256 in registered and registered[sha256] != name)


def _blob(one: StoredFile, now: datetime) -> dict[str, Any]:
    return {
        "sha256": one.sha256,
        "size": one.size,
        "media_type": one.media_type,
        "state": one.state,
        "reason": one.reason,
        "stored_at": now,
        "quarantined_as": one.quarantined_as,
    }


def attachments_of(session: Session, subjects: Sequence[Subject]) -> list[Attachment]:
    """The files of records of one kind, in the order in which they came."""
    if not subjects:
        return []
    numbers = [subject.id for subject in subjects]
    here = (Attachment.subject_kind == subjects[0].kind) & Attachment.subject_id.in_(numbers)
    return list(session.scalars(select(Attachment).where(here).order_by(Attachment.id)))


def get_attachment(session: Session, attachment_id: int) -> Attachment:
    """One attachment. Raises NotFound."""
    row = session.get(Attachment, attachment_id)
    if row is None:
        raise NotFound(Message("There is no such file."))
    return row


def release(blob: Blob, by: str) -> None:
    """A person has looked at a file that no machine could read."""
    blob.state, blob.released_by = ScanState.CLEAN, by
