"""Planning a meeting, inviting posts, changing and cancelling; taking a calendar answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.base import Subject
from crm.domain.accounts.rules import Permission
from crm.domain.asks import queries as asks
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import AskKind
from crm.domain.asks.service import Asking, ask_seats
from crm.domain.meetings import letters, queries
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.rules import PARTSTAT_OF, MeetingState, PartStat, is_newer
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.settings.queries import get_unit
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.itip.invitation import Method
from crm.uow import UnitOfWork


@dataclass(frozen=True)
class Plan:
    """A meeting as an officer writes it: wall time at the venue, length in minutes."""

    title: str
    wall_start: datetime
    minutes: int
    title_ur: str = ""
    venue: str = ""
    video_link: str = ""
    agenda: str = ""
    zone: str = "Asia/Karachi"

    @property
    def starts_at(self) -> datetime:
        """The moment that the wall time means in its zone."""
        return self.wall_start.replace(tzinfo=ZoneInfo(self.zone))


def plan_meeting(uow: UnitOfWork, plan: Plan) -> Meeting:
    """Put a meeting into the diary; nobody is told yet. Raises NotAllowed, RuleBroken."""
    uow.require(Permission.RUN_MEETING)
    meeting = Meeting(uid=f"{uow.nonce()}@{uow.links.domain}")
    _write(meeting, plan, uow.now)
    uow.session.add(meeting)
    uow.session.flush()
    uow.record(meeting.subject, "meeting-planned", title=meeting.title, title_ur=meeting.title_ur)
    uow.index(meeting)
    return meeting


def _write(meeting: Meeting, plan: Plan, now: datetime) -> None:
    if plan.starts_at <= now:
        raise RuleBroken(Message("The meeting would lie in the past. Kindly choose a later time."))
    if plan.minutes <= 0:
        raise RuleBroken(Message("A meeting lasts at least a minute."))
    meeting.title, meeting.title_ur, meeting.agenda = plan.title.strip(), plan.title_ur.strip(), plan.agenda.strip()
    meeting.venue, meeting.video_link, meeting.zone = plan.venue.strip(), plan.video_link.strip(), plan.zone
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.starts_at + timedelta(minutes=plan.minutes)
    meeting.wall_start = plan.wall_start.strftime("%Y-%m-%dT%H:%M")


def invite(uow: UnitOfWork, meeting_id: int, seats: Sequence[Seat]) -> int:
    """Invite posts: a request each, and a calendar invitation. Those invited before are left alone."""
    uow.require(Permission.RUN_MEETING)
    meeting = queries.get_meeting(uow.session, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        raise RuleBroken(Message("This meeting was cancelled."))
    known = {invitee.ask.seat_id for invitee in queries.invitees_of(uow.session, meeting.id)}
    new = [(seat, ()) for seat in seats if seat.id not in known and seat.address]
    asking = Asking(AskKind.RSVP, meeting.subject, meeting.title, meeting.title_ur, _reply_by(uow, meeting), "M")
    put = ask_seats(uow, asking, new)
    uow.add_many(
        Invitee,
        [{"meeting_id": meeting.id, "ask_id": ask.id, "partstat": PartStat.NEEDS_ACTION} for ask in put],
    )
    meeting.state = MeetingState.NOTICE_ISSUED
    return _tell(uow, meeting, [Invitee(ask=ask) for ask in put], Method.REQUEST)


def _reply_by(uow: UnitOfWork, meeting: Meeting) -> date:
    """Two working days before, but not in the past."""
    on = meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date()
    return max(uow.workdays.shift(on, -2), uow.today)


def _tell(
    uow: UnitOfWork,
    meeting: Meeting,
    invitees: Sequence[Invitee],
    method: Method,
    reason: str = "",
    time_changed: bool = False,
) -> int:
    name = get_unit(uow.session).name
    notices = [letters.notice(meeting, one, method, uow.now, uow.links, name, reason, time_changed) for one in invitees]
    return uow.post(*notices)


def reschedule(uow: UnitOfWork, meeting_id: int, plan: Plan) -> int:
    """Change a meeting. A new time or place raises SEQUENCE and asks everybody anew (RFC 5546 section 2.1.4)."""
    uow.require(Permission.RUN_MEETING)
    meeting = queries.get_meeting(uow.session, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        raise RuleBroken(Message("This meeting was cancelled."))
    before = (meeting.starts_at, meeting.ends_at)
    _write(meeting, plan, uow.now)
    invitees = queries.invitees_of(uow.session, meeting.id)
    meeting.sequence += 1
    time_changed = (meeting.starts_at, meeting.ends_at) != before
    if time_changed:
        for invitee in invitees:
            invitee.partstat = PartStat.NEEDS_ACTION
    uow.record(
        meeting.subject,
        "meeting-changed",
        [_place(one.ask) for one in invitees],
        title=meeting.title,
        title_ur=meeting.title_ur,
    )
    return _tell(uow, meeting, invitees, Method.REQUEST, time_changed=time_changed)


def cancel(uow: UnitOfWork, meeting_id: int, reason: str) -> int:
    """Cancel a meeting, in every calendar too (RFC 5546 section 3.2.5)."""
    uow.require(Permission.RUN_MEETING)
    meeting = queries.get_meeting(uow.session, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        raise RuleBroken(Message("This meeting was cancelled."))
    meeting.state, meeting.sequence = MeetingState.CANCELLED, meeting.sequence + 1
    invitees = queries.invitees_of(uow.session, meeting.id)
    uow.record(
        meeting.subject,
        "meeting-cancelled",
        [_place(one.ask) for one in invitees],
        title=meeting.title,
        title_ur=meeting.title_ur,
        reason=reason,
    )
    return _tell(uow, meeting, invitees, Method.CANCEL, reason)


def _place(ask: Ask) -> Subject:
    return Subject(Organisation.SUBJECT, ask.organisation_id)


def receive(uow: UnitOfWork, ask: Ask, answer: AskAnswer) -> None:
    """What an answer means for the meeting: the invitee's standing, unless it answers an older version of the event."""
    invitee = queries.invitee_of(uow.session, ask.id)
    partstat = PARTSTAT_OF.get(answer.kind)
    if invitee is None or partstat is None:
        return
    sequence = int(answer.values.get("sequence", invitee.meeting.sequence))
    stamp = str(answer.values.get("dtstamp") or uow.now.strftime("%Y%m%dT%H%M%SZ"))
    if not is_newer(sequence, stamp, invitee.sequence, invitee.dtstamp, invitee.meeting.sequence):
        return
    invitee.partstat, invitee.sequence, invitee.dtstamp = partstat, sequence, stamp
    invitee.comment = answer.text
    invitee.delegate = str(answer.values.get("delegated_to", ""))


def receive_anew(uow: UnitOfWork, ask: Ask, answers: Sequence[AskAnswer]) -> None:
    """An answer was taken back: the invitee stands as these others leave it."""
    invitee = queries.invitee_of(uow.session, ask.id)
    if invitee is not None:
        invitee.partstat, invitee.sequence, invitee.dtstamp = PartStat.NEEDS_ACTION, 0, ""
        invitee.comment, invitee.delegate = "", ""
        for answer in answers:
            receive(uow, ask, answer)


def counts_as_answer(uow: UnitOfWork, ask_id: int, sequence: int, stamp: str) -> bool:
    """Whether a calendar reply of this SEQUENCE and DTSTAMP may still change the standing."""
    invitee = queries.invitee_of(uow.session, asks.get_ask(uow.session, ask_id).id)
    if invitee is None:
        return False
    return is_newer(sequence, stamp, invitee.sequence, invitee.dtstamp, invitee.meeting.sequence)
