"""Mail that no person wrote: delivery reports, absences, complaints, read receipts. None of it is an answer."""

from crm.base import Subject
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import COMPLAINT as COMPLAINED
from crm.domain.organisations import queries as organisations
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import AddressState
from crm.domain.organisations.service import mark_address
from crm.i18n import Message
from crm.inbound.answering import Case
from crm.inbound.bounces import Bounce
from crm.inbound.match import asked_by
from crm.inbound.models import MailState
from crm.inbound.verdicts import Kind
from crm.links import Purpose
from crm.outbox import service as outbox
from crm.outbox.models import OutboxMessage
from crm.outbox.queries import message_with_id
from crm.outbox.rules import Status
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

STATUS_OF = {Kind.HARD: Status.HARD_BOUNCED, Kind.SOFT: Status.SOFT_BOUNCED, Kind.DELAYED: Status.DELAYED}
REPORTED = Message("A delivery report; the state of our mail was set by it.")
BACKSCATTER = Message("A delivery report on a mail that we did not send, or to somebody we did not write to.")
ABSENT = Message("An automatic reply; it does not count as an answer.")
ABSENT_ELSEWHERE = Message("An automatic reply to nothing of ours.")
READ = Message("A read receipt.")
COMPLAINT = Message("The recipient's mail host reports a complaint. A person decides before anything more is sent.")
OURS = Message("Our own mail, come back.")


def take_bounces(uow: UnitOfWork, case: Case) -> None:
    """A delivery report (RFC 3464): our token or Message-ID says which mail; it must name whom that mail was to."""
    hit = False
    for bounce in case.reading.bounces:
        message = _bounced(uow, case, bounce)
        if message is not None:
            _write(uow, case, message, bounce)
            hit = True
    case.mail.judge(MailState.DONE if hit else MailState.SET_ASIDE, REPORTED if hit else BACKSCATTER)


def _bounced(uow: UnitOfWork, case: Case, bounce: Bounce) -> OutboxMessage | None:
    """The mail that a report is about. The VERP token names it outright; else the enclosed Message-ID and recipient."""
    for claim in uow.links.claims_in([case.mail.envelope_to, *case.reading.evidence.recipients]):
        if claim.purpose is Purpose.BOUNCE:
            message = uow.session.get(OutboxMessage, claim.number)
            if message is not None and uow.links.opens(claim, message):
                return message
    ids = [bounce.original_message_id, case.reading.evidence.enclosed_message_id]
    message = message_with_id(uow.session, [f"<{one}>" for one in ids if one])
    named = {bounce.recipient.lower(), bounce.mailed.lower()}
    return message if message is not None and message.to_address in named else None


def _write(uow: UnitOfWork, case: Case, message: OutboxMessage, bounce: Bounce) -> None:
    status = STATUS_OF[bounce.kind]
    code = int(bounce.status[0]) * 100 if bounce.status[:1].isdigit() else 0
    outbox.bounce(uow.session, message, status, code, f"{bounce.status} {bounce.diagnostic}".strip(), uow.now)
    ask = asked_by(uow.session, message)
    seat = organisations.get_seat(uow.session, message.seat_id) if message.seat_id else None
    if seat is not None and status is Status.HARD_BOUNCED and seat.address == message.to_address:
        mark_address(uow, seat, AddressState.BOUNCED)
    if ask is None or status is Status.DELAYED:
        return
    case.mail.ask_id = ask.id
    if status is Status.HARD_BOUNCED:
        outbox.cancel(uow.session, ask.subject, "bounced", uow.now)
    _tell(uow, case, ask, "bounced", address=message.to_address, reason=bounce.diagnostic[:200], step=message.step)


def take_absence(uow: UnitOfWork, case: Case) -> None:
    """An out-of-office is shown on the story of its request: it answers nothing and stops nothing (RFC 3834)."""
    ask = case.match.ask
    if ask is None:
        case.mail.judge(MailState.SET_ASIDE, ABSENT_ELSEWHERE)
        return
    case.mail.ask_id = ask.id
    absence = case.reading.auto_reply
    until = absence.returns_on.isoformat() if absence and absence.returns_on else ""
    substitute = absence.substitute if absence else ""
    _tell(uow, case, ask, "auto-replied", until=until, substitute=substitute, excerpt=case.mail.text[:280])
    case.mail.judge(MailState.DONE, ABSENT)


def take_complaint(uow: UnitOfWork, case: Case) -> None:
    """A feedback report (RFC 5965): nothing more goes to the post until a person has looked."""
    ids = [f"<{one}>" for one in (case.reading.evidence.enclosed_message_id,) if one]
    message = message_with_id(uow.session, ids)
    ask = asked_by(uow.session, message) if message else case.match.ask
    case.mail.judge(MailState.WAITING, COMPLAINT)
    if ask is not None:
        case.mail.proposed_ask_id = ask.id
        asks.pause(uow, ask, COMPLAINED, case.mail.id)


def take_receipt(uow: UnitOfWork, case: Case) -> None:
    """A read receipt is noted with its request."""
    case.mail.ask_id = case.match.ask.id if case.match.ask else None
    case.mail.judge(MailState.DONE, READ)


def take_own(uow: UnitOfWork, case: Case) -> None:
    """Mail of ours that came back is never an answer."""
    case.mail.judge(MailState.SET_ASIDE, OURS)


def _tell(uow: UnitOfWork, case: Case, ask: Ask, verb: str, **data: str) -> None:
    places = [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]
    uow.record(
        ask.subject, verb, places, Direction.INTERNAL, title=ask.title, title_ur=ask.title_ur, mail=case.mail.id, **data
    )
