"""The private page: no account, no script, no state changed by looking. The link is the key, and is never passed on."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from crm.blueprints.answers import acts, papers, receipts, slices, views
from crm.blueprints.answers.acts import Turn
from crm.blueprints.answers.doorway import Shut, count_failure, opened
from crm.blueprints.answers.forms import read_typed, texts_of
from crm.blueprints.door import ANYONE, allows, reader
from crm.blueprints.guarding import second_look
from crm.blueprints.headers import as_download, choose_nonce
from crm.blueprints.speech import gettext as _
from crm.domain.asks import queries
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskKind, AskState
from crm.domain.meetings.queries import invitee_of
from crm.errors import RuleBroken
from crm.i18n import LANGUAGES
from crm.runtime import the_house

bp = Blueprint("answers", __name__, url_prefix="/a/<token>")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.url_value_preprocessor
def arrive(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before all else: what the token opens, in the language of the post or the one chosen on the page."""
    choose_nonce()
    g.is_public, g.token = True, (values or {}).pop("token", "")
    chosen = request.args.get("lang", "")
    g.chosen = {"lang": chosen} if chosen in LANGUAGES else {}
    if chosen in LANGUAGES:
        g.language = chosen
    ask = opened(reader(), the_house().links, g.token)
    if ask is None:
        raise Shut(count_failure())
    g.ask = ask
    g.setdefault("language", ask.seat.language)


@bp.context_processor
def frame() -> dict[str, Any]:
    """What public.html needs on every page of the link, errors included."""
    return {"unit": views.unit(reader()), "language_url": _other_language() if "ask" in g else None, "theme": "light"}


