"""The search index as a whole: written anew from the register, and compared with it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.base import Grade, Subject
from crm.domain.asks.models import AskAnswer
from crm.domain.consultations.models import ConsultationRound, Document
from crm.domain.meetings.models import Meeting
from crm.domain.organisations.models import Organisation
from crm.i18n import Message
from crm.inbound.models import InboundMail, MailState
from crm.search import service as search
from crm.search.models import SearchEntry
from crm.search.rules import Findable
from crm.uow import UnitOfWork

PAGE = 500
UNREAD = (MailState.KEPT, MailState.HELD, MailState.DUPLICATE)
"""Mail that no search may find: not read yet, held for a child's number, or a second copy."""

FOUND: tuple[Select[Any], ...] = (
    select(Organisation),
    select(Document).options(selectinload(Document.clauses)),
    select(ConsultationRound),
    select(Meeting),
    select(AskAnswer).options(joinedload(AskAnswer.ask)),
    select(InboundMail).where(InboundMail.mail_class != "", InboundMail.state.not_in(UNREAD)),
)
"""Every kind of record that can be found. A new kind is one line here and a `findable` on its row."""

MISSING = Message(
    "Search does not find %(count)s record (%(which)s). Run `crm search rebuild`.",
    "Search does not find %(count)s records (%(which)s …). Run `crm search rebuild`.",
)
SURPLUS = Message(
    "Search finds %(count)s record that is gone or must not be found (%(which)s). Run `crm search rebuild`.",
    "Search finds %(count)s records that are gone or must not be found (%(which)s …). Run `crm search rebuild`.",
)
STALE = Message(
    "Search knows %(count)s record by old words (%(which)s). Run `crm search rebuild`.",
    "Search knows %(count)s records by old words (%(which)s …). Run `crm search rebuild`.",
)

Told = tuple[str, str, str, str, str, Grade]


def rebuild_search(uow: UnitOfWork) -> int:
    """Write the index anew from the register. Returns how many records it holds."""
    return search.write_anew(uow.session, _findable(uow.session))


def _findable(session: Session) -> Iterator[tuple[Subject, Findable, Grade]]:
    for chosen in FOUND:
        for row in session.scalars(chosen.execution_options(yield_per=PAGE)):
            yield row.subject, row.findable, row.grade


def search_faults(session: Session) -> list[Message]:
    """Where the index differs from the register, a sentence for each way; empty where they agree."""
    wanted: dict[Subject, Told] = {
        subject: (by.title, by.title_ur, by.detail, by.title_words, by.words, grade)
        for subject, by, grade in _findable(session)
    }
    surplus, stale = [], []
    for entry in session.scalars(select(SearchEntry).execution_options(yield_per=PAGE)):
        subject = Subject(entry.subject_kind, entry.subject_id)
        right = wanted.pop(subject, None)
        if right is None:
            surplus.append(subject)
        elif right != (entry.title, entry.title_ur, entry.detail, entry.title_words, entry.words, entry.grade):
            stale.append(subject)
    told = ((MISSING, list(wanted)), (SURPLUS, surplus), (STALE, stale))
    return [_sentence(message, subjects) for message, subjects in told if subjects]


def _sentence(message: Message, subjects: list[Subject]) -> Message:
    which = ", ".join(str(subject) for subject in sorted(subjects)[:3])
    return Message(message.text, message.plural, count=len(subjects), which=which)
