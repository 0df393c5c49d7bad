"""Signing in and out; accounts for the administrator."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.accounts import views
from crm.blueprints.accounts.forms import SignInForm, SureForm, UserForm
from crm.blueprints.addresses import back_to
from crm.blueprints.door import ANYONE, SECRET, SIGNED_IN, allows, fresh_reader, home_url, reader
from crm.blueprints.forms import answer_act
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.domain.accounts import service
from crm.domain.accounts.rules import Permission, Role
from crm.errors import NotAllowed
from crm.runtime import open_uow, the_house

bp = Blueprint("accounts", __name__)
SIGN_INS = "crm_sign_ins"
"""Where the app leaves what reads the demo's sign-ins, each of role, email and password; absent outside the demo."""


@bp.route("/sign-in", methods=["GET", "POST"])
@allows(ANYONE)
def sign_in() -> ResponseReturnValue:
    """Sign in. The same words for an unknown address and a wrong password; the session begins anew."""
    form, refused = SignInForm(next=request.args.get("next", "")), None
    if form.validate_on_submit():
        secret, refused = _try(form)
        if secret:
            session.clear()
            session[SECRET] = secret
            return redirect(back_to(home_url()), 303)
    status = 403 if refused else form.status
    shown = views.demo_accounts(current_app.extensions.get(SIGN_INS, tuple)())
    return render_template("accounts/sign_in.html", form=form, refused=refused, demo_accounts=shown), status


def _try(form: SignInForm) -> tuple[str | None, str | None]:
    """The secret of a new session, or the words of the refusal."""
    source, agent = request.remote_addr or "", request.user_agent.string
    try:
        with open_uow() as uow:
            secret = service.sign_in(uow, form.email.data or "", form.password.data or "", source, agent)
    except NotAllowed as refusal:
        return None, worded(refusal.message)
    return secret, None if secret else worded(service.REFUSED)


@bp.post("/sign-out")
@allows(SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End this session, here and in the register."""
    if SureForm().validate_on_submit():
        with open_uow() as uow:
            service.sign_out(uow, session.get(SECRET, ""))
        session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/users")
@allows(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """Every account."""
    return render_template("accounts/index.html", **views.users(reader()))


@bp.route("/users/new", methods=["GET", "POST"])
@allows(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Open an account; its password is shown this once."""
    form, password = UserForm(), _fresh_password()
    user = form.carry_out(lambda uow: service.add_user(uow, *form.typed(), Role(form.role.data), password))
    if user:
        return _once(user.id, password)
    frame = {"heading": _("New user"), "save_word": _("Open the account"), "fields": UserForm.FIELDS}
    page = render_template("accounts/edit.html", form=form, new_password=None, sessions=[], acts=[], **frame)
    return page, form.status


def _fresh_password() -> str:
    return views.readable_password(the_house().ports.randomness.token(20))


def _once(user_id: int, password: str) -> ResponseReturnValue:
    """The page that shows a new password: never kept by a cache."""
    page = render_template("accounts/edit.html", **views.account(fresh_reader(), user_id, SureForm(), password))
    return page, 200, {"Cache-Control": "no-store"}


@bp.get("/users/<int:user_id>")
@allows(Permission.MANAGE_USERS)
def show(user_id: int) -> ResponseReturnValue:
    """One account."""
    return render_template("accounts/edit.html", **views.account(reader(), user_id, SureForm()))


@bp.post("/users/<int:user_id>")
@allows(Permission.MANAGE_USERS)
def done(user_id: int) -> ResponseReturnValue:
    """Leave an account as it stands."""
    return redirect(url_for(".index"), 303)


@bp.post("/users/<int:user_id>/disable")
@allows(Permission.MANAGE_USERS)
def disable(user_id: int) -> ResponseReturnValue:
    """Shut an account and end its sessions."""
    form = SureForm()
    if form.carry_out(lambda uow: service.disable_user(uow, user_id)):
        flash(_("The account is disabled and signed out everywhere."))
    return answer_act(form, url_for(".show", user_id=user_id))


@bp.post("/users/<int:user_id>/reset")
@allows(Permission.MANAGE_USERS)
def reset(user_id: int) -> ResponseReturnValue:
    """Set a new password, which is shown this once."""
    form, password = SureForm(), _fresh_password()
    if form.carry_out(lambda uow: service.reset_password(uow, user_id, password)):
        return _once(user_id, password)
    return answer_act(form, url_for(".show", user_id=user_id))
