"""What every test may ask for: a database of each kind, a browser, and shut sockets unless it says otherwise."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine

from tests.support.certificates import a_certificate
from tests.support.chromium import launch_arguments
from tests.support.postgres import Cluster, running_cluster
from tests.support.schema import connect, create_tables
from tests.support.services import MailboxServer, running_dovecot
from tests.support.web import Web, a_web

THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open this machine's own sockets to the tests marked for it, and keep those that share a server on one worker.

    A test that asks for the whole app is marked `pages`: `make check` leaves it to `make test`.
    """
    for item in items:
        if "web" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pages)
        for marker in ("real_server", "browser"):
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.allow_hosts(THIS_MACHINE))
                item.add_marker(pytest.mark.xdist_group(marker))


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this session's own, with the template of all tables."""
    with running_cluster() as cluster:
        cluster.create_template(create_tables)
        yield cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, from which every test's database is copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    create_tables(URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a database with all tables and no row; the test runs once on each kind."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        with cluster.database() as url:
            yield url
        return
    path = tmp_path / "rabta.sqlite"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    yield URL.create("sqlite", database=str(path))


@pytest.fixture
def engine(database: URL) -> Iterator[Engine]:
    """An engine on that database."""
    engine = connect(database)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without any table."""
    if request.param == "sqlite":
        address = nullcontext(URL.create("sqlite", database=str(tmp_path / "bare.sqlite")))
    else:
        address = request.getfixturevalue("postgres_cluster").copy("template0")
    with address as url:
        engine = connect(url)
        yield engine
        engine.dispose()


@pytest.fixture
def web(database: URL, tmp_path: Path) -> Iterator[Web]:
    """The app on that database, with the unit in it."""
    with a_web(database, tmp_path) as web:
        yield web


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailboxServer]:
    """A real mailbox server, plain and encrypted, for tests marked `real_server`; take a user name of your own."""
    with running_dovecot(a_certificate(tmp_path_factory.mktemp("certificate"))) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium instead of a browser that would have to be downloaded."""
    return launch_arguments()
