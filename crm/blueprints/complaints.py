"""What the form toolkit itself complains of, in the reader's language: WTForms knows no Urdu."""

from crm.blueprints.door import language
from crm.i18n import Message, catalogue

# Marked here, for the toolkit's own files are not searched for words.
KNOWN = (
    Message("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."),
    Message("Number must be between %(min)s and %(max)s."),
    Message("Not a valid choice."),
    Message("Not a valid date value."),
    Message("Not a valid datetime value."),
    Message("Not a valid integer value."),
    Message("Invalid value, must be one of: %(values)s."),
    Message("Invalid input."),
    Message("This field is required."),
    Message("'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field."),
)


class Complaints:
    """The translations that WTForms asks for; it fills the places itself."""

    def gettext(self, text: str) -> str:
        """One sentence."""
        return catalogue(language()).gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """One sentence or its plural."""
        return catalogue(language()).ngettext(one, many, count)
