"""The receipt of an answer: its number, what we have, and what comes next."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from crm.blueprints.answers.acts import sheet_of
from crm.blueprints.answers.views import at, choices
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import day, worded
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import ANSWER_WORDS, STATE_AFTER, AnswerKind, AskKind, AskState
from crm.domain.consultations.models import Question
from crm.files.service import attachments_of


def receipt(session: Session, ask: Ask, answer: AskAnswer) -> dict[str, Any]:
    """The context of answers/receipt."""
    return {
        "receipt": {
            "number": answer.receipt,
            "at": answer.at,
            "in_time_word": _("after the date, and marked so") if answer.is_late else _("in time"),
            "heading": _("Thank you. Your answer is with us."),
        },
        "facts": list(_facts(session, ask, answer)),
        "files": [{"name": one.name, "size": one.blob.size} for one in attachments_of(session, [answer.subject])],
        "nexts": list(_nexts(ask, answer)),
        "copy_url": None,
        "change_url": None if ask.state is AskState.WITHDRAWN else at("page"),
        "sent_to": ask.seat.address or None,
    }


def _facts(session: Session, ask: Ask, answer: AskAnswer) -> Iterator[dict[str, str]]:
    yield {"word": _("From"), "value": ask.seat.organisation.named(language())}
    yield {"word": _("Recorded as"), "value": worded(ANSWER_WORDS[answer.kind])}
    values = answer.values
    if values.get("on_behalf_of"):
        yield {"word": _("On behalf of"), "value": values["on_behalf_of"]}
    if answer.text:
        yield {"word": _("Your words"), "value": answer.text}
    given = values.get("questions", {})
    for question in sheet_of(session, ask).questions if given else ():
        if question.code in given:
            yield {"word": question.worded(language()), "value": in_words(question, given[question.code])}
    for number, said in values.get("clauses", {}).items():
        proposed = _("Proposed: %(text)s", text=said["proposed"]) if said.get("proposed") else ""
        spoken = "\n".join(part for part in (said.get("comment", ""), proposed) if part)
        yield {"word": _("Clause %(number)s", number=number), "value": spoken}


def in_words(question: Question, given: dict[str, Any]) -> str:
    """An answer to a question as one reads it."""
    words = {one["value"]: one["word"] for one in choices(question)}
    lines = [words.get(given["choice"], given["choice"])] if given.get("choice") else []
    lines += [f"{row}: {words.get(value, value)}" for row, value in given.get("rows", {}).items()]
    return "\n".join([*lines, *([given["text"]] if given.get("text") else [])])


def _nexts(ask: Ask, answer: AskAnswer) -> Iterator[str]:
    if ask.kind is AskKind.RSVP:
        yield _("You may change your reply here or in your calendar until the meeting.")
        return
    if answer.is_late:
        yield _("You may still add to your answer with the same link.")
    else:
        yield _("Until %(date)s you may change your answer with the same link.", date=day(ask.due_on))
    if STATE_AFTER.get(answer.kind) is None:
        yield _("We shall not remind you before a person has read this.")
    if ask.kind is AskKind.CONSULTATION and answer.kind is AnswerKind.COMMENTS:
        yield _("Each comment gets a decision and a reason.")
        yield _("We write to you how each of your comments was used, before the final draft.")
