"""What the mailbox promises, against a real Dovecot."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crm.adapters.imap import ImapMailbox
from crm.inbound.imap import collect
from crm.ports import MailboxUnavailable, Tls
from tests.support.certificates import a_certificate
from tests.support.dovecot import Account
from tests.support.keepers import Cellar
from tests.support.proxy import CuttingProxy
from tests.support.services import MailboxServer, free_port, running_dovecot

pytestmark = pytest.mark.real_server

NUMBERS = count(1)


def a_raw(word: str, body: str = "our views") -> bytes:
    return (
        f"From: focal@ministry.example\r\nSubject: {word}\r\nMessage-ID: <{word}@m.example>\r\n\r\n{body}\r\n".encode()
    )


@pytest.fixture
def account(dovecot: MailboxServer) -> Account:
    """An account nobody used before."""
    return Account(dovecot, f"user{next(NUMBERS)}")


@pytest.fixture
def mailbox(account: Account) -> Iterator[ImapMailbox]:
    mailbox = a_mailbox(account)
    yield mailbox
    mailbox.close()


def a_mailbox(account: Account, port: int = 0, **settings: Any) -> ImapMailbox:
    server = account.server
    options = {"user": account.user, "password": server.password, "tls": Tls.NONE} | settings
    return ImapMailbox(server.host, port or server.port, **options)


def test_mails_come_whole_with_place_and_moment_and_stay_unmarked(account: Account, mailbox: ImapMailbox) -> None:
    account.append(a_raw("one"))
    account.append(a_raw("two", "ہماری رائے"))
    first, second = mailbox.fetch("INBOX", 0)
    assert (first.raw, second.raw) == (a_raw("one"), a_raw("two", "ہماری رائے"))
    assert (first.uid, second.uid, first.mailbox) == (1, 2, "INBOX")
    assert first.uidvalidity == mailbox.uidvalidity("INBOX")
    assert first.received_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert not any("Seen" in flags for flags in account.flags())


def test_only_what_is_above_the_cursor_and_unknown_comes(account: Account, mailbox: ImapMailbox) -> None:
    for word in ("one", "two", "three", "four"):
        account.append(a_raw(word))
    assert [mail.uid for mail in mailbox.fetch("INBOX", 1, frozenset({3}))] == [2, 4]
    assert list(mailbox.fetch("INBOX", 4)) == []
    assert list(mailbox.fetch("INBOX", 40)) == []


def test_an_empty_folder_and_a_missing_one(account: Account, mailbox: ImapMailbox) -> None:
    assert list(mailbox.fetch("INBOX", 0)) == []
    with pytest.raises(MailboxUnavailable, match="doesn't exist"):
        mailbox.uidvalidity("Nowhere")
    assert list(mailbox.fetch("INBOX", 0)) == []


def test_more_mails_than_fit_into_one_batch_come_in_order(account: Account, mailbox: ImapMailbox) -> None:
    with account.client() as client:
        for number in range(120):
            client.append("INBOX", "", "", a_raw(f"n{number}", "x" * (3_000_000 if number in {5, 6, 7} else 10)))
    mails = list(mailbox.fetch("INBOX", 0))
    assert [mail.uid for mail in mails] == list(range(1, 121))
    assert len(mails[5].raw) > 3_000_000


def test_what_a_person_expunges_while_we_read_is_passed_over(account: Account, mailbox: ImapMailbox) -> None:
    with account.client() as client:
        for number in range(60):
            client.append("INBOX", "", "", a_raw(f"n{number}"))
    reading = mailbox.fetch("INBOX", 0)
    seen = [next(reading).uid]
    account.expunge(2, 55, 60)
    seen += [mail.uid for mail in reading]
    assert 55 not in seen
    assert seen[-1] == 59


def test_a_poll_keeps_each_mail_once_over_an_expunge_and_a_new_epoch(account: Account, mailbox: ImapMailbox) -> None:
    cellar = Cellar()
    account.append(a_raw("one"))
    account.append(a_raw("two"))
    assert collect(mailbox, cellar, cellar.keep).kept == 2
    account.expunge(2)
    account.append(a_raw("three"))
    assert collect(mailbox, cellar, cellar.keep).kept == 1
    assert cellar.mails[-1].uid == 3
    before = mailbox.uidvalidity("INBOX")
    account.lose_numbering()
    collected = collect(mailbox, cellar, cellar.keep)
    assert (collected.kept, collected.unread) == (2, {})
    assert {mail.uidvalidity for mail in cellar.mails[3:]} == {mailbox.uidvalidity("INBOX")}
    assert mailbox.uidvalidity("INBOX") != before


def test_a_restarted_server_is_found_again() -> None:
    with running_dovecot() as first, CuttingProxy(first.port) as wire:
        mailbox = a_mailbox(Account(first, "focal"), wire.port)
        assert list(mailbox.fetch("INBOX", 0)) == []
        wire.hang_up()
        with running_dovecot() as second:
            Account(second, "focal").append(a_raw("one"))
            wire.target = second.port
            assert len(list(mailbox.fetch("INBOX", 0))) == 1
            mailbox.close()


def test_a_wrong_password_and_a_closed_port_are_told(account: Account) -> None:
    with pytest.raises(MailboxUnavailable, match="(?i)authentication failed"):
        a_mailbox(account, password="wrong").uidvalidity("INBOX")
    with pytest.raises(MailboxUnavailable, match="refused"):
        a_mailbox(account, free_port()).uidvalidity("INBOX")


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_tls_is_verified(tmp_path: Path, tls: Tls) -> None:
    certificate = a_certificate(tmp_path)
    with running_dovecot(certificate) as server:
        account = Account(server, "focal")
        port = server.tls_port if tls is Tls.IMPLICIT else server.port
        account.append(a_raw("one"))
        trusted = a_mailbox(account, port, tls=tls, ca_file=certificate)
        assert len(list(trusted.fetch("INBOX", 0))) == 1
        trusted.close()
        with pytest.raises(MailboxUnavailable, match="certificate"):
            a_mailbox(account, port, tls=tls).uidvalidity("INBOX")
