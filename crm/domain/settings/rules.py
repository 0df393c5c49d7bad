"""The unit's switches with their first values, and the lists it keeps. Pure."""

from enum import StrEnum
from typing import Any


class TermKind(StrEnum):
    """The lists of the taxonomy."""

    ORGANISATION_TYPE = "organisation-type"
    JURISDICTION = "jurisdiction"
    THEME = "theme"
    TAG = "tag"
    MANDATE = "mandate-function"


class SeriesKind(StrEnum):
    """Gapless numbers, never used twice."""

    DISPATCH = "dispatch"
    RECEIPT = "receipt"
    REQUEST = "request"


REFERENCE_PATTERN = "No.1({file})/{year}-JJCPU"
FIRST_VALUES: dict[str, Any] = {
    "clock_issues": ["courtesy", "reminder-1", "reminder-2"],
    "courts_wait_for_a_person": True,
    "office_hours": ["08:30", "17:00"],
    "usual_reply_days": 20,
    "drafts_kept_days": 180,
    "drafts_kept_days_once_settled": 14,
}
