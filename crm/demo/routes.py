"""The demo's post office: what each partner's mailbox received, answering as that partner, and moving the clock."""

import smtplib
from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.door import allows, reader, writing
from crm.blueprints.headers import FIXED, as_download, policy
from crm.blueprints.speech import gettext as _
from crm.chase import service as chase
from crm.demo import partner, views
from crm.demo.mailboxes import Part, Received
from crm.demo.partner import Outgoing, Pen, Rsvp
from crm.demo.stage import move_clock, the_stage
from crm.domain.accounts.rules import Permission
from crm.errors import NotFound
from crm.guard.filenames import display_name
from crm.runtime import open_uow, the_house

bp = Blueprint("demo", __name__, url_prefix="/post-office")
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox"


@bp.get("")
@allows(Permission.RUN_DEMO)
def index() -> ResponseReturnValue:
    """Every mailbox, the one with the latest mail first."""
    query = request.args.get("q", "").strip()[:100]
    return render_template("demo/index.html", **views.index(reader(), the_stage().office, query))


@bp.get("/<address>")
@allows(Permission.RUN_DEMO)
def mailbox(address: str) -> ResponseReturnValue:
    """One mailbox, newest mail first."""
    return render_template("demo/mailbox.html", **views.mailbox(reader(), the_stage().office, address))


@bp.get("/<address>/<int:number>")
@allows(Permission.RUN_DEMO)
def message(address: str, number: int) -> ResponseReturnValue:
    """A mail as its reader sees it."""
    return _shown(views.one_mail(the_stage().office, address, number))


def _shown(mail: Received, text: str = "", error: str = "") -> ResponseReturnValue:
    page = render_template("demo/message.html", **views.message(reader(), the_stage().office, mail, text, error))
    # The mail stands in a frame of its own, with rules of its own.
    security = f"{policy(g.nonce)}; frame-src 'self'"
    return Response(page, 422 if error else 200, {"Content-Security-Policy": security})


@bp.get("/<address>/<int:number>/html")
@allows(Permission.RUN_DEMO)
def html(address: str, number: int) -> ResponseReturnValue:
    """The HTML part as it was sent: shut in a sandbox, with its own styles and nothing from elsewhere."""
    mail = views.one_mail(the_stage().office, address, number)
    own = {"Content-Security-Policy": FRAMED + SANDBOX, "X-Frame-Options": "SAMEORIGIN"}
    return Response(views.html_of(mail), 200, FIXED | own)


@bp.get("/<address>/<int:number>/raw")
@allows(Permission.RUN_DEMO)
def raw(address: str, number: int) -> ResponseReturnValue:
    """The exact bytes, to keep."""
    mail = views.one_mail(the_stage().office, address, number)
    return _saved(mail.raw, "message/rfc822", f"mail-{number}.eml")


@bp.get("/<address>/<int:number>/files/<int:place>")
@allows(Permission.RUN_DEMO)
def part(address: str, number: int, place: int) -> ResponseReturnValue:
    """A file that came with it."""
    parts = views.one_mail(the_stage().office, address, number).parts
    if place >= len(parts):
        raise NotFound(views.EMPTY)
    return _saved(parts[place].content, "application/octet-stream", parts[place].name)


def _saved(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return as_download(response)


@bp.post("/<address>/<int:number>/reply")
@allows(Permission.RUN_DEMO)
def reply(address: str, number: int) -> ResponseReturnValue:
    """Answer by e-mail, with files."""
    text = "NIL" if request.form.get("nil") else request.form.get("text", "").replace("\r\n", "\n").strip()
    files = [Part(display_name(one.filename), one.read()) for one in request.files.getlist("files") if one.filename]
    if not text and not files:
        mail = views.one_mail(the_stage().office, address, number)
        return _shown(mail, error=_("Kindly write something, or attach a file."))
    return _send(address, number, "reply", lambda mail, pen: partner.reply(mail, pen, text, files))


@bp.post("/<address>/<int:number>/other")
@allows(Permission.RUN_DEMO)
def other(address: str, number: int) -> ResponseReturnValue:
    """Answer from an address that nobody was asked at: a private secretary's own mailbox."""
    text = request.form.get("text", "").strip() or _("Please find our comments: clause 20, two hours are too long.")
    own = f"ps.{address.partition('@')[0]}@free-mail.example"
    return _send(address, number, "other", lambda mail, pen: partner.reply(mail, pen, text, sender=own))


@bp.post("/<address>/<int:number>/calendar")
@allows(Permission.RUN_DEMO)
def calendar(address: str, number: int) -> ResponseReturnValue:
    """Press a button of the calendar."""
    pressed = request.form.get("reply", "")
    rsvp = Rsvp(pressed) if pressed in set(Rsvp) else Rsvp.ACCEPTED
    return _send(address, number, "calendar", lambda mail, pen: partner.calendar_reply(mail, pen, rsvp))


@bp.post("/<address>/<int:number>/away")
@allows(Permission.RUN_DEMO)
def away(address: str, number: int) -> ResponseReturnValue:
    """Let the mailbox say that its owner is away."""
    return _send(address, number, "away", partner.out_of_office)


@bp.post("/<address>/<int:number>/bounce")
@allows(Permission.RUN_DEMO)
def bounce(address: str, number: int) -> ResponseReturnValue:
    """Let the partner's mail server say that the mailbox does not exist."""
    return _send(address, number, "bounce", partner.bounce)


def _send(address: str, number: int, kind: str, build: Callable[[Received, Pen], Outgoing]) -> ResponseReturnValue:
    """Build the mail, hand it to the inbound door, remember it."""
    _once()
    stage, ports = the_stage(), the_house().ports
    mail = views.one_mail(stage.office, address, number)
    seat = views.seats(reader()).get(address)
    pen = Pen(seat.title if seat else address, ports.business.now(), ports.randomness.token(12).hex())
    outgoing = build(mail, pen)
    try:
        stage.carry(outgoing)
    except (OSError, smtplib.SMTPException):
        flash(
            _("The post could not be handed over: the worker does not listen. Kindly start it and try again."), "error"
        )
    else:
        stage.office.keep_sent(address, number, kind, outgoing.raw)
        flash(_("Handed over. It is read within seconds."))
    return redirect(url_for(".message", address=address, number=number), 303)


def _once() -> None:
    """Take the form's key, in a unit of its own: none is open while the worker keeps the mail or the clock moves."""
    with writing():
        pass


@bp.post("/clock/day")
@allows(Permission.RUN_DEMO)
def day_on() -> ResponseReturnValue:
    """One day on."""
    return _moved(timedelta(days=1))


@bp.post("/clock/reminder")
@allows(Permission.RUN_DEMO)
def to_reminder() -> ResponseReturnValue:
    """On to the morning of the next step of any ladder."""
    now = the_house().ports.business.now()
    rung = views.next_rung(reader(), now)
    return _moved(rung.at - now if rung else timedelta(0))


def _moved(step: timedelta) -> ResponseReturnValue:
    """Move the clock and climb the ladders at once, so that it is seen."""
    _once()
    move_clock(step)
    with open_uow() as uow:
        posted = chase.climb(uow)
    if posted:
        flash(_("The clock was moved; %(count)s reminders leave now.", count=posted))
    else:
        flash(_("The clock was moved."))
    return redirect(url_for(".index"), 303)
