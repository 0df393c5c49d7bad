"""What can be done to a request by an officer."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from crm.blueprints.forms import Form
from crm.blueprints.words import worded
from crm.domain.asks.rules import ANSWER_WORDS, AnswerKind, AskKind

NEEDED = InputRequired(_l("Kindly fill this in."))
KINDS = {
    AskKind.CONSULTATION: (
        *(AnswerKind.COMMENTS, AnswerKind.NIL, AnswerKind.UNDER_PROCESS, AnswerKind.INTERIM, AnswerKind.NOT_OURS),
        *(AnswerKind.FORWARDED, AnswerKind.DECLINED),
    ),
    AskKind.RSVP: (AnswerKind.ACCEPTED, AnswerKind.TENTATIVE, AnswerKind.DECLINED, AnswerKind.FORWARDED),
    AskKind.LETTER: (AnswerKind.COMMENTS, AnswerKind.NIL, AnswerKind.UNDER_PROCESS, AnswerKind.DECLINED),
}


class SureForm(Form):
    """A button alone."""


class ReasonForm(Form):
    """Why something is done; the story shows it."""

    reason = StringField(_l("Reason"), [NEEDED, Length(max=300)])
    FIELDS: tuple[str, ...] = ("reason",)


class ExtendForm(ReasonForm):
    """More time."""

    due_on = DateField(_l("New date"), [NEEDED])
    FIELDS: tuple[str, ...] = ("due_on", "reason")

    def new_date(self) -> date:
        """The new date."""
        if self.due_on.data is None:
            raise ValueError("a form that is not right holds no date")
        return self.due_on.data


class AnswerForm(Form):
    """An answer that came on paper, by telephone or as a scan."""

    kind = SelectField(_l("What it says"), [NEEDED])
    text = TextAreaField(_l("Its words"), [Length(max=100_000)], description=_l("As written; a summary of a call."))
    scan = FileField(_l("Scan or file"), [Optional()], description=_l("PDF, Word or a picture, up to 35 MB."))
    FIELDS = ("kind", "text", "scan")

    def __init__(self, ask_kind: AskKind) -> None:
        super().__init__()
        self.kind.choices = [(str(kind), worded(ANSWER_WORDS[kind])) for kind in KINDS[ask_kind]]

    def validate_text(self, field: TextAreaField) -> None:
        """An answer with comments has words or a file."""
        if self.kind.data == AnswerKind.COMMENTS and not (field.data or "").strip() and not self.scan.data:
            raise ValidationError(str(_l("Kindly give its words, or the file.")))
