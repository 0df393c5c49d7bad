"""A meeting as an officer writes it; whom to invite; why it is cancelled."""

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from crm.blueprints.forms import Form
from crm.domain.meetings.service import Plan

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
NEEDED = InputRequired(_l("Kindly fill this in."))


class MeetingForm(Form):
    """Time and place are the venue's; the calendar of each partner shows its own."""

    title = StringField(_l("Title"), [NEEDED, Length(max=200)])
    title_ur = StringField(_l("Title in Urdu"), [Length(max=200)])
    wall_start = DateTimeLocalField(_l("Begins"), [NEEDED], format=LOCAL, description=_l("In Pakistan Standard Time."))
    minutes = IntegerField(_l("Length in minutes"), [NEEDED, NumberRange(5, 1440)], default=90)
    venue = StringField(_l("Venue"), [Length(max=200)])
    video_link = StringField(_l("Video link"), [Length(max=300)])
    agenda = TextAreaField(_l("Agenda"), [Length(max=5000)], description=_l("One item a line."))
    FIELDS = ("title", "title_ur", "wall_start", "minutes", "venue", "video_link", "agenda")

    def plan(self) -> Plan:
        """The fields as the room takes them."""
        typed = {name: (self[name].data or "").strip() for name in ("title_ur", "venue", "video_link", "agenda")}
        if self.wall_start.data is None:
            raise ValueError("a form that is not right holds no plan")
        return Plan(self.title.data or "", self.wall_start.data, self.minutes.data or 0, **typed)


class InviteForm(Form):
    """Which partners' focal posts are invited."""

    organisations = SelectMultipleField(
        _l("Partners"),
        [InputRequired(_l("Kindly choose at least one partner."))],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    FIELDS = ("organisations",)


class ChosenForm(Form):
    """The partners whose invitations were previewed, as numbers with commas."""

    chosen = StringField(validators=[NEEDED, Regexp(r"\d+(,\d+)*\Z")])

    def numbers(self) -> list[int]:
        """The partners' ids."""
        return [int(one) for one in (self.chosen.data or "").split(",")]


class CancelForm(Form):
    """Why; every invitee is told."""

    reason = StringField(_l("Reason"), [NEEDED, Length(max=300)], description=_l("Every invitee is told."))
    FIELDS = ("reason",)
