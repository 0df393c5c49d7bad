"""What the mailbox promises, against a real Dovecot."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm.adapters.imap import ImapMailbox
from crm.inbound.imap import collect
from crm.ports import MailboxUnavailable, Tls
from tests.support.certificates import a_certificate
from tests.support.dovecot import PASSWORD, USER, Dovecot, free_port
from tests.support.keepers import Cellar

pytestmark = [pytest.mark.real_server, pytest.mark.enable_socket]


def a_raw(word: str, body: str = "our views") -> bytes:
    return (
        f"From: focal@ministry.example\r\nSubject: {word}\r\nMessage-ID: <{word}@m.example>\r\n\r\n{body}\r\n".encode()
    )


@pytest.fixture
def dovecot(tmp_path: Path) -> Iterator[Dovecot]:
    with Dovecot(tmp_path / "dovecot") as server:
        yield server


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox("127.0.0.1", dovecot.port, USER, PASSWORD, Tls.NONE)
    yield mailbox
    mailbox.close()


def test_mails_come_whole_with_place_and_moment_and_stay_unmarked(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    dovecot.append(a_raw("one"))
    dovecot.append(a_raw("two", "ہماری رائے"))
    first, second = mailbox.fetch("INBOX", 0)
    assert (first.raw, second.raw) == (a_raw("one"), a_raw("two", "ہماری رائے"))
    assert (first.uid, second.uid, first.mailbox) == (1, 2, "INBOX")
    assert first.uidvalidity == mailbox.uidvalidity("INBOX")
    assert first.received_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert not any("Seen" in flags for flags in dovecot.flags())


def test_only_what_is_above_the_cursor_and_unknown_comes(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    for word in ("one", "two", "three", "four"):
        dovecot.append(a_raw(word))
    assert [mail.uid for mail in mailbox.fetch("INBOX", 1, frozenset({3}))] == [2, 4]
    assert list(mailbox.fetch("INBOX", 4)) == []
    assert list(mailbox.fetch("INBOX", 40)) == []


def test_an_empty_folder_and_a_missing_one(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    assert list(mailbox.fetch("INBOX", 0)) == []
    with pytest.raises(MailboxUnavailable, match="doesn't exist"):
        mailbox.uidvalidity("Nowhere")
    assert list(mailbox.fetch("INBOX", 0)) == []


def test_more_mails_than_fit_into_one_batch_come_in_order(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    with dovecot.client() as client:
        for number in range(120):
            client.append("INBOX", "", "", a_raw(f"n{number}", "x" * (3_000_000 if number in {5, 6, 7} else 10)))
    mails = list(mailbox.fetch("INBOX", 0))
    assert [mail.uid for mail in mails] == list(range(1, 121))
    assert len(mails[5].raw) > 3_000_000


def test_what_a_person_expunges_while_we_read_is_passed_over(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    with dovecot.client() as client:
        for number in range(60):
            client.append("INBOX", "", "", a_raw(f"n{number}"))
    reading = mailbox.fetch("INBOX", 0)
    seen = [next(reading).uid]
    dovecot.expunge(2, 55, 60)
    seen += [mail.uid for mail in reading]
    assert 55 not in seen
    assert seen[-1] == 59


def test_a_poll_keeps_each_mail_once_over_an_expunge_and_a_new_epoch(dovecot: Dovecot, mailbox: ImapMailbox) -> None:
    cellar = Cellar()
    dovecot.append(a_raw("one"))
    dovecot.append(a_raw("two"))
    assert collect(mailbox, cellar, cellar.keep).kept == 2
    dovecot.expunge(2)
    dovecot.append(a_raw("three"))
    assert collect(mailbox, cellar, cellar.keep).kept == 1
    assert cellar.mails[-1].uid == 3
    before = mailbox.uidvalidity("INBOX")
    dovecot.lose_numbering()
    collected = collect(mailbox, cellar, cellar.keep)
    assert (collected.kept, collected.unread) == (2, {})
    assert {mail.uidvalidity for mail in cellar.mails[3:]} == {mailbox.uidvalidity("INBOX")}
    assert mailbox.uidvalidity("INBOX") != before


def test_a_restarted_server_is_found_again(tmp_path: Path) -> None:
    with Dovecot(tmp_path / "first") as first:
        mailbox = ImapMailbox("127.0.0.1", first.port, USER, PASSWORD, Tls.NONE)
        first.append(a_raw("one"))
        assert len(list(mailbox.fetch("INBOX", 0))) == 1
    with pytest.raises(MailboxUnavailable):
        list(mailbox.fetch("INBOX", 0))
    second = Dovecot(tmp_path / "second")
    second.port = first.port
    with second:
        assert list(mailbox.fetch("INBOX", 0)) == []
        mailbox.close()


def test_a_wrong_password_and_a_closed_port_are_told(dovecot: Dovecot) -> None:
    with pytest.raises(MailboxUnavailable, match="(?i)authentication failed"):
        ImapMailbox("127.0.0.1", dovecot.port, USER, "wrong", Tls.NONE).uidvalidity("INBOX")
    with pytest.raises(MailboxUnavailable, match="refused"):
        ImapMailbox("127.0.0.1", free_port(), USER, PASSWORD, Tls.NONE).uidvalidity("INBOX")


def test_starttls_is_verified(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with Dovecot(tmp_path / "dovecot", certificate) as server:
        server.append(a_raw("one"))
        trusted = ImapMailbox("127.0.0.1", server.port, USER, PASSWORD, Tls.STARTTLS, ca_file=certificate)
        assert len(list(trusted.fetch("INBOX", 0))) == 1
        trusted.close()
        with pytest.raises(MailboxUnavailable, match="certificate"):
            ImapMailbox("127.0.0.1", server.port, USER, PASSWORD, Tls.STARTTLS).uidvalidity("INBOX")
