"""Rounds, their clauses, comments and counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.bulk import rows_of
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import USUAL_LADDER
from crm.domain.consultations.models import Clause, Comment, ConsultationRound, Document, Question
from crm.domain.consultations.rules import ClauseLine, CommentPlace, LadderChoice
from crm.domain.settings.queries import value_of
from crm.errors import NotFound, RuleBroken
from crm.i18n import Message


def get_round(session: Session, round_id: int) -> ConsultationRound:
    """One round with its document. Raises NotFound."""
    row = session.get(ConsultationRound, round_id)
    if row is None:
        raise NotFound(Message("There is no such consultation round."))
    return row


def first_ladder(session: Session) -> LadderChoice:
    """The ladder that a new round offers: the unit's switches say who issues which step."""
    by_clock = value_of(session, "clock_issues")
    steps = tuple(replace(step, needs_person=step.name not in by_clock) for step in USUAL_LADDER)
    return LadderChoice(steps, value_of(session, "courts_wait_for_a_person"))


def get_document(session: Session, document_id: int) -> Document:
    """One text. Raises NotFound."""
    row = session.get(Document, document_id)
    if row is None:
        raise NotFound(Message("There is no such document."))
    return row


def all_rounds(session: Session) -> Sequence[ConsultationRound]:
    """Every round, the newest first."""
    return session.scalars(select(ConsultationRound).order_by(ConsultationRound.id.desc())).all()


def rounds_on(session: Session, document_id: int) -> Sequence[ConsultationRound]:
    """The rounds held on a text, the newest first."""
    here = ConsultationRound.document_id == document_id
    return session.scalars(select(ConsultationRound).where(here).order_by(ConsultationRound.number.desc())).all()


def all_documents(session: Session) -> Sequence[tuple[Document, int]]:
    """Every text with the number of its clauses."""
    counted = select(Document, func.count(Clause.id)).outerjoin(Clause).where(Document.archived_at.is_(None))
    return [(row[0], row[1]) for row in session.execute(counted.group_by(Document.id).order_by(Document.id))]


@dataclass(frozen=True)
class Counts:
    """What a list says of a round: how many were asked, how many answered, comments without a decision."""

    asked: int = 0
    answered: int = 0
    undecided: int = 0


def counts_by_round(session: Session) -> dict[int, Counts]:
    """The counts of every round, in two statements."""
    answered = func.sum(case((Ask.answered_at.is_not(None), 1), else_=0))
    here = (Ask.subject_kind == ConsultationRound.SUBJECT) & Ask.archived_at.is_(None)
    asked = select(Ask.subject_id, func.count(), answered).where(here).group_by(Ask.subject_id)
    open_ones = select(Comment.round_id, func.count()).where(Comment.disposition.is_(None))
    waiting = open_ones.where(Comment.archived_at.is_(None)).group_by(Comment.round_id)
    undecided = {round_id: count for round_id, count in session.execute(waiting)}
    counted = {round_id: (every, done or 0) for round_id, every, done in session.execute(asked)}
    return {one: Counts(*counted.get(one, (0, 0)), undecided.get(one, 0)) for one in counted.keys() | undecided.keys()}


def clauses_of(session: Session, document_id: int) -> Sequence[Clause]:
    """The clauses of a text in its order."""
    return session.scalars(select(Clause).where(Clause.document_id == document_id).order_by(Clause.place)).all()


CLAUSE, ROUND = rows_of(Clause).c, rows_of(ConsultationRound).c
DOCUMENT_OF = select(ROUND.document_id).where(ROUND.id == bindparam("of_round"))
CLAUSE_LINES = (
    select(CLAUSE.id, CLAUSE.number, CLAUSE.text)
    .join_from(rows_of(ConsultationRound), rows_of(Clause), CLAUSE.document_id == ROUND.document_id)
    .where(ROUND.id == bindparam("of_round"))
    .order_by(CLAUSE.place)
)


def document_of(session: Session, round_id: int) -> int:
    """The id of the text that a round is held on. Raises NotFound."""
    document_id: int | None = session.connection().scalar(DOCUMENT_OF, {"of_round": round_id})
    if document_id is None:
        raise NotFound(Message("There is no such consultation round."))
    return document_id


def clauses_asked_about(session: Session, round_id: int) -> list[ClauseLine]:
    """The clauses of the text that a round is held on, in its order; none for a round that is not there."""
    lines = session.connection().execute(CLAUSE_LINES, {"of_round": round_id})
    return [ClauseLine(*row) for row in lines]


def questions_of(session: Session, round_id: int) -> Sequence[Question]:
    """The questions of a round in their order."""
    return session.scalars(select(Question).where(Question.round_id == round_id).order_by(Question.place)).all()


def get_comment(session: Session, comment_id: int) -> Comment:
    """One comment. Raises NotFound."""
    row = session.get(Comment, comment_id)
    if row is None or row.archived_at is not None:
        raise NotFound(Message("There is no such comment."))
    return row


def comment_to_change(session: Session, comment_id: int) -> Comment:
    """One comment, locked until the transaction ends, so that two officers decide one after the other."""
    get_comment(session, comment_id)
    return session.get_one(Comment, comment_id, with_for_update=True, populate_existing=True)


