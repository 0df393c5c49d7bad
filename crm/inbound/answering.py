"""A mail that a person or a calendar wrote answers its request, or waits for a person. Doubt pauses the ladder."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.answers.service import Answer, accept
from crm.base import Subject
from crm.documents.usual import Usual, UsualAnswer, is_covering_note, letter_answer, usual_answer
from crm.domain.asks import service as asks
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import DOUBTFUL, AnswerKind, AskKind, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations.cutting import cut
from crm.domain.consultations.queries import clauses_asked_about
from crm.domain.meetings.rules import ANSWER_OF, PartStat
from crm.domain.meetings.service import counts_as_answer
from crm.domain.organisations.models import Organisation
from crm.files.models import ScanState
from crm.i18n import Message
from crm.inbound.authentication import Standing
from crm.inbound.match import Match, Strength, is_from
from crm.inbound.models import InboundMail, MailState
from crm.inbound.reading import Reading
from crm.inbound.screening import Screened
from crm.itip.reply import CalendarReply
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

KIND_OF = {
    Usual.NONE: AnswerKind.COMMENTS,
    Usual.NIL: AnswerKind.NIL,
    Usual.UNDER_PROCESS: AnswerKind.UNDER_PROCESS,
    Usual.NOT_OURS: AnswerKind.NOT_OURS,
    Usual.FORWARDED: AnswerKind.FORWARDED,
    Usual.INTERIM: AnswerKind.INTERIM,
    Usual.REGRET: AnswerKind.DECLINED,
}
SETTLING = (Usual.NIL, Usual.REGRET)
FILED = Message("Filed as an answer.")
UNMATCHED = Message("Nothing in it ties it to a request of ours.")
LIKELY = Message("It is likely an answer, but a person must decide.")
OTHER_SENDER = Message("It came to the right address, from a sender who is not the post that was asked.")
FORGED = Message("The sender's own mail domain says that it did not send this.")
EMPTY = Message("It has no words and no file.")
LESS_THAN_ITS_FILE = Message("Its words say that there is nothing to add, but no machine could read its file.")
OLD_VERSION = Message("It answers an older version of the invitation; the standing was not changed.")
NOT_A_REPLY = Message("A calendar message that is no answer; invitations from outside are not acted on.")
COUNTER = Message("Another time is proposed; the invitation stands until a person decides.")


@dataclass(frozen=True)
class Case:
    """A mail with all that is known of it."""

    mail: InboundMail
    reading: Reading
    match: Match
    screened: Screened


def doubt(session: Session, case: Case) -> Message | None:
    """Why a mail may not decide its request by itself; None when it may (mail paper A.7.3)."""
    ask = case.match.ask
    if ask is None:
        return UNMATCHED
    if case.match.strength is not Strength.PROOF:
        return LIKELY
    if case.reading.authentication.standing is Standing.FAILED:
        return FORGED
    if case.reading.doubt is not None:
        return case.reading.doubt
    return None if is_from(session, ask, case.reading.sender) else OTHER_SENDER


def answer_by_mail(uow: UnitOfWork, case: Case) -> None:
    """A human mail: an answer if it is beyond doubt, else it waits, and its request's ladder pauses (practice 2)."""
    mail, ask = case.mail, case.match.ask
    why = doubt(uow.session, case)
    if why is None and ask is not None:
        why = _doubt_of_words(uow, case, ask)
    if ask is None or why is not None:
        wait(uow, case, why or UNMATCHED)
        return
    file_as_answer(uow, case, ask)
    mail.judge(MailState.DONE, FILED)


def _doubt_of_words(uow: UnitOfWork, case: Case, ask: Ask) -> Message | None:
    """Why a mail's words may not be all that it says."""
    text, screened = case.reading.text, case.screened
    if not text.strip() and not screened.files:
        return EMPTY
    settles = _has_unread(screened) and usual_in(uow, ask, text, screened).kind in SETTLING
    return LESS_THAN_ITS_FILE if settles and ask.kind is not AskKind.RSVP else None


def _has_unread(screened: Screened) -> bool:
    """Whether a file came that no machine could read, besides the pictures within its words."""
    return any(one.state is not ScanState.CLEAN and not one.is_inline for one in screened.files)


def usual_in(uow: UnitOfWork, ask: Ask, text: str, screened: Screened) -> UsualAnswer:
    """The usual answer of a mail: in its words or, under a covering note, in the one letter that came with it.

    Where its words say that there is nothing to add, and a file of it holds comments, the file counts.
    """
    said = usual_answer(text, uow.today)
    if said.kind in SETTLING and ask.kind is not AskKind.RSVP:
        return UsualAnswer() if _holds_comments(uow, ask, screened) else said
    if said.kind is not Usual.NONE or len(screened.texts) != 1 or not is_covering_note(text) or _has_unread(screened):
        return said
    return letter_answer(screened.texts[0][1], uow.today)


