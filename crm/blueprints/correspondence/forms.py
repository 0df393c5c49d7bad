"""Filing a mail, and undoing it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from crm.blueprints.forms import Form
from crm.domain.asks.rules import AnswerKind


class SureForm(Form):
    """A button alone."""


class UnfileForm(Form):
    """Why a filing is undone; the story shows it."""

    reason = StringField(validators=[DataRequired(_l("Kindly say why it is taken back.")), Length(max=300)])


class FileForm(Form):
    """To which request, and for an invitation, whether they will attend."""

    ask = IntegerField(validators=[InputRequired(_l("Kindly choose the request it belongs to."))])
    kind = HiddenField(validators=[Optional(), AnyOf([str(kind) for kind in AnswerKind])])

    @property
    def answer_kind(self) -> AnswerKind | None:
        """What the officer said that it says; None leaves it to its words."""
        return AnswerKind(self.kind.data) if self.kind.data else None
