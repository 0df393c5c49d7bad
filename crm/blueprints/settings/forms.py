"""Every switch of the unit in one form."""

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, TimeField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from crm.blueprints.forms import Form
from crm.blueprints.words import worded
from crm.domain.asks.rules import STEP_WORDS, USUAL_LADDER

NEEDED = InputRequired(_l("Kindly fill this in."))
DAYS = NumberRange(1, 60, _l("Between 1 and 60 working days."))
KEPT = NumberRange(1, 3650, _l("Between 1 and 3650 days."))


def issuer_of(step: str) -> str:
    """The field that says who issues a step."""
    return f"issues-{step}"


class SettingsForm(Form):
    """Who issues which step, the hours in which mail leaves, and how long what was not sent is kept."""

    courts_wait = BooleanField(_l("A note to a court waits for a person"))
    opens = TimeField(_l("Mail leaves from"), [NEEDED])
    closes = TimeField(
        _l("Mail leaves until"), [NEEDED], description=_l("Reminders that fall outside wait for the next opening.")
    )
    reply_days = IntegerField(_l("Working days to reply"), [NEEDED, DAYS], description=_l("What a new round offers."))
    kept = IntegerField(_l("Days a draft of an answer is kept"), [NEEDED, KEPT])
    kept_settled = IntegerField(_l("Days it is kept once its request was answered"), [NEEDED, KEPT])
    FIELDS = (
        *(issuer_of(step.name) for step in USUAL_LADDER),
        *("courts_wait", "opens", "closes", "reply_days", "kept", "kept_settled"),
    )

    def __init__(self, switches: dict[str, Any]) -> None:
        super().__init__(data=_shown(switches))
        for step in USUAL_LADDER:
            issuer = self[issuer_of(step.name)]
            issuer.label.text = worded(STEP_WORDS[step.name])
            issuer.choices = [("clock", _l("issued by the clock")), ("person", _l("waits for a person"))]

    def validate_closes(self, field: TimeField) -> None:
        """An office closes after it opens."""
        if field.data is not None and self.opens.data is not None and field.data <= self.opens.data:
            raise ValidationError(str(_l("It must lie after the hour from which mail leaves.")))

    def switches(self) -> dict[str, Any]:
        """The switches as they were set. Only for a form that is right."""
        opens, closes = self.opens.data or time(), self.closes.data or time()
        return {
            "clock_issues": [one.name for one in USUAL_LADDER if self[issuer_of(one.name)].data == "clock"],
            "courts_wait_for_a_person": bool(self.courts_wait.data),
            "office_hours": [f"{opens:%H:%M}", f"{closes:%H:%M}"],
            "usual_reply_days": self.reply_days.data,
            "drafts_kept_days": self.kept.data,
            "drafts_kept_days_once_settled": self.kept_settled.data,
        }


for _step in USUAL_LADDER:
    setattr(SettingsForm, issuer_of(_step.name), RadioField(validators=[NEEDED]))


def _shown(switches: dict[str, Any]) -> dict[str, Any]:
    opens, closes = (time.fromisoformat(one) for one in switches["office_hours"])
    by_clock = switches["clock_issues"]
    issuers = {issuer_of(one.name): "clock" if one.name in by_clock else "person" for one in USUAL_LADDER}
    return issuers | {
        "courts_wait": switches["courts_wait_for_a_person"],
        "opens": opens,
        "closes": closes,
        "reply_days": switches["usual_reply_days"],
        "kept": switches["drafts_kept_days"],
        "kept_settled": switches["drafts_kept_days_once_settled"],
    }
