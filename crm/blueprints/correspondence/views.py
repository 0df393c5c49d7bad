"""Mail that came in, as lists and pages show it: who, what, why it waits, and its likely owner with the reasons."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.blueprints import badges, lists, stories
from crm.blueprints.addresses import with_changes
from crm.blueprints.consultations.matrix import tongue_of
from crm.blueprints.door import language, today
from crm.blueprints.guarding import second_look
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import dotted, worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import ANSWER_WORDS, AnswerKind, AskKind
from crm.files.models import Attachment, ScanState
from crm.files.service import attachments_of
from crm.i18n import Message
from crm.inbound import filing
from crm.inbound.answering import LESS_THAN_ITS_FILE
from crm.inbound.models import MAIL_WORDS, InboundMail, MailState
from crm.inbound.pipeline import CHILD
from crm.uow import Actor

BADGES = {
    MailState.KEPT: "progress",
    MailState.DONE: "filed",
    MailState.WAITING: "waiting",
    MailState.HELD: "quarantined",
    MailState.DUPLICATE: "noted",
    MailState.SET_ASIDE: "none",
    MailState.FAILED: "failed",
}
TABS: dict[str, tuple[MailState, ...]] = {
    "waiting": (*filing.FOR_A_PERSON, MailState.KEPT),
    "filed": (MailState.DONE,),
    "aside": (MailState.SET_ASIDE, MailState.DUPLICATE),
    "all": tuple(MailState),
}
INVITATION_ANSWERS = (AnswerKind.ACCEPTED, AnswerKind.TENTATIVE, AnswerKind.DECLINED)


def index(session: Session, actor: Actor) -> dict[str, Any]:
    """The context of correspondence/index. Four statements, however many mails."""
    words = {"waiting": _("Waiting"), "filed": _("Filed"), "aside": _("Set aside"), "all": _("All")}
    tab, query = lists.chosen("tab", words), request.args.get("q", "").strip()
    found = filing.mails(session, TABS[tab], lists.number("after"), lists.PAGE + 1, query)
    shown, more = lists.cut(found)
    by_state = filing.count_by_state(session)
    counts = {name: sum(by_state.get(state, 0) for state in states) for name, states in TABS.items()}
    likely = _asks(session, [mail.proposed_ask_id for mail in shown if mail.proposed_ask_id])
    files = Counter(one.subject_id for one in attachments_of(session, [mail.subject for mail in shown]))
    return {
        "tabs": lists.tabs("tab", words, tab, counts),
        "query": query,
        "mails": [_row(mail, actor, likely, files[mail.id]) for mail in shown],
        "page": lists.pager(len(shown), None, shown[-1].id if more else None),
    }


def _asks(session: Session, numbers: Sequence[int]) -> dict[int, Ask]:
    if not numbers:
        return {}
    return {ask.id: ask for ask in session.scalars(select(Ask).where(Ask.id.in_(numbers)))}


def _row(mail: InboundMail, actor: Actor, likely: Mapping[int, Ask], files: int) -> dict[str, Any]:
    may = actor.may(Permission.FILE_MAIL)
    waits = mail.state in filing.FOR_A_PERSON
    ask = likely.get(mail.proposed_ask_id or 0) if waits else None
    here = url_for(".show", mail_id=mail.id)
    return {
        "id": mail.id,
        "url": here,
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "subject": mail.subject_line or _("(no subject)"),
        "at": mail.arrived_at,
        "files": files,
        "badge": badge_of(mail),
        "why": mail.verdict_words,
        "likely": _choices(mail, ask, actor, reasons(mail), with_changes())[0] if ask else None,
        "other_url": here if waits and may else None,
        "aside_url": url_for(".set_aside", mail_id=mail.id) if waits and may else None,
        "undo_url": _undo_url(mail, may),
    }


def _undo_url(mail: InboundMail, may: bool) -> str | None:
    return url_for(".take_back", mail_id=mail.id) if may and mail.state is MailState.SET_ASIDE else None


def badge_of(mail: InboundMail) -> badges.Badge:
    """How a mail stands."""
    return BADGES[mail.state], worded(MAIL_WORDS[mail.state])


def reasons(mail: InboundMail) -> str:
    """What the proposal rests on, in the reader's language."""
    return " ".join(worded(Message(text)) for text in mail.evidence.get("reasons", []))


def _choices(mail: InboundMail, ask: Ask, actor: Actor, why: str, back: str) -> list[dict[str, Any]]:
    """A request as a place to file; an invitation asks which answer it is."""
    may = actor.may(Permission.FILE_MAIL) and mail.state in (MailState.WAITING, MailState.SET_ASIDE)
    partner, title = ask.seat.organisation, (ask.title_ur if language() == "ur" else "") or ask.title
    name = dotted(ask.number, partner.named(language()), title)
    fields: dict[str, Any] = {"ask": ask.id, "next": back}
    plain = {
        "title": name,
        "url": url_for("asks.show", ask_id=ask.id),
        "badge": badges.of_ask(ask, today(), partner.courtesy),
        "reasons": why,
        "file_url": url_for(".file", mail_id=mail.id) if may else None,
        "fields": fields,
    }
    kinds = _kinds(mail, ask)
    return [
        plain | {"title": f"{worded(ANSWER_WORDS[kind])}: {name}", "fields": fields | {"kind": str(kind)}}
        for kind in kinds
    ] or [plain]


