"""A furnished house for tests: an engine, fakes for the outside, and units of work on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crm.inbound.authentication import Trust
from crm.inbound.keeping import Keeper
from crm.inbound.models import InboundMail
from crm.inbound.pipeline import Pipeline
from crm.ports import Ports
from crm.runtime import POSTMAN, SETTER_UP, a_unit
from crm.uow import Actor, UnitOfWork
from tests.support.builders import LINKS, a_unit_row
from tests.support.fakes import FakeClock, MemoryQuarantine, fake_ports

OURS = frozenset({"jjcpu@npb.example"})


@dataclass
class Rooms:
    """What a service test needs: `unit()` opens a unit of work, `clock` moves, `post` delivers a mail."""

    engine: Engine
    ports: Ports
    clock: FakeClock

    @contextmanager
    def unit(self, actor: Actor = SETTER_UP) -> Iterator[UnitOfWork]:
        with a_unit(self.engine, self.ports, LINKS, actor) as uow:
            yield uow

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session

    def set_day(self, on: date, at: time = time(10)) -> None:
        """Move the clock to a day at the unit's desk."""
        self.clock.moment = datetime.combine(on, at, ZoneInfo("Asia/Karachi"))

    @property
    def quarantine(self) -> MemoryQuarantine:
        assert isinstance(self.ports.quarantine, MemoryQuarantine)
        return self.ports.quarantine

    def post(self, raw: bytes, to: str = "jjcpu@npb.example", sender: str = "") -> int:
        """Keep a mail and read it. Returns its id."""
        keeper = Keeper(lambda: a_unit(self.engine, self.ports, LINKS, POSTMAN), self.ports.quarantine)
        keeper.from_wire(sender, to, raw, self.clock.now())
        self.read_mail()
        with self.reading() as session:
            return max(session.query(InboundMail.id).all())[0]

    def read_mail(self) -> int:
        """Run the pipeline over what was kept."""
        opener = lambda: a_unit(self.engine, self.ports, LINKS, POSTMAN)  # noqa: E731
        return Pipeline(opener, self.ports, OURS, Trust()).run()


def furnished(engine: Engine) -> Rooms:
    """Rooms on an empty database, with the unit in them."""
    clock = FakeClock()
    rooms = Rooms(engine, fake_ports(clock), clock)
    with rooms.unit() as uow:
        a_unit_row(uow)
    return rooms
