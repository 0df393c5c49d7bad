"""What every page reads and few acts change, remembered by the web process until the trail or a story grows.

Every write to an audited table leaves an entry in the trail, and whatever happens is told on a story; as long as the
last numbers of both stand, nothing changed. On PostgreSQL a transaction that began earlier may commit later with lower
numbers: nothing is kept longer than KEPT.
"""

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.audit.service import FollowedSession
from crm.bulk import rows_of
from crm.runtime import the_house
from crm.timeline.models import TimelineEntry

Value = TypeVar("Value")
KEPT, MOST = timedelta(seconds=60), 64
MEMORY = "crm_memory"
LAST_ENTRIES = select(
    select(func.max(rows_of(AuditEntry).c.id)).scalar_subquery(),
    select(func.max(rows_of(TimelineEntry).c.id)).scalar_subquery(),
)


def remembered(session: Session, key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` gives, or gave under the same key since the last change. Never to be changed.

    Only of audited tables and of stories: mails on their way in and out leave no entry in either.

    `key` names what is read and everything that it depends on (a date, a language, a reader's grades).
    """
    if isinstance(session, FollowedSession):
        return read()  # what a unit of work sees may yet be undone
    stamp = _stamp(session)
    kept: dict[Hashable, tuple[Any, Any, Any]] = current_app.extensions.setdefault(MEMORY, {})
    now = the_house().ports.system.now()
    known = kept.get(key)
    if known is not None and known[0] == stamp and now - known[1] < KEPT:
        value: Value = known[2]
        return value
    value = read()
    kept.pop(key, None)
    kept[key] = (stamp, now, value)
    for oldest in list(kept)[:-MOST]:
        kept.pop(oldest, None)
    return value


def _stamp(session: Session) -> tuple[int | None, int | None]:
    """The last numbers of the trail and of the stories, read once a transaction."""
    transaction, stamp = session.info.get(MEMORY, (None, (None, None)))
    if transaction is None or transaction is not session.get_transaction():
        stamp = tuple(session.connection().execute(LAST_ENTRIES).one())
        session.info[MEMORY] = session.get_transaction(), stamp
    known: tuple[int | None, int | None] = stamp
    return known
