"""What a sent page does: keep the draft, or hand the answer to the hall. No child's number is ever kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from crm.answers.service import Answer, accept
from crm.blueprints.answers.forms import (
    NOT_ME,
    RSVP,
    USUAL,
    Typed,
    UsualField,
    check_given,
    check_identifiers,
    masked_values,
    read_fields,
    read_typed,
)
from crm.blueprints.answers.uploads import Pile, pile_of
from crm.blueprints.door import ONCE, once_key
from crm.blueprints.speech import gettext as _
from crm.domain.asks import queries, service
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AnswerKind, AskKind, Channel
from crm.domain.asks.service import NewAnswer
from crm.domain.consultations import queries as consultations
from crm.domain.consultations.models import Clause, ConsultationRound, Question
from crm.domain.consultations.rules import questions_for
from crm.files.service import strays
from crm.i18n import HOUSE_ZONE, day
from crm.runtime import PARTNER, open_uow, the_house


@dataclass(frozen=True)
class Sheet:
    """What a request asks: the questions meant for this partner, and the clauses; empty where there are none."""

    ask: Ask
    consultation: ConsultationRound | None = None
    questions: Sequence[Question] = ()
    clauses: Sequence[Clause] = ()


@dataclass
class Turn:
    """What became of a sent page. `answer_id` where it is taken; else the page comes back with what was typed."""

    typed: Typed = field(default_factory=Typed)
    pile: Pile = field(default_factory=Pile)
    answer_id: int | None = None
    is_saved: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether something must be put right first."""
        return bool(self.typed.errors or self.pile.errors)


def sheet_of(session: Session, ask: Ask) -> Sheet:
    """What is asked of this partner."""
    if ask.kind is not AskKind.CONSULTATION:
        return Sheet(ask)
    consultation = consultations.get_round(session, ask.subject_id)
    questions = questions_for(consultations.questions_of(session, consultation.id), ask.seat.organisation.type)
    return Sheet(ask, consultation, questions, consultations.clauses_of(session, consultation.document_id))


def carry_out(session: Session, ask: Ask) -> Turn:
    """Do what the pressed button says."""
    act = request.form.get("act", "")
    if request.form.get("remove"):
        return write_on(session, ask, send=False)
    if act in RSVP and ask.kind is AskKind.RSVP:
        return _reply(ask, act)
    if act == "usual" and request.form.get("usual") in USUAL:
        kind, fields = USUAL[request.form["usual"]]
        return _usual(ask, kind, fields)
    if act == "not-me":
        return _usual(ask, AnswerKind.NOT_OURS if ask.kind is AskKind.RSVP else AnswerKind.FORWARDED, NOT_ME)
    return write_on(session, ask, send=act == "send")


def write_on(session: Session, ask: Ask, send: bool) -> Turn:
    """The long form: save it for later, or send it. Files that may be kept are kept whatever the text needs."""
    sheet, ports = sheet_of(session, ask), the_house().ports
    draft = queries.draft_of(session, ask.id)
    pile = pile_of(draft.values if draft else {}).without(request.form.get("remove", ""))
    pile.add(request.files.getlist("files"), ports)
    turn = Turn(read_typed(request.form, sheet.questions, sheet.clauses), pile)
    check_identifiers(turn.typed)
    if send and not turn.typed.errors:
        check_given(turn.typed, sheet.questions, bool(pile.files))
    if send and not turn.is_wrong:
        values = {name: value for name, value in turn.typed.to_json().items() if value and name != "text"}
        turn.answer_id = _hand_over(ask, AnswerKind.COMMENTS, turn.typed.text, values, pile)
    else:
        _save(ask, turn, draft.values if draft else {})
    return turn


