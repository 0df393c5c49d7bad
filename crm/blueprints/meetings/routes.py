"""Meetings: the diary, one meeting, planning, inviting, changing and cancelling."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.consultations.preview import glance
from crm.blueprints.door import allows, current_actor, language, reader
from crm.blueprints.forms import Form, answer_act
from crm.blueprints.headers import download
from crm.blueprints.meetings import preview, views
from crm.blueprints.meetings.diary import calendar_file
from crm.blueprints.meetings.forms import CancelForm, ChosenForm, InviteForm, MeetingForm
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.domain.meetings import queries, service
from crm.runtime import the_house
from crm.uow import UnitOfWork

bp = Blueprint("meetings", __name__, url_prefix="/meetings")
Act = Callable[[UnitOfWork], int]


@bp.get("")
@allows(Permission.SEE_MEETINGS)
def index() -> ResponseReturnValue:
    """Meetings to come and past."""
    now = the_house().ports.business.now()
    return render_template("meetings/index.html", **views.meetings(reader(), current_actor(), now))


@bp.get("/<int:meeting_id>")
@allows(Permission.SEE_MEETINGS)
def show(meeting_id: int) -> ResponseReturnValue:
    """One meeting and who comes."""
    return render_template("meetings/show.html", **views.meeting(reader(), current_actor(), meeting_id))


@bp.get("/<int:meeting_id>/calendar.ics")
@allows(Permission.SEE_MEETINGS)
def calendar(meeting_id: int) -> ResponseReturnValue:
    """The meeting for one's own diary."""
    content = calendar_file(queries.get_meeting(reader(), meeting_id), the_house().ports.business.now())
    return download(content, f"meeting-{meeting_id}.ics", "text/calendar")


@bp.route("/new", methods=["GET", "POST"])
@allows(Permission.RUN_MEETING)
def new() -> ResponseReturnValue:
    """Plan a meeting; nobody is told yet."""
    form = MeetingForm()
    made = form.carry_out(lambda uow: service.plan_meeting(uow, form.plan()))
    if made:
        flash(_("The meeting is planned; nobody is told yet."))
        return redirect(url_for(".show", meeting_id=made.id), 303)
    page = views.form_page(_("Call a meeting"), _("Meetings"), url_for(".index"), form, _("Save"))
    return render_template("meetings/edit.html", **page), form.status


def _form(
    meeting_id: int, form: Form, heading: str, save_word: str, do: Callable[[UnitOfWork], int]
) -> ResponseReturnValue:
    """A form of one meeting: carried out, or shown with what is wrong."""
    back = url_for(".show", meeting_id=meeting_id)
    told = form.carry_out(do)
    if told is not None:
        flash(views.told(told))
        return redirect(back, 303)
    title = queries.get_meeting(reader(), meeting_id).titled(language())
    return render_template("meetings/edit.html", **views.form_page(heading, title, back, form, save_word)), form.status


@bp.route("/<int:meeting_id>/invite", methods=["GET", "POST"])
@allows(Permission.RUN_MEETING)
def invite(meeting_id: int) -> ResponseReturnValue:
    """Choose whom to invite, then see exactly what will go. Writes nothing."""
    form, meeting = InviteForm(), queries.get_meeting(reader(), meeting_id)
    form.organisations.choices = views.choices(reader(), meeting_id)
    if form.validate_on_submit():
        seats = views.seats_of(reader(), form.organisations.data or [])
        return render_template("meetings/preview.html", **preview.page(glance(reader()), meeting, seats))
    back, title = url_for(".show", meeting_id=meeting_id), meeting.titled(language())
    page = views.form_page(_("Whom to invite"), title, back, form, _("See what will go"))
    return render_template("meetings/edit.html", **page), form.status


@bp.post("/<int:meeting_id>/send")
@allows(Permission.RUN_MEETING)
def send(meeting_id: int) -> ResponseReturnValue:
    """Invite the focal posts that the preview named; each gets a calendar invitation, once."""
    form = ChosenForm()

    def do(uow: UnitOfWork) -> int:
        return service.invite(uow, meeting_id, views.seats_of(uow.session, form.numbers()))

    told = form.carry_out(do)
    if told is not None:
        flash(views.told(told))
    return answer_act(form, url_for(".show", meeting_id=meeting_id))


@bp.route("/<int:meeting_id>/reschedule", methods=["GET", "POST"])
@allows(Permission.RUN_MEETING)
def reschedule(meeting_id: int) -> ResponseReturnValue:
    """Change time or place; every calendar follows."""
    form = MeetingForm(data=views.written(queries.get_meeting(reader(), meeting_id)))
    return _form(
        meeting_id,
        form,
        _("Change the meeting"),
        _("Save and tell all"),
        lambda uow: service.reschedule(uow, meeting_id, form.plan()),
    )


@bp.route("/<int:meeting_id>/cancel", methods=["GET", "POST"])
@allows(Permission.RUN_MEETING)
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Cancel it, in every calendar too."""
    form = CancelForm()
    return _form(
        meeting_id,
        form,
        _("Cancel the meeting"),
        _("Cancel and tell all"),
        lambda uow: service.cancel(uow, meeting_id, form.reason.data or ""),
    )
