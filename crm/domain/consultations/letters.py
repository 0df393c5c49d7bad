"""What is written to partners in a consultation: the request, the courtesy note, reminders, the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from crm.domain.asks.letters import ask_values, seat_values
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import ANSWER_WORDS, AnswerKind, Step
from crm.domain.consultations.models import ConsultationRound, Question
from crm.i18n import Message
from crm.links import Links
from crm.mail.letter import Enclosure, Letter, LetterKind


def letter_key(ask: Ask, step: str) -> str:
    """The unique key of one step of one edition to one post."""
    return f"ask:{ask.id}:edition:{ask.edition}:step:{step}:seat:{ask.seat_id}"


def _letter(ask: Ask, step: str, kind: LetterKind, template: str, context: dict[str, Any], links: Links) -> Letter:
    seat, language = ask.seat, ask.seat.language
    shared = {
        "ask": ask_values(ask),
        "to": seat_values(ask),
        "page": links.page(ask),
        "our_reference": ask.reference,
        "courtesy_class": str(seat.organisation.courtesy),
        "form": str(seat.organisation.form),
    }
    return Letter(
        key=letter_key(ask, step),
        kind=kind,
        to=seat.address,
        to_name=seat.addressed(language),
        language=language,
        template=template,
        context=shared | context,
        about=ask.subject,
        seat_id=seat.id,
        step=step,
        reply_to=links.reply_address(ask),
    )


def clauses_in_words(questions: Sequence[Question]) -> Message | None:
    """The clauses that a partner's questions point at: `8, 10, 20–21`; None where they point at none."""
    numbers = sorted({int(number) for one in questions for number in one.clauses})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said: Message | None = None
    for run in runs:
        one = Message("%(first)s–%(last)s", first=run[0], last=run[-1]) if len(run) > 1 else Message(str(run[0]))
        said = Message("%(these)s, %(next)s", these=said, next=one) if said else one
    return said


def request(
    ask: Ask,
    consultation: ConsultationRound,
    questions: Sequence[Question],
    links: Links,
    files: Sequence[Enclosure] = (),
) -> Letter:
    """The first request. It also goes as a PDF letter, and threatens no reminder."""
    workshop = consultation.workshop
    clauses = clauses_in_words(questions)
    context: dict[str, Any] = {
        "questions": Message("clauses %(clauses)s", clauses=clauses) if clauses else "",
        "workshop": {"starts_at": workshop.starts_at, "venue": workshop.venue} if workshop else "",
        "code": consultation.document.code,
        "grade": str(consultation.grade),
    }
    letter = _letter(ask, "request", LetterKind.REQUEST, "consultations/request", context, links)
    return replace(letter, with_pdf=True, enclosures=tuple(files))


@dataclass(frozen=True)
class Before:
    """What a reminder cites and stands under: letters {label, reference, sent_on}, their Message-IDs, the date."""

    previous: Sequence[dict[str, Any]]
    message_ids: Sequence[str]
    today: date
    reply_by: date | None = None


def reminder(ask: Ask, step: Step, before: Before, links: Links) -> Letter:
    """A step of the ladder: it cites what went before and stands in its thread (RFC 5322 section 3.6.4)."""
    template = "consultations/courtesy" if step.name == "courtesy" else "consultations/reminder"
    context: dict[str, Any] = {
        "step": step.name,
        "previous": list(before.previous),
        "reply_by": before.reply_by or "",
        "dated": before.today,
    }
    letter = _letter(ask, step.name, LetterKind.REMINDER, template, context, links)
    return replace(letter, in_reply_to=tuple(before.message_ids))


def receipt(ask: Ask, answer: AskAnswer, pieces: dict[str, int], links: Links, to_address: str) -> Letter:
    """One receipt an answer, with its number and what was received, to the mailbox that the post is known by."""
    recorded = "" if answer.kind is AnswerKind.COMMENTS else ANSWER_WORDS[answer.kind]
    context: dict[str, Any] = {
        "receipt": {
            "number": answer.receipt,
            "received_at": answer.at,
            "late": answer.is_late,
            "pieces": pieces,
            "recorded_as": recorded,
        },
        "dated": answer.at,
    }
    letter = _letter(ask, "receipt", LetterKind.RECEIPT, "consultations/receipt", context, links)
    return replace(letter, key=f"answer:{answer.id}:receipt", to=to_address, about=answer.subject)
