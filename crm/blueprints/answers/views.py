"""What the private page, its receipt and its closed door show."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import Session

from crm.blueprints.answers.acts import Sheet, Turn
from crm.blueprints.answers.forms import Typed, field_of
from crm.blueprints.answers.uploads import Pile, pile_of
from crm.blueprints.answers.usual import not_me, summary, usual
from crm.blueprints.door import language, once_key
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import moment
from crm.domain.asks import queries
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskKind, AskState, Channel
from crm.domain.consultations.letters import clauses_in_words
from crm.domain.consultations.models import Clause, Question
from crm.domain.consultations.rules import QuestionType
from crm.domain.organisations.rules import NEVER_CALLED_SILENT
from crm.domain.settings.queries import get_unit
from crm.i18n import HOUSE_ZONE
from crm.runtime import the_house


def at(endpoint: str, **values: Any) -> str:
    """An address behind this private link, in the language that was chosen on it."""
    return url_for(f"answers.{endpoint}", token=g.token, **(values | g.get("chosen", {})))


def unit(session: Session) -> dict[str, str]:
    """The office in the reader's language."""
    row, urdu = get_unit(session), language() == "ur"
    return {
        "name": row.name_ur if urdu else row.name,
        "parent": row.bureau_ur if urdu else row.bureau,
    }


def contact(session: Session) -> dict[str, str]:
    """Whom to write to when the page cannot help."""
    return {"mail": the_house().mail_from, "phone": get_unit(session).phone}


def typed_before(session: Session, ask: Ask) -> Turn:
    """What stands on the page when it is opened: the saved draft, or the answer that was sent here last."""
    draft = queries.draft_of(session, ask.id)
    if draft is not None:
        return Turn(Typed.from_json(draft.values), pile_of(draft.values))
    sent = last_answer(session, ask)
    if sent is None or ask.state is AskState.OPEN:
        return Turn()
    return Turn(Typed.from_json(sent.values | {"text": sent.text}))


def last_answer(session: Session, ask: Ask) -> AskAnswer | None:
    """The latest answer, by whichever door it came."""
    return next(reversed(queries.answers_to(session, [ask.id])[ask.id]), None)


def page(session: Session, sheet: Sheet, turn: Turn) -> dict[str, Any]:
    """The context of answers/page."""
    ask, typed = sheet.ask, turn.typed
    draft = queries.draft_of(session, ask.id)
    return head(session, sheet) | {
        "shows_form": ask.state is not AskState.WITHDRAWN or not typed.is_empty,
        "files": list(_to_read(sheet)),
        "questions": [_question(one, place, typed) for place, one in enumerate(_asked(sheet), start=1)],
        "parts": list(_parts(sheet.clauses, typed)),
        "text": {"value": typed.text, "error": typed.errors.get("text")},
        "covering": {"value": typed.on_behalf_of, "error": typed.errors.get("on_behalf_of")},
        "attached": attached(turn.pile),
        "upload_errors": turn.pile.errors,
        "errors": summary(typed),
        "usual": usual(typed),
        "not_me": not_me(typed),
        "saved_at": draft.saved_at if draft else None,
        "draft_url": at("draft_copy") if draft else None,
        "word": _silence_word(ask),
    }


def attached(pile: Pile) -> list[dict[str, Any]]:
    """The files that are here already, for answers/_parts/attached."""
    return [{"name": one.name, "size": one.size, "remove_value": one.sha256} for one in pile.files]


def head(session: Session, sheet: Sheet) -> dict[str, Any]:
    """What the page says of its request, whatever its kind."""
    ask = sheet.ask
    return {
        "ask": {
            "reference": ask.number,
            "heading": _heading(sheet),
            "addressee": f"{ask.seat.titled(language())}، {ask.seat.organisation.named(language())}"
            if language() == "ur"
            else f"{ask.seat.titled('en')}, {ask.seat.organisation.name}",
            "due_on": ask.due_on,
            "due_word": _due_word(ask),
            "is_late": _days_left(ask) < 0 and ask.state is AskState.OPEN,
            "about_word": _about_word(sheet),
            "closed_word": _closed_word(session, ask),
            "is_withdrawn": ask.state is AskState.WITHDRAWN,
        },
        "contact": contact(session),
        "post_url": at("answer"),
        "autosave_url": at("autosave"),
        "upload_url": at("upload"),
        "drop_url": at("drop"),
        "key": once_key(),
    }


def _heading(sheet: Sheet) -> str:
    ask = sheet.ask
    title = (ask.title_ur or ask.title) if language() == "ur" else ask.title
    return _("Kindly comment on: %(title)s", title=title) if sheet.consultation else title


def _days_left(ask: Ask) -> int:
    return (ask.due_on - the_house().ports.business.now().astimezone(HOUSE_ZONE).date()).days


