"""One incoming mail read: bytes in, one value out, nothing stored, nothing raised."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from crm.i18n import Message
from crm.inbound.addresses import Sender, read_sender
from crm.inbound.attachments import Attachment, attachment_of
from crm.inbound.authentication import Authentication, Standing, Trust, authenticate
from crm.inbound.autoreply import AutoReply, read_auto_reply
from crm.inbound.bodies import Body, body_of
from crm.inbound.bounces import Bounce, bounces_in, original_message_id
from crm.inbound.classify import MailClass, is_answer, is_automatic, is_bounce, is_complaint, is_own, is_receipt
from crm.inbound.evidence import Evidence, evidence_of
from crm.inbound.headers import moment, one_message_id
from crm.inbound.notices import REPORT_TYPES
from crm.inbound.parts import Leaf, Opened, open_mail
from crm.inbound.quoting import FORWARDED_SUBJECT
from crm.inbound.visible import Visible, visible_reply
from crm.itip.reply import CalendarReply, read_calendar

NO_EVIDENCE = Evidence((), (), (), (), "")
LIMITS = {
    "size": Message("The mail is larger than 35 MB; only its beginning was read."),
    "header": Message("A header is longer than 64 KB and was cut."),
    "parts": Message("The mail has more than 200 parts; the rest was not read."),
    "depth": Message("The mail is nested deeper than 20 levels; the rest was not read."),
    "text": Message("A text is longer than 1 MB; the rest was not read."),
}
_CALENDAR_TYPES = {"text/calendar", "application/ics", "text/x-vcalendar"}
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


@dataclass(frozen=True)
class Reading:
    """What one mail says. Ids without brackets, addresses lower-case, moments in UTC, texts clean of controls.

    `text` is the visible reply, `folded` what was quoted or signed, `whole` all of it. `doubt` says why the sender
    cannot be relied on. `limits` names each limit the mail went over: such a mail needs a look by hand.
    """

    mail_class: MailClass
    reason: Message | None = None
    message_id: str = ""
    date: datetime | None = None
    sender: str = ""
    sender_name: str = ""
    doubt: Message | None = None
    subject: str = ""
    evidence: Evidence = NO_EVIDENCE
    text: str = ""
    folded: str = ""
    whole: str = ""
    attachments: tuple[Attachment, ...] = ()
    calendar: tuple[CalendarReply, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    auto_reply: AutoReply | None = None
    authentication: Authentication = Authentication(Standing.UNVERIFIED)
    limits: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()


def read(
    raw: bytes,
    own_addresses: frozenset[str] = frozenset(),
    *,
    own_message_ids: frozenset[str] = frozenset(),
    trust: Trust | None = None,
) -> Reading:
    """Read one mail. Never raises: what cannot be read has class `error` and its reason; the bytes are the caller's.

    `own_addresses` and `own_message_ids` (of those the caller looked up) tell our own mail; `trust` whose
    Authentication-Results count.
    """
    try:
        opened = open_mail(raw)
        if not opened.headers.fields:
            return Reading(MailClass.ERROR, Message("This is not a mail: it has no headers."))
        return _read(opened, raw, own_addresses, own_message_ids, trust or Trust())
    except RecursionError:
        return Reading(MailClass.ERROR, Message("The mail is nested too deeply to be read."), limits=("depth",))
    except Exception as failure:  # one bad mail never stops the next: it is kept, listed with the reason, and looked at
        return Reading(MailClass.ERROR, Message("The mail could not be read (%(kind)s).", kind=type(failure).__name__))


def _read(opened: Opened, raw: bytes, own: frozenset[str], own_ids: frozenset[str], trust: Trust) -> Reading:
    sender = read_sender(opened.headers.all("from"))
    body = body_of(opened)
    base = replace(
        _envelope(opened, sender),
        whole=body.text,
        attachments=_attachments(body),
        authentication=authenticate(opened.headers, sender, raw, trust),
    )
    if is_own(opened.headers, sender, own, own_ids):
        return replace(base, mail_class=MailClass.OWN, text=body.text)
    if not is_complaint(opened) and is_bounce(opened, sender, body.text):
        evidence = replace(base.evidence, enclosed_message_id=original_message_id(opened))
        bounces = bounces_in(opened, body.text)
        return replace(base, mail_class=MailClass.BOUNCE, text=body.text, bounces=bounces, evidence=evidence)
    return _as_message(base, opened, body, sender)


def _envelope(opened: Opened, sender: Sender) -> Reading:
    headers = opened.headers
    calendar, notes = _calendar(opened.leaves)
    return Reading(
        MailClass.HUMAN,
        None,
        one_message_id(headers.first("message-id")),
        moment(headers.first("date")),
        sender.address,
        sender.name,
        sender.doubt,
        headers.text("subject"),
        evidence_of(opened),
        calendar=calendar,
        limits=opened.limits,
        notes=(*notes, *_notes(opened)),
    )


def _as_message(base: Reading, opened: Opened, body: Body, sender: Sender) -> Reading:
    if is_receipt(opened):
        return replace(base, mail_class=MailClass.MDN, text=body.text)
    if is_complaint(opened):
        return replace(base, mail_class=MailClass.COMPLAINT, text=body.text)
    seen = _visible(body, base.subject)
    base = replace(base, text=seen.text, folded=seen.folded)
    if is_answer(base.calendar):
        return replace(base, mail_class=MailClass.RSVP)
    if is_automatic(opened.headers, sender):
        today = base.date.date() if base.date else None
        said = read_auto_reply(f"{base.subject}\n\n{body.text}", base.sender, today)
        return replace(base, mail_class=MailClass.AUTO, auto_reply=said)
    return base


def _visible(body: Body, subject: str) -> Visible:
    return visible_reply(body.text, forwarded=bool(FORWARDED_SUBJECT.match(subject)))


def _is_calendar(leaf: Leaf) -> bool:
    return leaf.media_type in _CALENDAR_TYPES or leaf.name.lower().endswith(".ics")


def _calendar(leaves: Iterable[Leaf]) -> tuple[tuple[CalendarReply, ...], list[Message]]:
    """The answers of the first calendar part that can be read; identical copies count once (A.2.1)."""
    notes: list[Message] = []
    for leaf in leaves:
        if not _is_calendar(leaf):
            continue
        declared = leaf.params.get("charset", "").lower()
        blob = leaf.text.encode() if declared and declared not in ("utf-8", "us-ascii") else leaf.content
        replies = tuple(read_calendar(blob))
        if not replies:
            notes.append(Message("A calendar part could not be read."))
            continue
        outer = leaf.params.get("method", "").upper()
        if outer and outer != replies[0].method:
            notes.append(Message("The calendar answer names two different methods; look at it by hand."))
            replies = tuple(replace(one, flags=(*one.flags, "method-mismatch")) for one in replies)
        return replies, notes
    return (), notes


def _attachments(body: Body) -> tuple[Attachment, ...]:
    files = [leaf for leaf in body.files if leaf.media_type not in REPORT_TYPES and (leaf.content or leaf.name)]
    return tuple(
        attachment_of(leaf, number) for number, leaf in enumerate(files, 1) if leaf.media_type != "text/calendar"
    )


def _notes(opened: Opened) -> list[Message]:
    notes = [LIMITS[name] for name in opened.limits]
    types = {leaf.media_type for leaf in opened.leaves}
    if types & _ENCRYPTED:
        notes.append(Message("The mail is encrypted and cannot be read here."))
    if any(leaf.media_type == "application/ms-tnef" or leaf.name.lower() == "winmail.dat" for leaf in opened.leaves):
        notes.append(Message("The mail has a winmail.dat; its files are inside it."))
    if len(opened.headers.all("from")) > 1:
        notes.append(Message("The mail has several From lines."))
    return notes
