"""Reading the audit trail. Nobody writes it by hand."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.blueprints.audit.views import trail
from crm.blueprints.door import allows, reader
from crm.domain.accounts.rules import Permission

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@allows(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """Who changed what, newest first."""
    return render_template("audit/index.html", **trail(reader()))
