"""The states of a mail on its way out, in plain words, and when to try again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from crm.i18n import Message
from crm.ports import Delivery, Outcome


class Status(StrEnum):
    """Where a mail stands (mail paper A.10.4). `accepted` is the server's 250: it never claims delivery."""

    PREPARING = "preparing"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELAYED = "delayed"
    MAYBE_SENT = "maybe-sent"
    SOFT_BOUNCED = "soft-bounced"
    HARD_BOUNCED = "hard-bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


WORDS = {
    Status.PREPARING: Message("Being prepared"),
    Status.QUEUED: Message("Waiting to leave"),
    Status.SENDING: Message("Leaving now"),
    Status.ACCEPTED: Message("Accepted by their server"),
    Status.DELAYED: Message("Their server is slow to deliver"),
    Status.MAYBE_SENT: Message("Perhaps sent: the line broke before the server answered"),
    Status.SOFT_BOUNCED: Message("Inbox not accepting messages right now"),
    Status.HARD_BOUNCED: Message("E-mail address does not exist"),
    Status.FAILED: Message("Could not be sent"),
    Status.CANCELLED: Message("Cancelled before it left"),
    Status.EXPIRED: Message("Too late to be of use, not sent"),
    Status.SUPPRESSED: Message("Not sent: this post must not be written to"),
}
WAITING = (Status.PREPARING, Status.QUEUED)
NOT_DELIVERED = (Status.HARD_BOUNCED, Status.SOFT_BOUNCED, Status.FAILED, Status.SUPPRESSED)
AGAIN = (Status.FAILED, Status.SOFT_BOUNCED, Status.MAYBE_SENT)

LEASE = timedelta(minutes=12)
GIVE_UP = timedelta(hours=72)
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))


def retry_at(tries: int, now: datetime) -> datetime:
    """When a mail that was put off is tried again (RFC 5321 section 4.5.4.1), after `tries` attempts."""
    return now + BACKOFF[min(tries, len(BACKOFF)) - 1]


def after_attempt(
    delivery: Delivery, tries: int, first_tried_at: datetime, now: datetime
) -> tuple[Status, datetime | None]:
    """The state after an attempt, and when to try again if it is to be tried. Moments are the system clock's."""
    if delivery.outcome is Outcome.ACCEPTED:
        return Status.ACCEPTED, None
    if delivery.outcome is Outcome.REFUSED:
        # Refused at RCPT it is the address; at MAIL or DATA it is the mail or us, and no contact is blamed (A.10.2).
        return (Status.HARD_BOUNCED if delivery.verb == "RCPT" else Status.FAILED), None
    if delivery.outcome is Outcome.UNKNOWN and tries > 1:
        return Status.MAYBE_SENT, None
    if now - first_tried_at > GIVE_UP:
        return Status.FAILED, None
    return Status.QUEUED, retry_at(tries, now)