def _save(ask: Ask, turn: Turn, before: dict[str, Any]) -> None:
    """Keep what was typed; where it holds a number that may not be kept, only the files."""
    held = Typed(**{**vars(turn.typed), "errors": {}})
    check_identifiers(held)
    kept = before if held.errors else masked_values(turn.typed.to_json())
    with open_uow(PARTNER) as uow:
        draft = queries.draft_of(uow.session, ask.id, to_change=True)
        standing = pile_of(draft.values if draft else {}).without(request.form.get("remove", ""))
        turn.pile = turn.pile.onto(standing)
        service.save_draft(uow, queries.get_ask(uow.session, ask.id), kept | {"files": turn.pile.to_json()})
    turn.is_saved = not turn.is_wrong


def keep_files(ask: Ask, pile: Pile, typed: Typed) -> Pile:
    """Keep what came on a pile with the draft as it stands by now; without one, with what the page shows: `typed`."""
    with open_uow(PARTNER) as uow:
        draft = queries.draft_of(uow.session, ask.id, to_change=True)
        whole = pile.onto(pile_of(draft.values if draft else {}))
        values = draft.values if draft else masked_values(typed.to_json())
        service.save_draft(uow, queries.get_ask(uow.session, ask.id), values | {"files": whole.to_json()})
    return whole


def _usual(ask: Ask, kind: AnswerKind, fields: Sequence[UsualField]) -> Turn:
    today = the_house().ports.business.now().astimezone(HOUSE_ZONE).date()
    turn = Turn(read_fields(request.form, fields, today))
    check_identifiers(turn.typed)
    if not turn.is_wrong:
        given = {name: value for name, value in turn.typed.fields.items() if value}
        turn.answer_id = _hand_over(ask, kind, in_words(given), {name: given[name] for name in given if name != "note"})
    return turn


def in_words(given: dict[str, str]) -> str:
    """The small fields of a usual answer as a sentence each, as its sender would have written them."""
    said = []
    if "until" in given:
        said.append(_("Time is needed until %(date)s.", date=day(date.fromisoformat(given["until"]))))
    if "belongs_to" in given:
        said.append(_("The subject belongs to %(office)s.", office=given["belongs_to"]))
    if "forwarded_to" in given:
        said.append(_("It was forwarded to %(office)s.", office=given["forwarded_to"]))
    if "post" in given:
        who = " ".join((given["post"], given.get("address", ""))).strip()
        said.append(_("The right officer is: %(post)s.", post=who))
    if "deputy" in given:
        said.append(_("A deputy will attend: %(name)s.", name=given["deputy"]))
    return "\n".join([*said, given.get("note", "")]).strip()


def _reply(ask: Ask, act: str) -> Turn:
    """The answer to an invitation, as a calendar would give it."""
    today = the_house().ports.business.now().astimezone(HOUSE_ZONE).date()
    fields = (UsualField("note"), UsualField("deputy", required=act == "deputy"))
    turn = Turn(read_fields(request.form, fields, today))
    check_identifiers(turn.typed)
    if not turn.is_wrong:
        deputy = turn.typed.fields["deputy"] if act == "deputy" else ""
        given = {"note": turn.typed.fields["note"]} | ({"deputy": deputy} if deputy else {})
        turn.answer_id = _hand_over(ask, RSVP[act], in_words(given), {"delegated_to": deputy} if deputy else {})
    return turn


def _hand_over(ask: Ask, kind: AnswerKind, text: str, values: dict[str, Any], pile: Pile | None = None) -> int:
    """Give the answer to the hall. Raises RuleBroken.

    The form's key with what it says makes a double click one answer, and a changed one sent from an old page another.
    """
    ports = the_house().ports
    said = repr((kind, text, values, [one.sha256 for one in pile.files] if pile else []))
    key = f"{(request.form.get(ONCE) or once_key())[:60]}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    texts = pile.texts(ports) if pile else ()
    with open_uow(PARTNER) as uow:
        new = NewAnswer(
            key=f"link:{ask.id}:{key}",
            kind=kind,
            channel=Channel.LINK,
            at=uow.now,
            text=masked_values(text),
            values=masked_values(values),
        )
        accepted = accept(uow, Answer(ask.id, new, pile.files if pile else (), texts, wants_receipt=True))
        for name in strays(uow.session, pile.files if pile else ()):
            ports.quarantine.destroy(name)
        return accepted.answer.id
