"""What every page reads and few acts change, remembered by the web process until the trail grows.

Every write to an audited table leaves an entry in the trail, so as long as its last number stands, nothing changed.
On PostgreSQL a transaction that began earlier may commit later with a lower number: nothing is kept longer than KEPT.
"""

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.audit.service import FollowedSession
from crm.runtime import the_house

Value = TypeVar("Value")
KEPT, MOST = timedelta(seconds=60), 64
MEMORY = "crm_memory"
LAST_ENTRY = select(func.max(AuditEntry.__table__.c.id))


def remembered(session: Session, key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` gives, or gave under the same key since the last change. Only of audited tables; never to be changed.

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


def _stamp(session: Session) -> int:
    """The last number of the trail, read once a transaction."""
    transaction, stamp = session.info.get(MEMORY, (None, 0))
    if transaction is None or transaction is not session.get_transaction():
        stamp = session.scalar(LAST_ENTRY) or 0
        session.info[MEMORY] = session.get_transaction(), stamp
    return int(stamp)
