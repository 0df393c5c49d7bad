"""A copy of the whole database before it is changed, proved to be readable."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from psycopg import Connection as PostgresConnection
from sqlalchemy import Connection

from crm.errors import Refusal
from crm.i18n import Message


class BackupFailed(Refusal):
    """There is no backup, so nothing was changed."""


def back_up(connection: Connection, file: Path | None, folder: Path, revision: str, now: datetime) -> Path | None:
    """Copy the database of `connection` into `folder`; the copy, or None for a database in memory.

    file: where a SQLite database lies. The copy is named by the moment and the revision, readable by its owner only,
    and appears under its name only when it is whole and durable. Raises BackupFailed.
    """
    driver = connection.connection.driver_connection
    if file is None and isinstance(driver, sqlite3.Connection):
        return None
    ending = "sqlite" if file else "dump"
    place = folder / f"rabta-{now:%Y%m%dT%H%M%SZ}-{revision}.{ending}"
    half = place.with_suffix(".half")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _only_whole(half):
            if file is not None:
                _copy_sqlite(file, half)
            elif isinstance(driver, PostgresConnection):
                _dump_postgres(driver, half)
            _sync(half)
            half.replace(place)
        _sync(folder)
    except (OSError, sqlite3.Error) as fault:
        raise BackupFailed(_words(str(fault))) from fault
    return place


@contextmanager
def _only_whole(half: Path) -> Iterator[None]:
    """An empty file that only its owner may read; it goes if anything fails."""
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _words(said: str) -> Message:
    return Message("The backup could not be made (%(said)s). Nothing was changed.", said=said)


def _copy_sqlite(file: Path, half: Path) -> None:
    """SQLite's online backup: correct while others read and write."""
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(half)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file, without a write-ahead log beside it
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise BackupFailed(_words(found))


def _dump_postgres(driver: "PostgresConnection[object]", half: Path) -> None:
    """pg_dump's own format, which pg_restore reads; the list of its contents proves that it is whole."""
    wanted = driver.info
    told = {"PGHOST": wanted.host, "PGPORT": str(wanted.port), "PGUSER": wanted.user, "PGDATABASE": wanted.dbname}
    environment = os.environ | told | ({"PGPASSWORD": wanted.password} if wanted.password else {})
    _run(["pg_dump", "--no-password", "--format=custom", f"--file={half}"], environment)
    _run(["pg_restore", "--list", str(half)], environment)


def _run(command: list[str], environment: dict[str, str]) -> None:
    if shutil.which(command[0]) is None:
        raise BackupFailed(
            Message(
                "%(program)s is not installed, so no backup can be made and nothing was changed. Install it "
                "(sudo apt-get install postgresql-client), or make a backup in another way and run "
                "`crm upgrade --without-backup`.",
                program=command[0],
            )
        )
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupFailed(_words(done.stderr.strip()))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
