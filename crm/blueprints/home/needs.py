"""Where each kind of need comes from: one or a few statements each, in the order in which they press."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased, load_only

from crm.blueprints import badges
from crm.blueprints.asks import rows as asked
from crm.blueprints.correspondence.views import reasons
from crm.blueprints.door import language
from crm.blueprints.home.today import Today, coming_words
from crm.blueprints.words import dotted, moment, worded
from crm.chase.service import is_reached
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import PAUSE_WORDS, STEP_WORDS, AskKind, AskState, Side, Step
from crm.domain.consultations.models import Comment, ConsultationRound, Document
from crm.domain.consultations.rules import BEFORE_OPEN
from crm.domain.meetings.queries import meetings_between, standing
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState, Courtesy
from crm.inbound.models import MAIL_WORDS, InboundMail, MailState
from crm.outbox.models import OutboxMessage
from crm.outbox.queries import messages_about
from crm.outbox.rules import WORDS, Status
from crm.uow import Actor

Need = dict[str, Any]
FEW_COURTS = 3
EACH = 60
"""The most of one kind that home looks at; the lists hold the rest."""
RETURNED = (Status.HARD_BOUNCED, Status.SOFT_BOUNCED, Status.SUPPRESSED)


def _need(icon: str, tone: str, kind: str, what: str, why: str, url: str, act: str | None = None) -> Need:
    """A line whose act opens the page where it is done."""
    done_there = {"url": url, "word": act, "post": False, "fields": {}} if act else None
    line = {"icon": icon, "tone": tone, "kind": kind, "what": what, "why": why}
    return line | {"what_url": url, "act": done_there, "likely": None}


def unmatched_mail(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Mail that waits for a person, is held, or could not be read; its likely request is filed to in one press."""
    mail, waiting = InboundMail, (MailState.WAITING, MailState.HELD, MailState.FAILED)
    shown = load_only(
        *(mail.state, mail.subject_line, mail.from_name, mail.from_address, mail.arrived_at),
        *(mail.proposed_ask_id, mail.evidence),
    )
    here = mail.state.in_(waiting) & mail.grade.in_(actor.grades)
    rows = session.scalars(select(mail).options(shown).where(here).order_by(mail.id).limit(EACH)).all()
    proposed = [row.proposed_ask_id for row in rows if row.proposed_ask_id]
    asks = {ask.id: ask for ask in session.scalars(select(Ask).where(Ask.id.in_(proposed)))} if proposed else {}
    for row in rows:
        yield _mail(row, asks.get(row.proposed_ask_id or 0) if row.state is MailState.WAITING else None)


def _mail(row: InboundMail, likely: Ask | None) -> Need:
    url = url_for("correspondence.show", mail_id=row.id)
    sender = row.from_name or row.from_address or _("an unknown sender")
    why = dotted(sender, moment(row.arrived_at), worded(MAIL_WORDS[row.state]))
    waits = row.state is MailState.WAITING
    what, act = row.subject_line or _("(no subject)"), _("File it") if waits else _("Look at it")
    need = _need("mail", "attn" if waits else "danger", _("Mail to file"), what, why, url, act)
    if likely is None or likely.kind is AskKind.RSVP:
        return need
    fields = {"ask": likely.id, "next": url_for("home.index")}
    file_there = {"url": url_for("correspondence.file", mail_id=row.id), "word": _("File there"), "post": True}
    partner = likely.seat.organisation.named(language())
    return need | {
        "act": file_there | {"fields": fields},
        "likely": {
            "title": dotted(likely.number, partner, (likely.title_ur if language() == "ur" else "") or likely.title),
            "badge": ("likely", _("Likely")),
            "why": reasons(row),
            "acts": [{"url": url, "word": _("Look at it"), "post": False, "fields": {}}],
        },
    }


def _open_asks() -> Any:
    return asked.columns().where(Ask.state == AskState.OPEN)


