"""The collaboration timeline."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, current_actor, reader, today
from crm.blueprints.reports.views import timeline as timeline_page
from crm.domain.accounts.rules import Permission

bp = Blueprint("reports", __name__, url_prefix="/timeline")


@bp.get("")
@allows(Permission.SEE_TIMELINE)
def timeline() -> ResponseReturnValue:
    """Partners as lanes, time as the axis; filters stand in the address."""
    return render_template("reports/timeline.html", **timeline_page(reader(), current_actor(), today()))
