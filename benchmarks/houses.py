"""Houses to measure in: a data folder, a database of a given size, the settings, and a signed-in officer."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from benchmarks.register import Landmarks, fill, finish, landmarks
from benchmarks.telling import tell
from crm.adapters.clocks import SystemClock
from crm.adapters.randomness import SystemRandomness
from crm.app import links_of, real_ports
from crm.config import Config
from crm.domain.accounts.models import User, UserSession
from crm.domain.accounts.rules import Role
from crm.domain.accounts.service import fingerprint
from crm.initialising import fresh_key
from crm.links import Links
from crm.ports import Ports
from crm.runtime import SETTER_UP, a_unit
from crm.uow import Actor, UnitOfWork
from tests.support.postgres import Cluster, running_cluster
from tests.support.schema import connect, create_tables
from tests.support.services import free_port

CSRF = "0123456789abcdef0123456789abcdef"


@dataclass
class House:
    """One house. `engine` is for preparing and for measuring below the doors; the servers open their own."""

    label: str
    config: Config
    environment: dict[str, str]
    engine: Engine
    cookie: str
    marks: Landmarks

    @property
    def ports(self) -> Ports:
        """The real outside world of this house."""
        return real_ports(self.config)

    @property
    def links(self) -> Links:
        """Its links and addresses."""
        return links_of(self.config)

    @contextmanager
    def unit(self, actor: Actor = SETTER_UP) -> Iterator[UnitOfWork]:
        """A unit of work that commits."""
        with a_unit(self.engine, self.ports, self.links, actor) as uow:
            yield uow

    def csrf_token(self) -> str:
        """A token that the officer's forms carry."""
        return str(URLSafeTimedSerializer(self.config.secret_key, salt="wtf-csrf-token").dumps(CSRF))


def settings_of(home: Path, database: URL) -> dict[str, str]:
    """The environment of a house of its own."""
    shown = database.render_as_string(hide_password=False)
    return {
        "CRM_HOME": str(home),
        "CRM_BIND": f"127.0.0.1:{free_port()}",
        "CRM_LMTP_BIND": f"127.0.0.1:{free_port()}",
        "CRM_DATABASE_URL": shown.replace("postgresql+psycopg://", "postgresql://"),
        "CRM_SECRET_KEY": secrets.token_urlsafe(48),
        "CRM_LINK_KEYS": f"1:{fresh_key()}",
        "CRM_QUARANTINE_KEY": fresh_key(),
        "CRM_MAIL_DOMAIN": "npb.example",
        "CRM_MAIL_FROM": "jjcpu@npb.example",
        "CRM_SMTP": f"127.0.0.1:{free_port()}",
        "CRM_SMTP_TLS": "none",
    }


def build(label: str, home: Path, database: URL, times: int) -> House:
    """Fill an empty database that has its tables, and sign an officer in."""
    environment = settings_of(home, database)
    config = Config.from_env(environment)
    engine, now = connect(database), SystemClock().now()
    house = House(label, config, environment, engine, "", Landmarks(0, 0, (), ()))
    with house.unit() as uow:
        fill(engine, uow, now, times)
    with house.unit() as uow:
        finish(uow)
    with house.unit() as uow:
        house.cookie = _sign_in(config, uow, now)
    with Session(engine) as session:
        house.marks = landmarks(session)
    tell(f"{label}: filled")
    return house


def _sign_in(config: Config, uow: UnitOfWork, now: datetime) -> str:
    """A live session of a new officer; the cookie as the app signs it."""
    secret = SystemRandomness().token(32).hex()
    user = User(email="officer@npb.example", name="An Officer", post="Liaison Officer", role=Role.OFFICER)
    user.password_hash = "unused"
    uow.session.add(user)
    uow.session.flush()
    uow.session.add(
        UserSession(secret_sha256=fingerprint(secret), user_id=user.id, started_at=now, seen_at=now, agent="bench")
    )
    app = Flask("cookies")
    app.secret_key = config.secret_key
    serializer: Any = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"rabta={serializer.dumps({'secret': secret, 'csrf_token': CSRF})}"


@contextmanager
def sqlite_house(folder: Path, times: int) -> Iterator[House]:
    """A house on a SQLite file."""
    home = folder / f"sqlite-{times}x"
    home.mkdir()
    database = URL.create("sqlite", database=str(home / "rabta.db"))
    create_tables(database)
    house = build(f"sqlite, {times}x", home, database, times)
    try:
        yield house
    finally:
        house.engine.dispose()


@contextmanager
def postgresql_house(folder: Path, cluster: Cluster, times: int) -> Iterator[House]:
    """A house on a database of a running PostgreSQL."""
    home = folder / f"postgresql-{times}x"
    home.mkdir()
    with cluster.copy() as database:
        house = build(f"postgresql, {times}x", home, database, times)
        _come_to_rest(house.engine)
        try:
            yield house
        finally:
            house.engine.dispose()


def _come_to_rest(engine: Engine) -> None:
    """What filling left to do is done now: else the server would tidy up beside the measuring."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server with the settings of a real one: every commit reaches the disk."""
    with running_cluster(durable=True) as cluster:
        cluster.create_template(create_tables)
        yield cluster