def _holds_comments(uow: UnitOfWork, ask: Ask, screened: Screened) -> bool:
    """Whether a file of a mail says more than a usual answer, and is not only our own draft sent back."""
    more = [(name, text) for name, text in screened.texts if letter_answer(text, uow.today).kind is Usual.NONE]
    clauses = clauses_asked_about(uow.session, ask.subject_id) if more and ask.kind is AskKind.CONSULTATION else ()
    return any(cut(text, name, clauses) for name, text in more)


def file_as_answer(uow: UnitOfWork, case: Case, ask: Ask, entered_by: str = "", kind: AnswerKind | None = None) -> None:
    """Hand a mail to the hall as the answer to `ask`: by itself, or because an officer filed it there."""
    mail, usual = case.mail, usual_in(uow, ask, case.mail.text, case.screened)
    until = usual.until.isoformat() if usual.until else ""
    new = NewAnswer(
        key=f"mail:{mail.id}:ask:{ask.id}",
        kind=kind or KIND_OF[usual.kind],
        channel=Channel.MAIL,
        at=mail.arrived_at,
        text=mail.text,
        from_address=mail.from_address,
        is_verified=mail.is_verified,
        mail_id=mail.id,
        entered_by=entered_by,
        values={"until": until, "office": usual.office} if until or usual.office else {},
    )
    if ask.kind is AskKind.RSVP and new.kind is AnswerKind.COMMENTS:
        wait(uow, case, LIKELY)
        return
    accept(uow, Answer(ask.id, new, case.screened.files, case.screened.texts))
    mail.ask_id = ask.id


def wait(uow: UnitOfWork, case: Case, why: Message) -> None:
    """Lay a mail before a person, with its likely owner, and pause the request that it may answer."""
    ask = case.match.ask
    case.mail.judge(MailState.WAITING, why)
    if ask is not None:
        case.mail.proposed_ask_id = ask.id
        asks.pause(uow, ask, DOUBTFUL, case.mail.id)


def answer_by_calendar(uow: UnitOfWork, case: Case) -> None:
    """An iTIP REPLY or COUNTER (RFC 5546 sections 3.2.3 and 3.2.7). Nothing is ever sent automatically in return."""
    replies = [reply for reply in case.reading.calendar if reply.method in ("REPLY", "COUNTER")]
    if not replies:
        case.mail.judge(MailState.SET_ASIDE, NOT_A_REPLY)
        return
    why = doubt(uow.session, case)
    ask = case.match.ask
    if ask is None or why is not None:
        wait(uow, case, why or UNMATCHED)
        return
    case.mail.judge(MailState.DONE, FILED)
    for reply in replies:
        _take_reply(uow, case, ask, reply)


def _take_reply(uow: UnitOfWork, case: Case, ask: Ask, reply: CalendarReply) -> None:
    mail = case.mail
    mail.ask_id = ask.id
    if not counts_as_answer(uow, ask.id, reply.sequence, reply.dtstamp):
        mail.judge(MailState.DONE, OLD_VERSION)
        return
    accept(uow, Answer(ask.id, _said_in_calendar(mail, ask, reply), wants_receipt=False))
    if reply.method == "COUNTER" and reply.start is not None:
        places = [ask.asked_about, Subject(Organisation.SUBJECT, ask.organisation_id)]
        told = {"title": ask.title, "title_ur": ask.title_ur, "proposed": reply.start.isoformat()}
        uow.record(ask.subject, "time-proposed", places, Direction.FROM_THEM, **told)
        mail.judge(MailState.WAITING, COUNTER)


def _said_in_calendar(mail: InboundMail, ask: Ask, reply: CalendarReply) -> NewAnswer:
    """The answer that a calendar object gives; its words are its COMMENT, else the mail's (RFC 5545 3.8.1.4)."""
    partstat = PartStat(reply.partstat) if reply.partstat in set(PartStat) else PartStat.NEEDS_ACTION
    return NewAnswer(
        key=f"calendar:{ask.id}:{reply.sequence}:{reply.dtstamp}:{partstat}:{mail.id}",
        kind=ANSWER_OF[partstat],
        channel=Channel.CALENDAR,
        at=mail.arrived_at,
        text=reply.comment or mail.text,
        from_address=mail.from_address,
        is_verified=mail.is_verified,
        mail_id=mail.id,
        values={
            "sequence": reply.sequence,
            "dtstamp": reply.dtstamp,
            "delegated_to": ", ".join(reply.delegated_to),
        },
    )
