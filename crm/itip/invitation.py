"""An invitation as a value: one meeting, one attendee, one method. Written out by `request`, stored as JSON."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from crm.itip.addresses import strict_address
from crm.itip.lines import one_line


class Method(StrEnum):
    """What we, the organizer, may send (RFC 5546 section 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"


@dataclass(frozen=True)
class CalendarObject:
    """One meeting as one attendee's calendar should hold it.

    uid, organizer: the same through the whole life of the meeting, or a second event appears.
    sequence: one more when time or status changes (RFC 5546 section 2.1.4).
    dtstamp: when this mail was written; starts_at, ends_at: aware; zone: the wall clock the meeting is held by.
    attendee: exactly the address the mail goes to. comment: why a counter-proposal is declined.

    Raises ValueError (BadAddress for an address) when a value cannot stand in a calendar.
    """

    method: Method
    uid: str
    sequence: int
    dtstamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    organizer: str
    attendee: str
    organizer_name: str = ""
    attendee_name: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    zone: str = "Asia/Karachi"
    comment: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", Method(self.method))
        object.__setattr__(self, "organizer", strict_address(self.organizer))
        object.__setattr__(self, "attendee", strict_address(self.attendee))
        if any(moment.tzinfo is None for moment in (self.dtstamp, self.starts_at, self.ends_at)):
            raise ValueError("a calendar object needs aware moments")
        if self.ends_at <= self.starts_at:
            raise ValueError("a meeting ends after it starts")
        if self.sequence < 0 or not self.uid or one_line(self.uid) != self.uid:
            raise ValueError("a calendar object needs a UID of one line and a SEQUENCE of 0 or more")

    @property
    def status(self) -> str:
        """STATUS as the method demands it; empty where none is written (RFC 5546 sections 3.2.2, 3.2.5, 3.2.8)."""
        return {Method.REQUEST: "CONFIRMED", Method.CANCEL: "CANCELLED"}.get(self.method, "")

    def to_json(self) -> dict[str, Any]:
        """Plain values, moments in ISO 8601 with their offset."""
        return {name: _plain(value) for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "CalendarObject":
        """The object that `to_json` put away. Raises ValueError or TypeError on anything else."""
        moments = {name: datetime.fromisoformat(stored[name]) for name in ("dtstamp", "starts_at", "ends_at")}
        return cls(**(stored | moments))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value
