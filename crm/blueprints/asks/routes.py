"""Requests: the list, who owes whom, one request and everything that can be done to it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.answers.service import accept
from crm.blueprints.asks import intake, lists, views
from crm.blueprints.asks.forms import AnswerForm, ExtendForm, ReasonForm, SureForm
from crm.blueprints.door import allows, current_actor, reader, today
from crm.blueprints.forms import Form, answer_act
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries, service
from crm.errors import RuleBroken
from crm.runtime import the_house
from crm.uow import UnitOfWork

bp = Blueprint("asks", __name__, url_prefix="/requests")
Act = Callable[[UnitOfWork], Any]


@bp.get("")
@allows(Permission.SEE_ASKS)
def index() -> ResponseReturnValue:
    """Every request that a filter keeps."""
    return render_template("asks/index.html", **lists.requests(reader(), current_actor(), today()))


@bp.get("/pending")
@allows(Permission.SEE_ASKS)
def pending() -> ResponseReturnValue:
    """Who owes whom, both ways."""
    return render_template("asks/pending.html", **lists.pending(reader(), current_actor(), today()))


@bp.get("/<int:ask_id>")
@allows(Permission.SEE_ASKS)
def show(ask_id: int) -> ResponseReturnValue:
    """One request."""
    return _page(ask_id, views.NO_FORM)


def _page(ask_id: int, shown: views.Asked) -> ResponseReturnValue:
    status = shown.form.status if shown.form else 200
    context = views.request_page(reader(), current_actor(), ask_id, today(), shown)
    return render_template("asks/show.html", **context), status


def _form(ask_id: int, act: str, form: Form, heading: str, save_word: str, do: Act, done: str) -> ResponseReturnValue:
    """A form on the page of its request: carried out, or shown with what is wrong."""
    if form.carry_out(do):
        flash(done)
        return redirect(url_for(".show", ask_id=ask_id), 303)
    fields: tuple[str, ...] = getattr(form, "FIELDS", ())
    return _page(ask_id, views.Asked(form, fields, heading, url_for(f".{act}", ask_id=ask_id), save_word))


@bp.route("/<int:ask_id>/extend", methods=["GET", "POST"])
@allows(Permission.EXTEND_ASK)
def extend(ask_id: int) -> ResponseReturnValue:
    """Give more time: a new edition, whose reminders begin afresh."""
    form = ExtendForm()

    def do(uow: UnitOfWork) -> Any:
        return service.extend(uow, ask_id, form.new_date(), form.reason.data or "")

    return _form(ask_id, "extend", form, _("Give more time"), _("Give more time"), do, _("The new date stands."))


@bp.route("/<int:ask_id>/withdraw", methods=["GET", "POST"])
@allows(Permission.RUN_ROUND)
def withdraw(ask_id: int) -> ResponseReturnValue:
    """Ask no longer."""
    form = ReasonForm()

    def do(uow: UnitOfWork) -> Any:
        return service.withdraw(uow, ask_id, form.reason.data or "")

    done = _("The request is withdrawn.")
    return _form(ask_id, "withdraw", form, _("Withdraw this request"), _("Withdraw"), do, done)


@bp.route("/<int:ask_id>/answer", methods=["GET", "POST"])
@allows(Permission.ANSWER_FOR_PARTNER)
def answer(ask_id: int) -> ResponseReturnValue:
    """Enter an answer that came on paper, by telephone or as a scan."""
    form = AnswerForm(queries.get_ask(reader(), ask_id).kind)
    do = _taking(form, ask_id) if form.is_submitted() and form.validate() else _nothing
    return _form(ask_id, "answer", form, _("Enter an answer"), _("Enter it"), do, _("The answer is entered."))


def _taking(form: AnswerForm, ask_id: int) -> Act:
    """Keeps the scan before the transaction, then hands the answer to the hall."""
    by = current_actor().name
    try:
        screened = intake.scan_of(form, the_house().ports)
    except RuleBroken as refusal:
        return _refusing(refusal)
    return lambda uow: accept(uow, intake.entered(form, ask_id, screened, by, uow.now))


def _refusing(refusal: RuleBroken) -> Act:
    def refuse(uow: UnitOfWork) -> Any:
        raise refusal

    return refuse


def _nothing(uow: UnitOfWork) -> Any:
    raise RuntimeError("a form that is not right is not carried out")


@bp.post("/<int:ask_id>/pause")
@allows(Permission.APPROVE_STEP)
def pause(ask_id: int) -> ResponseReturnValue:
    """Stop its reminders until a person lets them go on."""
    form, by = SureForm(), current_actor().name
    form.carry_out(lambda uow: service.pause(uow, queries.get_ask(uow.session, ask_id), by))
    return answer_act(form, url_for(".show", ask_id=ask_id))


@bp.post("/<int:ask_id>/resume")
@allows(Permission.APPROVE_STEP)
def resume(ask_id: int) -> ResponseReturnValue:
    """Let its reminders go on."""
    form = SureForm()
    if form.carry_out(lambda uow: service.resume(uow, ask_id)):
        flash(_("Reminders go on."))
    return answer_act(form, url_for(".show", ask_id=ask_id))


@bp.post("/<int:ask_id>/revoke")
@allows(Permission.RUN_ROUND)
def revoke(ask_id: int) -> ResponseReturnValue:
    """Make its links and addresses worthless."""
    form = SureForm()
    if form.carry_out(lambda uow: service.revoke_links(uow, ask_id)):
        flash(_("Every link of this request is worthless now; the next letter carries new ones."))
    return answer_act(form, url_for(".show", ask_id=ask_id))
