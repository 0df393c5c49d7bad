"""Filing a mail."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, Optional

from crm.blueprints.forms import Form
from crm.domain.asks.rules import AnswerKind


class SureForm(Form):
    """A button alone."""


class FileForm(Form):
    """To which request, and for an invitation, whether they will attend."""

    ask = IntegerField(validators=[InputRequired(_l("Kindly choose the request it belongs to."))])
    kind = HiddenField(validators=[Optional(), AnyOf([str(kind) for kind in AnswerKind])])

    @property
    def answer_kind(self) -> AnswerKind | None:
        """What the officer said that it says; None leaves it to its words."""
        return AnswerKind(self.kind.data) if self.kind.data else None
