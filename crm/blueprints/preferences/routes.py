"""Two small forms of the top bar."""

from flask import Blueprint, redirect, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.blueprints.addresses import back_to
from crm.blueprints.door import ANYONE, SIGNED_IN, allows, current_actor, home_url
from crm.blueprints.preferences.forms import LanguageForm, ThemeForm
from crm.domain.accounts.service import prefer
from crm.runtime import open_uow

bp = Blueprint("preferences", __name__, url_prefix="/preferences")


@bp.post("/language")
@allows(ANYONE)
def language() -> ResponseReturnValue:
    """Keep the language: with the account, or with the browser of someone who is not signed in."""
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"] = form.language.data
        if current_user.is_authenticated:
            with open_uow(current_actor()) as uow:
                prefer(uow, current_user.user.id, language=form.language.data)
    return redirect(back_to(home_url()), 303)


@bp.post("/theme")
@allows(SIGNED_IN)
def theme() -> ResponseReturnValue:
    """Keep the colours."""
    form = ThemeForm()
    if form.validate_on_submit():
        with open_uow(current_actor()) as uow:
            prefer(uow, current_user.user.id, theme=form.theme.data)
    return redirect(back_to(home_url()), 303)
