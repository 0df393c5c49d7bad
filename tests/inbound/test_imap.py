"""What polling promises: each mail kept once, none passed over, none stopping the next."""

import pytest

from crm.inbound.imap import Cursor, collect
from crm.ports import StorageFull
from tests.support.fakes import FakeMailbox
from tests.support.keepers import Cellar


def a_mailbox(*mails: bytes) -> FakeMailbox:
    mailbox = FakeMailbox()
    for raw in mails:
        mailbox.deliver(raw)
    return mailbox


def the_cursor(cellar: Cellar, mailbox: FakeMailbox, folder: str = "INBOX") -> Cursor | None:
    return cellar.cursor(mailbox.account, folder)


def test_each_mail_is_kept_once_in_its_order() -> None:
    mailbox, cellar = a_mailbox(b"one", b"two"), Cellar()
    assert collect(mailbox, cellar, cellar.keep).kept == 2
    assert collect(mailbox, cellar, cellar.keep).kept == 0
    mailbox.deliver(b"three")
    assert collect(mailbox, cellar, cellar.keep).kept == 1
    assert cellar.contents() == [b"one", b"two", b"three"]
    assert the_cursor(cellar, mailbox) == Cursor(1, 3)


def test_a_mail_that_cannot_be_kept_stops_none_and_is_not_passed_over() -> None:
    mailbox, cellar = a_mailbox(b"one", b"bad", b"three"), Cellar(failing={b"bad": RuntimeError("no")})
    collected = collect(mailbox, cellar, cellar.keep)
    assert (collected.kept, collected.failed) == (2, 1)
    assert the_cursor(cellar, mailbox) == Cursor(1, 1)
    cellar.failing.clear()
    assert collect(mailbox, cellar, cellar.keep).kept == 1
    assert sorted(cellar.contents()) == [b"bad", b"one", b"three"]
    assert the_cursor(cellar, mailbox) == Cursor(1, 3)


def test_a_mail_that_never_can_be_kept_does_not_bring_the_others_again() -> None:
    mailbox, cellar = a_mailbox(b"bad", b"two"), Cellar(failing={b"bad": RuntimeError("no")})
    for _ in range(3):
        collect(mailbox, cellar, cellar.keep)
    mailbox.deliver(b"three")
    collect(mailbox, cellar, cellar.keep)
    assert cellar.contents() == [b"two", b"three"]
    assert the_cursor(cellar, mailbox) is None


def test_a_crash_between_keeping_and_the_cursor_keeps_nothing_twice() -> None:
    mailbox, cellar = a_mailbox(b"one", b"two"), Cellar()
    collect(mailbox, cellar, cellar.keep)
    cellar.cursors.clear()
    assert collect(mailbox, cellar, cellar.keep).kept == 0
    assert len(cellar.mails) == 2


def test_a_new_uidvalidity_is_a_new_epoch_read_from_its_beginning() -> None:
    mailbox, cellar = a_mailbox(b"one", b"two"), Cellar()
    collect(mailbox, cellar, cellar.keep)
    mailbox.rebuild()
    mailbox.deliver(b"three")
    assert collect(mailbox, cellar, cellar.keep).kept == 3
    assert cellar.places()[2:] == [("INBOX", 2, 1), ("INBOX", 2, 2), ("INBOX", 2, 3)]
    assert the_cursor(cellar, mailbox) == Cursor(2, 3)


def test_a_folder_that_cannot_be_read_stops_no_other_and_says_why() -> None:
    mailbox, cellar = a_mailbox(b"one"), Cellar()
    mailbox.deliver(b"junk", folder="Junk")
    mailbox.closed.add("INBOX")
    collected = collect(mailbox, cellar, cellar.keep)
    assert collected.unread == {"INBOX": "the server closed the connection"}
    assert cellar.contents() == [b"junk"]


def test_a_folder_numbered_anew_while_it_is_read_is_left_for_the_next_poll() -> None:
    mailbox, cellar = a_mailbox(b"one"), Cellar()
    mailbox.validity["INBOX"] = 5
    collected = collect(mailbox, cellar, cellar.keep)
    assert "numbered anew" in collected.unread["INBOX"]
    assert cellar.mails == []


def test_a_full_disk_ends_the_poll() -> None:
    mailbox, cellar = a_mailbox(b"one", b"two"), Cellar(failing={b"one": StorageFull(28, "full")})
    with pytest.raises(StorageFull):
        collect(mailbox, cellar, cellar.keep)
    assert cellar.mails == []