def _other_language() -> str:
    """This page in the other language; a page that answers a form is the first one again."""
    other = "en" if g.language == "ur" else "ur"
    here = request.endpoint if request.method == "GET" and request.endpoint else "answers.page"
    values = request.view_args if here == request.endpoint else {}
    return url_for(here, **(values or {}) | {"token": g.token, "lang": other})


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """No cache keeps what a link shows."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(Shut)
def shut(error: Shut) -> ResponseReturnValue:
    """The same page for a wrong, revoked, foreign or malformed link."""
    if error.braked:
        sentence = _("Too many tries. Kindly wait a minute.")
        page = render_template("errors/public.html", title=_("Kindly wait"), sentence=sentence)
        return Response(page, 429, {"Retry-After": "60"})
    return render_template("answers/gone.html", contact=views.contact(reader())), 404


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """More than can be taken at once. Nothing of it was read, so nothing of it can be shown again."""
    sentence = _("That is more than 35 MB. Kindly go back, where what you wrote still stands, and send it in parts.")
    return render_template("errors/public.html", title=_("The files are too large"), sentence=sentence), 413


@bp.errorhandler(CSRFError)
def stale(_error: CSRFError) -> ResponseReturnValue:
    """The page was open too long, or cookies are off: everything typed comes back with a fresh form."""
    sheet = acts.sheet_of(reader(), g.ask)
    turn = views.typed_before(reader(), g.ask)
    turn.typed = read_typed(request.form, sheet.questions, sheet.clauses)
    turn.typed.errors[""] = _("The page was open for long. Everything you wrote is here; kindly send it once more.")
    return _show(turn, 400)


def _show(turn: Turn, status: int = 200) -> ResponseReturnValue:
    ask: Ask = g.ask
    sheet = acts.sheet_of(reader(), ask)
    invitee = invitee_of(reader(), ask.id) if ask.kind is AskKind.RSVP else None
    if invitee is not None:
        return render_template("answers/invitation.html", **papers.invitation(reader(), sheet, invitee, turn)), status
    return render_template("answers/page.html", **views.page(reader(), sheet, turn)), status


@bp.get("", strict_slashes=False)
@allows(ANYONE)
def page() -> ResponseReturnValue:
    """The request, and what was written before. Looking changes nothing (mail paper A.1.10)."""
    return _show(views.typed_before(reader(), g.ask))


@bp.post("/answer")
@allows(ANYONE)
def answer() -> ResponseReturnValue:
    """Take the answer, or keep the draft. Where it leads is told without the link, which no log should hold."""
    try:
        turn = acts.carry_out(reader(), g.ask)
    except RuleBroken:
        return _withdrawn()
    reader().rollback()
    if not turn.is_wrong and (warning := second_look(text for _name, text in texts_of(turn.typed))):
        flash(warning, "warning")
    query = f"?lang={g.language}" if g.chosen else ""
    if turn.answer_id is not None:
        return redirect(f"receipt/{turn.answer_id}{query}", 303)
    return _show(turn, 422) if turn.is_wrong else redirect(f"./{query}#files", 303)


@bp.get("/answer")
@allows(ANYONE)
def reload() -> ResponseReturnValue:
    """Somebody reloads what a form left in the address bar."""
    return redirect("./", 302)


def _withdrawn() -> ResponseReturnValue:
    """The request was withdrawn: what was written stands on the page, to copy."""
    reader().rollback()
    sheet = acts.sheet_of(reader(), g.ask)
    return _show(Turn(read_typed(request.form, sheet.questions, sheet.clauses)), 409)


@bp.post("/draft")
@allows(ANYONE)
def autosave() -> ResponseReturnValue:
    """Keep the draft while it is written."""
    turn = acts.write_on(reader(), g.ask, send=False)
    return ("", 204) if turn.is_saved else (next(iter(turn.typed.errors.values()), ""), 422)


@bp.post("/upload")
@allows(ANYONE)
def upload() -> ResponseReturnValue:
    """Take a slice of a file, or, without one, tell how far we are: octets held; the list of files when it is whole."""
    ports, turn = the_house().ports, views.typed_before(reader(), g.ask)
    try:
        part = slices.read_slice(request.form, request.files.get("slice"), g.ask.id)
    except ValueError:
        return {}, 400
    progress = slices.take(part, turn.pile, ports)
    if progress.pile is None:
        said = {"held": progress.held} | ({"said": progress.error} if progress.error else {})
        return said, 422 if progress.error else 409 if progress.is_out_of_step else 200
    pile = acts.keep_files(g.ask, progress.pile, turn.typed)
    slices.settle(part, progress.sha256, ports)
    listed = render_template("answers/_parts/attached.html", attached=views.attached(pile))
    return {"held": progress.held, "attached": listed}, 201


@bp.post("/upload/drop")
@allows(ANYONE)
def drop() -> ResponseReturnValue:
    """A half-sent file is taken away again."""
    try:
        slices.drop(slices.read_slice(request.form, None, g.ask.id), the_house().ports)
    except ValueError:
        return {}, 400
    return "", 204


@bp.get("/receipt/<int:answer_id>")
@allows(ANYONE)
def receipt(answer_id: int) -> ResponseReturnValue:
    """What we have. Only answers of this request."""
    found = next((one for one in queries.answers_to(reader(), [g.ask.id])[g.ask.id] if one.id == answer_id), None)
    if found is None:
        raise Shut(braked=False)
    return render_template("answers/receipt.html", **receipts.receipt(reader(), g.ask, found))


@bp.get("/draft.docx")
@allows(ANYONE)
def draft_copy() -> ResponseReturnValue:
    """The saved answer as Word, for a superior to see."""
    content = papers.draft_copy(acts.sheet_of(reader(), g.ask), views.typed_before(reader(), g.ask))
    return _saved(content, DOCX, f"Draft answer {g.ask.number}.docx")


@bp.get("/text.docx")
@allows(ANYONE)
def text_docx() -> ResponseReturnValue:
    """The draft under consultation as Word."""
    return _saved(papers.text_docx(_consultation()), DOCX, f"Draft {g.ask.number}.docx")


@bp.get("/text.txt")
@allows(ANYONE)
def text_plain() -> ResponseReturnValue:
    """The draft under consultation as plain text."""
    return _saved(papers.text_plain(_consultation()), "text/plain", f"Draft {g.ask.number}.txt")


@bp.get("/invitation.ics")
@allows(ANYONE)
def calendar() -> ResponseReturnValue:
    """The invitation as a calendar file."""
    content = papers.calendar_file(reader(), g.ask)
    if content is None:
        raise Shut(braked=False)
    return _saved(content, "text/calendar", "invite.ics")


@bp.get("/<path:_rest>")
@allows(ANYONE)
def elsewhere(_rest: str) -> ResponseReturnValue:
    """A link that something was written behind, or that broke in two."""
    raise Shut(braked=False)


def _consultation() -> acts.Sheet:
    sheet = acts.sheet_of(reader(), g.ask)
    if sheet.consultation is None or g.ask.state is AskState.WITHDRAWN:
        raise Shut(braked=False)
    return sheet


def _saved(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return as_download(response)
