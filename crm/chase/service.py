"""`climb`: whose next step is due. The ledger and the outbox are the memory; no flag says that a reminder went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crm.base import Subject
from crm.domain.asks import queries, service
from crm.domain.asks.models import Ask, AskStep
from crm.domain.asks.rules import STEP_WORDS, AskKind, Step, StepState, earlier, step_due
from crm.domain.consultations import letters
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import AddressState
from crm.domain.settings.queries import office_hours
from crm.i18n import HOUSE_ZONE
from crm.links import Links
from crm.mail.letter import Letter
from crm.outbox.models import OutboxMessage
from crm.outbox.queries import messages_about
from crm.outbox.rules import NOT_DELIVERED, Status
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

DAYS_TO_REPLY = 5
WENT = (Status.ACCEPTED, Status.DELAYED, Status.MAYBE_SENT)
Reminder = Callable[[Ask, Step, letters.Before, Links], Letter]


@dataclass(frozen=True)
class Chase:
    """How one kind of request is chased: the letter of a step, in the words of its room."""

    letter: Reminder


CHASES: dict[AskKind, Chase] = {AskKind.CONSULTATION: Chase(letter=letters.reminder)}


def climb(uow: UnitOfWork) -> int:
    """Post the step that is due of every open request. Safe to call at any time, any number of times.

    Only the latest step goes, once; those it overtook are marked skipped. A request that did not reach its post is
    not chased, nor one that is paused, nor one whose step waits for a person.
    """
    open_asks = [ask for ask in queries.asks_with_ladder(uow.session) if ask.kind in CHASES]
    book = queries.ledger(uow.session, [ask.id for ask in open_asks])
    mails = _mails(uow, open_asks)
    return sum(_climb_one(uow, ask, book.get(ask.id, {}), mails.get(ask.id, [])) for ask in open_asks)


def _mails(uow: UnitOfWork, asks: Sequence[Ask]) -> dict[int, list[OutboxMessage]]:
    found: dict[int, list[OutboxMessage]] = {}
    for message in messages_about(uow.session, [ask.subject for ask in asks]):
        found.setdefault(message.about_id, []).append(message)
    return found


def is_reached(seat: Any, mails: Sequence[Any]) -> bool:
    """Whether a request left for a mailbox that still stands.

    `seat`: the post asked, or columns with its `address` and `address_state`; `mails`: with `status` and `to_address`.
    """
    went = [mail for mail in mails if mail.status in WENT]
    failed = [mail for mail in mails if mail.status in NOT_DELIVERED and mail.to_address == seat.address]
    return bool(went) and not failed and seat.address_state is not AddressState.BOUNCED


def next_step(uow: UnitOfWork, ask: Ask, book: dict[str, AskStep]) -> Step | None:
    """The step that should have gone by today and that nothing has become of yet, approved ones included."""
    step = step_due(ask.steps, ask.due_on, uow.today, uow.workdays)
    if step is None:
        return None
    row = book.get(step.name)
    return step if row is None or row.state is StepState.APPROVED else None


def _climb_one(uow: UnitOfWork, ask: Ask, book: dict[str, AskStep], mails: Sequence[OutboxMessage]) -> int:
    step = next_step(uow, ask, book)
    if step is None or not is_reached(ask.seat, mails):
        return 0
    approved = step.name in book and book[step.name].state is StepState.APPROVED
    if step.needs_person and not approved:
        return 0
    for overtaken in earlier(ask.steps, step):
        if overtaken.name not in book:
            service.write_step(uow, ask, overtaken.name, StepState.SKIPPED, "overtaken")
    service.write_step(uow, ask, step.name, StepState.POSTED)
    posted = uow.post(_letter(uow, ask, step, mails))
    places = [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]
    uow.record(
        ask.subject, "reminded", places, Direction.FROM_US, step=step.name, title=ask.title, title_ur=ask.title_ur
    )
    return posted


def _letter(uow: UnitOfWork, ask: Ask, step: Step, mails: Sequence[OutboxMessage]) -> Letter:
    went = [mail for mail in mails if mail.status in WENT]
    previous = [
        {"label": STEP_WORDS.get(mail.step, STEP_WORDS["request"]), "reference": ask.reference, "sent_on": _day(mail)}
        for mail in went
    ]
    reply_by = None if step.offset < 0 else uow.workdays.shift(uow.today, DAYS_TO_REPLY)
    before = letters.Before(previous, [mail.message_id for mail in went], uow.today, reply_by)
    due_at = uow.workdays.next_sending_moment(uow.now, HOUSE_ZONE, *office_hours(uow.session))
    return replace(CHASES[ask.kind].letter(ask, step, before, uow.links), due_at=due_at)


def sample(uow: UnitOfWork, ask: Ask, step: Step) -> Letter:
    """The exact letter of a step as it would go now, for the preview. Writes nothing."""
    return _letter(uow, ask, step, messages_about(uow.session, [ask.subject]))


def _day(mail: OutboxMessage) -> date:
    return mail.posted_at.astimezone(HOUSE_ZONE).date()
