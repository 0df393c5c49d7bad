"""One search over everything."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, current_actor, reader
from crm.blueprints.search.views import results
from crm.domain.accounts.rules import Permission

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
@allows(Permission.SEARCH)
def index() -> ResponseReturnValue:
    """What a few words mean, in either language."""
    query, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    return render_template("search/index.html", **results(reader(), current_actor(), query, kind))
