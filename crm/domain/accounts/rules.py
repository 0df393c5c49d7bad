"""Roles and what each may do: one table, read by routes, services, pages and tests alike. Pure."""

from datetime import timedelta
from enum import StrEnum

from crm.base import Grade
from crm.i18n import Message


class Role(StrEnum):
    """The desks of the unit."""

    OFFICER = "officer"
    SENIOR = "senior-officer"
    MANAGEMENT = "management"
    PA = "pa"
    DIARY_CLERK = "diary-clerk"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_WORDS = {
    Role.OFFICER: Message("Liaison officer"),
    Role.SENIOR: Message("Senior officer"),
    Role.MANAGEMENT: Message("Management"),
    Role.PA: Message("Personal assistant"),
    Role.DIARY_CLERK: Message("Diary clerk"),
    Role.ADMINISTRATOR: Message("Administrator"),
    Role.AUDITOR: Message("Auditor"),
}


class Permission(StrEnum):
    """Everything that can be allowed. A route or service names one; the table below says who holds it."""

    SEE_HOME = "see home"
    SEE_PARTNERS = "see partners"
    EDIT_PARTNERS = "edit partners"
    SEE_ASKS = "see requests"
    ANSWER_FOR_PARTNER = "enter an answer for a partner"
    EXTEND_ASK = "give more time"
    APPROVE_STEP = "issue a step that waits for a person"
    SEE_CONSULTATIONS = "see consultations"
    RUN_ROUND = "run a consultation round"
    DISPOSE = "decide comments"
    EXPORT = "export"
    SEE_MEETINGS = "see meetings"
    RUN_MEETING = "run a meeting"
    SEE_TIMELINE = "see the collaboration timeline"
    SEE_CORRESPONDENCE = "see correspondence"
    FILE_MAIL = "file correspondence"
    RELEASE_FILE = "release a file no machine could read"
    SEE_OUTBOX = "see the outbox"
    STOP_MAIL = "stop or send a waiting mail"
    SEARCH = "search"
    MANAGE_USERS = "manage users"
    CHANGE_SETTINGS = "change the unit's settings"
    SEE_AUDIT = "see the audit trail"
    RUN_DEMO = "play the partners in the demo"


_SEES = {
    Permission.SEE_HOME,
    Permission.SEE_PARTNERS,
    Permission.SEE_ASKS,
    Permission.SEE_CONSULTATIONS,
    Permission.SEE_MEETINGS,
    Permission.SEE_TIMELINE,
    Permission.SEARCH,
}
_WORKS = _SEES | {
    Permission.EDIT_PARTNERS,
    Permission.ANSWER_FOR_PARTNER,
    Permission.RUN_ROUND,
    Permission.APPROVE_STEP,
    Permission.DISPOSE,
    Permission.EXPORT,
    Permission.RUN_MEETING,
    Permission.SEE_CORRESPONDENCE,
    Permission.FILE_MAIL,
    Permission.RELEASE_FILE,
    Permission.SEE_OUTBOX,
    Permission.STOP_MAIL,
    Permission.RUN_DEMO,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(_WORKS),
    Role.SENIOR: frozenset(_WORKS | {Permission.EXTEND_ASK, Permission.CHANGE_SETTINGS}),
    Role.MANAGEMENT: frozenset(_SEES | {Permission.EXPORT}),
    Role.PA: frozenset(_SEES),
    Role.DIARY_CLERK: frozenset({Permission.SEE_HOME}),
    Role.ADMINISTRATOR: frozenset(
        _SEES
        | {Permission.MANAGE_USERS, Permission.CHANGE_SETTINGS, Permission.SEE_OUTBOX}
        | {Permission.SEE_AUDIT, Permission.RUN_DEMO}
    ),
    Role.AUDITOR: frozenset(_SEES | {Permission.SEE_OUTBOX, Permission.SEE_CORRESPONDENCE, Permission.SEE_AUDIT}),
}
ROLE_GRADES: dict[Role, tuple[Grade, ...]] = {
    role: (Grade.OPEN, Grade.OFFICIAL)
    if role in (Role.PA, Role.DIARY_CLERK, Role.ADMINISTRATOR)
    else (Grade.OPEN, Grade.OFFICIAL, Grade.RESTRICTED)
    for role in Role
}

SESSION_IDLE = timedelta(hours=8)
SESSION_LIFE = timedelta(days=7)
FAILURES_FREE = 5
LONGEST_WAIT = timedelta(minutes=15)
SHORTEST_PASSWORD = 12


def wait_after(failures: int) -> timedelta:
    """How long sign-in pauses after so many failures in a row: none at first, then doubling, never for ever."""
    if failures < FAILURES_FREE:
        return timedelta(0)
    return min(timedelta(seconds=2 ** (failures - FAILURES_FREE + 1)), LONGEST_WAIT)
