"""What an officer does with mail that waits: file it as an answer, set it aside, take it back, release a held one."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm.answers import undoing
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries as asks
from crm.domain.asks import service as asking
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import DOUBTFUL, AnswerKind, AskKind, AskState, Side
from crm.domain.organisations import service as organisations
from crm.domain.organisations.models import Organisation
from crm.errors import NotAllowed, NotFound, RuleBroken
from crm.files import service as files
from crm.files.models import Attachment, ScanState
from crm.files.service import StoredFile
from crm.i18n import Message
from crm.inbound.answering import FILED, KIND_OF, Case, file_as_answer, usual_in
from crm.inbound.classify import MailClass
from crm.inbound.match import Match, Strength
from crm.inbound.models import InboundMail, MailState
from crm.inbound.reading import Reading
from crm.inbound.screening import Screened
from crm.ports import Ports
from crm.uow import UnitOfWork

FOR_A_PERSON = (MailState.WAITING, MailState.HELD, MailState.FAILED)
ASIDE = Message("Set aside by %(by)s.")
MASKED = "masked"


def get_mail(session: Session, mail_id: int) -> InboundMail:
    """One mail. Raises NotFound."""
    mail = session.get(InboundMail, mail_id)
    if mail is None:
        raise NotFound(Message("There is no such mail."))
    return mail


def mails(
    session: Session, states: Sequence[MailState], before: int | None = None, most: int = 50, query: str = ""
) -> Sequence[InboundMail]:
    """A page of mails in some states, newest first, before an id; with a query, those that carry its words."""
    chosen = select(InboundMail).where(InboundMail.state.in_(states))
    if query:
        sought = (InboundMail.subject_line, InboundMail.from_address, InboundMail.from_name, InboundMail.text)
        chosen = chosen.where(or_(*(column.icontains(query, autoescape=True) for column in sought)))
    if before is not None:
        chosen = chosen.where(InboundMail.id < before)
    return session.scalars(chosen.order_by(InboundMail.id.desc()).limit(most)).all()


def count_by_state(session: Session) -> dict[MailState, int]:
    """How many mails stand in each state."""
    rows = session.execute(select(InboundMail.state, func.count()).group_by(InboundMail.state))
    return {state: count for state, count in rows}


def asks_named(session: Session, query: str, most: int = 10) -> Sequence[Ask]:
    """Our requests that a person may mean by a number, a reference or a partner's name; open ones first."""
    sought = (Ask.number, Ask.reference, Organisation.name, Organisation.name_ur, Organisation.acronym)
    named = or_(*(column.icontains(query.strip(), autoescape=True) for column in sought))
    ours = (Ask.side == Side.OURS) & Ask.archived_at.is_(None)
    chosen = select(Ask).join(Organisation, Organisation.id == Ask.organisation_id).where(named, ours)
    return session.scalars(chosen.order_by(Ask.state != AskState.OPEN, Ask.id.desc()).limit(most)).all()


def readable_texts(session: Session, ports: Ports, mail_id: int) -> tuple[tuple[str, str], ...]:
    """The names and texts of a mail's clean files, read again for the comments that stand in them."""
    kept = files.attachments_of(session, [get_mail(session, mail_id).subject])
    return tuple(
        (one.name, text)
        for one in kept
        if one.blob.state is ScanState.CLEAN and ports.blobs.exists(one.sha256)
        for text in [_text(one, ports)]
        if text.strip()
    )


def _text(one: Attachment, ports: Ports) -> str:
    with ports.blobs.open(one.sha256) as source:
        return ports.reader.text_of(source.read(), one.blob.media_type).text


def file_mail(
    uow: UnitOfWork,
    mail_id: int,
    ask_id: int,
    kind: AnswerKind | None = None,
    learn: bool = True,
    texts: tuple[tuple[str, str], ...] = (),
) -> InboundMail:
    """File a waiting mail as the answer to a request, and learn the address it came from. Raises NotAllowed.

    texts: what `readable_texts` read, before this transaction. Raises RuleBroken for an invitation's answer that does
    not say whether they will attend.
    """
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state not in (MailState.WAITING, MailState.SET_ASIDE):
        raise RuleBroken(Message("Only mail that waits for a person can be filed."))
    ask = asks.get_ask(uow.session, ask_id)
    kept = tuple(_stored(one) for one in files.attachments_of(uow.session, [mail.subject]))
    screened = Screened(kept, texts, is_held=False)
    kind = kind or KIND_OF[usual_in(uow, ask, mail.text, screened).kind]
    if ask.kind is AskKind.RSVP and kind is AnswerKind.COMMENTS:
        raise RuleBroken(Message("Kindly say whether they will attend: its words alone do not."))
    ask.resume()
    if mail.proposed_ask_id not in (None, ask.id):
        _no_doubt(uow, mail.proposed_ask_id)
    match = Match(ask, Strength.PROOF)
    file_as_answer(uow, Case(mail, Reading(MailClass.HUMAN), match, screened), ask, uow.actor.name, kind)
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