def _due_word(ask: Ask) -> str:
    days = _days_left(ask)
    if ask.state is not AskState.OPEN:
        return ""
    if days < 0 and ask.seat.organisation.courtesy in NEVER_CALLED_SILENT:
        return str(_("Your answer is welcome at any time."))
    if days < 0:
        return str(_("The date has passed; your answer is still taken, marked late."))
    return str(ngettext("%(num)s day left.", "%(num)s days left.", days) if days else _("It is due today."))


def _about_word(sheet: Sheet) -> str:
    asked = len(_asked(sheet))
    number = ngettext("%(num)s question;", "%(num)s questions;", asked) if asked else ""
    return f"{number} {_('you need no account.')}".strip()


def _closed_word(session: Session, ask: Ask) -> str | None:
    """Kind words where the request no longer waits: answered before, or its round was closed."""
    if ask.state in (AskState.OPEN, AskState.WITHDRAWN):
        return None
    sent = last_answer(session, ask)
    if sent is None:
        return str(_("This request needs no answer any more. You may still send one."))
    number, when = sent.receipt, moment(sent.at)
    said = _("We have your answer of %(at)s (receipt %(number)s).", at=when, number=number)
    again = _("What you change below takes its place; the files that came with it stay.")
    return f"{said} {again if sent.channel is Channel.LINK else _('What you send now is added.')}"


def _silence_word(ask: Ask) -> str | None:
    if ask.kind is not AskKind.CONSULTATION:
        return None
    return str(_("silence is recorded as “no comments received”, never as agreement."))


def _to_read(sheet: Sheet) -> Iterator[dict[str, Any]]:
    if sheet.consultation is not None and sheet.ask.state is not AskState.WITHDRAWN:
        yield {"name": _("The draft (Word)"), "url": at("text_docx"), "size": None}
        yield {"name": _("The draft (plain text)"), "url": at("text_plain"), "size": None}


def _asked(sheet: Sheet) -> list[Question]:
    return [one for one in sheet.questions if one.type is not QuestionType.CLAUSE_COMMENTS]


def _question(one: Question, place: int, typed: Typed) -> dict[str, Any]:
    name, given = field_of(one), typed.questions.get(one.code, {})
    return {
        "name": name,
        "number": place,
        "text": one.worded(language()),
        "kind": {"single": "choice", "single_text": "choice", "matrix": "matrix"}.get(str(one.type), "text"),
        "choices": choices(one),
        "value": given.get("choice", "") if one.type is not QuestionType.TEXT else given.get("text", ""),
        "more": {"name": f"{name}-text", "value": given.get("text", ""), "error": typed.errors.get(f"{name}-text")}
        if one.type is QuestionType.SINGLE_TEXT
        else None,
        "rows": [
            {"name": f"{name}-{row}", "word": _("Part %(part)s", part=row), "value": given.get("rows", {}).get(row, "")}
            for row in one.rows
        ],
        "hint": _clauses_word(one),
        "error": typed.errors.get(name),
    }


def _clauses_word(one: Question) -> str | None:
    if not one.clauses:
        return None
    number = len(one.clauses)
    return str(ngettext("See clause %(which)s.", "See clauses %(which)s.", number, which=clauses_in_words([one])))


def choices(one: Question) -> list[dict[str, str]]:
    """The options of a question: the English words as value, the reader's as word."""
    words = one.options_ur if language() == "ur" and len(one.options_ur) == len(one.options) else one.options
    return [{"value": str(value), "word": str(word)} for value, word in zip(one.options, words, strict=True)]


def _parts(clauses: Sequence[Clause], typed: Typed) -> Iterator[dict[str, Any]]:
    names = list(dict.fromkeys(clause.part for clause in clauses))
    for name in names:
        own = [_clause(clause, typed) for clause in clauses if clause.part == name]
        first = next(clause for clause in clauses if clause.part == name)
        title = (first.part_title_ur or first.part_title) if language() == "ur" else first.part_title
        run = _("%(first)s–%(last)s", first=first.number, last=own[-1]["number"])
        yield {
            "heading": _("Part %(part)s: %(title)s", part=name, title=title),
            "range_word": run if own[1:] else first.number,
            "open": any(one["saved"] for one in own),
            "clauses": own,
        }


def _clause(clause: Clause, typed: Typed) -> dict[str, Any]:
    said, number = typed.clauses.get(clause.number, {}), clause.number
    return {
        "number": number,
        "title": clause.titled(language()),
        "text": clause.worded(language()),
        "language": "ur" if language() == "ur" and clause.text_ur else "en",
        "comment": said.get("comment", ""),
        "proposed": said.get("proposed", ""),
        "saved": bool(said),
        "comment_error": typed.errors.get(f"comment-{number}"),
        "proposed_error": typed.errors.get(f"proposed-{number}"),
    }
