"""`take_back`: an answer was filed where it does not belong. It is kept; its request stands as it did without it."""

from collections.abc import Callable

from sqlalchemy import select

from crm.answers.service import story_places
from crm.domain.asks import queries, service
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskKind
from crm.domain.consultations import revising
from crm.domain.meetings import service as meetings
from crm.outbox import service as outbox
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import WAITING
from crm.uow import UnitOfWork

Undo = Callable[[UnitOfWork, Ask, AskAnswer], None]


def _undo_consultation(uow: UnitOfWork, ask: Ask, answer: AskAnswer) -> None:
    revising.take_back(uow, answer)


def _undo_rsvp(uow: UnitOfWork, ask: Ask, answer: AskAnswer) -> None:
    meetings.receive_anew(uow, ask, queries.answers_to(uow.session, [ask.id])[ask.id])


def _undo_letter(uow: UnitOfWork, ask: Ask, answer: AskAnswer) -> None:
    return


UNDONE_BY: dict[AskKind, Undo] = {
    AskKind.CONSULTATION: _undo_consultation,
    AskKind.RSVP: _undo_rsvp,
    AskKind.LETTER: _undo_letter,
}


def take_back(uow: UnitOfWork, answer: AskAnswer, reason: str) -> Ask:
    """Take an answer off its request, which opens again unless another answers it; a receipt that waits is stopped.

    Raises RuleBroken where one of its comments is decided.
    """
    ask = answer.ask
    service.take_answer_off(uow, answer, reason, story_places(uow, ask))
    UNDONE_BY[ask.kind](uow, ask, answer)
    receipt = (OutboxMessage.key == f"answer:{answer.id}:receipt") & OutboxMessage.status.in_(WAITING)
    for message in uow.session.scalars(select(OutboxMessage).where(receipt)):
        outbox.stop(message, uow.actor.name, uow.now)
    return ask
