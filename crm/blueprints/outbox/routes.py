"""Mail going out: what waits, what left, the exact copy; stopping and sending again."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, current_actor, reader
from crm.blueprints.forms import answer_act
from crm.blueprints.headers import download
from crm.blueprints.outbox import views
from crm.blueprints.outbox.forms import SureForm
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.outbox import queries, service

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.get("")
@allows(Permission.SEE_OUTBOX)
def index() -> ResponseReturnValue:
    """Every mail, newest first."""
    query = request.args.get("q", "").strip()[:100]
    return render_template("outbox/index.html", **views.mails(reader(), query))


@bp.get("/<int:message_id>")
@allows(Permission.SEE_OUTBOX)
def show(message_id: int) -> ResponseReturnValue:
    """One mail as it stands in its bytes."""
    return render_template("outbox/show.html", **views.mail(reader(), current_actor(), message_id))


@bp.get("/<int:message_id>/raw")
@allows(Permission.SEE_OUTBOX)
def raw(message_id: int) -> ResponseReturnValue:
    """The exact bytes, to keep."""
    content = views.raw_copy(reader(), message_id)
    return download(content, f"mail-{message_id}.eml", "message/rfc822")


@bp.get("/<int:message_id>/files/<int:place>")
@allows(Permission.SEE_OUTBOX)
def part(message_id: int, place: int) -> ResponseReturnValue:
    """A file that went with it."""
    found = views.part_of(reader(), message_id, place)
    return download(found.content, found.name)


@bp.post("/<int:message_id>/stop")
@allows(Permission.STOP_MAIL)
def stop(message_id: int) -> ResponseReturnValue:
    """Do not send it."""
    form, actor = SureForm(), current_actor()
    form.carry_out(lambda uow: service.stop(queries.get_message(uow.session, message_id), actor.name, uow.now))
    if not form.errors:
        flash(_("It will not be sent."))
    return answer_act(form, url_for(".show", message_id=message_id))


@bp.post("/<int:message_id>/again")
@allows(Permission.STOP_MAIL)
def again(message_id: int) -> ResponseReturnValue:
    """Send it once more, byte for byte."""
    form = SureForm()
    form.carry_out(
        lambda uow: service.send_again(
            queries.get_message(uow.session, message_id), queries.bytes_of(uow.session, message_id) is not None
        )
    )
    if not form.errors:
        flash(_("It leaves again shortly."))
    return answer_act(form, url_for(".show", message_id=message_id))
