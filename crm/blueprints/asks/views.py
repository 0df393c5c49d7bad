"""One request with its ladder, its answers, its story, and the form that was asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints import badges, stories
from crm.blueprints.addresses import url_of
from crm.blueprints.asks import rows as asked
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import day, worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.queries import answers_to, get_ask
from crm.domain.asks.rules import (
    ANSWER_WORDS,
    CHANNEL_WORDS,
    STATE_AFTER,
    STEP_WORDS,
    AskState,
    Side,
    StepState,
    days_of,
)
from crm.files.models import Attachment, ScanState
from crm.files.service import attachments_of
from crm.uow import Actor


@dataclass(frozen=True)
class Asked:
    """The form that a page carries: where it goes and what its button says."""

    form: Any
    fields: tuple[str, ...]
    heading: str
    url: str
    save_word: str


NO_FORM = Asked(None, (), "", "", "")


def request_page(session: Session, actor: Actor, ask_id: int, today: date, shown: Asked = NO_FORM) -> dict[str, Any]:
    """The context of asks/show."""
    ask = get_ask(session, ask_id)
    about = asked.around(session, [ask.id], today)
    groups, _earlier = stories.story(session, actor, ask.subject)
    return {
        "ask": _heading(ask, about),
        "steps": _steps(ask, about),
        "acts": _acts(ask, actor),
        "facts": _facts(ask, about),
        "answers": _answers(session, ask),
        "form": shown.form,
        "fields": shown.fields,
        "form_heading": shown.heading,
        "form_url": shown.url,
        "save_word": shown.save_word,
        "story": groups,
    }


def _heading(ask: Ask, about: asked.Around) -> dict[str, Any]:
    courtesy, is_urdu = ask.seat.organisation.courtesy, language() == "ur"
    return {
        "title": (ask.title_ur or ask.title) if is_urdu else ask.title,
        "reference": ask.number,
        "partner": ask.seat.organisation.named(language()),
        "partner_url": url_for("organisations.show", organisation_id=ask.organisation_id),
        "seat": ask.seat.titled(language()),
        "badge": badges.of_ask(ask, about.today, courtesy, about.deliveries.get(ask.id)),
        "due_on": ask.due_on,
        "due_word": badges.due_words(ask, about.today, courtesy),
        "about_word": {"round": _("its round"), "meeting": _("its meeting")}.get(ask.subject_kind, ""),
        "about_url": url_of(ask.asked_about) if ask.subject_kind in ("round", "meeting") else None,
    }


def _steps(ask: Ask, about: asked.Around) -> list[dict[str, Any]]:
    """The ladder as a line: asked, each rung with its day, the due date among them, and the answer."""
    taken, days = about.ledger.get(ask.id, {}), days_of(ask.steps, ask.due_on, about.workdays)
    steps = [{"word": _("Asked"), "on": ask.asked_at, "state": "done"}]
    for step in ask.steps:
        entry = taken.get(step.name)
        word = worded(STEP_WORDS.get(step.name, STEP_WORDS["request"]))
        if entry and entry.state in badges.STEPS:
            word = f"{word}: {worded(badges.STEPS[entry.state][1])}"
        gone = entry is not None and entry.state is StepState.POSTED
        steps.append({"word": word, "on": entry.at if entry else days[step.name], "state": "done" if gone else ""})
    is_open = ask.state is AskState.OPEN
    answered = {"word": worded(ask.words), "on": ask.answered_at, "state": "now" if is_open else "done"}
    return [*steps, answered]


def _acts(ask: Ask, actor: Actor) -> list[dict[str, Any]]:
    """What this person may do to it now; the likeliest last."""
    if ask.state is not AskState.OPEN:
        return []
    offered = [
        ("revoke", Permission.RUN_ROUND, _("Revoke links"), "link", True, ask.side is Side.OURS),
        ("withdraw", Permission.RUN_ROUND, _("Withdraw"), "x", False, True),
        ("extend", Permission.EXTEND_ASK, _("Give more time"), "clock", False, True),
        ("pause", Permission.APPROVE_STEP, _("Pause reminders"), "pause", True, bool(ask.ladder) and not ask.paused_at),
        ("resume", Permission.APPROVE_STEP, _("Let reminders go on"), "undo", True, ask.paused_at is not None),
        ("answer", Permission.ANSWER_FOR_PARTNER, _answer_word(ask), "in", False, True),
    ]
    allowed = [one for one in offered if one[5] and actor.may(one[1])]
    return [
        {
            "url": url_for(f"asks.{name}", ask_id=ask.id),
            "word": word,
            "icon": icon,
            "post": post,
            "primary": name == "answer",
        }
        for name, _permission, word, icon, post, _fits in allowed
    ]


def _answer_word(ask: Ask) -> str:
    return str(_("Enter their answer") if ask.side is Side.OURS else _("Enter our answer"))


def _facts(ask: Ask, about: asked.Around) -> list[dict[str, str]]:
    facts = [
        (_("Number"), ask.number),
        (_("Our reference"), ask.reference),
        (_("Kind"), asked.kind_words()[ask.kind]),
        (_("Asked"), day(ask.asked_at)),
        (_("Address"), ask.seat.address),
        (_("Latest mail"), badges.of_delivery(about.deliveries.get(ask.id))[1] if ask.side is Side.OURS else ""),
        (_("Next step"), asked.next_words(ask, about)),
        (_("Edition"), str(ask.edition) if ask.edition > 1 else ""),
    ]
    return [{"word": word, "value": value} for word, value in facts if value]


def _answers(session: Session, ask: Ask) -> list[dict[str, Any]]:
    answers = answers_to(session, [ask.id]).get(ask.id, [])
    files = attachments_of(session, [answer.subject for answer in answers])
    return [_answer(answer, [one for one in files if one.subject_id == answer.id]) for answer in answers]


def _answer(answer: AskAnswer, files: list[Attachment]) -> dict[str, Any]:
    decides = STATE_AFTER.get(answer.kind)
    word = str(
        _("%(these)s, %(next)s", these=worded(ANSWER_WORDS[answer.kind]), next=worded(CHANNEL_WORDS[answer.channel]))
    )
    return {
        "at": answer.at,
        "receipt": answer.receipt,
        "badge": ("answered" if decides else "progress", word),
        "text": answer.text,
        "files": [_file(one) for one in files],
        "url": url_of(Subject("mail", answer.mail_id)) if answer.mail_id else None,
    }


def _file(one: Attachment) -> dict[str, Any]:
    name = one.name if one.blob.state is ScanState.CLEAN else _("%(name)s (not yet looked at)", name=one.name)
    return {"name": name, "url": url_for("correspondence.attachment", attachment_id=one.id), "size": one.blob.size}