def clause_numbered(session: Session, document_id: int, number: str) -> Clause:
    """The clause that people write as `number`. Raises NotFound."""
    here = (Clause.document_id == document_id) & (Clause.number == number.strip())
    row = session.scalars(select(Clause).where(here)).one_or_none()
    if row is None:
        raise NotFound(Message("The draft has no clause %(number)s.", number=number))
    return row


def get_answer(session: Session, answer_id: int) -> AskAnswer:
    """One answer to a round, with its request. Raises NotFound."""
    row = session.get(AskAnswer, answer_id)
    if row is None or row.ask.subject_kind != ConsultationRound.SUBJECT:
        raise NotFound(Message("There is no such answer."))
    return row


def answer_in_use(session: Session, answer_id: int) -> AskAnswer:
    """The same, to work on. Raises RuleBroken for one that was taken back."""
    row = get_answer(session, answer_id)
    if row.archived_at is not None:
        raise RuleBroken(Message("This answer was taken back."))
    return row


COMMENTS_OF_ASK = (
    select(Comment)
    .join(AskAnswer, AskAnswer.id == Comment.answer_id)
    .where(AskAnswer.ask_id == bindparam("of_ask"))
    .options(contains_eager(Comment.answer), joinedload(Comment.clause))
    .order_by(Comment.id)
)


def comments_of_ask(session: Session, ask_id: int) -> Sequence[Comment]:
    """Every comment cut from any answer to a request, those that stepped back among them."""
    return session.scalars(COMMENTS_OF_ASK, {"of_ask": ask_id}).all()


def comments_said_in(session: Session, answer: AskAnswer) -> list[Comment]:
    """The comments of one answer: its own, in the matrix or stepped back, and those that it repeats."""
    return [one for one in comments_of_ask(session, answer.ask_id) if one.source_in(answer.id)]


def answer_before(session: Session, answer: AskAnswer) -> AskAnswer | None:
    """The answer to the same request that came before this one."""
    here = (AskAnswer.ask_id == answer.ask_id) & (AskAnswer.id < answer.id) & AskAnswer.archived_at.is_(None)
    return session.scalars(select(AskAnswer).where(here).order_by(AskAnswer.id.desc()).limit(1)).one_or_none()


def comments_on(session: Session, round_id: int, clause_id: int) -> Sequence[Comment]:
    """The comments on a clause: those without a decision first."""
    here = (Comment.round_id == round_id) & (Comment.clause_id == clause_id)
    return _in_order(session, here)


def general_comments(session: Session, round_id: int) -> Sequence[Comment]:
    """The comments on the text as a whole."""
    return _in_order(session, (Comment.round_id == round_id) & (Comment.place == CommentPlace.GENERAL))


def tray(session: Session, round_id: int) -> Sequence[Comment]:
    """What is not placed yet. It is counted, and none is lost."""
    return _in_order(session, (Comment.round_id == round_id) & (Comment.place == CommentPlace.TRAY))


def all_comments(session: Session, round_id: int) -> Sequence[Comment]:
    """Every comment of a round by clause, for the matrix on paper."""
    chosen = select(Comment).where(Comment.round_id == round_id, Comment.archived_at.is_(None)).outerjoin(Clause)
    full = chosen.options(joinedload(Comment.answer), joinedload(Comment.organisation), joinedload(Comment.clause))
    return session.scalars(full.order_by(Clause.place.is_(None), Clause.place, Comment.id)).all()


def _in_order(session: Session, here: ColumnElement[bool]) -> Sequence[Comment]:
    chosen = select(Comment).where(here, Comment.archived_at.is_(None))
    full = chosen.options(joinedload(Comment.answer), joinedload(Comment.organisation))
    return session.scalars(full.order_by(Comment.disposition.is_not(None), Comment.id)).all()


@dataclass(frozen=True)
class Tally:
    """Counts of comments: all, without a decision, in the tray."""

    all: int = 0
    undecided: int = 0
    tray: int = 0


def tally(session: Session, round_id: int) -> Tally:
    """The counts of a round's comments."""
    here = (Comment.round_id == round_id) & Comment.archived_at.is_(None)
    counted = select(Comment.place, Comment.disposition.is_(None), func.count()).where(here)
    rows = session.execute(counted.group_by(Comment.place, Comment.disposition.is_(None))).all()
    return Tally(
        all=sum(count for _, _, count in rows),
        undecided=sum(count for _, open_, count in rows if open_),
        tray=sum(count for place, _, count in rows if place == CommentPlace.TRAY),
    )


def count_undecided(session: Session, round_id: int) -> int:
    """How many comments wait for a decision, those in the tray among them."""
    return tally(session, round_id).undecided


def by_clause(session: Session, round_id: int) -> dict[int, tuple[int, int]]:
    """Of each commented clause: all comments, and those without a decision."""
    here = (Comment.round_id == round_id) & Comment.clause_id.is_not(None) & Comment.archived_at.is_(None)
    counted = select(Clause.id, Comment.disposition.is_(None), func.count()).join_from(Comment, Clause).where(here)
    book: dict[int, tuple[int, int]] = {}
    for clause_id, undecided, count in session.execute(counted.group_by(Clause.id, Comment.disposition.is_(None))):
        every, waiting = book.get(clause_id, (0, 0))
        book[clause_id] = (every + count, waiting + (count if undecided else 0))
    return book
