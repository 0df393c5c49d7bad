"""What the server's answer means for a mail, and when it is tried again. Pure."""

from datetime import timedelta

import pytest

from crm.outbox.rules import BACKOFF, GIVE_UP, WORDS, Status, after_attempt, retry_at
from crm.ports import Delivery, Outcome
from tests.support.fakes import NOON


def test_every_state_has_words() -> None:
    assert set(WORDS) == set(Status)


@pytest.mark.parametrize(
    ("outcome", "tries", "status"),
    [
        (Outcome.ACCEPTED, 1, Status.ACCEPTED),
        (Outcome.REFUSED, 1, Status.HARD_BOUNCED),
        (Outcome.DEFERRED, 1, Status.QUEUED),
        (Outcome.UNAVAILABLE, 9, Status.QUEUED),
        (Outcome.UNKNOWN, 1, Status.QUEUED),
        (Outcome.UNKNOWN, 2, Status.MAYBE_SENT),
    ],
)
def test_an_answer_of_the_server_has_one_meaning(outcome: Outcome, tries: int, status: Status) -> None:
    found, again = after_attempt(Delivery(outcome, 250, verb="RCPT"), tries, NOON, NOON)

    assert found is status
    assert (again is not None) is (status is Status.QUEUED)


def test_a_refusal_of_the_mail_itself_blames_no_address() -> None:
    assert after_attempt(Delivery(Outcome.REFUSED, 554, verb="DATA"), 1, NOON, NOON) == (Status.FAILED, None)


def test_a_mail_is_given_up_after_three_days() -> None:
    late = NOON + GIVE_UP + timedelta(seconds=1)

    assert after_attempt(Delivery(Outcome.DEFERRED, 450), 20, NOON, late) == (Status.FAILED, None)


def test_it_is_tried_again_at_growing_intervals_that_stop_growing() -> None:
    waits = [retry_at(tries, NOON) - NOON for tries in range(1, 12)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == BACKOFF[-1]
