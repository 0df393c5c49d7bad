"""Whom to ask and by when, a decision, a comment by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from crm.blueprints import forms
from crm.blueprints.words import worded
from crm.documents.wording import CommentType
from crm.domain.asks.rules import STEP_WORDS, USUAL_LADDER, Step
from crm.domain.consultations.rules import DISPOSITION_KEYS, DISPOSITION_WORDS, TYPE_WORDS, LadderChoice

NEEDED = InputRequired(_l("Kindly fill this in."))
LONGEST = 60
COMMENT_LENGTH = 20_000


class SureForm(forms.Form):
    """A button alone."""


class StepForm(Form):
    """One rung: whether it is used, its working days, and who issues it."""

    on = BooleanField()
    days = IntegerField(
        validators=[Optional(), NumberRange(0, LONGEST, _l("Between 0 and 60 working days."))],
    )
    by = SelectField()

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.by.choices = [("clock", _l("the clock")), ("person", _l("a person"))]


def key_of(step: Step) -> str:
    """The name under which the form carries a rung."""
    return f"step-{step.name}"


class InviteForm(forms.Form):
    """By when, how silence is met, and whether the workshop goes with it. Whom is in the address and the ticks."""

    due_on = DateField(
        _l("Replies by"), [NEEDED], description=_l("A weekend or holiday moves it to the next working day.")
    )
    courts_wait = BooleanField(_l("A note to a court waits for a person"), default=True)
    with_workshop = BooleanField(_l("Invite them to the workshop as well"), default=True)

    def validate_due_on(self, field: DateField) -> None:
        """A due date lies ahead."""
        if field.data is not None and field.data <= self.today:
            raise ValidationError(str(_l("The due date must lie after today.")))

    def __init__(self, today: date, **values: Any) -> None:
        self.today = today
        super().__init__(**values)

    @property
    def ladder(self) -> LadderChoice:
        """The ladder as it was set. Only for a form that is right."""
        steps = [(step, self[key_of(step)].form) for step in USUAL_LADDER]
        chosen = tuple(
            Step(step.name, days if step.offset > 0 else -days, rung.by.data == "person")
            for step, rung in steps
            if rung.on.data
            for days in [rung.days.data if rung.days.data is not None else abs(step.offset)]
        )
        return LadderChoice(chosen, bool(self.courts_wait.data), bool(self.with_workshop.data))

    @property
    def rungs(self) -> list[dict[str, Any]]:
        """The rows of the ladder table."""
        return [_rung(step, self[key_of(step)].form) for step in USUAL_LADDER]


for _step in USUAL_LADDER:
    setattr(InviteForm, key_of(_step), FormField(StepForm, separator="-", default=None))


def _rung(step: Step, rung: StepForm) -> dict[str, Any]:
    return {
        "key": step.name,
        "word": worded(STEP_WORDS[step.name]),
        "days": rung.days.data if rung.days.data is not None else abs(step.offset),
        "unit": "before" if step.offset < 0 else "after",
        "by": rung.by.data,
        "on": rung.on.data,
        "error": " ".join(str(error) for error in rung.days.errors),
    }


def usual(ladder: Sequence[Step], courts_wait: bool) -> dict[str, Any]:
    """What a fresh form shows: the unit's ladder."""
    by_name = {step.name: step for step in ladder}
    shown: dict[str, Any] = {"courts_wait": courts_wait}
    for step in USUAL_LADDER:
        own = by_name.get(step.name, step)
        by = "person" if own.needs_person else "clock"
        shown[key_of(step)] = {"on": step.name in by_name, "days": abs(own.offset), "by": by}
    return shown


class SendForm(forms.Form):
    """What was previewed and now goes: the whole choice, and the fingerprint of who was shown."""

    choice = HiddenField(validators=[NEEDED, Length(max=200_000)])


class DecisionForm(forms.Form):
    """A decision on a comment."""

    comment = HiddenField()
    version = IntegerField(validators=[NEEDED])
    decision = RadioField(_l("Decision"), [InputRequired(_l("Kindly choose a decision."))])
    reason = TextAreaField(_l("Reason"), [Length(max=COMMENT_LENGTH)])
    revised = TextAreaField(_l("Revised text"), [Length(max=COMMENT_LENGTH)])
    duplicate_of = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        self.decision.choices = [(str(one), worded(DISPOSITION_WORDS[one])) for one in DISPOSITION_KEYS]


class PlaceForm(forms.Form):
    """Where a comment belongs: a clause's number, or the whole."""

    clause = StringField(_l("Clause"), [NEEDED, Length(max=20)])


class CommentForm(forms.Form):
    """A comment that an officer types from a paper."""

    clause = StringField(
        _l("Clause"), [Optional(), Length(max=20)], description=_l("Its number; empty for the draft as a whole.")
    )
    type = SelectField(_l("Kind"), default=str(CommentType.GENERAL))
    text = TextAreaField(_l("Comment"), [NEEDED, Length(max=COMMENT_LENGTH)])
    proposed = TextAreaField(_l("Proposed text"), [Length(max=COMMENT_LENGTH)])
    reason = TextAreaField(_l("Their reason"), [Length(max=COMMENT_LENGTH)])
    FIELDS = ("clause", "type", "text", "proposed", "reason")

    def __init__(self) -> None:
        super().__init__()
        self.type.choices = [(str(one), worded(TYPE_WORDS[one])) for one in CommentType]
