"""Partners, their posts and the log of contact."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.asks.rows import deliveries_to
from crm.blueprints.door import allows, current_actor, language, reader, today
from crm.blueprints.forms import Form
from crm.blueprints.memory import remembered
from crm.blueprints.organisations import views
from crm.blueprints.organisations.forms import AddressForm, ContactForm, PartnerForm, SeatForm
from crm.blueprints.organisations.register import read_terms, register
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.domain.organisations import queries, service
from crm.domain.organisations.rules import EngagementKind
from crm.domain.settings.rules import TermKind
from crm.i18n import HOUSE_ZONE
from crm.runtime import the_house
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

bp = Blueprint("organisations", __name__, url_prefix="/partners")


@bp.get("")
@allows(Permission.SEE_PARTNERS)
def index() -> ResponseReturnValue:
    """The register, filtered and sorted."""
    query, session, actor = request.args.get("q", "").strip()[:100], reader(), current_actor()
    key = ("register", request.query_string, today(), language(), actor.permissions, actor.grades)
    page = remembered(session, key, lambda: register(session, actor, today(), query))
    return render_template("organisations/index.html", **page)


@bp.get("/<int:organisation_id>")
@allows(Permission.SEE_PARTNERS)
def show(organisation_id: int) -> ResponseReturnValue:
    """One partner."""
    session, actor, day = reader(), current_actor(), today()
    went = deliveries_to(session, organisation_id)
    key = ("partner", organisation_id, request.query_string, day, language(), actor.permissions, actor.grades)
    page = remembered(session, (*key, *went.items()), lambda: views.partner(session, actor, organisation_id, day, went))
    return render_template("organisations/show.html", **page)


@bp.route("/new", methods=["GET", "POST"])
@allows(Permission.EDIT_PARTNERS)
def new() -> ResponseReturnValue:
    """Put a partner on the register."""
    terms = read_terms(reader())
    lists = (terms.of(kind) for kind in (TermKind.ORGANISATION_TYPE, TermKind.JURISDICTION, TermKind.THEME))
    form = PartnerForm().offer(*lists)
    made = form.carry_out(lambda uow: service.add_organisation(uow, form.themes.data or (), **form.values()))
    if made:
        flash(_("The partner is on the register."))
        return redirect(url_for(".show", organisation_id=made.id), 303)
    back = {"word": _("Partners"), "url": url_for(".index")}
    return _page(form, _("New partner"), back, _("Save"))


def _page(form: Form, heading: str, back: dict[str, str], save_word: str) -> ResponseReturnValue:
    page = views.form_page(heading, back, form, save_word)
    return render_template("organisations/edit.html", **page), form.status


@bp.route("/<int:organisation_id>/posts/new", methods=["GET", "POST"])
@allows(Permission.EDIT_PARTNERS)
def new_seat(organisation_id: int) -> ResponseReturnValue:
    """Name a post of a partner."""
    form, back = SeatForm(), views.back_to_partner(reader(), organisation_id)
    if form.carry_out(lambda uow: service.add_seat(uow, organisation_id, **form.values())):
        flash(_("The post is on the register."))
        return redirect(back["url"], 303)
    return _page(form, _("New post"), back, _("Save"))


@bp.route("/posts/<int:seat_id>", methods=["GET", "POST"])
@allows(Permission.EDIT_PARTNERS)
def edit_seat(seat_id: int) -> ResponseReturnValue:
    """Correct the address of a post."""
    seat = queries.get_seat(reader(), seat_id)
    form, back = AddressForm(obj=seat), views.back_to_partner(reader(), seat.organisation_id)
    if form.carry_out(lambda uow: service.correct_address(uow, seat_id, form.address.data or "")):
        flash(_("The address is corrected."))
        return redirect(back["url"], 303)
    return _page(form, _("Address of %(post)s", post=seat.title), back, _("Save"))


def _desk_time() -> datetime:
    """The minute at the unit's desk, as the field has it: most contacts are logged when they end."""
    now = the_house().ports.business.now().astimezone(HOUSE_ZONE)
    return now.replace(second=0, microsecond=0, tzinfo=None)


@bp.route("/<int:organisation_id>/log", methods=["GET", "POST"])
@allows(Permission.EDIT_PARTNERS)
def log(organisation_id: int) -> ResponseReturnValue:
    """Log a call, visit, letter or event."""
    form, back = ContactForm(at=_desk_time()).offer(), views.back_to_partner(reader(), organisation_id)

    def do(uow: UnitOfWork) -> object:
        moment, title, kind = form.moment(), form.title.data or "", EngagementKind(form.kind.data)
        way, note = Direction(form.direction.data), form.note.data or ""
        return service.log_engagement(uow, kind, moment, title, [organisation_id], way, note=note)

    if form.carry_out(do):
        flash(_("The contact is logged."))
        return redirect(back["url"], 303)
    return _page(form, _("Log a contact"), back, _("Save"))
