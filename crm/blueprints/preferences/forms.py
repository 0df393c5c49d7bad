"""What a person chooses for the pages they read."""

from wtforms import RadioField

from crm.blueprints.forms import Form
from crm.i18n import LANGUAGES

THEMES = ("light", "dark")


class LanguageForm(Form):
    """The language of the pages."""

    language = RadioField(choices={one: one for one in LANGUAGES})


class ThemeForm(Form):
    """Light or dark."""

    theme = RadioField(choices={one: one for one in THEMES})
