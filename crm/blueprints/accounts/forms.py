"""Signing in; opening an account."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from crm.blueprints.forms import Form
from crm.blueprints.words import worded
from crm.domain.accounts.rules import ROLE_WORDS

NEEDED = InputRequired(_l("Kindly fill this in."))


class SignInForm(Form):
    """Address and password. `next` is where the person wanted to go."""

    email = EmailField(_l("Office e-mail address"), [NEEDED, Length(max=254)])
    password = PasswordField(_l("Password"), [NEEDED, Length(max=200)])
    next = HiddenField()


class UserForm(Form):
    """A new account. The password is made by the house and shown once."""

    email = EmailField(_l("Office e-mail address"), [NEEDED, Length(max=254)])
    name = StringField(_l("Name"), [NEEDED, Length(max=120)])
    post = StringField(_l("Post"), [NEEDED, Length(max=120)], description=_l("What others see: “Liaison Officer”."))
    role = SelectField(_l("Role"), [NEEDED])

    FIELDS = ("email", "name", "post", "role")

    def __init__(self) -> None:
        super().__init__()
        self.role.choices = [(str(role), worded(word)) for role, word in ROLE_WORDS.items()]

    def typed(self) -> tuple[str, str, str]:
        """Address, name and post."""
        return self.email.data or "", self.name.data or "", self.post.data or ""


class SureForm(Form):
    """A button alone."""
