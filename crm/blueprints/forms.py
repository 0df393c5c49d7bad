"""The form that every form is: it counts once, keeps what was typed, and shows a refusal where it was caused."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField

from crm.blueprints.complaints import Complaints
from crm.blueprints.door import once_key, writing
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

    def carry_out(self, act: Callable[[UnitOfWork], Done]) -> Done | None:
        """Do `act` if the form is sent and right. What a rule forbids is said at the form's head, and None returned."""
        if not self.validate_on_submit():
            return None
        try:
            with writing() as uow:
                return act(uow)
        except RuleBroken as refusal:
            self.form_errors.append(worded(refusal.message))
            return None

    @property
    def status(self) -> int:
        """422 for a form that comes back with errors (RFC 9110 section 15.5.21), else 200."""
        return 422 if self.errors else 200


def answer_act(form: Form, location: str) -> ResponseReturnValue:
    """After a button: back to the record, with the refusal said there if there was one."""
    for sentence in form.form_errors:
        flash(sentence, "error")
    return redirect(location, 303)
