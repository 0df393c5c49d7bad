"""An answer as it came: its text with the places marked where comments were cut, its files, its mail."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.base import Subject
from crm.blueprints.addresses import url_of
from crm.blueprints.consultations.drafts import round_title
from crm.blueprints.consultations.forms import CommentForm
from crm.blueprints.consultations.matrix import GENERAL, tongue_of
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.domain.accounts.rules import Permission
from crm.domain.asks.models import AskAnswer
from crm.domain.asks.rules import ANSWER_WORDS, CHANNEL_WORDS
from crm.domain.consultations import queries
from crm.domain.consultations.models import Comment
from crm.domain.consultations.rules import CommentPlace
from crm.files.models import Attachment, ScanState
from crm.files.service import attachments_of
from crm.uow import Actor


def page(session: Session, actor: Actor, answer_id: int, form: CommentForm) -> dict[str, Any]:
    """The context of consultations/answer."""
    answer = queries.get_answer(session, answer_id)
    ask = answer.ask
    comments = queries.comments_said_in(session, answer)
    consultation = queries.get_round(session, ask.subject_id)
    return {
        "round": {"title": round_title(consultation), "url": url_for(".show", round_id=consultation.id)},
        "answer": _heading(answer),
        "partner": ask.seat.organisation.named(language()),
        "partner_url": url_for("organisations.show", organisation_id=ask.organisation_id),
        "ask_url": url_for("asks.show", ask_id=ask.id),
        "ask_word": ask.number,
        "pieces": cut_text(answer.text, [(one.source_in(answer_id), one.id) for one in comments]),
        "language": tongue_of(answer.text),
        "typed": _typed(answer),
        "comments": [_comment(one, answer_id) for one in comments],
        "files": [_file(one) for one in attachments_of(session, [answer.subject])],
        "mail_url": url_of(Subject("mail", answer.mail_id)) if answer.mail_id else None,
        "form": form if actor.may(Permission.DISPOSE) and answer.archived_at is None else None,
        "form_url": url_for(".write_comment", answer_id=answer.id),
    }


def _heading(answer: AskAnswer) -> dict[str, Any]:
    return {
        "receipt": answer.receipt,
        "kind_word": worded(ANSWER_WORDS[answer.kind]),
        "channel_word": worded(CHANNEL_WORDS[answer.channel]),
        "at": answer.at,
        "late": answer.is_late,
        "from_address": answer.from_address,
        "verified": answer.is_verified,
        "entered_by": answer.entered_by,
        "taken_back": answer.archived_at is not None,
    }


def cut_text(text: str, sources: Sequence[tuple[dict[str, Any], int]]) -> list[dict[str, Any]]:
    """The text in pieces: those that became a comment carry its id. Overlapping cuts keep the first."""
    places = sorted(
        (int(source["start"]), int(source["end"]), comment_id)
        for source, comment_id in sources
        if source.get("in") == "text" and "start" in source
    )
    pieces: list[dict[str, Any]] = []
    at = 0
    for start, end, comment_id in places:
        if start < at or end > len(text):
            continue
        pieces += [{"text": text[at:start], "comment": None}] if start > at else []
        pieces.append({"text": text[start:end], "comment": comment_id})
        at = end
    return [*pieces, {"text": text[at:], "comment": None}] if at < len(text) else pieces


def _typed(answer: AskAnswer) -> list[dict[str, str]]:
    """What was typed under clauses on the private page."""
    return [
        {"number": str(number), "comment": str(one.get("comment", "")), "proposed": str(one.get("proposed", ""))}
        for number, one in answer.values.get("clauses", {}).items()
    ]


def _comment(one: Comment, answer_id: int) -> dict[str, Any]:
    number = one.clause.number if one.clause else GENERAL
    later = one.source.get("replaced_by")
    places = {CommentPlace.TRAY: _("waits for a place"), CommentPlace.GENERAL: _("the whole draft")}
    return {
        "id": one.id,
        "text": one.text,
        "language": tongue_of(one.text),
        "place_word": places.get(one.place) or _("Clause %(number)s", number=number),
        "url": url_for(".answer", answer_id=later)
        if later
        else url_for(".matrix", round_id=one.round_id, clause=number, comment=one.id, show="all"),
        "note": _note(one, answer_id),
    }


def _note(one: Comment, answer_id: int) -> str | None:
    """Where it does not stand in the matrix as a comment of this answer, why."""
    if one.source.get("replaced_by"):
        return str(_("A later answer takes its place; it waits for no decision."))
    if one.archived_at is not None:
        return str(_("It left the comments when its answer was taken back."))
    return str(_("An earlier answer said the same; it is entered once.")) if one.answer_id != answer_id else None


def _file(one: Attachment) -> dict[str, Any]:
    words = {ScanState.UNREAD: _("not yet looked at"), ScanState.HELD: _("held"), ScanState.REFUSED: _("refused")}
    openable = one.blob.state in (ScanState.CLEAN, ScanState.UNREAD)
    return {
        "name": one.name,
        "url": url_for("correspondence.attachment", attachment_id=one.id) if openable else None,
        "size": one.blob.size,
        "badge": ("unread", words[one.blob.state]) if one.blob.state in words else None,
    }
