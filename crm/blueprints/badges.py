"""Which badge a state wears, and the word in it. Only what was delivered may be called awaited or overdue."""

from datetime import date
from typing import Any

from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import worded
from crm.domain.asks.rules import STATE_WORDS, AskState, Side, StepState
from crm.domain.meetings.rules import MEETING_WORDS, PARTSTAT_WORDS, MeetingState, PartStat
from crm.domain.organisations.rules import NEVER_CALLED_SILENT, AddressState, Courtesy
from crm.i18n import Message
from crm.outbox.rules import NOT_DELIVERED, WAITING, WORDS, Status

Badge = tuple[str, str]

_ASKS = {
    AskState.OPEN: "awaited",
    AskState.ANSWERED: "answered",
    AskState.NIL: "nil",
    AskState.DECLINED: "declined",
    AskState.WITHDRAWN: "withdrawn",
    AskState.DEEMED: "deemed",
}
_MAILS = {
    Status.PREPARING: "waiting",
    Status.QUEUED: "waiting",
    Status.SENDING: "going",
    Status.ACCEPTED: "sent",
    Status.DELAYED: "due",
    Status.MAYBE_SENT: "doubtful",
    Status.SOFT_BOUNCED: "bounced",
    Status.HARD_BOUNCED: "bounced",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "skipped",
    Status.SUPPRESSED: "skipped",
}
_PARTSTATS = {
    PartStat.NEEDS_ACTION: "awaited",
    PartStat.ACCEPTED: "accepted",
    PartStat.DECLINED: "declined",
    PartStat.TENTATIVE: "likely",
    PartStat.DELEGATED: "noted",
}
_MEETINGS = {
    MeetingState.PLANNED: "draft",
    MeetingState.NOTICE_ISSUED: "sent",
    MeetingState.HELD: "answered",
    MeetingState.CANCELLED: "cancelled",
}
STEPS = {
    StepState.HELD: ("held", Message("Held")),
    StepState.SKIPPED: ("skipped", Message("Skipped")),
    StepState.APPROVED: ("going", Message("Approved")),
}
"""A step of a ladder that a person or the clock has dealt with, and that did not go."""


def of_ask(ask: Any, today: date, courtesy: Courtesy, delivery: Status | None = None) -> Badge:
    """Of a request (row or columns: state, side, due_on, paused_at). A court is never called late or awaited."""
    if ask.state is not AskState.OPEN:
        return _ASKS[ask.state], worded(STATE_WORDS[ask.state])
    if ask.side is Side.THEIRS:
        return ("late", _("Overdue")) if ask.due_on < today else ("due", _("Pending with us"))
    if ask.paused_at is not None:
        return "held", _("Paused")
    if delivery in NOT_DELIVERED:
        return "not_delivered", _("Not delivered")
    if courtesy in NEVER_CALLED_SILENT:
        return "waiting", _("With them")
    if delivery in WAITING:
        return "waiting", _("Waits to leave")
    return "awaited", worded(STATE_WORDS[AskState.OPEN])


def of_mail(status: Status) -> Badge:
    """Of a mail on its way out."""
    short = {
        "waiting": _("Waiting"),
        "going": _("Leaving now"),
        "sent": _("Accepted"),
        "due": _("Slow"),
        "doubtful": _("Perhaps sent"),
        "bounced": _("Returned"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
        "skipped": _("Not sent"),
    }
    return _MAILS[status], short[_MAILS[status]]


def of_delivery(status: Status | None) -> Badge:
    """Of the latest mail to a post, in a sentence."""
    if status is None:
        return "none", _("No mail")
    return _MAILS[status], worded(WORDS[status])


def of_reply(partstat: PartStat, courtesy: Courtesy) -> Badge:
    """Of a participant's standing."""
    if partstat is PartStat.NEEDS_ACTION and courtesy in NEVER_CALLED_SILENT:
        return "waiting", _("With them")
    return _PARTSTATS[partstat], worded(PARTSTAT_WORDS[partstat])


def of_meeting(state: MeetingState) -> Badge:
    """Of a meeting."""
    return _MEETINGS[state], worded(MEETING_WORDS[state])


def of_address(address: str, state: AddressState) -> Badge:
    """Of a post's mailbox."""
    if not address:
        return "none", _("No mailbox")
    if state is AddressState.BOUNCED:
        return "bounced", _("Does not exist")
    return ("doubtful", _("Doubtful")) if state is AddressState.DOUBTFUL else ("active", _("In use"))


def due_words(ask: Any, today: date, courtesy: Courtesy) -> str:
    """How far off a due date is. What a court was asked has a date, and no lateness."""
    days = (ask.due_on - today).days
    if ask.state is not AskState.OPEN:
        return ""
    if days >= 0:
        return str(_("due today") if not days else ngettext("in %(num)s day", "in %(num)s days", days))
    if ask.side is Side.OURS and courtesy in NEVER_CALLED_SILENT:
        return ""
    return str(ngettext("%(num)s day over", "%(num)s days over", -days))
