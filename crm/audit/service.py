"""The one session hook that writes the trail, the seal, and the check of the chain."""

import hashlib
import json
import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from crm.audit.models import AuditEntry, AuditSeal, AuditValue
from crm.base import Base
from crm.bulk import insert_many, put

HIDDEN = frozenset({"password_hash", "nonce", "token"})
PLAIN = frozenset({str, int, bool, float, type(None)})
CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
SALT = 8


def _plain(value: Any) -> Any:
    if type(value) in PLAIN:
        return value
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value


def _changes(row: Base, action: str) -> dict[str, list[Any]]:
    """Field name to [old, new]; of a secret only that it changed."""
    state, changed = inspect(row), {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if action == "delete":
            old, new = state.attrs[column.key].value, None
        elif not history.has_changes():
            continue
        changed[column.key] = ["…", "…"] if column.key in HIDDEN else [_plain(old), _plain(new)]
    return changed


def digest(salt: str, values: dict[str, Any]) -> str:
    """SHA-256 over the salt and the values in canonical JSON."""
    return hashlib.sha256((salt + CANONICAL(values)).encode()).hexdigest()


class FollowedSession(Session):
    """A session whose every written row leaves an entry, in the same transaction. No bulk write escapes it."""

    at: datetime
    actor: str

    def follow(self, at: datetime, actor: str) -> "FollowedSession":
        """Whose hand writes, and when."""
        self.at, self.actor = at, actor
        self.told: list[tuple[Base, str, dict[str, Any]]] = []
        return self


def _before_flush(session: FollowedSession, context: UOWTransaction, instances: Any) -> None:
    for rows, action in ((session.dirty, "change"), (session.deleted, "delete")):
        for row in rows:
            if row.__audited__ and (changes := _changes(row, action)):
                session.told.append((row, action, changes))
    session.told.extend((row, "insert", {}) for row in session.new if row.__audited__)


def _after_flush(session: FollowedSession, context: UOWTransaction) -> None:
    told = [(row, action, changes or _inserted(row)) for row, action, changes in session.told]
    session.told.clear()
    entries = [(row.__tablename__, _key(row), action, values) for row, action, values in told]
    write(session, session.at, session.actor, entries)


def _inserted(row: Base) -> dict[str, Any]:
    state = inspect(row)
    values = {column.key: state.dict.get(column.key) for column in state.mapper.column_attrs}
    return {
        name: ["…", "…"] if name in HIDDEN else [None, _plain(value)]
        for name, value in values.items()
        if value is not None
    }


def _key(row: Base) -> str:
    return "/".join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))


def write(session: Session, at: datetime, actor: str, told: list[tuple[str, str, str, dict[str, Any]]]) -> None:
    """Write entries of (table, row id, action, changes): the hook does, and a bulk insert that tells its own."""
    if not told:
        return
    entries, written, salts = [], at.isoformat(), secrets.token_bytes(SALT * len(told))
    for place, (table_name, row_id, action, changes) in enumerate(told):
        salt = salts[place * SALT : (place + 1) * SALT].hex()
        entry = {"at": written, "actor": actor, "action": action, "table_name": table_name, "row_id": row_id}
        entries.append(entry | {"at": at, "salt": salt, "digest": digest(salt, entry | changes)})
    pairs = zip(insert_many(session, AuditEntry, entries), told, strict=True)
    rows = [{"entry_id": number, "changes": changes} for number, (*_, changes) in pairs]
    put(session, AuditValue, rows)


def write_inserts(
    session: Session, at: datetime, actor: str, table: type[Base], numbers: list[int], rows: list[dict[str, Any]]
) -> None:
    """The entries of a bulk insert that tells its own."""
    told = []
    for number, row in zip(numbers, rows, strict=True):
        shown = {name: ["…", "…"] if name in HIDDEN else [None, _plain(value)] for name, value in row.items()}
        told.append((table.__tablename__, str(number), "insert", shown))
    write(session, at, actor, told)


def _refuse_unaudited_bulk(state: ORMExecuteState) -> None:
    """A bulk write passes the flush by: it is refused on audited tables (house, trap 5).

    One that writes its own entries says so by the execution option `audit="told"`.
    """
    writes = state.is_update or state.is_delete or state.is_insert
    if not writes or state.bind_mapper is None or state.execution_options.get("audit") == "told":
        return
    if getattr(state.bind_mapper.class_, "__audited__", True):
        raise RuntimeError(f"bulk write to audited table {state.bind_mapper.class_.__tablename__}")


def seal(session: Session, now: datetime) -> int:
    """Chain the entries since the last seal. Returns how many."""
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
    since = select(AuditEntry.id, AuditEntry.digest).where(AuditEntry.id > (last.last_entry_id if last else 0))
    rows = session.execute(since.order_by(AuditEntry.id)).all()
    if rows:
        chained = _chain(last.hash if last else "", [row.digest for row in rows])
        session.add(AuditSeal(last_entry_id=rows[-1].id, hash=chained, at=now))
    return len(rows)


def _chain(before: str, digests: list[str]) -> str:
    return hashlib.sha256("\n".join([before, *digests]).encode()).hexdigest()


def verify(session: Session) -> list[int]:
    """The seals that no longer fit their entries; empty when nothing was edited, deleted or reordered."""
    broken, before, start = [], "", 0
    for link in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        inside = (AuditEntry.id > start) & (AuditEntry.id <= link.last_entry_id)
        digests = list(session.scalars(select(AuditEntry.digest).where(inside).order_by(AuditEntry.id)))
        if _chain(before, digests) != link.hash:
            broken.append(link.id)
        before, start = link.hash, link.last_entry_id
    return broken


def latest_entries(
    session: Session, before: int | None = None, most: int = 50
) -> list[tuple[AuditEntry, dict[str, Any]]]:
    """A page of the trail, newest first, with the values where they still stand."""
    chosen = select(AuditEntry, AuditValue.changes).outerjoin(AuditValue, AuditValue.entry_id == AuditEntry.id)
    if before is not None:
        chosen = chosen.where(AuditEntry.id < before)
    rows = session.execute(chosen.order_by(AuditEntry.id.desc()).limit(most))
    return [(entry, changes or {}) for entry, changes in rows]


event.listen(FollowedSession, "before_flush", _before_flush)
event.listen(FollowedSession, "after_flush", _after_flush)
event.listen(FollowedSession, "do_orm_execute", _refuse_unaudited_bulk)
