"""An upgrade brings the database to this version with a backup, or leaves it as it was and says why."""

import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import ProgrammingError

from crm.backups import BackupFailed
from crm.errors import Refusal
from crm.upgrade import (
    MIGRATIONS,
    Upgraded,
    WrongDatabase,
    current,
    ensure_ready,
    head,
    is_ready,
    move,
    ours,
    upgrade_database,
)
from tests.migrations.rows import load_data, snapshot
from tests.migrations.shape import shape
from tests.support.fakes import NOON
from tests.support.postgres import Cluster
from tests.support.schema import connect

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
OLD = "0003"


@pytest.fixture
def old_engine(bare_engine: Engine) -> Engine:
    """A database of an older version, with rows in every table."""
    move(bare_engine, OLD)
    with bare_engine.begin() as connection:
        load_data(connection, ours(connection))
    return bare_engine


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return snapshot(connection)


def do(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def refused(engine: Engine, home: Path) -> str:
    """The sentence of an upgrade that was refused, which left everything as it was."""
    before = rows_of(engine), shape(engine)
    with pytest.raises(Refusal) as refusal:
        upgrade_database(engine, home, NOON)
    assert (rows_of(engine), shape(engine)) == before
    return str(refusal.value)


def test_the_head_is_alembics_own() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [head()]


def test_an_empty_database_is_filled_without_a_backup(bare_engine: Engine, tmp_path: Path) -> None:
    assert "crm upgrade" in str(is_ready(bare_engine))
    assert upgrade_database(bare_engine, tmp_path, NOON) == Upgraded("", head())
    assert is_ready(bare_engine) is None
    assert not (tmp_path / "backups").exists()


def test_a_database_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite"
    assert "crm upgrade" in str(is_ready(connect(URL.create("sqlite", database=str(file)))))
    assert not file.exists()


def test_an_older_database_is_refused_until_it_is_upgraded_and_nothing_is_lost(
    old_engine: Engine, tmp_path: Path
) -> None:
    before = rows_of(old_engine)
    with pytest.raises(WrongDatabase, match="`crm upgrade`"):
        ensure_ready(old_engine)
    done = upgrade_database(old_engine, tmp_path, NOON)
    assert (done.before, done.after, current(old_engine)) == (OLD, head(), head())
    ensure_ready(old_engine)
    after = rows_of(old_engine)
    assert {name: after[name] for name in before} == before
    assert upgrade_database(old_engine, tmp_path, NOON) == Upgraded(head(), head())


def test_the_backup_is_the_old_database_whole_and_for_its_owner_only(old_engine: Engine, tmp_path: Path) -> None:
    before = rows_of(old_engine)
    backup = upgrade_database(old_engine, tmp_path, NOON).backup
    assert backup is not None
    assert backup.name.startswith("rabta-20261124T070000Z-0003.")
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.parent.stat().st_mode) == 0o700
    if old_engine.dialect.name == "sqlite":
        restored = connect(URL.create("sqlite", database=str(backup)))
        assert (current(restored), rows_of(restored)) == (OLD, before)
        restored.dispose()


@pytest.mark.postgres
def test_a_dump_of_postgresql_restores_the_old_database(postgres_cluster: Cluster, tmp_path: Path) -> None:
    with postgres_cluster.copy("template0") as url, postgres_cluster.copy("template0") as other:
        old, restored = connect(url), connect(other)
        move(old, OLD)
        with old.begin() as connection:
            load_data(connection, ours(connection))
        before = rows_of(old)
        backup = upgrade_database(old, tmp_path, NOON).backup
        command = ["pg_restore", "--exit-on-error", f"--dbname={other.database}", f"--host={other.query['host']}"]
        subprocess.run([*command, f"--username={other.username}", str(backup)], check=True)
        assert (current(restored), rows_of(restored)) == (OLD, before)
        old.dispose()
        restored.dispose()