def overdue_by_us(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """What we owe a partner and have not done in time."""
    late = (Ask.side == Side.THEIRS) & (Ask.due_on < now.today) & Ask.grade.in_(actor.grades)
    for row in session.execute(_open_asks().where(late).order_by(Ask.due_on, Ask.id).limit(EACH)):
        is_urdu = language() == "ur"
        partner = (row.name_ur or row.name) if is_urdu else (row.acronym or row.name)
        title = (row.title_ur or row.title) if is_urdu else row.title
        why = dotted(partner, row.number, badges.due_words(row, now.today, row.courtesy))
        act = _("Enter our answer") if actor.may(Permission.ANSWER_FOR_PARTNER) else None
        url = url_for("asks.show", ask_id=row.id)
        yield _need("ask", "danger", _("Overdue by us"), title, why, url, act)


def overdue_by_partners(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Requests of each round that are overdue, gathered, with the step that waits for a person. Never a court's."""
    asks = _overdue(session, actor, now, Organisation.courtesy.not_in(NEVER_CALLED_SILENT))
    about = asked.around(session, [ask.id for ask in asks], now.today)
    for round_id, title in _titles(session, {ask.subject_id for ask in asks}).items():
        of_round = [ask for ask in asks if ask.subject_id == round_id]
        waiting = [rung for ask in of_round if (rung := asked.waits_for_person(ask, about))]
        late = ngettext("%(num)s request is overdue", "%(num)s requests are overdue", len(of_round))
        why, act, url = late, _("See who"), url_for("consultations.show", round_id=round_id)
        if waiting:
            step = worded(STEP_WORDS.get(waiting[0].name, STEP_WORDS["request"]))
            why = _("%(late)s; %(step)s waits for you for %(count)s of them", late=late, step=step, count=len(waiting))
            if actor.may(Permission.APPROVE_STEP):
                act, url = _("Look and issue"), _ladder_url(round_id, waiting[0])
        yield _need("clock", "attn", _("Replies overdue"), title, why, url, act)


def steps_to_courts(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """The polite note to a court: it waits for a person, and nobody is called late (practice 18)."""
    asks = _overdue(session, actor, now, Organisation.courtesy == Courtesy.JUDICIARY)
    about = asked.around(session, [ask.id for ask in asks], now.today) if asks else None
    for round_id, title in _titles(session, {ask.subject_id for ask in asks}).items():
        of_round = [(ask, about and asked.waits_for_person(ask, about)) for ask in asks if ask.subject_id == round_id]
        waiting = [(ask, rung) for ask, rung in of_round if rung]
        if not waiting:
            continue
        rung = waiting[0][1]
        names = [ask.seat.organisation.named(language()) for ask, _rung in waiting]
        shown = ", ".join(names[:FEW_COURTS]) + (" …" if len(names) > FEW_COURTS else "")
        step = _("%(step)s waits for you", step=worded(STEP_WORDS.get(rung.name, STEP_WORDS["request"])))
        url = _ladder_url(round_id, rung)
        yield _need("pause", "", _("Waits for a person"), title, f"{step} · {shown}", url, _("Look and issue"))


def _ladder_url(round_id: int, rung: Step) -> str:
    return url_for("consultations.show", round_id=round_id, step=rung.name, _anchor="ladder")


def _overdue(session: Session, actor: Actor, now: Today, whose: Any) -> list[Ask]:
    """The open requests of rounds whose day has gone by, of partners that fit, that reached their post."""
    chased = (Ask.side == Side.OURS) & (Ask.due_on < now.today) & Ask.paused_at.is_(None)
    here = chased & (Ask.subject_kind == ConsultationRound.SUBJECT) & Ask.grade.in_(actor.grades)
    open_late = select(Ask).join(Organisation, Organisation.id == Ask.organisation_id)
    open_late = open_late.where(here, Ask.state == AskState.OPEN, whose)
    return _reached(session, session.scalars(open_late.order_by(Ask.subject_id, Ask.id)).all())


def overdue_letters(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Single requests to partners that are overdue, outside any round. Never a court's."""
    late = (Ask.side == Side.OURS) & (Ask.kind == AskKind.LETTER) & (Ask.due_on < now.today) & Ask.paused_at.is_(None)
    chased = late & Organisation.courtesy.not_in(NEVER_CALLED_SILENT) & Ask.grade.in_(actor.grades)
    for row in session.execute(_open_asks().where(chased).order_by(Ask.due_on, Ask.id).limit(EACH)):
        is_urdu = language() == "ur"
        partner = (row.name_ur or row.name) if is_urdu else (row.acronym or row.name)
        title = (row.title_ur or row.title) if is_urdu else row.title
        why = dotted(partner, row.number, badges.due_words(row, now.today, row.courtesy))
        yield _need("clock", "attn", _("Reply overdue"), title, why, url_for("asks.show", ask_id=row.id), _("Decide"))


def rounds_to_send(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Rounds that are ready and have asked nobody yet."""
    ready = select(ConsultationRound.id).where(ConsultationRound.state.in_(BEFORE_OPEN))
    for round_id, title in _titles(session, set(session.scalars(ready))).items():
        url = url_for("consultations.invite", round_id=round_id)
        yield _need("chat", "", _("Consultation"), title, _("Nobody has been asked yet"), url, _("Choose whom to ask"))


def _reached(session: Session, asks: Sequence[Ask]) -> list[Ask]:
    """Those whose request left for a mailbox that stands: nobody else is called overdue."""
    if not asks:
        return []
    mails: dict[int, list[OutboxMessage]] = {}
    for message in messages_about(session, [ask.subject for ask in asks]):
        mails.setdefault(message.about_id, []).append(message)
    return [ask for ask in asks if is_reached(ask, mails.get(ask.id, []))]


def _titles(session: Session, round_ids: set[int]) -> dict[int, str]:
    """The titles of rounds, the oldest first."""
    if not round_ids:
        return {}
    row, text = ConsultationRound, Document
    columns = select(row.id, row.number, text.title, text.title_ur).join(text, text.id == row.document_id)
    titles = {}
    for one in session.execute(columns.where(row.id.in_(round_ids)).order_by(row.id)):
        title = (one.title_ur or one.title) if language() == "ur" else one.title
        titles[one.id] = _("%(title)s, round %(number)s", title=title, number=one.number)
    return titles


def meetings_near(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Today's and tomorrow's meetings."""
    meetings = meetings_between(session, *now.two_days)
    counts = standing(session, [meeting.id for meeting in meetings])
    for meeting in meetings:
        url = url_for("meetings.show", meeting_id=meeting.id)
        why = dotted(moment(meeting.starts_at), *coming_words(counts.get(meeting.id, {})))
        yield _need("cal", "", _("Meeting"), meeting.titled(language()), why, url, _("See who comes"))


def undecided_comments(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Comments without a decision, by round."""
    waiting = Comment.disposition.is_(None) & Comment.archived_at.is_(None)
    counted = select(Comment.round_id, func.count()).where(waiting).group_by(Comment.round_id)
    counts = {round_id: count for round_id, count in session.execute(counted)}
    for round_id, title in _titles(session, set(counts)).items():
        why = ngettext("%(num)s comment without a decision", "%(num)s comments without a decision", counts[round_id])
        url = url_for("consultations.matrix", round_id=round_id)
        yield _need("chat", "", _("Comments"), title, why, url, _("Decide"))


def undeliverable_addresses(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Posts whose present address sent our latest mail back."""
    mail, later = OutboxMessage, aliased(OutboxMessage)
    mended = exists().where(later.to_address == mail.to_address, later.id > mail.id, later.status == Status.ACCEPTED)
    here = mail.status.in_(RETURNED) & (mail.to_address == Seat.address) & Seat.archived_at.is_(None)
    here &= ~mended | (Seat.address_state == AddressState.BOUNCED)
    columns = select(Seat.id, Seat.title, Seat.address, Organisation.name, Organisation.name_ur, func.max(mail.id))
    joined = columns.select_from(mail).join(Seat, Seat.id == mail.seat_id)
    joined = joined.join(Organisation, Organisation.id == Seat.organisation_id).where(here)
    grouped = joined.group_by(Seat.id, Seat.title, Seat.address, Organisation.name, Organisation.name_ur)
    for row in session.execute(grouped.order_by(func.max(mail.id)).limit(EACH)):
        name = (row.name_ur or row.name) if language() == "ur" else row.name
        why = _("%(address)s of %(post)s does not take our mail", address=row.address, post=row.title)
        url = url_for("organisations.edit_seat", seat_id=row.id)
        yield _need("warn", "danger", _("Address"), name, why, url, _("Correct it"))


def paused_requests(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Requests whose reminders rest until a person decides."""
    paused = Ask.paused_at.is_not(None) & (Ask.side == Side.OURS) & Ask.grade.in_(actor.grades)
    columns = _open_asks().add_columns(Ask.paused_because).where(paused)
    for row in session.execute(columns.order_by(Ask.paused_at, Ask.id).limit(EACH)):
        is_urdu = language() == "ur"
        partner = (row.name_ur or row.name) if is_urdu else (row.acronym or row.name)
        reason = worded(PAUSE_WORDS.get(row.paused_because, row.paused_because))
        why = dotted(row.number, reason)
        yield _need("pause", "", _("Paused"), partner, why, url_for("asks.show", ask_id=row.id), _("Decide"))


def failed_letters(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Mails that could not be sent at all."""
    mail = OutboxMessage
    columns = select(mail.id, mail.subject_line, mail.to_name, mail.words).where(mail.status == Status.FAILED)
    for row in session.execute(columns.order_by(mail.id).limit(EACH)):
        why = dotted(row.to_name, row.words or worded(WORDS[Status.FAILED]))
        what = row.subject_line or worded(WORDS[Status.FAILED])
        yield _need("send", "danger", _("Mail"), what, why, url_for("outbox.show", message_id=row.id), _("See why"))