def _kinds(mail: InboundMail, ask: Ask) -> tuple[AnswerKind, ...]:
    """What a person says that a mail is, where its words do not; none where they do."""
    if ask.kind is AskKind.RSVP:
        return INVITATION_ANSWERS
    return (AnswerKind.COMMENTS, AnswerKind.NIL) if mail.verdict_words == LESS_THAN_ITS_FILE else ()


def page(session: Session, actor: Actor, mail_id: int) -> dict[str, Any]:
    """The context of correspondence/show."""
    mail = filing.get_mail(session, mail_id)
    may, waits = actor.may(Permission.FILE_MAIL), mail.state in filing.FOR_A_PERSON
    query = request.args.get("q", "").strip()
    found = filing.asks_named(session, query) if query else ()
    here, back = url_for(".show", mail_id=mail.id), url_for(".index")
    asks = _asks(session, [number for number in (mail.ask_id, mail.proposed_ask_id) if number])
    proposed = asks.get(mail.proposed_ask_id or 0) if waits else None
    told, _earlier = stories.story(session, actor, mail.subject)
    return {
        "mail": _mail(mail, actor),
        "verdict": mail.verdict_words,
        "held": _held(mail, actor),
        "second_look": second_look((mail.subject_line, mail.text)),
        "files": [file_row(one, actor) for one in attachments_of(session, [mail.subject])],
        "filed": _filed(session, mail, asks.get(mail.ask_id or 0), may),
        "proposals": _choices(mail, proposed, actor, reasons(mail), back) if proposed else [],
        "query": query,
        "found": [choice for ask in found for choice in _choices(mail, ask, actor, "", back)],
        "search_url": here,
        "aside_url": url_for(".set_aside", mail_id=mail.id) if waits and may else None,
        "undo_url": _undo_url(mail, may),
        "story": told,
    }


def _mail(mail: InboundMail, actor: Actor) -> dict[str, Any]:
    shows_raw = actor.may(Permission.RELEASE_FILE) and filing.may_show_raw(mail)
    return {
        "id": mail.id,
        "subject": mail.subject_line or _("(no subject)"),
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "to": [mail.envelope_to] if mail.envelope_to else [],
        "cc": [str(one) for one in mail.copied_to],
        "at": mail.arrived_at,
        "sent_at": mail.written_at,
        "badge": badge_of(mail),
        "language": tongue_of(mail.text),
        "text": mail.text,
        "rest": mail.folded or None,
        "raw_url": url_for(".raw", mail_id=mail.id) if shows_raw else None,
        "raw_size": mail.size,
        "checks": [_standing(mail)],
    }


def _standing(mail: InboundMail) -> dict[str, Any]:
    """Whether the address is proven; the display name beside it proves nothing."""
    if mail.is_verified:
        return {"badge": ("reached", _("Sender verified")), "word": ""}
    return {"badge": ("doubtful", _("Sender not verified")), "word": ""}


def _held(mail: InboundMail, actor: Actor) -> dict[str, Any] | None:
    if mail.state is not MailState.HELD:
        return None
    may = actor.may(Permission.RELEASE_FILE)
    return {
        "sentence": CHILD,
        "release_url": url_for(".release", mail_id=mail.id) if may else None,
        "destroy_url": None,
    }


def _filed(session: Session, mail: InboundMail, ask: Ask | None, may: bool) -> dict[str, Any] | None:
    if mail.state is not MailState.DONE or ask is None:
        return None
    by = mail.decided_by or _("Rabta, by itself")
    name = dotted(ask.number, ask.seat.organisation.named(language()))
    undo_url = url_for(".unfile", mail_id=mail.id) if may and filing.may_unfile(session, mail) else None
    here = url_for("asks.show", ask_id=ask.id)
    return {"word": name, "url": here, "at": mail.arrived_at, "by": by, "undo_url": undo_url}


STATES = {
    ScanState.UNREAD: ("unread", Message("Not read by any machine")),
    ScanState.HELD: ("held", Message("Held")),
    ScanState.REFUSED: ("quarantined", Message("Refused")),
}


def may_open(one: Attachment, actor: Actor) -> bool:
    """Clean files are for all who see correspondence; unread ones for those who may release them."""
    may_release = actor.may(Permission.RELEASE_FILE)
    return one.blob.state is ScanState.CLEAN or (one.blob.state is ScanState.UNREAD and may_release)


def file_row(one: Attachment, actor: Actor) -> dict[str, Any]:
    """A file with what the scan said of it."""
    kind, word = STATES.get(one.blob.state, ("", Message("")))
    releasable = one.blob.state is ScanState.UNREAD and actor.may(Permission.RELEASE_FILE)
    return {
        "name": one.name,
        "url": url_for(".attachment", attachment_id=one.id) if may_open(one, actor) else None,
        "size": one.blob.size,
        "media_word": one.blob.media_type,
        "badge": (kind, worded(word)) if kind else None,
        "release_url": url_for(".release_file", attachment_id=one.id) if releasable else None,
    }
