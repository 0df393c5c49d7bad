"""What a partner typed on the private page: read, checked, kept as JSON between visits, and put into values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.blueprints.guarding import complaint
from crm.blueprints.speech import gettext as _
from crm.domain.asks.rules import AnswerKind
from crm.domain.consultations.models import Clause, Question
from crm.domain.consultations.rules import QuestionType
from crm.inbound.screening import masked

LONGEST = 100_000
SHORT = 300
QUESTIONED = (QuestionType.SINGLE, QuestionType.SINGLE_TEXT, QuestionType.TEXT, QuestionType.MATRIX)


@dataclass
class Typed:
    """An answer as it stands on the page.

    questions: by code, {"choice", "text", "rows"} as far as given, choices in the words of the English question.
    clauses: by number, {"comment", "proposed"}. fields: the small fields of the usual answers. errors: by field name.
    """

    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    clauses: dict[str, dict[str, str]] = field(default_factory=dict)
    text: str = ""
    on_behalf_of: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written at all."""
        return not (self.questions or self.clauses or self.text)

    def to_json(self) -> dict[str, Any]:
        """What is kept between visits."""
        return {
            "questions": self.questions,
            "clauses": self.clauses,
            "text": self.text,
            "on_behalf_of": self.on_behalf_of,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Typed":
        """What `to_json` put away, or as much of it as is there."""
        return cls(
            questions=dict(stored.get("questions", {})),
            clauses=dict(stored.get("clauses", {})),
            text=stored.get("text", ""),
            on_behalf_of=stored.get("on_behalf_of", ""),
        )


def field_of(question: Question) -> str:
    """The name of a question's field."""
    return f"q-{question.code}"


def read_typed(form: Mapping[str, str], questions: Sequence[Question], clauses: Sequence[Clause]) -> Typed:
    """Read the page's form. Unknown fields and choices that were not offered count as absent."""
    typed = Typed(text=_long(form, "text"), on_behalf_of=_short(form, "on_behalf_of"))
    for question in questions:
        given = _given(form, question)
        if given:
            typed.questions[question.code] = given
    for clause in clauses:
        comment, proposed = _long(form, f"comment-{clause.number}"), _long(form, f"proposed-{clause.number}")
        if comment or proposed:
            typed.clauses[clause.number] = {"comment": comment, "proposed": proposed}
    return typed


def _given(form: Mapping[str, str], question: Question) -> dict[str, Any]:
    name, options = field_of(question), [str(one) for one in question.options]
    if question.type is QuestionType.TEXT:
        given: dict[str, Any] = {"text": _long(form, name)}
    elif question.type is QuestionType.MATRIX:
        rows = {str(row): form.get(f"{name}-{row}", "") for row in question.rows}
        given = {"rows": {row: value for row, value in rows.items() if value in options}}
    else:
        chosen = form.get(name, "")
        given = {"choice": chosen if chosen in options else "", "text": _long(form, f"{name}-text")}
    return {part: value for part, value in given.items() if value}


def _long(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()[:LONGEST]


def _short(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").replace("\0", "").split())[:SHORT]


def check_given(typed: Typed, questions: Sequence[Question], has_files: bool) -> None:
    """An answer says something; where it is by questions alone, the ones that are needed are answered."""
    if typed.is_empty and not has_files:
        typed.errors["text"] = _(
            "Nothing is written yet. Kindly write your answer, or choose one of the usual answers."
        )
        return
    if has_files or typed.text or typed.clauses:
        return
    for question in questions:
        if question.is_required and question.code not in typed.questions:
            typed.errors[field_of(question)] = _("Kindly answer this question.")


def check_identifiers(typed: Typed) -> None:
    """Point at each field that holds what may be a child's identity number. Such an answer is not stored."""
    for name, text in texts_of(typed):
        if why := complaint(text):
            typed.errors[name] = why


def texts_of(typed: Typed) -> Iterable[tuple[str, str]]:
    """Every free text with the name of its field."""
    yield "text", typed.text
    yield "on_behalf_of", typed.on_behalf_of
    for code, given in typed.questions.items():
        yield (f"q-{code}-text" if "choice" in given else f"q-{code}"), given.get("text", "")
    for number, said in typed.clauses.items():
        yield f"comment-{number}", said.get("comment", "")
        yield f"proposed-{number}", said.get("proposed", "")
    yield from typed.fields.items()


def masked_values(values: Any) -> Any:
    """JSON values with the identity numbers of adults' signatures covered; the answer goes on (practice 1)."""
    if isinstance(values, str):
        return masked(values)
    if isinstance(values, dict):
        return {name: masked_values(value) for name, value in values.items()}
    return [masked_values(one) for one in values] if isinstance(values, list) else values


@dataclass(frozen=True)
class UsualField:
    """A small field of a usual answer; `kind` is the type of its input."""

    name: str
    kind: str = "text"
    required: bool = False


USUAL: dict[str, tuple[AnswerKind, tuple[UsualField, ...]]] = {
    "nil": (AnswerKind.NIL, ()),
    "under-process": (AnswerKind.UNDER_PROCESS, (UsualField("until", "date", True), UsualField("note"))),
    "not-ours": (AnswerKind.NOT_OURS, (UsualField("belongs_to", required=True),)),
    "forwarded": (AnswerKind.FORWARDED, (UsualField("forwarded_to", required=True),)),
    "interim": (AnswerKind.INTERIM, (UsualField("note", required=True),)),
    "regret": (AnswerKind.DECLINED, (UsualField("note"),)),
}
RSVP: dict[str, AnswerKind] = {
    "accept": AnswerKind.ACCEPTED,
    "decline": AnswerKind.DECLINED,
    "tentative": AnswerKind.TENTATIVE,
    "deputy": AnswerKind.FORWARDED,
}
NOT_ME = (UsualField("post", required=True), UsualField("address"))


def read_fields(form: Mapping[str, str], fields: Sequence[UsualField], today: date) -> Typed:
    """The small fields of a usual answer, checked. A date that is asked for lies ahead."""
    typed = Typed(fields={one.name: _short(form, one.name) for one in fields})
    for one in fields:
        value = typed.fields[one.name]
        if one.required and not value:
            typed.errors[one.name] = _("Kindly fill this in; it tells us whom or what to expect.")
        elif one.kind == "date" and not _lies_ahead(value, today):
            typed.errors[one.name] = _("Kindly choose a day after today.")
    return typed


def _lies_ahead(value: str, today: date) -> bool:
    try:
        return date.fromisoformat(value) > today
    except ValueError:
        return False
