"""The tray: a key goes once, a lease is held by one, a stopped mail never leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from crm.base import Subject
from crm.mail.letter import Letter, LetterKind
from crm.outbox import service as outbox
from crm.outbox.models import MessageBytes, OutboxMessage
from crm.outbox.rules import LEASE, Status
from crm.ports import Delivery, Outcome
from crm.uow import UnitOfWork
from tests.support.fakes import ACCEPTED, NOON
from tests.support.rooms import Rooms, furnished

ABOUT = Subject("ask", 1)


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return furnished(engine)


def a_letter(key: str, **fields: object) -> Letter:
    given = {"to": f"{key}@partner.example", "to_name": "Director", "language": "en", "template": "any", "context": {}}
    return Letter(key=key, kind=LetterKind.REQUEST, about=ABOUT, **(given | fields))  # type: ignore[arg-type]


def pressed(rooms: Rooms, *letters: Letter) -> None:
    """Letters that have their bytes and wait to leave."""
    with rooms.unit() as uow:
        uow.post(*letters)
        for message in outbox.to_press(uow.session, 100):
            outbox.press(uow.session, message, "Subject", "bounce@unit.example", b"bytes")


def claimed(uow: UnitOfWork, lease: str = "lease-1", most: int = 10) -> list[str]:
    return [message.key for message in outbox.claim(uow.session, uow.now, uow.system, lease, most)]


def the_message(uow: UnitOfWork, key: str = "one") -> OutboxMessage:
    row = uow.session.query(OutboxMessage).filter(OutboxMessage.key == key).one()
    uow.session.refresh(row)
    return row


def test_a_key_is_posted_once_and_its_first_letter_stands(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        assert uow.post(a_letter("one"), a_letter("two")) == 2
        assert uow.post(a_letter("one", to="other@partner.example"), a_letter("three")) == 1
        assert the_message(uow).to_address == "one@partner.example"


def test_each_mail_has_an_identity_of_its_own(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        uow.post(*(a_letter(f"k{number}") for number in range(50)))
        rows = uow.session.query(OutboxMessage).all()

    assert len({row.message_id for row in rows}) == len({row.nonce for row in rows}) == 50


def test_a_claim_leaves_what_is_not_due_yet(rooms: Rooms) -> None:
    pressed(rooms, a_letter("now"), a_letter("later", due_at=NOON + timedelta(minutes=5)))
    with rooms.unit() as uow:
        assert claimed(uow) == ["now"]

    rooms.clock.advance(timedelta(minutes=5))
    with rooms.unit() as uow:
        assert claimed(uow, "lease-2") == ["later"]


def test_a_mail_under_a_lease_is_free_for_nobody_else_until_it_runs_out(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    with rooms.unit() as uow:
        assert claimed(uow, "lease-1") == ["one"]
    with rooms.unit() as uow:
        assert claimed(uow, "lease-2") == []

    rooms.clock.advance(LEASE)
    with rooms.unit() as uow:
        assert claimed(uow, "lease-2") == ["one"]
        assert the_message(uow).tries == 2


def test_a_holder_whose_lease_ran_out_changes_nothing(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    with rooms.unit() as uow:
        claimed(uow, "lease-1")
        number = the_message(uow).id
    rooms.clock.advance(LEASE)
    with rooms.unit() as uow:
        claimed(uow, "lease-2")
        assert outbox.conclude(uow.session.connection(), number, "lease-1", ACCEPTED, uow.now, uow.system) is None
        assert the_message(uow).status is Status.SENDING
        assert (
            outbox.conclude(uow.session.connection(), number, "lease-2", ACCEPTED, uow.now, uow.system)
            is Status.ACCEPTED
        )


def test_a_deferred_mail_waits_and_is_tried_again(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    deferred = Delivery(Outcome.DEFERRED, 451, "4.7.1 greylisted", "RCPT")
    with rooms.unit() as uow:
        claimed(uow)
        outbox.conclude(uow.session.connection(), the_message(uow).id, "lease-1", deferred, uow.now, uow.system)
        assert (the_message(uow).status, the_message(uow).words) == (Status.QUEUED, "4.7.1 greylisted")
        assert claimed(uow) == []

    rooms.clock.advance(timedelta(minutes=1))
    with rooms.unit() as uow:
        assert claimed(uow) == ["one"]


def test_a_mail_that_came_too_late_to_be_of_use_expires(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one", expires_at=NOON + timedelta(hours=1)))
    rooms.clock.advance(timedelta(hours=1))
    with rooms.unit() as uow:
        assert claimed(uow) == []
        assert the_message(uow).status is Status.EXPIRED


def cancel_and_fail(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        outbox.cancel(uow.session, ABOUT, "answered", uow.now)
        raise RuntimeError("the disk is full")


def test_a_stop_holds_or_falls_with_the_transaction_that_made_it(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    with pytest.raises(RuntimeError):
        cancel_and_fail(rooms)
    with rooms.unit() as uow:
        assert the_message(uow).status is Status.QUEUED
        assert outbox.cancel(uow.session, ABOUT, "answered", uow.now) == 1
    with rooms.unit() as uow:
        assert claimed(uow) == []
        assert the_message(uow).words == "answered"


def test_a_stop_leaves_what_is_leaving_or_has_left(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    with rooms.unit() as uow:
        claimed(uow)
        assert outbox.cancel(uow.session, ABOUT, "answered", uow.now) == 0


def test_a_letter_that_was_stopped_before_the_press_gets_no_bytes(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        uow.post(a_letter("one"))
        (message,) = outbox.to_press(uow.session, 10)
        outbox.cancel(uow.session, ABOUT, "answered", uow.now)
        uow.session.refresh(message)
        outbox.press(uow.session, message, "Subject", "", b"bytes")
        uow.session.flush()

        assert not uow.session.query(MessageBytes).all()
        assert the_message(uow).status is Status.CANCELLED


def test_an_answer_cut_off_twice_is_perhaps_sent_and_not_tried_again(rooms: Rooms) -> None:
    pressed(rooms, a_letter("one"))
    unknown = Delivery(Outcome.UNKNOWN, 0, "the line broke", "DATA")
    for lease in ("lease-1", "lease-2"):
        with rooms.unit() as uow:
            claimed(uow, lease)
            outbox.conclude(uow.session.connection(), the_message(uow).id, lease, unknown, uow.now, uow.system)
        rooms.clock.advance(timedelta(minutes=2))
    with rooms.unit() as uow:
        assert the_message(uow).status is Status.MAYBE_SENT
        assert claimed(uow) == []
