"""An answer that an officer enters for a partner, with its scan, on its way to the hall."""

import hashlib
from datetime import datetime

from crm.answers.service import Answer
from crm.blueprints.asks.forms import AnswerForm
from crm.domain.asks.rules import AnswerKind, Channel
from crm.domain.asks.service import NewAnswer
from crm.errors import RuleBroken
from crm.guard.filenames import display_name
from crm.i18n import Message
from crm.inbound.attachments import Attachment
from crm.inbound.screening import Screened, screen_files
from crm.ports import Ports

CHILD = Message(
    "The scan carries what may be a child's identity number. It was not kept; kindly remove the number first."
)


def scan_of(form: AnswerForm, ports: Ports) -> Screened:
    """The uploaded file, judged and kept before the transaction. Raises RuleBroken for a child's number."""
    if not form.scan.data:
        return Screened((), (), is_held=False)
    content, declared = form.scan.data.read(), form.scan.data.mimetype or ""
    name = display_name(form.scan.data.filename or "scan")
    file = Attachment(name, "", declared, content, False, "", hashlib.sha256(content).hexdigest())
    screened = screen_files((file,), ports)
    if screened.is_held:
        raise RuleBroken(CHILD)
    return screened


def entered(form: AnswerForm, ask_id: int, screened: Screened, by: str, now: datetime) -> Answer:
    """The answer as the hall takes it; the form's key makes a second click the same answer."""
    new = NewAnswer(
        key=f"entered:{form.idempotency_key.data}",
        kind=AnswerKind(form.kind.data),
        channel=Channel.ENTERED,
        at=now,
        text=(form.text.data or "").strip(),
        entered_by=by,
    )
    return Answer(ask_id, new, screened.files, screened.texts, wants_receipt=False)
