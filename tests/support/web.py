"""The app on a test's own database, and browsers signed in as any role, with real CSRF tokens and form keys."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import URL, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from crm.app import create_app
from crm.blueprints.door import SECRET
from crm.config import Config
from crm.db import db
from crm.domain.accounts.models import User, UserSession
from crm.domain.accounts.rules import Role
from crm.domain.accounts.service import fingerprint
from crm.domain.asks.queries import asks_about
from crm.domain.consultations.models import ConsultationRound
from crm.domain.organisations.models import Seat
from crm.metadata import metadata
from crm.ports import Ports, Tls
from crm.runtime import SETTER_UP, a_unit
from crm.uow import UnitOfWork
from crm.written import Bind
from tests.support.builders import KEYS, LINKS, a_round, a_unit_row
from tests.support.fakes import FakeClock, fake_ports

SESSION_ONLY = ("user_session", "throttle")
"""What a page that is only looked at may change."""
_number = count(1)


@dataclass
class Browser:
    """A client with a session. `post` sends the CSRF token and a fresh form key; `bare_post` sends neither."""

    client: FlaskClient
    secret_key: str
    keys: Any = field(default_factory=lambda: count(1))

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        key = f"form-{next(_number)}"
        given = {"csrf_token": self.token(), "idempotency_key": key} | (data or {})
        return self.client.post(path, data=given, **more)

    def bare_post(self, path: str) -> TestResponse:
        return self.client.post(path)

    def token(self) -> str:
        """A CSRF token of this session, as Flask-WTF signs it."""
        with self.client.session_transaction() as session:
            session.setdefault("csrf_token", "0123456789abcdef")
            raw = session["csrf_token"]
        return str(URLSafeTimedSerializer(self.secret_key, salt="wtf-csrf-token").dumps(raw))


@dataclass
class Web:
    """The app with its fakes. `arrange` opens a unit of work that commits."""

    app: Flask
    ports: Ports
    clock: FakeClock

    @contextmanager
    def arrange(self) -> Iterator[UnitOfWork]:
        with self.app.app_context():
            engine = db.engine
        with a_unit(engine, self.ports, LINKS, SETTER_UP) as uow:
            yield uow

    def anyone(self) -> Browser:
        """A browser without a session."""
        return Browser(self.app.test_client(), str(self.app.secret_key))

    def as_role(self, role: Role = Role.OFFICER, language: str = "en") -> Browser:
        """A browser with a live session of a new account."""
        browser, secret = self.anyone(), f"secret-{next(_number)}"
        now = self.clock.now()
        with self.arrange() as uow:
            email = f"{role}.{next(_number)}@unit.example"
            user = User(email=email, name="A. Person", post=f"Post {role}", role=role, language=language)
            user.password_hash = "unused"
            uow.session.add(user)
            uow.session.flush()
            row = UserSession(secret_sha256=fingerprint(secret), user_id=user.id, started_at=now, seen_at=now)
            uow.session.add(row)
        with browser.client.session_transaction() as session:
            session[SECRET] = secret
        return browser

    def snapshot(self, *apart: str) -> dict[str, list[Any]]:
        """Every row of every table, those of `apart` left out: what a refused request must not have changed."""
        with self.app.app_context(), Session(db.engine) as session:
            tables = [table for table in metadata.sorted_tables if table.name not in (*SESSION_ONLY, *apart)]
            return {table.name: sorted(map(repr, session.execute(table.select()))) for table in tables}

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that are sent while the block runs."""
        statements: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)


def a_config(database: URL, home: Path) -> Config:
    """The settings of a test's app, on plain http."""
    nowhere = Bind("127.0.0.1", 1)
    return Config(
        home=home,
        database_url=database.render_as_string(hide_password=False),
        bind=nowhere,
        lmtp_bind=nowhere,
        base_url=LINKS.base_url,
        secret_key="a secret of the tests that is long enough",
        link_keys=KEYS,
        quarantine_key=b"q" * 32,
        mail_domain=LINKS.domain,
        mail_from=f"unit@{LINKS.domain}",
        reply_address="reply+{token}@{domain}",
        smtp=nowhere,
        smtp_tls=Tls.NONE,
        smtp_user="",
        smtp_password="",
        imap=None,
        authserv_ids=(),
        demo=False,
        secure_cookies=False,
        proxies=0,
    )


@contextmanager
def a_web(database: URL, home: Path) -> Iterator[Web]:
    """The app on an empty database that holds the unit and nothing else."""
    clock = FakeClock()
    ports = fake_ports(clock)
    web = Web(create_app(a_config(database, home), ports), ports, clock)
    with web.arrange() as uow:
        a_unit_row(uow)
    yield web
    with web.app.app_context():
        db.engine.dispose()


def a_late_round(uow: UnitOfWork, asking: Sequence[Seat], due_on: date) -> ConsultationRound:
    """A round that was sent, whose due date has gone by."""
    consultation = a_round(uow, asking)
    for ask in asks_about(uow.session, consultation.subject):
        ask.due_on = due_on
    uow.session.flush()
    return consultation
