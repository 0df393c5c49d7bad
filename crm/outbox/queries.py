"""What waits, what left, and what became of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.bulk import rows_of
from crm.errors import NotFound
from crm.i18n import Message
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import Status

MESSAGE, BYTES = rows_of(OutboxMessage).c, rows_of(MessageBytes).c
BYTES_OF = select(BYTES.message_id, BYTES.mime).where(BYTES.message_id.in_(bindparam("ids", expanding=True)))
LATEST_BYTES = (
    select(BYTES.mime)
    .join_from(rows_of(MessageBytes), rows_of(OutboxMessage), MESSAGE.id == BYTES.message_id)
    .where(MESSAGE.about_kind == bindparam("of_kind"), MESSAGE.about_id == bindparam("of_id"))
    .order_by(MESSAGE.id.desc())
    .limit(1)
)


def get_message(session: Session, message_id: int) -> OutboxMessage:
    """One mail. Raises NotFound."""
    message = session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFound(Message("There is no such mail."))
    return message


def bytes_of(session: Session, message_id: int) -> bytes | None:
    """The exact bytes, or None while the mail is being prepared."""
    return all_bytes_of(session, [message_id]).get(message_id)


def all_bytes_of(session: Session, message_ids: Iterable[int]) -> dict[int, bytes]:
    """The exact bytes of several mails, by id; one that is being prepared has none."""
    rows = session.connection().execute(BYTES_OF, {"ids": list(message_ids)})
    return {message_id: mime for message_id, mime in rows}


def latest_bytes_about(session: Session, subject: Subject) -> bytes | None:
    """The exact bytes of the latest mail about a record; None where none was pressed yet."""
    mime: bytes | None = session.connection().scalar(LATEST_BYTES, {"of_kind": subject.kind, "of_id": subject.id})
    return mime


def messages_about(session: Session, subjects: Iterable[Subject]) -> Sequence[OutboxMessage]:
    """The mails about records of one kind, oldest first."""
    wanted = list(subjects)
    if not wanted:
        return []
    ids = [subject.id for subject in wanted]
    kind = wanted[0].kind
    chosen = select(OutboxMessage).where(OutboxMessage.about_kind == kind, OutboxMessage.about_id.in_(ids))
    return session.scalars(chosen.order_by(OutboxMessage.id)).all()


def count_by_status(session: Session) -> dict[Status, int]:
    """How many mails stand in each state."""
    rows = session.execute(select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status))
    return {status: count for status, count in rows}


def message_with_id(session: Session, message_ids: Iterable[str]) -> OutboxMessage | None:
    """Our mail that one of `message_ids` (in order of trust) names, for matching replies and bounces."""
    wanted = list(message_ids)
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.message_id.in_(wanted))).all()
    return min(rows, key=lambda row: wanted.index(row.message_id), default=None)
