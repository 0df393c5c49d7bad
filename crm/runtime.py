"""Where a unit of work is opened: the only commit in the house."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from flask import current_app
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from crm.audit.service import FollowedSession
from crm.db import WRITES, db
from crm.domain.accounts.rules import ROLE_GRADES, ROLE_PERMISSIONS, Permission, Role
from crm.domain.settings.models import Unit
from crm.domain.settings.queries import workdays
from crm.links import Links
from crm.mail.letterhead import Letterhead
from crm.ports import Ports
from crm.uow import Actor, UnitOfWork

SCHEDULER = Actor("Rabta", frozenset(Permission), grades=ROLE_GRADES[Role.OFFICER])
PARTNER = Actor("Partner", frozenset())
SETTER_UP = Actor("Set-up", frozenset(Permission))
POSTMAN = Actor("Post", frozenset(ROLE_PERMISSIONS[Role.OFFICER]))


@dataclass(frozen=True)
class House:
    """What the doors need of the outside: the ports, the links, and what our own mail looks like.

    own_addresses: mail from these is ours. authserv_ids: whose Authentication-Results are believed (RFC 8601).
    """

    ports: Ports
    links: Links
    mail_from: str
    own_addresses: frozenset[str]
    authserv_ids: tuple[str, ...] = ()
    demo: bool = False


def the_house() -> House:
    """The house of the running app."""
    house = current_app.extensions["crm"]
    if not isinstance(house, House):
        raise TypeError("the app was not put together by create_app")
    return house


def letterhead(unit: Unit, house: House) -> Letterhead:
    """The unit as its letters show it."""
    return Letterhead(
        unit=unit.name,
        unit_ur=unit.name_ur,
        bureau=unit.bureau,
        bureau_ur=unit.bureau_ur,
        signatory=unit.signatory,
        signatory_ur=unit.signatory_ur,
        from_address=house.mail_from,
        mail_domain=house.links.domain,
        address=tuple(unit.address.split("\n")),
        address_ur=tuple(unit.address_ur.split("\n")),
        phone=unit.phone,
        website=unit.website,
    )


@contextmanager
def open_uow(actor: Actor = SCHEDULER) -> Iterator[UnitOfWork]:
    """One moment, one actor, one transaction that may write. Commits at the end, or leaves no trace."""
    with a_unit(db.engine, the_house().ports, the_house().links, actor) as uow:
        yield uow


@contextmanager
def single_writes() -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """Transactions of one write, one after another on a connection that is kept, on tables without a trail.

    PostgreSQL commits such a statement by itself, which saves two of three journeys; SQLite wants its lock first.
    """
    with db.engine.connect() as connection:
        alone = {"isolation_level": "AUTOCOMMIT"} if connection.dialect.name == "postgresql" else {}
        connection.execution_options(**{WRITES: True}, **alone)
        yield partial(_single_write, connection)


@contextmanager
def _single_write(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        yield connection


@contextmanager
def a_unit(engine: Engine, ports: Ports, links: Links, actor: Actor) -> Iterator[UnitOfWork]:
    """The same without an app: for the post's threads and for tests."""
    now = ports.business.now()
    with FollowedSession(engine, expire_on_commit=False) as session:
        session.connection(execution_options={WRITES: True})
        system = ports.system.now()
        session.follow(system, actor.name)
        unit = UnitOfWork(session, now, system, actor, links, partial(workdays, session), ports.randomness)
        yield unit
        session.commit()


def unit_opener(actor: Actor) -> Callable[[], AbstractContextManager[UnitOfWork]]:
    """A way to open units that also works in threads without an app, such as the post's."""
    engine, house = db.engine, the_house()
    return lambda: a_unit(engine, house.ports, house.links, actor)


@contextmanager
def a_reader(engine: Engine) -> Iterator[Session]:
    """A session that only reads, outside a request."""
    with Session(engine) as session:
        yield session
