"""Where each kind of need comes from: one or a few statements each, in the order in which they press."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from crm.blueprints import badges
from crm.blueprints.asks import rows as asked
from crm.blueprints.correspondence.views import reasons
from crm.blueprints.door import language
from crm.blueprints.home.today import Today, upcoming
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import dotted, moment, worded
from crm.chase.service import is_reached
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import PAUSE_WORDS, STEP_WORDS, AskKind, AskState, Side, Step
from crm.domain.consultations.models import Comment, ConsultationRound, Document
from crm.domain.consultations.rules import BEFORE_OPEN
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState, Courtesy
from crm.inbound.models import MAIL_WORDS, InboundMail, MailState
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import WORDS, Status
from crm.uow import Actor

Need = dict[str, Any]
FEW_COURTS = 3
FEW_OF_OURS = 3
"""What we owe is listed one by one up to here; the rest stands in one line, or it would hide all else."""
EACH = 60
"""The most of one kind that home looks at; the lists hold the rest."""
RETURNED = (Status.HARD_BOUNCED, Status.SOFT_BOUNCED, Status.SUPPRESSED)
POST, MAIL, LATER = OutboxMessage.__table__.c, InboundMail.__table__.c, OutboxMessage.__table__.alias("later").c
TO_FILE = (
    select(MAIL.id, MAIL.state, MAIL.subject_line, MAIL.from_name, MAIL.from_address, MAIL.arrived_at)
    .add_columns(MAIL.proposed_ask_id, MAIL.evidence)
    .where(MAIL.state.in_((MailState.WAITING, MailState.HELD, MailState.FAILED)))
    .where(MAIL.grade.in_(bindparam("grades", expanding=True)))
    .order_by(MAIL.id)
    .limit(EACH)
)
PROPOSED = asked.columns().where(Ask.id.in_(bindparam("ids", expanding=True)))
LETTERS = select(POST.about_id, POST.status, POST.to_address).where(
    POST.about_kind == Ask.SUBJECT, POST.about_id.in_(bindparam("ids", expanding=True))
)
SENT_BACK = (
    select(Seat.id, Seat.title, Seat.address, Organisation.name, Organisation.name_ur, func.max(POST.id))
    .join(Seat, Seat.id == POST.seat_id)
    .join(Organisation, Organisation.id == Seat.organisation_id)
    .where(POST.status.in_(RETURNED), POST.to_address == Seat.address, Seat.archived_at.is_(None))
    .where(
        ~exists().where(LATER.to_address == POST.to_address, LATER.id > POST.id, LATER.status == Status.ACCEPTED)
        | (Seat.address_state == AddressState.BOUNCED)
    )
    .group_by(Seat.id, Seat.title, Seat.address, Organisation.name, Organisation.name_ur)
    .order_by(func.max(POST.id))
    .limit(EACH)
)
FAILED = (
    select(POST.id, POST.subject_line, POST.to_name, POST.words)
    .where(POST.status == Status.FAILED)
    .order_by(POST.id)
    .limit(EACH)
)
"""What is said of the post is read at every showing, by statements that are made once."""


def _need(icon: str, tone: str, kind: str, what: str, why: str, url: str, act: str | None = None) -> Need:
    """A line whose act opens the page where it is done."""
    done_there = {"url": url, "word": act, "post": False, "fields": {}} if act else None
    line = {"icon": icon, "tone": tone, "kind": kind, "what": what, "why": why}
    return line | {"what_url": url, "act": done_there, "likely": None}


def unmatched_mail(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Mail that waits for a person, is held, or could not be read; its likely request is filed to in one press."""
    rows = session.execute(TO_FILE, {"grades": actor.grades}).all()
    proposed = {row.proposed_ask_id for row in rows if row.proposed_ask_id}
    asks = {ask.id: ask for ask in session.execute(PROPOSED, {"ids": list(proposed)})} if proposed else {}
    for row in rows:
        yield _mail(row, asks.get(row.proposed_ask_id) if row.state is MailState.WAITING else None)


