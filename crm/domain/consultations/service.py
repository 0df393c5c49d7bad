"""Everything one can do to a consultation round. One verb, one function."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.base import Subject
from crm.documents.comments import ClauseRef, CommentType, Kind, Piece, split
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries as asks
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AnswerKind, AskKind, freeze_ladder
from crm.domain.asks.service import Asking, ask_seats
from crm.domain.consultations import letters, queries
from crm.domain.consultations.models import Clause, Comment, ConsultationRound
from crm.domain.consultations.rules import (
    REMOVED,
    Choice,
    CommentPlace,
    Disposition,
    LadderChoice,
    LeftOut,
    questions_for,
)
from crm.domain.meetings import service as meetings
from crm.domain.organisations import queries as organisations
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.queries import PartnerFilter
from crm.domain.organisations.rules import (
    ALREADY_ASKED,
    BOUNCED,
    HOST,
    NO_ADDRESS,
    NO_POST,
    OURSELVES,
    AddressState,
    do_not_contact,
)
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.mail.letter import Enclosure, Letter
from crm.uow import UnitOfWork

SURE = 0.75


@dataclass(frozen=True)
class Invitation:
    """Who will be asked, and who is left out and why."""

    asked: tuple[Seat, ...]
    left_out: tuple[LeftOut, ...]


def choose(uow: UnitOfWork, round_id: int, choice: Choice) -> Invitation:
    """Judge a choice partner by partner. Writes nothing."""
    consultation = queries.get_round(uow.session, round_id)
    reached = _reached(uow, choice)
    seats = organisations.focal_seats(uow.session, [one.id for one in reached])
    asked_before = asks.organisations_asked(uow.session, consultation.subject)
    asked, left_out = [], []
    for one in reached:
        seat = seats.get(one.id)
        why = _why_not(one, seat, one.id in asked_before, one.id in choice.removed)
        if why is None and seat is not None:
            asked.append(seat)
        else:
            left_out.append(LeftOut(one.id, one.name, one.name_ur or one.name, why or NO_POST))
    return Invitation(tuple(asked), tuple(left_out))


def _reached(uow: UnitOfWork, choice: Choice) -> list[Organisation]:
    wanted = PartnerFilter(choice.types, choice.provinces, choice.themes)
    rows = [] if wanted.is_empty else list(organisations.partners(uow.session, wanted))
    if choice.added:
        more = organisations.partners(uow.session, PartnerFilter(ids=choice.added))
        rows += [one for one in more if one.id not in {row.id for row in rows}]
    return rows


def _why_not(one: Organisation, seat: Seat | None, asked_before: bool, removed: bool) -> Message | None:
    """Why a partner is left out; None when it will be asked."""
    if one.type == HOST:
        return OURSELVES
    if removed:
        return REMOVED
    if asked_before:
        return ALREADY_ASKED
    if one.do_not_contact:
        return do_not_contact(one.do_not_contact)
    if seat is None:
        return NO_POST
    if not seat.address:
        return NO_ADDRESS
    return BOUNCED if seat.address_state is AddressState.BOUNCED else None


def send_round(
    uow: UnitOfWork,
    round_id: int,
    choice: Choice,
    due_on: date,
    ladder: LadderChoice,
    files: Sequence[Enclosure] = (),
) -> int:
    """Ask the chosen partners, and invite them to the workshop. Returns how many were asked.

    Approving the ladder with the round lets the clock issue its steps, but for those that wait for a person.
    Raises NotAllowed, NotFound, and RuleBroken where nobody would be asked.
    """
    uow.require(Permission.RUN_ROUND)
    consultation = queries.get_round(uow.session, round_id)
    invitation = choose(uow, round_id, choice)
    if not invitation.asked:
        raise RuleBroken(Message("Nobody would be asked. Kindly choose at least one partner that can be written to."))
    due_on = uow.workdays.settle(due_on)
    consultation.open(uow.today, due_on)
    consultation.ladder, consultation.courts_wait = freeze_ladder(ladder.steps), ladder.courts_wait
    document = consultation.document
    asking = Asking(
        AskKind.CONSULTATION,
        consultation.subject,
        document.title,
        document.title_ur,
        due_on,
        places=(document.subject,),
    )
    ids = ask_seats(uow, asking, [(seat, ladder.ladder_for(seat.organisation.courtesy)) for seat in invitation.asked])
    uow.post(*_requests(uow, consultation, ids, files))
    if ladder.workshop_included and consultation.workshop_id is not None:
        meetings.invite(uow, consultation.workshop_id, invitation.asked)
    uow.record(consultation.subject, "round-sent", [document.subject], count=len(ids), due_on=due_on.isoformat())
    return len(ids)


def _requests(
    uow: UnitOfWork, consultation: ConsultationRound, ids: Sequence[int], files: Sequence[Enclosure]
) -> list[Letter]:
    questions = queries.questions_of(uow.session, consultation.id)
    new = [ask for ask in asks.asks_about(uow.session, consultation.subject) if ask.id in set(ids)]
    return [
        letters.request(ask, consultation, questions_for(questions, ask.seat.organisation.type), uow.links, files)
        for ask in new
    ]


def sample_request(uow: UnitOfWork, round_id: int, seat: Seat, due_on: date, language: str) -> Letter:
    """The exact letter as it would go to a post, for the preview: with an ask that is never stored."""
    consultation = queries.get_round(uow.session, round_id)
    document = consultation.document
    ask = Ask(
        id=0,
        kind=AskKind.CONSULTATION,
        subject_kind=consultation.SUBJECT,
        subject_id=consultation.id,
        seat_id=seat.id,
        organisation_id=seat.organisation_id,
        number=f"R{uow.today.year % 100}-····",
        reference="",
        title=document.title,
        title_ur=document.title_ur,
        asked_at=uow.now,
        due_on=uow.workdays.settle(due_on),
        edition=1,
        nonce="preview",
    )
    ask.seat = seat
    questions = questions_for(queries.questions_of(uow.session, round_id), seat.organisation.type)
    return letters.request(ask, consultation, questions, uow.links).in_language(language)


def receive(uow: UnitOfWork, ask: Ask, answer: AskAnswer, file_texts: Sequence[tuple[str, str]] = ()) -> int:
    """Cut an answer into comments: placed where the reader is sure, the rest in the tray. Returns how many.

    file_texts: (name, text) of each attachment that could be read.
    """
    consultation = queries.get_round(uow.session, ask.subject_id)
    clauses = queries.clauses_of(uow.session, consultation.document_id)
    found = _typed_comments(answer, clauses)
    if answer.kind is AnswerKind.COMMENTS and not answer.values.get("clauses"):
        found += _cut(answer.text, "text", clauses)
    for name, text in file_texts:
        found += _cut(text, name, clauses)
    for comment in found:
        comment.round_id, comment.answer_id, comment.organisation_id = consultation.id, answer.id, ask.organisation_id
    uow.session.add_all(found)
    uow.session.flush()
    return len(found)


def _typed_comments(answer: AskAnswer, clauses: Sequence[Clause]) -> list[Comment]:
    """What was typed under a clause on the private page needs no guessing."""
    by_number = {clause.number: clause for clause in clauses}
    rows = []
    for number, typed in answer.values.get("clauses", {}).items():
        clause = by_number.get(number)
        text, proposed = typed.get("comment", "").strip(), typed.get("proposed", "").strip()
        if clause is not None and (text or proposed):
            row = Comment(text=text or proposed, proposed=proposed, source={"in": "page", "clause": number})
            row.type = CommentType.DRAFTING if proposed and not text else CommentType.GENERAL
            row.put_on(clause)
            rows.append(row)
    return rows


def _cut(text: str, where: str, clauses: Sequence[Clause]) -> list[Comment]:
    refs = [ClauseRef(clause.number, clause.text) for clause in clauses]
    by_number = {clause.number: clause for clause in clauses}
    return [_comment(piece, where, by_number) for piece in split(text, refs) if piece.kind is Kind.COMMENT]


def _comment(piece: Piece, where: str, by_number: dict[str, Clause]) -> Comment:
    known = [number for number in piece.clauses if number in by_number]
    row = Comment(
        text=piece.text,
        proposed=piece.proposed,
        reason=piece.reason,
        type=piece.comment_type,
        confidence=piece.confidence,
        proposed_clauses=known,
        source={"in": where, "start": piece.start, "end": piece.end},
        place=CommentPlace.TRAY,
    )
    if known and piece.confidence >= SURE:
        row.put_on(by_number[known[0]])
    return row


def place_comment(uow: UnitOfWork, comment_id: int, clause_id: int | None) -> Comment:
    """Take a comment from the tray, or move it: onto a clause, or onto the text as a whole. Raises NotAllowed."""
    uow.require(Permission.DISPOSE)
    comment = queries.get_comment(uow.session, comment_id)
    clause = uow.session.get(Clause, clause_id) if clause_id else None
    comment.put_on(clause)
    return comment


def decide(
    uow: UnitOfWork, comment_id: int, disposition: Disposition, reason: str = "", revised_text: str = ""
) -> Comment:
    """Write the decision on a comment. Raises NotAllowed, NotFound, RuleBroken without a reason that is needed."""
    uow.require(Permission.DISPOSE)
    comment = queries.get_comment(uow.session, comment_id)
    comment.decide(disposition, reason, revised_text, uow.actor.name, uow.now)
    return comment


def undo_decision(uow: UnitOfWork, comment_id: int) -> Comment:
    """Take a decision back. Raises NotAllowed, NotFound."""
    uow.require(Permission.DISPOSE)
    comment = queries.get_comment(uow.session, comment_id)
    comment.undo()
    return comment


def close_round(uow: UnitOfWork, round_id: int) -> ConsultationRound:
    """Stop inviting. Requests stay open: a late answer is still an answer.

    Raises NotAllowed, NotFound, and RuleBroken while comments are undecided.
    """
    uow.require(Permission.RUN_ROUND)
    consultation = queries.get_round(uow.session, round_id)
    consultation.close(uow.now, uow.today, undecided=queries.count_undecided(uow.session, round_id))
    uow.record(consultation.subject, "closed", [consultation.document.subject], title=consultation.document.title)
    return consultation


def round_places(consultation: ConsultationRound) -> list[Subject]:
    """The stories that an answer to a round is told on, besides the round's and the partner's."""
    return [consultation.document.subject]
