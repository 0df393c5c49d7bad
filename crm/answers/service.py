"""`accept`: mail, calendar replies, the private page and an officer's entry all end here.

Doors establish who; rooms decide whether. One rule for closed rounds, late replies and repeated deliveries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm.base import Subject
from crm.domain.asks import queries, service
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskKind, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations import letters
from crm.domain.consultations import service as consultation_service
from crm.domain.meetings import service as meeting_service
from crm.domain.organisations import service as organisations
from crm.domain.organisations.rules import AddressState
from crm.files import service as files
from crm.files.service import StoredFile
from crm.uow import UnitOfWork


@dataclass(frozen=True)
class Answer:
    """An answer at the threshold: to which request, what it says, with which files and their readable texts.

    `wants_receipt`: a person wrote it to an address that the post is known by (practice 4).
    """

    ask_id: int
    new: NewAnswer
    files: tuple[StoredFile, ...] = ()
    file_texts: tuple[tuple[str, str], ...] = ()
    wants_receipt: bool = True


@dataclass(frozen=True)
class Accepted:
    """What became of an answer. `is_repeat`: the same one had come before, and nothing was done again."""

    answer: AskAnswer
    is_repeat: bool = False


def _receive_consultation(uow: UnitOfWork, ask: Ask, answer: AskAnswer, given: Answer) -> dict[str, int]:
    comments = consultation_service.receive(uow, ask, answer, given.file_texts)
    return {"comments": comments, "answers": len(answer.values.get("questions", {})), "files": len(given.files)}


def _receive_rsvp(uow: UnitOfWork, ask: Ask, answer: AskAnswer, given: Answer) -> dict[str, int]:
    meeting_service.receive(uow, ask, answer)
    return {}


def _receive_letter(uow: UnitOfWork, ask: Ask, answer: AskAnswer, given: Answer) -> dict[str, int]:
    return {"files": len(given.files)}


Receiver = Callable[[UnitOfWork, Ask, AskAnswer, Answer], dict[str, int]]
RECEIVERS: dict[AskKind, Receiver] = {
    AskKind.CONSULTATION: _receive_consultation,
    AskKind.RSVP: _receive_rsvp,
    AskKind.LETTER: _receive_letter,
}


def accept(uow: UnitOfWork, given: Answer) -> Accepted:
    """Take an answer: write it, decide its request, stop the ladder, hand it to its room, send one receipt.

    Safe to call again with the same key. Raises NotFound, and RuleBroken for a request that was withdrawn.
    """
    known = queries.answer_with_key(uow.session, given.new.key)
    if known is not None:
        return Accepted(known, is_repeat=True)
    ask = queries.get_ask(uow.session, given.ask_id)
    answer = service.take_answer(uow, ask, given.new, story_places(uow, ask))
    files.attach(uow.session, answer.subject, given.files, uow.now)
    pieces = RECEIVERS[ask.kind](uow, ask, answer, given)
    if given.new.channel is not Channel.ENTERED:
        organisations.mark_address(uow, ask.seat, AddressState.GOOD)
    if given.wants_receipt and given.new.channel in (Channel.MAIL, Channel.LINK) and ask.seat.address:
        uow.post(letters.receipt(ask, answer, pieces, uow.links, ask.seat.address))
    uow.index(answer, is_new=True)
    return Accepted(answer)


def story_places(uow: UnitOfWork, ask: Ask) -> Sequence[Subject]:
    """The stories on which an answer to a request is told, besides its own, its subject's and its partner's."""
    if ask.kind is not AskKind.CONSULTATION:
        return ()
    return consultation_service.round_places(uow, ask.subject_id)
