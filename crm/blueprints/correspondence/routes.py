"""Correspondence: lists, one mail, filing it, setting it aside, releasing what a person has looked at."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.blueprints.addresses import back_to
from crm.blueprints.correspondence import views
from crm.blueprints.correspondence.forms import FileForm, SureForm, UnfileForm
from crm.blueprints.door import allows, current_actor, reader
from crm.blueprints.forms import answer_act
from crm.blueprints.headers import download
from crm.blueprints.speech import gettext as _
from crm.domain.accounts.rules import Permission
from crm.errors import NotAllowed, NotFound, RuleBroken
from crm.files.models import ScanState
from crm.files.service import get_attachment
from crm.i18n import Message
from crm.inbound import filing
from crm.ports import Ports
from crm.runtime import the_house

bp = Blueprint("correspondence", __name__, url_prefix="/correspondence")


@bp.get("")
@allows(Permission.SEE_CORRESPONDENCE)
def index() -> ResponseReturnValue:
    """Mail that waits for a person, or of another tab."""
    return render_template("correspondence/index.html", **views.index(reader(), current_actor()))


@bp.get("/<int:mail_id>")
@allows(Permission.SEE_CORRESPONDENCE)
def show(mail_id: int) -> ResponseReturnValue:
    """One mail."""
    return render_template("correspondence/show.html", **views.page(reader(), current_actor(), mail_id))


@bp.post("/<int:mail_id>/file")
@allows(Permission.FILE_MAIL)
def file(mail_id: int) -> ResponseReturnValue:
    """File it as the answer to a request; the address it came from is learnt."""
    form, session = FileForm(), reader()
    texts = filing.readable_texts(session, the_house().ports, mail_id)
    session.rollback()
    ask_id = form.ask.data or 0
    filed = form.carry_out(lambda uow: filing.file_mail(uow, mail_id, ask_id, form.answer_kind, texts=texts))
    if filed:
        flash(_("Filed. A receipt is on its way to the post."), "success")
        return answer_act(form, back_to(url_for(".index")))
    form.form_errors += [error for field in (form.ask, form.kind) for error in field.errors]
    return answer_act(form, url_for(".show", mail_id=mail_id))


@bp.post("/<int:mail_id>/unfile")
@allows(Permission.FILE_MAIL)
def unfile(mail_id: int) -> ResponseReturnValue:
    """It was filed where it does not belong: it waits again, and its answer is taken back."""
    form = UnfileForm()
    if form.carry_out(lambda uow: filing.unfile(uow, mail_id, (form.reason.data or "").strip())):
        flash(_("Taken back. The mail waits, and its request stands as it did without it."), "success")
    form.form_errors += form.reason.errors
    return answer_act(form, url_for(".show", mail_id=mail_id))


@bp.post("/<int:mail_id>/aside")
@allows(Permission.FILE_MAIL)
def set_aside(mail_id: int) -> ResponseReturnValue:
    """Take it off the desk; it is kept."""
    form = SureForm()
    if form.carry_out(lambda uow: filing.set_aside(uow, mail_id)):
        flash(_("Set aside. It is kept, and can be taken back."), "success")
    return answer_act(form, url_for(".index"))


@bp.post("/<int:mail_id>/back")
@allows(Permission.FILE_MAIL)
def take_back(mail_id: int) -> ResponseReturnValue:
    """Lay it on the desk again."""
    form = SureForm()
    if form.carry_out(lambda uow: filing.take_back(uow, mail_id)):
        flash(_("It waits again."), "success")
    return answer_act(form, url_for(".show", mail_id=mail_id))


@bp.post("/<int:mail_id>/release")
@allows(Permission.RELEASE_FILE)
def release(mail_id: int) -> ResponseReturnValue:
    """A person looked at a held mail: its masked text may be filed."""
    form = SureForm()
    if form.carry_out(lambda uow: filing.release_held(uow, mail_id)):
        flash(_("Released, masked. The number itself is not stored."), "success")
    return answer_act(form, url_for(".show", mail_id=mail_id))


@bp.post("/files/<int:attachment_id>/release")
@allows(Permission.RELEASE_FILE)
def release_file(attachment_id: int) -> ResponseReturnValue:
    """A person looked at a file that no machine could read: its bytes move out of the quarantine."""
    form, ports, kept = SureForm(), the_house().ports, get_attachment(reader(), attachment_id)
    there = url_for(".show", mail_id=kept.subject_id) if kept.subject_kind == "mail" else back_to(url_for(".index"))
    if kept.blob.state is ScanState.UNREAD:
        _promote(ports, kept.blob.quarantined_as, kept.blob.sha256)
    reader().rollback()
    done_with = form.carry_out(lambda uow: filing.release_file(uow, attachment_id))
    if done_with:
        ports.quarantine.destroy(done_with)
        flash(_("The file is released."), "success")
    return answer_act(form, there)


def _promote(ports: Ports, quarantined_as: str | None, sha256: str) -> None:
    """The bytes are durable among the files before the register says so."""
    if quarantined_as is not None and ports.blobs.put(ports.quarantine.read(quarantined_as)) != sha256:
        raise RuleBroken(Message("The file in quarantine is damaged; it was not released."))


@bp.get("/files/<int:attachment_id>")
@allows(Permission.SEE_CORRESPONDENCE)
def attachment(attachment_id: int) -> ResponseReturnValue:
    """A file, to be saved. What no machine could read is only for those who may release it."""
    kept, ports = get_attachment(reader(), attachment_id), the_house().ports
    if not views.may_open(kept, current_actor()):
        raise NotAllowed(Message("This file may not be opened before a person has looked at it."))
    return download(_content(ports, kept.blob.state, kept.blob.sha256, kept.blob.quarantined_as), kept.name)


def _content(ports: Ports, state: ScanState, sha256: str, quarantined_as: str | None) -> bytes:
    if state is not ScanState.CLEAN and quarantined_as is not None:
        return ports.quarantine.read(quarantined_as)
    if not ports.blobs.exists(sha256):
        raise NotFound(Message("The bytes of this file are not kept any more."))
    with ports.blobs.open(sha256) as source:
        return source.read()


@bp.get("/<int:mail_id>/raw")
@allows(Permission.RELEASE_FILE)
def raw(mail_id: int) -> ResponseReturnValue:
    """The mail as it came; never one that carried a child's number."""
    content = filing.raw_bytes(filing.get_mail(reader(), mail_id), the_house().ports)
    return download(content, f"mail-{mail_id}.eml", "message/rfc822")
