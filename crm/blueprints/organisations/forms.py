"""A partner, a post, a corrected address, a logged contact."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from crm.blueprints.forms import Form
from crm.blueprints.words import worded
from crm.domain.organisations.rules import ENGAGEMENT_WORDS, Courtesy, EngagementKind
from crm.i18n import HOUSE_ZONE
from crm.timeline.models import Direction

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
NEEDED = InputRequired(_l("Kindly fill this in."))
ADDRESS = Regexp(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+\Z", message=_l("This is not an e-mail address."))


class PartnerForm(Form):
    """A partner organisation. Choices come from the taxonomy."""

    name = StringField(_l("Name"), [NEEDED, Length(max=200)])
    name_ur = StringField(_l("Name in Urdu"), [Length(max=200)])
    acronym = StringField(_l("Acronym"), [Length(max=40)])
    code = StringField(_l("Short code"), [NEEDED, Length(max=60)], description=_l("Unique on the register, like ncrc."))
    type = SelectField(_l("Type"), [NEEDED])
    province = SelectField(_l("Province"))
    city = StringField(_l("City"), [Length(max=80)])
    website = StringField(_l("Website"), [Length(max=200)])
    courtesy = SelectField(_l("Courtesy"), [NEEDED], description=_l("Decides how it is written to and reminded."))
    themes = SelectMultipleField(_l("Themes"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    FIELDS = ("name", "name_ur", "acronym", "code", "type", "province", "city", "website", "courtesy", "themes")

    def offer(self, types: dict[str, str], provinces: dict[str, str], themes: dict[str, str]) -> "PartnerForm":
        """Fill the choices."""
        self.type.choices = [("", _l("Choose…")), *types.items()]
        self.province.choices = [("", "–"), *provinces.items()]
        self.themes.choices = list(themes.items())
        courtesies = {
            Courtesy.GOVERNMENT: _l("Government"),
            Courtesy.STATUTORY_COMMISSION: _l("Statutory commission"),
            Courtesy.JUDICIARY: _l("Court"),
            Courtesy.UN: _l("United Nations"),
            Courtesy.CIVIL_SOCIETY: _l("Civil society"),
        }
        self.courtesy.choices = [(str(one), word) for one, word in courtesies.items()]
        return self

    def values(self) -> dict[str, object]:
        """The fields as the room takes them."""
        names = [name for name in self.FIELDS if name not in ("themes", "courtesy")]
        typed = {name: (self[name].data or "").strip() for name in names}
        return {**typed, "courtesy": Courtesy(self.courtesy.data)}


class SeatForm(Form):
    """A post: it is written to by its title."""

    title = StringField(_l("Post"), [NEEDED, Length(max=160)])
    title_ur = StringField(_l("Post in Urdu"), [Length(max=160)])
    address = EmailField(_l("E-mail address"), [Optional(), ADDRESS, Length(max=254)])
    language = SelectField(_l("Language of letters"), choices={"en": "English", "ur": "اردو"})
    through = StringField(_l("Through"), [Length(max=200)], description=_l("The office that letters pass through."))
    is_focal = BooleanField(_l("This is the focal post"))
    FIELDS = ("title", "title_ur", "address", "language", "through", "is_focal")

    def values(self) -> dict[str, object]:
        """The fields as the room takes them."""
        return {name: self[name].data or ("" if name != "is_focal" else False) for name in self.FIELDS}


class AddressForm(Form):
    """Another mailbox for a post."""

    address = EmailField(_l("E-mail address"), [NEEDED, ADDRESS, Length(max=254)])
    FIELDS = ("address",)


class ContactForm(Form):
    """A call, visit, letter or event that took place."""

    kind = SelectField(_l("Kind"), [NEEDED])
    direction = SelectField(_l("Who spoke"), [NEEDED])
    at = DateTimeLocalField(_l("When"), [NEEDED], format=LOCAL, description=_l("At the unit's desk."))
    title = StringField(_l("What it was about"), [NEEDED, Length(max=200)])
    note = TextAreaField(_l("Note"), [Length(max=5000)])
    FIELDS = ("kind", "direction", "at", "title", "note")

    def moment(self) -> datetime:
        """When it took place, in the zone of the unit's desk."""
        if self.at.data is None:
            raise ValueError("a form that is not right holds no moment")
        return self.at.data.replace(tzinfo=HOUSE_ZONE)

    def offer(self) -> "ContactForm":
        """Fill the choices."""
        self.kind.choices = [(str(kind), worded(ENGAGEMENT_WORDS[kind])) for kind in EngagementKind]
        self.direction.choices = [
            (str(Direction.MUTUAL), _l("Both")),
            (str(Direction.FROM_THEM), _l("They to us")),
            (str(Direction.FROM_US), _l("We to them")),
        ]
        return self
