"""Whether a database fits this code, and bringing it there: backup, migrate, verify, all in one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from runpy import run_path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from crm.backups import back_up
from crm.db import WRITES
from crm.errors import Refusal
from crm.i18n import Message
from crm.search.models import TWINS

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
VERSIONS = "alembic_version"
LOCK = 7_241_502
OWN_INDEXES = frozenset({"ix_search_entry_words", "ix_search_entry_trigrams"})


class WrongDatabase(Refusal):
    """The database does not fit the code, or could not be brought there. The sentence says what to run."""


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: the revision before ("" for an empty database) and after, and the backup if one was made."""

    before: str
    after: str
    backup: Path | None = None


def revisions() -> tuple[str, ...]:
    """Every revision that this code knows, oldest first; they are numbered in their order."""
    return tuple(sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def head() -> str:
    """The revision that this code needs."""
    return revisions()[-1]


def current(engine: Engine) -> str:
    """The revision that the database is at, "" where it has none. Raises WrongDatabase where it has several."""
    with engine.connect() as connection:
        return _current(connection)


def _current(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSIONS):
        return ""
    found = list(connection.scalars(text(f"SELECT version_num FROM {VERSIONS}")))
    if len(found) > 1:
        raise WrongDatabase(
            Message(
                "The database is at several revisions at once (%(found)s). Restore the latest backup.",
                found=", ".join(sorted(found)),
            )
        )
    return str(found[0]) if found else ""


def is_ready(engine: Engine) -> Message | None:
    """None where the database fits the code; otherwise a sentence that says what to run."""
    file = _file(engine)
    if file is not None and not file.exists():
        return Message("There is no database at %(file)s yet. Run `crm upgrade`.", file=file)
    try:
        with engine.connect() as connection:
            return _fault(connection) or _letters_fault(connection)
    except WrongDatabase as fault:
        return fault.message


def ensure_ready(engine: Engine) -> None:
    """Refuse to work on a database that is older or newer than the code. Raises WrongDatabase."""
    if (fault := is_ready(engine)) is not None:
        raise WrongDatabase(fault)


def _fault(connection: Connection) -> Message | None:
    found = _current(connection)
    if found == head():
        return None
    if not found:
        return _foreign(connection) or Message("The database is empty. Run `crm upgrade`.")
    return _newer(found) or Message(
        "The database is at revision %(found)s and this version needs %(needed)s. Stop Rabta and run `crm upgrade`.",
        found=found,
        needed=head(),
    )


def _foreign(connection: Connection) -> Message | None:
    if ours(connection):
        return Message("The database holds tables that Rabta did not make. Give Rabta a database of its own.")
    return None


def _newer(found: str) -> Message | None:
    if found in revisions():
        return None
    return Message(
        "The database was made by a newer version (revision %(found)s; this one knows up to %(known)s). "
        "Run the newer version, or restore the backup that was made before it and run `crm upgrade`.",
        found=found,
        known=head(),
    )


def _letters_fault(connection: Connection) -> Message | None:
    """Under the character type C, pg_trgm sees no letter in Urdu and finds nothing (house, trap 7)."""
    if connection.dialect.name != "postgresql":
        return None
    if connection.scalar(text("SELECT show_trgm('نادرا')")):
        return None
    return Message(
        "This PostgreSQL database does not know Urdu letters (its LC_CTYPE is C). Make one with "
        "`createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 NAME` and load the data into it."
    )


def ours(connection: Connection) -> list[str]:
    """The tables of the database, without Alembic's and those that SQLite's search keeps for itself."""
    names = inspect(connection).get_table_names()
    return sorted(name for name in names if name != VERSIONS and is_ours(name, "table", {}))


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a table or index stands in the models. The full-text twins do not; each database has its own."""
    if name is None:
        return True
    return name not in OWN_INDEXES and not any(name == twin or name.startswith(f"{twin}_") for twin in TWINS)


def upgrade_database(engine: Engine, home: Path, now: datetime, backup: bool = True) -> Upgraded:
    """Bring the database to this version, or leave it as it was.

    home: the data folder; the backup goes to `backups` in it, named by `now`. All revisions and the proof that nothing
    was lost are one transaction: a power cut at any statement leaves the old tables. Raises WrongDatabase.
    """
    try:
        with _alone(engine) as connection:
            before = _current(connection)
            if fault := _newer(before) if before else _foreign(connection):
                raise WrongDatabase(fault)
            if before == head():
                return Upgraded(before, before)
            kept = back_up(connection, _file(engine), home / "backups", before, now) if backup and before else None
            _migrate(connection, head(), down=False)
            if fault := _letters_fault(connection):
                raise WrongDatabase(fault)
            return Upgraded(before, head(), kept)
    except OperationalError as error:
        raise WrongDatabase(_refused(error)) from error


def move(engine: Engine, revision: str) -> None:
    """Bring the tables to any revision, up or down, without a backup; "base" takes all of them away."""
    with _alone(engine) as connection:
        before = _current(connection)
        _migrate(connection, revision, down=revision == "base" or revision < before)


def _migrate(connection: Connection, revision: str, down: bool) -> None:
    """Alembic is loaded here only: it brings the dialects of five databases, and the web starts without them."""
    counted = _counts(connection)
    run_path(str(MIGRATIONS / "migrate.py"))["migrate"](connection, revision, down)
    fault = _damage(connection) or (None if down else _loss(connection, counted))
    if fault is not None:
        raise WrongDatabase(fault)


def _counts(connection: Connection) -> dict[str, int]:
    return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in ours(connection)}


def _loss(connection: Connection, before: dict[str, int]) -> Message | None:
    """Whether a table has fewer rows than before the upgrade."""
    after = _counts(connection)
    fewer = [name for name, count in before.items() if after.get(name, count) < count]
    if not fewer:
        return None
    return Message("The upgrade would lose rows of %(tables)s; it was taken back.", tables=", ".join(fewer))


def _damage(connection: Connection) -> Message | None:
    """What SQLite's own checks find. PostgreSQL keeps its foreign keys itself."""
    if connection.dialect.name != "sqlite":
        return None
    words = [str(found) for found in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if found != "ok"]
    words += [f"{row[0]} -> {row[2]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    if not words:
        return None
    return Message("The upgraded database is not sound (%(words)s); it was taken back.", words="; ".join(words[:3]))


def _refused(fault: OperationalError) -> Message:
    said = str(fault.orig).strip()
    if "locked" in said:
        return Message("The database is in use. Stop Rabta, then run `crm upgrade` again. Nothing was changed.")
    return Message("The database refused: %(said)s. Nothing was changed.", said=said)


def _file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for one in memory and for PostgreSQL."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that keeps others from changing tables meanwhile."""
    with engine.connect() as opened, _without_foreign_keys(opened):
        connection = opened.execution_options(**{WRITES: True})
        with connection.begin():
            _ensure_transaction(opened)
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection


def _ensure_transaction(connection: Connection) -> None:
    """Python's SQLite begins none before it changes tables, unless BEGIN is in our hands (house, trap 4)."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        raise RuntimeError("this engine was not set up by crm.db.tame")


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew, which foreign keys would forbid; they are checked before the commit.

    The switch works only outside a transaction.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
