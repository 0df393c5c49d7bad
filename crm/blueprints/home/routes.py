"""The first page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, current_actor, reader
from crm.blueprints.home.today import Today
from crm.blueprints.home.views import home
from crm.domain.accounts.rules import Permission
from crm.runtime import the_house

bp = Blueprint("home", __name__)


@bp.get("/")
@allows(Permission.SEE_HOME)
def index() -> ResponseReturnValue:
    """What needs me now."""
    now = Today(the_house().ports.business.now())
    return render_template("home/index.html", **home(reader(), current_actor(), now, "all" in request.args))
