"""The demo on a test's own database: partners' mailboxes in a folder, their mails carried straight to the keeper."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from crm.app import create_app
from crm.db import db
from crm.demo.mailboxes import Received, received
from crm.demo.partner import Outgoing
from crm.demo.postoffice import PostOffice
from crm.demo.stage import Stage
from crm.jobs.mail import keeper, read_mail
from crm.jobs.post import press_letters, send_outbox
from crm.runtime import the_house
from tests.support.builders import a_unit_row
from tests.support.fakes import FakeClock, FakeMailer, fake_ports
from tests.support.web import Web, a_config


@dataclass
class Demo:
    """The app as a demo. `deliver` sends what waits into the mailboxes; `read` lets the worker read what came back."""

    web: Web
    office: PostOffice
    mailer: FakeMailer
    carried: list[Outgoing] = field(default_factory=list)
    is_down: bool = False

    def carry(self, mail: Outgoing) -> None:
        if self.is_down:
            raise ConnectionRefusedError("nobody listens")
        self.carried.append(mail)
        with self.web.app.app_context():
            keeper(the_house()).from_wire(mail.sender, mail.to, mail.raw, self.web.clock.now())

    def deliver(self) -> None:
        with self.web.app.app_context():
            press_letters()
            send_outbox()
        for mail in self.mailer.sent:
            self.office.keep(mail.envelope_from, mail.envelope_to, mail.mime)
        self.mailer.sent.clear()

    def read(self) -> None:
        with self.web.app.app_context():
            read_mail()

    def newest(self, address: str) -> Received:
        return received(self.office, address, self.office.mails(address)[0])


@pytest.fixture
def demo(database: URL, tmp_path: Path) -> Iterator[Demo]:
    """A demo with the unit in it."""
    clock, mailer = FakeClock(), FakeMailer()
    ports = replace(fake_ports(FakeClock(), mailer), business=clock)
    app = create_app(replace(a_config(database, tmp_path), demo=True), ports)
    running = Demo(Web(app, ports, clock), PostOffice(tmp_path / "post-office"), mailer)
    app.extensions["crm_demo"] = Stage(running.office, running.carry)
    with running.web.arrange() as uow:
        a_unit_row(uow)
    yield running
    with app.app_context():
        db.engine.dispose()
