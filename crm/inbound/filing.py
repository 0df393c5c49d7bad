"""What an officer does with mail that waits: file it as an answer, set it aside, take it back, release a held one."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries as asks
from crm.domain.asks.rules import AnswerKind
from crm.domain.organisations import service as organisations
from crm.errors import NotFound, RuleBroken
from crm.files import service as files
from crm.files.models import Attachment
from crm.files.service import StoredFile
from crm.i18n import Message
from crm.inbound.answering import FILED, Case, file_as_answer
from crm.inbound.classify import MailClass
from crm.inbound.match import Match, Strength
from crm.inbound.models import InboundMail, MailState
from crm.inbound.reading import Reading
from crm.inbound.screening import Screened
from crm.uow import UnitOfWork

FOR_A_PERSON = (MailState.WAITING, MailState.HELD, MailState.FAILED)
ASIDE = Message("Set aside by %(by)s.")


def get_mail(session: Session, mail_id: int) -> InboundMail:
    """One mail. Raises NotFound."""
    mail = session.get(InboundMail, mail_id)
    if mail is None:
        raise NotFound(Message("There is no such mail."))
    return mail


def mails(
    session: Session, states: Sequence[MailState], before: int | None = None, most: int = 50
) -> Sequence[InboundMail]:
    """A page of mails in some states, newest first, before an id."""
    chosen = select(InboundMail).where(InboundMail.state.in_(states))
    if before is not None:
        chosen = chosen.where(InboundMail.id < before)
    return session.scalars(chosen.order_by(InboundMail.id.desc()).limit(most)).all()


def count_by_state(session: Session) -> dict[MailState, int]:
    """How many mails stand in each state."""
    rows = session.execute(select(InboundMail.state, func.count()).group_by(InboundMail.state))
    return {state: count for state, count in rows}


def file_mail(
    uow: UnitOfWork, mail_id: int, ask_id: int, kind: AnswerKind | None = None, learn: bool = True
) -> InboundMail:
    """File a waiting mail as the answer to a request, and learn the address it came from. Raises NotAllowed."""
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state not in (MailState.WAITING, MailState.SET_ASIDE):
        raise RuleBroken(Message("Only mail that waits for a person can be filed."))
    ask = asks.get_ask(uow.session, ask_id)
    ask.resume()
    match = Match(ask, Strength.PROOF)
    kept = tuple(_stored(one) for one in files.attachments_of(uow.session, [mail.subject]))
    reading = Reading(MailClass.HUMAN)
    file_as_answer(uow, Case(mail, reading, match, Screened(kept, (), is_held=False)), ask, uow.actor.name, kind)
    if learn:
        organisations.learn_address(uow, ask.seat, mail.from_address)
    mail.judge(MailState.DONE, FILED)
    mail.decided_by = uow.actor.name
    return mail


def _stored(one: Attachment) -> StoredFile:
    blob = one.blob
    return StoredFile(
        blob.sha256, blob.size, one.name, blob.media_type, blob.state, blob.reason, one.is_inline, blob.quarantined_as
    )


def set_aside(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """Take a mail off the desk. It is kept, and can be taken back. The ladder it paused goes on. Raises NotAllowed."""
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state not in FOR_A_PERSON:
        raise RuleBroken(Message("Only mail that waits for a person can be set aside."))
    if mail.proposed_ask_id is not None:
        asks.get_ask(uow.session, mail.proposed_ask_id).resume()
    mail.judge(MailState.SET_ASIDE, Message(ASIDE.text, by=uow.actor.name))
    uow.index(mail.subject, *mail.findable)
    mail.decided_by = uow.actor.name
    return mail


def take_back(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """Lay a mail that was set aside on the desk again. Raises NotAllowed."""
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state is not MailState.SET_ASIDE:
        raise RuleBroken(Message("This mail was not set aside."))
    mail.judge(MailState.WAITING, Message("Taken back by %(by)s.", by=uow.actor.name))
    return mail


def release_held(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """A person looked at a held mail: its masked text may be filed. The number itself is never stored."""
    uow.require(Permission.RELEASE_FILE)
    mail = get_mail(uow.session, mail_id)
    if mail.state is not MailState.HELD:
        raise RuleBroken(Message("This mail is not held."))
    mail.judge(MailState.WAITING, Message("Looked at and released, masked, by %(by)s.", by=uow.actor.name))
    uow.index(mail.subject, *mail.findable)
    mail.decided_by = uow.actor.name
    return mail
