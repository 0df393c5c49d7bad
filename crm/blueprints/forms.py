"""The form that every form is: it counts once, keeps what was typed, and shows a refusal where it was caused.

No child's identity number passes it, and wording that often stands beside a child's name is pointed out.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from crm.blueprints.complaints import Complaints
from crm.blueprints.door import once_key, writing
from crm.blueprints.guarding import complaint, second_look
from crm.blueprints.words import worded
from crm.errors import RuleBroken
from crm.uow import UnitOfWork

Done = TypeVar("Done")


class Form(FlaskForm):  # type: ignore[misc]
    """A form with a key of its own (house, convention 16)."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Forms complain in the reader's language."""

        def get_translations(self, form: "Form") -> Complaints:
            """Where WTForms looks its words up."""
            return Complaints()

    idempotency_key = HiddenField(default=once_key)

    def free_texts(self) -> Iterator[tuple[Any, str]]:
        """Every field in which a person writes in their own words, with what stands in it."""
        for field in self:
            if isinstance(field, StringField) and not isinstance(field, (HiddenField, PasswordField)) and field.data:
                yield field, field.data

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is right; a child's identity number in a free text never is (security paper 5)."""
        right = bool(super().validate(extra_validators))
        for field, text in self.free_texts():
            if why := complaint(text):
                field.errors, right = [*field.errors, why], False
        return right

    def carry_out(self, act: Callable[[UnitOfWork], Done]) -> Done | None:
        """Do `act` if the form is sent and right. What a rule forbids is said at the form's head, and None returned."""
        if not self.validate_on_submit():
            return None
        try:
            with writing() as uow:
                done = act(uow)
        except RuleBroken as refusal:
            self.form_errors.append(worded(refusal.message))
            return None
        if warning := second_look(text for _field, text in self.free_texts()):
            flash(warning, "warning")
        return done

    @property
    def status(self) -> int:
        """422 for a form that comes back with errors (RFC 9110 section 15.5.21), else 200."""
        return 422 if self.errors else 200


def answer_act(form: Form, location: str) -> ResponseReturnValue:
    """After a button: back to the record, with the refusal said there if there was one."""
    for sentence in form.form_errors:
        flash(sentence, "error")
    return redirect(location, 303)
