"""One page with every switch."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, reader
from crm.blueprints.settings.forms import SettingsForm
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.domain.settings.queries import all_values
from crm.domain.settings.service import set_values
from crm.i18n import Message

bp = Blueprint("settings", __name__, url_prefix="/settings")
NOTE = Message("These are first values: each round still shows its own ladder before it is sent, and may differ.")


@bp.route("", methods=["GET", "POST"])
@allows(Permission.CHANGE_SETTINGS)
def index() -> ResponseReturnValue:
    """The switches, and moving them."""
    form = SettingsForm(all_values(reader()))
    if form.carry_out(lambda uow: set_values(uow, form.switches())) is not None:
        flash(_("The settings are kept."))
        return redirect(url_for(".index"), 303)
    back = {"word": _("Home"), "url": url_for("home.index")}
    page = {"heading": _("Settings"), "back": back, "fields": SettingsForm.FIELDS, "save_word": _("Save")}
    return render_template("settings/edit.html", form=form, note=NOTE, multipart=False, **page), form.status