def _mail(row: Any, likely: Any) -> Need:
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
    return need | {
        "act": file_there | {"fields": fields},
        "likely": {
            "title": dotted(likely.number, _full(likely), _title(likely)),
            "badge": ("likely", _("Likely")),
            "why": reasons(row),
            "acts": [{"url": url, "word": _("Look at it"), "post": False, "fields": {}}],
        },
    }


def _open_asks() -> Any:
    return asked.columns().where(Ask.state == AskState.OPEN)


def _title(row: Any) -> str:
    return str((row.title_ur or row.title) if language() == "ur" else row.title)


def _full(row: Any) -> str:
    return str((row.name_ur or row.name) if language() == "ur" else row.name)


def _short(row: Any) -> str:
    return str((row.name_ur or row.name) if language() == "ur" else (row.acronym or row.name))


def overdue_by_us(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """What we owe a partner and have not done in time: the first few, and in one line how many more there are."""
    late = (Ask.side == Side.THEIRS) & (Ask.due_on < now.today) & Ask.grade.in_(actor.grades)
    columns = _open_asks().add_columns(func.count().over().label("in_all")).where(late)
    rows = session.execute(columns.order_by(Ask.due_on, Ask.id).limit(FEW_OF_OURS)).all()
    kind, more = _("Overdue by us"), rows[0].in_all - len(rows) if rows else 0
    for row in rows:
        why = dotted(_short(row), row.number, badges.due_words(row, now.today, row.courtesy))
        act = _("Enter our answer") if actor.may(Permission.ANSWER_FOR_PARTNER) else None
        yield _need("ask", "danger", kind, _title(row), why, url_for("asks.show", ask_id=row.id), act)
    if more:
        what = ngettext("%(num)s other request is overdue by us", "%(num)s other requests are overdue by us", more)
        why = _("They stand in the list of requests, the longest overdue first")
        url = url_for("asks.index", view="late", side=str(Side.THEIRS))
        yield _need("ask", "danger", kind, what, why, url, _("See them"))


def overdue_by_partners(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Requests of each round that are overdue, gathered, with the step that waits for a person. Never a court's."""
    asks = [ask for ask in _overdue(session, actor, now) if ask.courtesy not in NEVER_CALLED_SILENT]
    about = asked.climbing(session, [ask.id for ask in asks], now.today)
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
    asks = [ask for ask in _overdue(session, actor, now) if ask.courtesy is Courtesy.JUDICIARY]
    about = asked.climbing(session, [ask.id for ask in asks], now.today)
    for round_id, title in _titles(session, {ask.subject_id for ask in asks}).items():
        of_round = [(ask, asked.waits_for_person(ask, about)) for ask in asks if ask.subject_id == round_id]
        waiting = [(ask, rung) for ask, rung in of_round if rung]
        if not waiting:
            continue
        rung = waiting[0][1]
        names = [_full(ask) for ask, _rung in waiting]
        shown = ", ".join(names[:FEW_COURTS]) + (" …" if len(names) > FEW_COURTS else "")
        step = _("%(step)s waits for you", step=worded(STEP_WORDS.get(rung.name, STEP_WORDS["request"])))
        url = _ladder_url(round_id, rung)
        yield _need("pause", "", _("Waits for a person"), title, f"{step} · {shown}", url, _("Look and issue"))


def _ladder_url(round_id: int, rung: Step) -> str:
    return url_for("consultations.show", round_id=round_id, step=rung.name, _anchor="ladder")


def _overdue(session: Session, actor: Actor, now: Today) -> list[Any]:
    """The open requests of rounds whose day has gone by and that reached their post: nobody else is called overdue."""
    chased = (Ask.side == Side.OURS) & (Ask.due_on < now.today) & Ask.paused_at.is_(None)
    here = chased & (Ask.subject_kind == ConsultationRound.SUBJECT) & Ask.grade.in_(actor.grades)
    late = _open_asks().add_columns(Seat.address, Seat.address_state).where(here).order_by(Ask.subject_id, Ask.id)
    asks = remembered(session, ("late", now.today, actor.grades), lambda: session.execute(late).all())
    mails: dict[int, list[Any]] = {}
    for mail in session.execute(LETTERS, {"ids": [ask.id for ask in asks]}) if asks else ():
        mails.setdefault(mail.about_id, []).append(mail)
    return [ask for ask in asks if is_reached(ask, mails.get(ask.id, []))]


def overdue_letters(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Single requests to partners that are overdue, outside any round. Never a court's."""
    late = (Ask.side == Side.OURS) & (Ask.kind == AskKind.LETTER) & (Ask.due_on < now.today) & Ask.paused_at.is_(None)
    chased = late & Organisation.courtesy.not_in(NEVER_CALLED_SILENT) & Ask.grade.in_(actor.grades)
    for row in session.execute(_open_asks().where(chased).order_by(Ask.due_on, Ask.id).limit(EACH)):
        why = dotted(_short(row), row.number, badges.due_words(row, now.today, row.courtesy))
        yield _need(
            "clock", "attn", _("Reply overdue"), _title(row), why, url_for("asks.show", ask_id=row.id), _("Decide")
        )


def rounds_to_send(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Rounds that are ready and have asked nobody yet."""
    ready = select(ConsultationRound.id).where(ConsultationRound.state.in_(BEFORE_OPEN))
    for round_id, title in _titles(session, set(session.scalars(ready))).items():
        url = url_for("consultations.invite", round_id=round_id)
        yield _need("chat", "", _("Consultation"), title, _("Nobody has been asked yet"), url, _("Choose whom to ask"))


def _titles(session: Session, round_ids: set[int]) -> dict[int, str]:
    """The titles of rounds, the oldest first."""
    if not round_ids:
        return {}
    row, text = ConsultationRound, Document
    columns = select(row.id, row.number, text.title, text.title_ur).join(text, text.id == row.document_id)
    titles = {}
    for one in session.execute(columns.where(row.id.in_(round_ids)).order_by(row.id)):
        titles[one.id] = _("%(title)s, round %(number)s", title=_title(one), number=one.number)
    return titles


def meetings_near(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Today's and tomorrow's meetings."""
    for one in upcoming(session, now):
        why = dotted(one["when"], *one["points"])
        yield _need("cal", "", _("Meeting"), one["title"], why, one["url"], _("See who comes"))


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
    for row in session.execute(SENT_BACK):
        why = _("%(address)s of %(post)s does not take our mail", address=row.address, post=row.title)
        url = url_for("organisations.edit_seat", seat_id=row.id)
        yield _need("warn", "danger", _("Address"), _full(row), why, url, _("Correct it"))


def paused_requests(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Requests whose reminders rest until a person decides."""
    paused = Ask.paused_at.is_not(None) & (Ask.side == Side.OURS) & Ask.grade.in_(actor.grades)
    columns = _open_asks().add_columns(Ask.paused_because).where(paused)
    for row in session.execute(columns.order_by(Ask.paused_at, Ask.id).limit(EACH)):
        reason = worded(PAUSE_WORDS.get(row.paused_because, row.paused_because))
        why = dotted(row.number, reason)
        yield _need("pause", "", _("Paused"), _short(row), why, url_for("asks.show", ask_id=row.id), _("Decide"))


def failed_letters(session: Session, actor: Actor, now: Today) -> Iterator[Need]:
    """Mails that could not be sent at all."""
    for row in session.execute(FAILED):
        why = dotted(row.to_name, row.words or worded(WORDS[Status.FAILED]))
        what = row.subject_line or worded(WORDS[Status.FAILED])
        yield _need("send", "danger", _("Mail"), what, why, url_for("outbox.show", message_id=row.id), _("See why"))