def _no_doubt(uow: UnitOfWork, ask_id: int) -> None:
    """A mail does not answer the request that it was proposed for: what it paused goes on."""
    proposed = asks.get_ask(uow.session, ask_id)
    if proposed.paused_because == DOUBTFUL:
        proposed.resume()


def may_unfile(session: Session, mail: InboundMail) -> bool:
    """Whether a filing can be undone: of a mail that gave an answer."""
    return mail.state is MailState.DONE and bool(asks.answers_of_mail(session, mail.id))


def unfile(uow: UnitOfWork, mail_id: int, reason: str) -> InboundMail:
    """Undo the filing of a mail: it waits again, its answer is taken back, the address that was learnt forgotten.

    Raises NotAllowed, NotFound, and RuleBroken where it gave no answer or a comment of its answer is decided.
    """
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if not may_unfile(uow.session, mail):
        raise RuleBroken(Message("Only mail that was filed as an answer can be taken back."))
    for answer in asks.answers_of_mail(uow.session, mail_id):
        ask = undoing.take_back(uow, answer, reason)
        if answer.entered_by:
            organisations.forget_address(uow, ask.seat, mail.from_address)
        mail.proposed_ask_id = ask.id
        asking.pause(uow, ask, DOUBTFUL, mail.id)
    mail.ask_id, mail.decided_by = None, uow.actor.name
    mail.judge(MailState.WAITING, Message("Taken back by %(by)s: %(reason)s", by=uow.actor.name, reason=reason))
    uow.record(mail.subject, "mail-taken-back", title=mail.subject_line, reason=reason)
    return mail


def set_aside(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """Take a mail off the desk. It is kept, and can be taken back. The ladder it paused goes on. Raises NotAllowed."""
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state not in FOR_A_PERSON:
        raise RuleBroken(Message("Only mail that waits for a person can be set aside."))
    if mail.proposed_ask_id is not None:
        asks.get_ask(uow.session, mail.proposed_ask_id).resume()
    mail.judge(MailState.SET_ASIDE, Message(ASIDE.text, by=uow.actor.name))
    uow.index(mail)
    mail.decided_by = uow.actor.name
    return mail


def take_back(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """Lay a mail that was set aside on the desk again; the request it may answer pauses anew. Raises NotAllowed."""
    uow.require(Permission.FILE_MAIL)
    mail = get_mail(uow.session, mail_id)
    if mail.state is not MailState.SET_ASIDE:
        raise RuleBroken(Message("This mail was not set aside."))
    mail.judge(MailState.WAITING, Message("Taken back by %(by)s.", by=uow.actor.name))
    if mail.proposed_ask_id is not None:
        asking.pause(uow, asks.get_ask(uow.session, mail.proposed_ask_id), DOUBTFUL, mail.id)
    return mail


def may_show_raw(mail: InboundMail) -> bool:
    """Whether the mail as it came may be handed out: never one that carried a child's number, released or not."""
    return mail.state is not MailState.HELD and not mail.evidence.get(MASKED)


def raw_bytes(mail: InboundMail, ports: Ports) -> bytes:
    """The mail as it came. Raises NotAllowed for one whose masked text alone is shown, NotFound where it is gone."""
    if not may_show_raw(mail):
        raise NotAllowed(Message("This mail carried what looks like a child's number; only its masked text is shown."))
    if mail.raw_sha256 and ports.blobs.exists(mail.raw_sha256):
        with ports.blobs.open(mail.raw_sha256) as source:
            return source.read()
    if mail.quarantined_as is None:
        raise NotFound(Message("The original of this mail is not kept any more."))
    return ports.quarantine.read(mail.quarantined_as)


def release_file(uow: UnitOfWork, attachment_id: int) -> str | None:
    """A person looked at a file that no machine could read; its bytes lie among the files already.

    Returns its name in quarantine, to be destroyed after the commit. Raises NotAllowed, NotFound, RuleBroken.
    """
    uow.require(Permission.RELEASE_FILE)
    blob = files.get_attachment(uow.session, attachment_id).blob
    if blob.state is not ScanState.UNREAD:
        raise RuleBroken(Message("Only a file that no machine could read is released by a person."))
    done_with = blob.quarantined_as
    files.release(blob, uow.actor.name)
    blob.quarantined_as = None
    return done_with


def release_held(uow: UnitOfWork, mail_id: int) -> InboundMail:
    """A person looked at a held mail: its masked text may be filed. The number itself is never stored."""
    uow.require(Permission.RELEASE_FILE)
    mail = get_mail(uow.session, mail_id)
    if mail.state is not MailState.HELD:
        raise RuleBroken(Message("This mail is not held."))
    mail.evidence = mail.evidence | {MASKED: True}
    mail.judge(MailState.WAITING, Message("Looked at and released, masked, by %(by)s.", by=uow.actor.name))
    uow.index(mail)
    mail.decided_by = uow.actor.name
    return mail
