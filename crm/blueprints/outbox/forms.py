"""The two buttons of a mail."""

from crm.blueprints.forms import Form


class SureForm(Form):
    """A button alone."""
