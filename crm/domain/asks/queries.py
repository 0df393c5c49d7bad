"""What is open, what is due, who owes whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from crm.base import Subject
from crm.domain.asks.models import AnswerDraft, Ask, AskAnswer, AskStep
from crm.domain.asks.rules import AskState, Side
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.rules import NEVER_CALLED_SILENT
from crm.errors import NotFound
from crm.i18n import Message

LEDGER = (
    select(AskStep)
    .join(Ask, (Ask.id == AskStep.ask_id) & (Ask.edition == AskStep.edition))
    .where(Ask.id.in_(bindparam("ids", expanding=True)))
)
"""Made once: every page of requests asks it."""


ONE_ASK = select(Ask).where(Ask.id == bindparam("of_id"))
ANSWER_WITH_KEY = select(AskAnswer).where(AskAnswer.key == bindparam("of_key"))


def known_ask(session: Session, ask_id: int) -> Ask | None:
    """One request with its post, None where there is none of that number; read again only if it was let go."""
    held = session.identity_map.get(identity_key(Ask, ask_id))
    return held or session.scalars(ONE_ASK, {"of_id": ask_id}).one_or_none()


def get_ask(session: Session, ask_id: int) -> Ask:
    """One request. Raises NotFound."""
    ask = known_ask(session, ask_id)
    if ask is None:
        raise NotFound(Message("There is no such request."))
    return ask


def asks_about(session: Session, subject: Subject) -> Sequence[Ask]:
    """The requests of one round or meeting, by organisation."""
    here = (Ask.subject_kind == subject.kind) & (Ask.subject_id == subject.id) & Ask.archived_at.is_(None)
    return session.scalars(select(Ask).where(here).join(Organisation).order_by(Organisation.type, Ask.id)).all()


def asks_of(session: Session, ask_ids: Iterable[int]) -> Sequence[Ask]:
    """Requests by their ids, in the order in which they were put."""
    return session.scalars(select(Ask).where(Ask.id.in_(list(ask_ids))).order_by(Ask.id)).all()


def organisations_asked(session: Session, subject: Subject) -> set[int]:
    """The organisations that were asked about a round or meeting."""
    here = (Ask.subject_kind == subject.kind) & (Ask.subject_id == subject.id) & Ask.archived_at.is_(None)
    return set(session.scalars(select(Ask.organisation_id).where(here)))


def asks_with_ladder(session: Session) -> Sequence[Ask]:
    """Our open, unpaused requests: those whose ladder may have a step due."""
    open_ones = (Ask.state == AskState.OPEN) & (Ask.side == Side.OURS) & Ask.paused_at.is_(None)
    return session.scalars(select(Ask).where(open_ones, Ask.archived_at.is_(None)).order_by(Ask.id)).all()


def ledger(session: Session, ask_ids: Iterable[int]) -> dict[int, dict[str, AskStep]]:
    """Of each request the rungs of its latest edition that something became of."""
    book: dict[int, dict[str, AskStep]] = defaultdict(dict)
    for row in session.scalars(LEDGER, {"ids": list(ask_ids)}):
        book[row.ask_id][row.step] = row
    return book


def answers_to(session: Session, ask_ids: Iterable[int]) -> dict[int, list[AskAnswer]]:
    """Of each request its answers, oldest first; those apart that were taken back."""
    book: dict[int, list[AskAnswer]] = defaultdict(list)
    chosen = select(AskAnswer).where(AskAnswer.ask_id.in_(list(ask_ids)), AskAnswer.archived_at.is_(None))
    for row in session.scalars(chosen.order_by(AskAnswer.at, AskAnswer.id)):
        book[row.ask_id].append(row)
    return book


def answer_with_key(session: Session, key: str) -> AskAnswer | None:
    """The answer that was taken under this key, if it was."""
    return session.scalars(ANSWER_WITH_KEY, {"of_key": key}).one_or_none()


def answers_of_mail(session: Session, mail_id: int) -> Sequence[AskAnswer]:
    """The answers that a mail gave, those apart that were taken back."""
    here = (AskAnswer.mail_id == mail_id) & AskAnswer.archived_at.is_(None)
    return session.scalars(select(AskAnswer).where(here).order_by(AskAnswer.id)).all()


def draft_of(session: Session, ask_id: int, to_change: bool = False) -> AnswerDraft | None:
    """What was typed and not sent. to_change: nobody else may change it until this transaction ends."""
    return session.get(AnswerDraft, ask_id, with_for_update=to_change or None)


def drafts_saved_before(session: Session, at: datetime, settled: bool) -> Sequence[AnswerDraft]:
    """What was typed before a moment and not sent: to requests that wait for nothing more, or to open ones."""
    state = Ask.state != AskState.OPEN if settled else Ask.state == AskState.OPEN
    chosen = select(AnswerDraft).join(Ask, Ask.id == AnswerDraft.ask_id).where(AnswerDraft.saved_at < at, state)
    return session.scalars(chosen.order_by(AnswerDraft.ask_id)).all()


def files_of_drafts(session: Session) -> list[dict[str, Any]]:
    """The files that drafts remember, as the private page put them away."""
    return [one for values in session.scalars(select(AnswerDraft.values)) for one in values.get("files", [])]


@dataclass(frozen=True)
class Owing:
    """One partner's line of "who owes whom": open requests each way, and how many are overdue."""

    organisation_id: int
    name: str
    name_ur: str
    acronym: str
    theirs_open: int
    theirs_overdue: int
    ours_open: int
    ours_overdue: int


def who_owes_whom(session: Session, today: date, most: int = 200) -> list[Owing]:
    """Open requests both ways by partner, the most overdue first.

    Courts and statutory commissions are never listed as owing (practice 18); what we owe them is.
    """
    chased = Organisation.courtesy.not_in(NEVER_CALLED_SILENT)
    asked = (Ask.side == Side.OURS) & chased
    owed = Ask.side == Side.THEIRS
    late = Ask.due_on < today
    rows: Sequence[Row[Any]] = session.execute(
        select(
            Organisation.id.label("organisation_id"),
            Organisation.name,
            Organisation.name_ur,
            Organisation.acronym,
            _count(asked).label("theirs_open"),
            _count(asked & late).label("theirs_overdue"),
            _count(owed).label("ours_open"),
            _count(owed & late).label("ours_overdue"),
        )
        .join(Ask, Ask.organisation_id == Organisation.id)
        .where(Ask.state == AskState.OPEN, Ask.archived_at.is_(None), asked | owed)
        .group_by(Organisation.id, Organisation.name, Organisation.name_ur, Organisation.acronym)
        .order_by(_count(owed & late).desc(), _count(asked & late).desc(), _count(asked).desc(), Organisation.name)
        .limit(most)
    ).all()
    return [Owing(**row._mapping) for row in rows]


def _count(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
