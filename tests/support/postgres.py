"""A private PostgreSQL server that lives as long as one test session, and a fresh database for each test."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL

OLDEST = 15
OWNER = "rabta"
TEMPLATE = "rabta_template"
START_LIMIT = 30.0
DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Deleting from the few tables a test filled is ten times cheaper than a new copy; triggers and foreign keys would
# object, so this one transaction plays the part of a replica, where they are silent.
EMPTY_EVERY_TABLE = """
DO $$ DECLARE name text; filled boolean; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %s', name); END IF;
  END LOOP;
  FOR name IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %s RESTART', name);
  END LOOP;
END $$
"""
SETTINGS = {"listen_addresses": "", "shared_buffers": "64MB", "max_connections": "60", "timezone": "UTC"}
# A test's data is thrown away, so nothing of it needs to survive a crash. Never the settings of a real server.
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path:
    """The folder of the newest server programs; RuntimeError says what to install."""
    found = [
        (int(folder.name), folder / "bin")
        for folder in Path("/usr/lib/postgresql").glob("[0-9]*")
        if folder.name.isdigit() and int(folder.name) >= OLDEST and (folder / "bin" / "initdb").exists()
    ]
    if found:
        return max(found)[1]
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    raise RuntimeError(f"PostgreSQL {OLDEST} or newer is not installed: sudo apt-get install postgresql")


def server_user() -> dict[str, Any]:
    """Whom to start the server as: it refuses root, so root lends it to the user `postgres`."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": []}


class Cluster:
    """One running server, reached by its socket alone: the folder is its name, so two never meet on a port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.numbers = itertools.count(1)
        self.free: list[str] = []

    def url(self, name: str) -> URL:
        """The address of the database of this name."""
        return URL.create("postgresql+psycopg", OWNER, database=name, query={"host": str(self.folder)})

    def admin(self, *statements: str) -> None:
        """Run statements outside any transaction, in the server's own database."""
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def create_template(self, create_tables: Callable[[URL], None]) -> None:
        """Make the database that every test's is copied from; `create_tables` must leave no connection open."""
        self.admin(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        create_tables(self.url(TEMPLATE))
        self.admin(f"ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false")

    @contextmanager
    def copy(self, template: str = TEMPLATE, locale: str = "C.UTF-8") -> Iterator[URL]:
        """A copy of a template that is dropped afterwards: for tests that change tables; about 150 ms.

        `template0` is an empty database; only that one can be given another locale.
        """
        name = f"rabta_{next(self.numbers)}"
        self.admin(f"CREATE DATABASE {name} TEMPLATE {template} LOCALE '{locale}'")
        try:
            yield self.url(name)
        finally:
            self.admin(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def database(self) -> Iterator[URL]:
        """A database with all tables and no row, emptied again afterwards and used for the next test."""
        if not self.free:
            name = f"rabta_{next(self.numbers)}"
            self.admin(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
            self.free.append(name)
        name = self.free.pop()
        yield self.url(name)
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname=name, autocommit=True) as connection:
            connection.execute(DISCONNECT_OTHERS)
            connection.execute(EMPTY_EVERY_TABLE)
        self.free.append(name)


def make_data(cluster: Cluster) -> None:
    """Lay out an empty server, in UTF-8 with a plain collation whatever this machine's language is."""
    command = [str(programs() / "initdb"), "-D", str(cluster.data), "-U", OWNER, "-A", "trust", "--no-sync"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
    done = subprocess.run(command, cwd=cluster.folder, capture_output=True, text=True, **server_user())
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")


def wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; RuntimeError with its own words when it stopped or took too long."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and server.poll() is None:
        with suppress(psycopg.OperationalError):
            cluster.admin("SELECT 1")
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(cluster.folder / 'log').read_text()[-2000:]}")


@contextmanager
def running_cluster(durable: bool = False) -> Iterator[Cluster]:
    """A server in a folder of its own, stopped and removed at the end; `durable` for figures that must be honest."""
    folder = Path(tempfile.mkdtemp(prefix="rabta-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder)
    try:
        make_data(cluster)
        chosen = SETTINGS if durable else SETTINGS | THROWN_AWAY
        settings = [word for key, value in chosen.items() for word in ("-c", f"{key}={value}")]
        command = [str(programs() / "postgres"), "-D", str(cluster.data), "-k", str(folder), *settings]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **server_user())
        try:
            wait_until_ready(cluster, server)
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_LIMIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
