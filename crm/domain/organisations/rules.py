"""Kinds of partner, the courtesy due to each, and why one may not be written to. Pure."""

from enum import StrEnum

from crm.i18n import Message

HOST = "host"


class Courtesy(StrEnum):
    """How a partner is written to and chased (practice 18)."""

    JUDICIARY = "judiciary"
    STATUTORY_COMMISSION = "statutory_commission"
    GOVERNMENT = "government"
    UN = "un"
    CIVIL_SOCIETY = "civil_society"


class CommunicationForm(StrEnum):
    """How the office is written to: an Office Memorandum between Divisions, a letter to all others (domain 3)."""

    LETTER = "letter"
    OFFICE_MEMORANDUM = "office_memorandum"


NEVER_CALLED_SILENT = (Courtesy.JUDICIARY, Courtesy.STATUTORY_COMMISSION)


class AddressState(StrEnum):
    """What is known of a post's mailbox."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BOUNCED = "bounced"


class EngagementKind(StrEnum):
    """How we were in touch."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    MESSAGE = "message"
    EVENT = "event"
    MEETING = "meeting"


ENGAGEMENT_WORDS = {
    EngagementKind.CALL: Message("Call"),
    EngagementKind.VISIT: Message("Visit"),
    EngagementKind.LETTER: Message("Letter"),
    EngagementKind.MESSAGE: Message("Message"),
    EngagementKind.EVENT: Message("Event"),
    EngagementKind.MEETING: Message("Meeting"),
}

NO_POST = Message("no focal post is on record")
NO_ADDRESS = Message("the focal post has no mailbox")
BOUNCED = Message("its mailbox does not exist; correct the address first")
OURSELVES = Message("it is the bureau itself")
ALREADY_ASKED = Message("it has been asked in this round already")
ARCHIVED = Message("it is no longer active")


def do_not_contact(reason: str) -> Message:
    """Why a partner under a no-contact mark is left out."""
    return Message("it must not be contacted: %(reason)s", reason=reason)
