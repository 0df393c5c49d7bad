"""States of a meeting, and what a calendar answer means. Pure."""

from enum import StrEnum

from crm.domain.asks.rules import AnswerKind
from crm.i18n import Message


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    NOTICE_ISSUED = "notice-issued"
    HELD = "held"
    CANCELLED = "cancelled"


MEETING_WORDS = {
    MeetingState.PLANNED: Message("Planned"),
    MeetingState.NOTICE_ISSUED: Message("Notice issued"),
    MeetingState.HELD: Message("Took place"),
    MeetingState.CANCELLED: Message("Cancelled"),
}


class PartStat(StrEnum):
    """A participant's status (RFC 5545 section 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


PARTSTAT_WORDS = {
    PartStat.NEEDS_ACTION: Message("Reply awaited"),
    PartStat.ACCEPTED: Message("Will attend"),
    PartStat.DECLINED: Message("Will not attend"),
    PartStat.TENTATIVE: Message("May attend"),
    PartStat.DELEGATED: Message("Sends a deputy"),
}
ANSWER_OF = {
    PartStat.ACCEPTED: AnswerKind.ACCEPTED,
    PartStat.DECLINED: AnswerKind.DECLINED,
    PartStat.TENTATIVE: AnswerKind.TENTATIVE,
    PartStat.DELEGATED: AnswerKind.FORWARDED,
    PartStat.NEEDS_ACTION: AnswerKind.INTERIM,
}
PARTSTAT_OF = {
    AnswerKind.ACCEPTED: PartStat.ACCEPTED,
    AnswerKind.DECLINED: PartStat.DECLINED,
    AnswerKind.TENTATIVE: PartStat.TENTATIVE,
    AnswerKind.FORWARDED: PartStat.DELEGATED,
}


def is_newer(sequence: int, stamp: str, known_sequence: int, known_stamp: str, current_sequence: int) -> bool:
    """Whether a REPLY counts: not of an older SEQUENCE than the event, nor older than the last one taken.

    RFC 5546 section 2.1.5: compare SEQUENCE, then DTSTAMP; of equal stamps the later received counts.
    """
    if sequence < current_sequence:
        return False
    return (sequence, stamp) >= (known_sequence, known_stamp)
