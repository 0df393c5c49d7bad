"""A connection may break at any octet: no mail is lost by it, and none is said to be what it is not."""

from pathlib import Path

import pytest

from crm.adapters.imap import ImapMailbox
from crm.adapters.smtp import FlaskMailMailer, SmtpServer
from crm.inbound.imap import collect
from crm.ports import Delivery, Mail, Outcome, Tls
from tests.support.dovecot import Account
from tests.support.keepers import Cellar
from tests.support.proxy import CuttingProxy
from tests.support.services import MailboxServer
from tests.support.sink import Sink

pytestmark = pytest.mark.real_server

MAIL = Mail("bounces@unit.example", "focal@ministry.example", b"Subject: x\r\n\r\n" + b"y" * 60 + b"\r\n")


def send_through(proxy: CuttingProxy) -> Delivery:
    mailer = FlaskMailMailer(SmtpServer("127.0.0.1", proxy.port, Tls.NONE, command_seconds=5, data_seconds=5))
    with mailer.connect() as connection:
        return connection.send(MAIL)


@pytest.mark.parametrize("options", [(), ("--pipelining",)])
def test_wherever_the_way_out_breaks_the_outcome_is_true(tmp_path: Path, options: tuple[str, ...]) -> None:
    seen = set()
    with Sink(tmp_path / "log", options=options) as sink, CuttingProxy(sink.port) as proxy:
        for octets in range(0, 300, 3):
            proxy.towards_server = octets
            before = len(sink.received())
            delivery = send_through(proxy)
            arrived = len(sink.received()) - before
            seen.add(delivery.outcome)
            if delivery.outcome in {Outcome.DEFERRED, Outcome.UNAVAILABLE}:
                assert arrived == 0
            if delivery.outcome is Outcome.ACCEPTED:
                assert arrived == 1
    assert seen >= {Outcome.UNAVAILABLE, Outcome.DEFERRED, Outcome.ACCEPTED}


@pytest.mark.parametrize("options", [(), ("--pipelining",)])
def test_wherever_the_way_back_breaks_no_mail_that_went_is_called_failed(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    seen = set()
    with Sink(tmp_path / "log", options=options) as sink, CuttingProxy(sink.port) as proxy:
        for octets in range(0, 300, 3):
            proxy.towards_client = octets
            before = len(sink.received())
            delivery = send_through(proxy)
            seen.add(delivery.outcome)
            if len(sink.received()) > before:
                assert delivery.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}
            else:
                assert delivery.outcome in {Outcome.DEFERRED, Outcome.UNAVAILABLE, Outcome.UNKNOWN}
    assert seen == {Outcome.UNAVAILABLE, Outcome.DEFERRED, Outcome.UNKNOWN, Outcome.ACCEPTED}


@pytest.mark.slow
def test_a_poll_that_breaks_off_anywhere_goes_on_where_it_was(dovecot: MailboxServer) -> None:
    cellar, count = Cellar(), 150
    Account(dovecot, "broken").append(
        *[b"Subject: %d\r\n\r\n" % number + b"y" * 700 + b"\r\n" for number in range(count)]
    )
    with CuttingProxy(dovecot.port) as proxy:
        mailbox = ImapMailbox("127.0.0.1", proxy.port, "broken", dovecot.password, Tls.NONE, seconds=5)
        octets = 100
        while len(cellar.mails) < count:
            proxy.towards_client = octets = octets + 1009
            collect(mailbox, cellar, cellar.keep)
            mailbox.close()
        assert collect(mailbox, cellar, cellar.keep).kept == 0
        mailbox.close()
    assert proxy.cuts > 10
    assert [mail.uid for mail in cellar.mails] == list(range(1, count + 1))
    assert all(mail.raw.endswith(b"y\r\n") and len(mail.raw) > 700 for mail in cellar.mails)