def test_a_backup_that_cannot_be_written_stops_the_upgrade(old_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    assert "The backup could not be made" in refused(old_engine, tmp_path)
    with pytest.raises(BackupFailed):
        upgrade_database(old_engine, tmp_path, NOON)
    assert upgrade_database(old_engine, tmp_path, NOON, backup=False).backup is None


def test_a_database_of_a_newer_version_is_refused_and_left_alone(old_engine: Engine, tmp_path: Path) -> None:
    do(old_engine, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in str(is_ready(old_engine))
    assert "revision 9999" in refused(old_engine, tmp_path)


def test_a_database_at_several_revisions_is_refused(old_engine: Engine, tmp_path: Path) -> None:
    do(old_engine, "INSERT INTO alembic_version VALUES ('0002')")
    assert "several revisions" in str(is_ready(old_engine))
    assert "0002, 0003" in refused(old_engine, tmp_path)


def test_a_database_of_another_program_is_refused(bare_engine: Engine, tmp_path: Path) -> None:
    do(bare_engine, "CREATE TABLE invoice (id INTEGER)")
    assert "did not make" in str(is_ready(bare_engine))
    assert "did not make" in refused(bare_engine, tmp_path)


def test_an_upgrade_that_fails_in_the_middle_of_a_revision_leaves_the_old_tables(
    old_engine: Engine, tmp_path: Path
) -> None:
    def fail(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if "CREATE TABLE ask_answer" in statement:
            raise ProgrammingError(statement, None, Exception("the disk caught fire"))

    event.listen(old_engine, "before_cursor_execute", fail)
    before = rows_of(old_engine), shape(old_engine)
    with pytest.raises(ProgrammingError, match="caught fire"):
        upgrade_database(old_engine, tmp_path, NOON)
    assert (rows_of(old_engine), shape(old_engine)) == before
    event.remove(old_engine, "before_cursor_execute", fail)
    assert upgrade_database(old_engine, tmp_path, NOON).after == head()


def test_an_upgrade_that_loses_rows_is_taken_back(old_engine: Engine, tmp_path: Path) -> None:
    def lose(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        if "CREATE TABLE ask_answer" in statement:
            cursor.execute("DELETE FROM holiday")

    event.listen(old_engine, "before_cursor_execute", lose)
    assert "would lose rows of holiday" in refused(old_engine, tmp_path)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Iterator[tuple[Path, Engine]]:
    """An old SQLite database with rows."""
    file = tmp_path / "old.sqlite"
    engine = connect(URL.create("sqlite", database=str(file)))
    move(engine, OLD)
    with engine.begin() as connection:
        load_data(connection, ours(connection))
    yield file, engine
    engine.dispose()


def test_a_sqlite_database_with_orphans_is_not_upgraded(sqlite_file: tuple[Path, Engine], tmp_path: Path) -> None:
    file, engine = sqlite_file
    with sqlite3.connect(file) as outside:
        outside.execute("DELETE FROM unit WHERE id = 1")
    assert "not sound" in refused(engine, tmp_path)


def test_a_database_in_use_is_not_upgraded(sqlite_file: tuple[Path, Engine], tmp_path: Path) -> None:
    file, engine = sqlite_file
    do(engine)
    event.listen(engine, "checkout", lambda driver, *others: driver.execute("PRAGMA busy_timeout=10"))
    outside = sqlite3.connect(file, isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    assert "Stop Rabta" in refused(engine, tmp_path)
    outside.execute("ROLLBACK")
    outside.close()
    assert upgrade_database(engine, tmp_path, NOON).after == head()


def test_foreign_keys_watch_again_after_an_upgrade(sqlite_file: tuple[Path, Engine], tmp_path: Path) -> None:
    _, engine = sqlite_file
    upgrade_database(engine, tmp_path, NOON)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_engine_that_cannot_roll_tables_back_is_not_used(tmp_path: Path) -> None:
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "wild.sqlite")))
    with pytest.raises(RuntimeError, match="tame"):
        move(engine, head())
    engine.dispose()


@pytest.mark.postgres
def test_a_postgresql_database_that_knows_no_urdu_letter_is_refused(postgres_cluster: Cluster, tmp_path: Path) -> None:
    with postgres_cluster.copy("template0", "C") as url:
        engine = connect(url)
        assert "LC_CTYPE" in refused(engine, tmp_path)
        assert current(engine) == ""
        engine.dispose()


@pytest.mark.slow
def test_an_upgrade_killed_at_any_change_leaves_the_old_database_whole(old_engine: Engine) -> None:
    before = rows_of(old_engine), shape(old_engine)
    url = old_engine.url.render_as_string(hide_password=False)
    old_engine.dispose()
    command = [sys.executable, "-m", "tests.support.dying", url, "1", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["deaths"] > 50
    assert told["changed"] == []
    assert told["after"] == told["head"] == head()
    move(old_engine, OLD)
    assert (rows_of(old_engine), shape(old_engine)) == before
