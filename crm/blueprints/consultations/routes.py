"""Consultations: drafts, rounds, whom to ask, what will go, the ladder, and the comment matrix."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.consultations import choosing, conflicts, drafts, ladder, originals, rounds, sheets
from crm.blueprints.consultations import matrix as matrices
from crm.blueprints.consultations import preview as previews
from crm.blueprints.consultations.forms import (
    CommentForm,
    DecisionForm,
    InviteForm,
    PlaceForm,
    SendForm,
    SureForm,
    usual,
)
from crm.blueprints.door import allows, current_actor, language, reader, today
from crm.blueprints.forms import answer_act
from crm.blueprints.headers import download
from crm.blueprints.memory import remembered
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import worded
from crm.documents.wording import CommentType
from crm.domain.accounts.rules import Permission
from crm.domain.asks.queries import asks_of
from crm.domain.asks.rules import thaw_ladder
from crm.domain.consultations import invited, queries, service
from crm.domain.consultations.rules import Disposition, Overtaken
from crm.domain.consultations.service import Written
from crm.domain.organisations.queries import get_seat
from crm.errors import NotFound, RuleBroken
from crm.i18n import LANGUAGES, Message
from crm.runtime import the_house
from crm.uow import UnitOfWork

bp = Blueprint("consultations", __name__, url_prefix="/consultations")
CHANGED = Message("The list has changed since you read it. Nothing was sent; kindly look again.")
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@allows(Permission.SEE_CONSULTATIONS)
def index() -> ResponseReturnValue:
    """Every round and every draft."""
    return render_template("consultations/index.html", **drafts.index(reader(), current_actor()))


@bp.get("/documents/<int:document_id>")
@allows(Permission.SEE_CONSULTATIONS)
def document(document_id: int) -> ResponseReturnValue:
    """A draft's text in both languages."""
    context = drafts.document_page(reader(), current_actor(), document_id)
    return render_template("consultations/document.html", **context)


@bp.get("/documents/<int:document_id>/<tongue>.docx")
@allows(Permission.SEE_CONSULTATIONS)
def word_file(document_id: int, tongue: str) -> ResponseReturnValue:
    """The draft as the Word file that goes with a request."""
    shown = queries.get_document(reader(), document_id)
    if tongue not in drafts.languages_of(shown):
        raise NotFound(Message("The draft is not written in that language."))
    return download(drafts.word_file(shown, tongue), drafts.file_name(shown, tongue), drafts.DOCX)


@bp.post("/documents/<int:document_id>/rounds")
@allows(Permission.RUN_ROUND)
def open_round(document_id: int) -> ResponseReturnValue:
    """Open the next round on a draft; nobody is asked yet."""
    form = SureForm()
    row = form.carry_out(lambda uow: service.plan_round(uow, document_id))
    there = url_for(".invite", round_id=row.id) if row else url_for(".document", document_id=document_id)
    return answer_act(form, there)


@bp.get("/<int:round_id>")
@allows(Permission.SEE_CONSULTATIONS)
def show(round_id: int) -> ResponseReturnValue:
    """One round: what was asked of whom, what came, what goes next."""
    session, actor, day = reader(), current_actor(), today()
    deliveries = invited.deliveries(session, round_id)
    key = ("round", round_id, request.query_string, day, language(), actor.permissions, tuple(deliveries.items()))

    def read() -> dict[str, Any]:
        known = rounds.gather(session, round_id, day, deliveries)
        step = ladder.panel(known, actor, request.args.get("step", ""), "everyone" in request.args)
        return rounds.page(known, actor) | rounds.invitees(session, known) | {"ladder": step}

    return render_template("consultations/show.html", **remembered(session, key, read))


@bp.post("/<int:round_id>/close")
@allows(Permission.RUN_ROUND)
def close(round_id: int) -> ResponseReturnValue:
    """Stop inviting. Requests stay open."""
    form = SureForm()
    if form.carry_out(lambda uow: service.close_round(uow, round_id)):
        flash(_("The round is closed. Its requests stay open: a late answer is still an answer."), "success")
    return answer_act(form, url_for(".show", round_id=round_id))


@bp.get("/<int:round_id>/steps/<step>")
@allows(Permission.SEE_CONSULTATIONS)
def read_step(round_id: int, step: str) -> ResponseReturnValue:
    """The mail of the next step, as it will go."""
    known = rounds.gather(reader(), round_id, today())
    rungs = ladder.next_rungs(known, step)
    if not rungs:
        raise NotFound(Message("That step does not come next."))
    uow, going = previews.glance(reader()), asks_of(reader(), [rung.ask.id for rung in rungs])
    context = previews.step_page(uow, known.consultation, going, rungs[0].step)
    return render_template("consultations/preview.html", **context)


