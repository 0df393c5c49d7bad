"""Everything one can do to a consultation round. One verb, one function."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.base import Subject
from crm.documents.wording import CommentType
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries as asks
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskKind, freeze_ladder
from crm.domain.asks.service import Asking, ask_seats
from crm.domain.consultations import letters, queries
from crm.domain.consultations.cutting import comments_in
from crm.domain.consultations.models import Comment, ConsultationRound, Document
from crm.domain.consultations.revising import settle
from crm.domain.consultations.rules import (
    REMOVED,
    Choice,
    Disposition,
    LadderChoice,
    LeftOut,
    Overtaken,
    RoundState,
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


@dataclass(frozen=True)
class Invitation:
    """Who will be asked, and who is left out and why."""

    asked: tuple[Seat, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Written:
    """A comment as an officer types it from a paper. `clause` is a number; empty is the text as a whole."""

    clause: str
    text: str
    proposed: str = ""
    reason: str = ""
    type: CommentType = CommentType.GENERAL


def plan_round(uow: UnitOfWork, document_id: int) -> ConsultationRound:
    """Open the next round on a text, with the questions of the one before. Nobody is asked yet. Raises NotAllowed."""
    uow.require(Permission.RUN_ROUND)
    document = queries.get_document(uow.session, document_id)
    earlier = queries.rounds_on(uow.session, document_id)
    if earlier and earlier[0].is_running:
        raise RuleBroken(Message("A round on this draft is not closed yet. Close it first."))
    row = ConsultationRound(document_id=document.id, number=earlier[0].number + 1 if earlier else 1)
    row.reach(RoundState.DRAFTING, uow.today)
    uow.session.add(row)
    uow.session.flush()
    for one in queries.questions_of(uow.session, earlier[0].id) if earlier else ():
        uow.session.add(one.for_round(row.id))
    uow.record(row.subject, "round-planned", [document.subject], title=document.title, title_ur=document.title_ur)
    return row


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
    judged: Invitation | None = None,
) -> int:
    """Ask the chosen partners, and invite them to the workshop. Returns how many were asked.

    judged: what `choose` said already. Sending approves the ladder: the clock issues it, but what waits for a person.
    Raises NotAllowed, NotFound, and RuleBroken where nobody would be asked.
    """
    uow.require(Permission.RUN_ROUND)
    consultation = queries.get_round(uow.session, round_id)
    invitation = judged or choose(uow, round_id, choice)
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
    put = ask_seats(uow, asking, [(seat, ladder.ladder_for(seat.organisation.courtesy)) for seat in invitation.asked])
    uow.post(*_requests(uow, consultation, put, files))
    if ladder.workshop_included and consultation.workshop_id is not None:
        meetings.invite(uow, consultation.workshop_id, invitation.asked)
    uow.record(consultation.subject, "round-sent", [document.subject], count=len(put), due_on=due_on.isoformat())
    return len(put)


def _requests(
    uow: UnitOfWork, consultation: ConsultationRound, put: Sequence[Ask], files: Sequence[Enclosure]
) -> list[Letter]:
    questions = queries.questions_of(uow.session, consultation.id)
    return [
        letters.request(ask, consultation, questions_for(questions, ask.seat.organisation.type), uow.links, files)
        for ask in put
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
    """Cut an answer into comments: placed where the reader is sure, the rest in the tray; what an earlier answer to
    the request said in the same words is entered once. Returns how many it holds.

    file_texts: (name, text) of each attachment that could be read.
    """
    clauses = queries.clauses_asked_about(uow.session, ask.subject_id)
    found = comments_in(answer, file_texts, clauses)
    new = settle(uow, answer, found, [name for name, _ in file_texts])
    whose = {"round_id": ask.subject_id, "answer_id": answer.id, "organisation_id": ask.organisation_id}
    uow.add_many(Comment, [whose | comment.cut_out for comment in new])
    return len(found)


def place_comment(uow: UnitOfWork, comment_id: int, number: str) -> Comment:
    """Take a comment from the tray, or move it: onto the clause `number`, or, empty, onto the text as a whole.

    Raises NotAllowed, NotFound for a clause that the text has not.
    """
    uow.require(Permission.DISPOSE)
    comment = queries.comment_to_change(uow.session, comment_id)
    document_id = queries.get_round(uow.session, comment.round_id).document_id
    comment.put_on(queries.clause_numbered(uow.session, document_id, number) if number else None)
    return comment


def decide(
    uow: UnitOfWork,
    comment_id: int,
    disposition: Disposition,
    reason: str = "",
    revised_text: str = "",
    seen_version: int | None = None,
) -> Comment:
    """Write the decision on a comment. Raises NotAllowed, NotFound, RuleBroken without a reason that is needed.

    seen_version: the version that the officer had before them; raises Overtaken where it has changed since.
    """
    uow.require(Permission.DISPOSE)
    comment = queries.comment_to_change(uow.session, comment_id)
    if seen_version not in (None, comment.version):
        raise Overtaken(Message("A colleague decided this comment meanwhile."))
    comment.decide(disposition, reason, revised_text, uow.actor.name, uow.now)
    uow.session.flush()
    return comment


def add_comment(uow: UnitOfWork, answer_id: int, written: Written) -> Comment:
    """Enter a comment by hand that no machine could cut from an answer (practice 5). Raises NotAllowed, NotFound."""
    uow.require(Permission.DISPOSE)
    answer = queries.answer_in_use(uow.session, answer_id)
    consultation = queries.get_round(uow.session, answer.ask.subject_id)
    clause = queries.clause_numbered(uow.session, consultation.document_id, written.clause) if written.clause else None
    if not (written.text.strip() or written.proposed.strip()):
        raise RuleBroken(Message("A comment has words, or a proposed text."))
    comment = Comment(
        round_id=consultation.id,
        answer_id=answer.id,
        organisation_id=answer.ask.organisation_id,
        text=written.text.strip() or written.proposed.strip(),
        proposed=written.proposed.strip(),
        reason=written.reason.strip(),
        type=written.type,
        source={"in": "hand", "by": uow.actor.name},
    )
    comment.put_on(clause)
    uow.session.add(comment)
    uow.session.flush()
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
    text = consultation.document
    uow.record(consultation.subject, "closed", [text.subject], title=text.title, title_ur=text.title_ur)
    return consultation


def round_places(uow: UnitOfWork, round_id: int) -> list[Subject]:
    """The stories that an answer to a round is told on, besides the round's and the partner's."""
    return [Subject(Document.SUBJECT, queries.document_of(uow.session, round_id))]
