"""One page for monitors and load balancers. It tells nothing of what the house holds."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from crm.blueprints.door import ANYONE, allows, reader
from crm.blueprints.health.views import report

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("")
@allows(ANYONE)
def index() -> ResponseReturnValue:
    """200 while the house stands, else 503."""
    found = report(reader())
    return jsonify(found), 200 if found["ok"] else 503