@bp.post("/<int:round_id>/steps/<step>/<act>")
@allows(Permission.APPROVE_STEP)
def decide_step(round_id: int, step: str, act: str) -> ResponseReturnValue:
    """A person approves, holds, skips or releases a step: of one request, or of all that wait for it."""
    form, ask_id = SureForm(), request.args.get("ask_id", type=int)

    def do(uow: UnitOfWork) -> int:
        return ladder.decide(uow, rounds.gather(uow.session, round_id, uow.today), step, act, ask_id)

    done = form.carry_out(do)
    if done:
        flash(ngettext("Noted for %(num)s request.", "Noted for %(num)s requests.", done), "success")
    return answer_act(form, url_for(".show", round_id=round_id, step=step, _anchor="ladder"))


@bp.get("/<int:round_id>/invite")
@allows(Permission.RUN_ROUND)
def invite(round_id: int) -> ResponseReturnValue:
    """Whom to ask, by when, and how silence is met."""
    uow, consultation = previews.glance(reader()), queries.get_round(reader(), round_id)
    first, steps = queries.first_ladder(reader()), thaw_ladder(consultation.ladder)
    shown = usual(steps, consultation.courts_wait) if steps else usual(first.steps, first.courts_wait)
    form = InviteForm(today(), due_on=choosing.due_to_offer(uow, consultation), **shown)
    return render_template("consultations/invite.html", **choosing.page(uow, round_id, form, choosing.as_chosen(uow)))


@bp.post("/<int:round_id>/invite")
@allows(Permission.RUN_ROUND)
def preview(round_id: int) -> ResponseReturnValue:
    """What will go, exactly. Writes nothing."""
    uow, form = previews.glance(reader()), InviteForm(today())
    choice = choosing.with_ticks(uow, round_id, choosing.as_chosen(uow))
    invitation = service.choose(uow, round_id, choice)
    right = form.validate()
    if right and invitation.asked:
        seen = choosing.fingerprint(invitation.asked)
        plan = choosing.Plan(choice, form.due_on.data or today(), form.ladder, seen)
        return render_template("consultations/preview.html", **previews.page(uow, round_id, plan, invitation))
    if not invitation.asked:
        form.form_errors.append(_("Nobody would be asked. Kindly choose at least one partner."))
    return render_template("consultations/invite.html", **choosing.page(uow, round_id, form, choice)), 422


@bp.post("/<int:round_id>/read")
@allows(Permission.RUN_ROUND)
def read(round_id: int) -> ResponseReturnValue:
    """The same preview with the mail of another recipient. Writes nothing."""
    uow, plan = previews.glance(reader()), choosing.read_plan(request.form.get("choice", ""))
    invitation, seat_id = service.choose(uow, round_id, plan.choice), request.form.get("seat", type=int)
    if choosing.fingerprint(invitation.asked) != plan.seen:
        raise RuleBroken(CHANGED)
    return render_template("consultations/preview.html", **previews.page(uow, round_id, plan, invitation, seat_id))


@bp.post("/<int:round_id>/send")
@allows(Permission.RUN_ROUND)
def send(round_id: int) -> ResponseReturnValue:
    """Ask them, once. What has changed since the preview is shown first."""
    form, session = SendForm(), reader()
    if not form.validate():
        raise RuleBroken(choosing.GARBLED)
    plan = choosing.read_plan(form.choice.data or "")
    enclosed = drafts.enclosed(session, the_house().ports, queries.get_round(session, round_id).document)
    session.rollback()
    asked = form.carry_out(lambda uow: _send(uow, round_id, plan, enclosed))
    if asked:
        flash(ngettext("%(num)s request is on its way.", "%(num)s requests are on their way.", asked), "success")
    return answer_act(form, url_for(".show" if asked else ".invite", round_id=round_id))


def _send(uow: UnitOfWork, round_id: int, plan: choosing.Plan, enclosed: drafts.Enclosed) -> int:
    invitation = service.choose(uow, round_id, plan.choice)
    if choosing.fingerprint(invitation.asked) != plan.seen:
        raise RuleBroken(CHANGED)
    enclosed.attach(uow.session, queries.get_round(uow.session, round_id).document, uow.now)
    return service.send_round(uow, round_id, plan.choice, plan.due_on, plan.ladder, enclosed.enclosures, invitation)


@bp.get("/<int:round_id>/letters/<int:seat_id>/<due_on>/<tongue>")
@allows(Permission.RUN_ROUND)
def letter(round_id: int, seat_id: int, due_on: str, tongue: str) -> ResponseReturnValue:
    """A request as a mail program shows it, in a sandbox."""
    uow, consultation = previews.glance(reader()), queries.get_round(reader(), round_id)
    if tongue not in LANGUAGES:
        raise NotFound(Message("There is no such letter."))
    sample = previews.sample(uow, consultation, get_seat(reader(), seat_id), date.fromisoformat(due_on), tongue)
    return Response(previews.written(sample)[0].html, headers={"Content-Security-Policy": SANDBOX})


@bp.get("/<int:round_id>/matrix")
@allows(Permission.SEE_CONSULTATIONS)
def matrix(round_id: int) -> ResponseReturnValue:
    """Every comment beside its clause."""
    return render_template("consultations/matrix.html", **matrices.page(reader(), current_actor(), round_id))


@bp.get("/<int:round_id>/matrix.xlsx")
@allows(Permission.EXPORT)
def export(round_id: int) -> ResponseReturnValue:
    """The matrix as a workbook, in the reader's language."""
    consultation = queries.get_round(reader(), round_id)
    name = f"{consultation.document.code.replace('/', '-')}-{consultation.number}-{language()}.xlsx"
    return download(sheets.workbook(reader(), round_id), name, XLSX)


@bp.post("/<int:round_id>/comments/<int:comment_id>/place")
@allows(Permission.DISPOSE)
def place(round_id: int, comment_id: int) -> ResponseReturnValue:
    """Put a comment on a clause, or on the whole draft."""
    form = PlaceForm()
    number = (form.clause.data or "").strip()
    on = "" if number == matrices.GENERAL else number
    form.carry_out(lambda uow: service.place_comment(uow, comment_id, on))
    return answer_act(form, url_for(".matrix", round_id=round_id, clause=number, comment=comment_id))


@bp.post("/<int:round_id>/comments/<int:comment_id>/decide")
@allows(Permission.DISPOSE)
def decide(round_id: int, comment_id: int) -> ResponseReturnValue:
    """Write a decision. Where a colleague was quicker, both texts are shown and nothing is lost."""
    form = DecisionForm()
    try:
        there = form.carry_out(lambda uow: _decide(uow, comment_id, form))
    except Overtaken:
        return render_template("consultations/conflict.html", **conflicts.conflict(reader(), comment_id, form)), 409
    if there is None:
        kept = queries.get_comment(reader(), comment_id)
        context = matrices.page(reader(), current_actor(), round_id, form, kept)
        return render_template("consultations/matrix.html", **context), 422
    return redirect(there, 303)


def _decide(uow: UnitOfWork, comment_id: int, form: DecisionForm) -> str:
    value, texts = Disposition(form.decision.data), (form.reason.data or "", form.revised.data or "")
    comment = service.decide(uow, comment_id, value, *texts, seen_version=form.version.data)
    return matrices.following(uow.session, comment)


@bp.post("/<int:round_id>/comments/<int:comment_id>/undo")
@allows(Permission.DISPOSE)
def undo(round_id: int, comment_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    form = SureForm()

    def do(uow: UnitOfWork) -> str:
        return matrices.here(round_id, service.undo_decision(uow, comment_id).clause, comment=comment_id)

    return answer_act(form, form.carry_out(do) or url_for(".matrix", round_id=round_id))


@bp.get("/answers/<int:answer_id>")
@allows(Permission.SEE_CONSULTATIONS)
def answer(answer_id: int) -> ResponseReturnValue:
    """An answer as it came."""
    context = originals.page(reader(), current_actor(), answer_id, CommentForm())
    return render_template("consultations/answer.html", **context)


@bp.post("/answers/<int:answer_id>/comments")
@allows(Permission.DISPOSE)
def write_comment(answer_id: int) -> ResponseReturnValue:
    """Enter a comment by hand."""
    form = CommentForm()
    try:
        comment = form.carry_out(lambda uow: service.add_comment(uow, answer_id, _written(form)))
    except NotFound as refusal:
        form.clause.errors = [*form.clause.errors, worded(refusal.message)]
        comment = None
    if comment is None:
        return render_template(
            "consultations/answer.html", **originals.page(reader(), current_actor(), answer_id, form)
        ), 422
    flash(_("The comment is entered."), "success")
    return redirect(url_for(".answer", answer_id=answer_id), 303)


def _written(form: CommentForm) -> Written:
    texts = [(field.data or "").strip() for field in (form.clause, form.text, form.proposed, form.reason)]
    return Written(texts[0], texts[1], texts[2], texts[3], CommentType(form.type.data))
