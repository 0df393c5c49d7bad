"""What a partner takes away: the draft under consultation, their own answer for a superior to see, the invitation."""

from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from crm.blueprints.answers.acts import Sheet, Turn
from crm.blueprints.answers.forms import UsualField
from crm.blueprints.answers.receipts import in_words
from crm.blueprints.answers.usual import drawn, not_me, summary
from crm.blueprints.answers.views import at, head
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.documents.clauses import Clause, DraftText, Part
from crm.documents.draft import AnswerDraft, AnsweredQuestion, ClauseComment, draft_docx, sop_docx
from crm.domain.asks.models import Ask
from crm.domain.consultations.rules import QuestionType
from crm.domain.meetings import letters
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.queries import invitee_of
from crm.domain.meetings.rules import PARTSTAT_WORDS, MeetingState, PartStat
from crm.domain.settings.queries import get_unit
from crm.itip.invitation import Method
from crm.itip.request import calendar_bytes
from crm.runtime import the_house


def draft_text(sheet: Sheet) -> DraftText:
    """The draft in the reader's language, as far as it is translated."""
    document = sheet.consultation.document if sheet.consultation else None
    parts = []
    for _code, own in groupby(sheet.clauses, key=lambda clause: clause.part):
        rows = list(own)
        title = (rows[0].part_title_ur or rows[0].part_title) if language() == "ur" else rows[0].part_title
        parts.append(Part(rows[0].part, title, tuple(Clause(one.number, one.worded(language())) for one in rows)))
    return DraftText(
        title=document.titled(language()) if document else sheet.ask.title,
        code=document.code if document else "",
        version=document.text_version if document else "",
        classification=document.classification if document else "",
        notes=(f"{document.code} · {document.text_version}",) if document else (),
        parts=tuple(parts),
        annexes=(),
    )


def text_docx(sheet: Sheet) -> bytes:
    """The draft as a Word file to mark up."""
    return sop_docx(draft_text(sheet), language())


def text_plain(sheet: Sheet) -> bytes:
    """The draft as plain text in UTF-8, with a byte order mark for old Windows programs."""
    draft = draft_text(sheet)
    lines = [draft.title, *draft.notes, ""]
    for part in draft.parts:
        lines += [f"{part.label}: {part.title}", ""]
        lines += [f"{clause.number}. {clause.text}\n" for clause in part.clauses]
    return "\r\n".join(lines).replace("\n\r\n", "\r\n\r\n").encode("utf-8-sig")


def draft_copy(sheet: Sheet, turn: Turn) -> bytes:
    """The saved answer as a Word file, marked as not sent."""
    typed, titles = turn.typed, {clause.number: clause.worded(language()) for clause in sheet.clauses}
    asked = [one for one in sheet.questions if one.type is not QuestionType.CLAUSE_COMMENTS]
    comments = [
        ClauseComment(number, said["comment"], said["proposed"], clause_text=titles.get(number, ""))
        for number, said in typed.clauses.items()
    ]
    if typed.text:
        comments.append(ClauseComment("", typed.text, ""))
    answer = AnswerDraft(
        title=sheet.ask.title_ur or sheet.ask.title if language() == "ur" else sheet.ask.title,
        organisation=sheet.ask.seat.organisation.named(language()),
        reference=sheet.ask.number,
        questions=[
            AnsweredQuestion(str(place), one.worded(language()), in_words(one, typed.questions.get(one.code, {})))
            for place, one in enumerate(asked, start=1)
        ],
        comments=comments,
    )
    return draft_docx(answer, language())


def invitation(session: Session, sheet: Sheet, invitee: Invitee, turn: Turn) -> dict[str, Any]:
    """The context of answers/invitation."""
    meeting, typed = invitee.meeting, turn.typed
    return head(session, sheet) | {
        "meeting": _meeting(meeting),
        "standing_word": None
        if invitee.partstat is PartStat.NEEDS_ACTION
        else _("Your reply so far: %(standing)s", standing=worded(PARTSTAT_WORDS[invitee.partstat])),
        "fields": {one.name: drawn(one, typed) for one in (UsualField("note"), UsualField("deputy"))},
        "not_me": not_me(typed),
        "errors": summary(typed),
        "calendar_url": None if meeting.state is MeetingState.CANCELLED else at("calendar"),
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.titled(language()),
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "venue": meeting.venue,
        "video_link": meeting.video_link,
        "agenda": meeting.agenda,
        "is_cancelled": meeting.state is MeetingState.CANCELLED,
    }


def calendar_file(session: Session, ask: Ask) -> bytes | None:
    """The invitation as a calendar file, answered to the same address as the one in the mail."""
    invitee = invitee_of(session, ask.id)
    if invitee is None or invitee.meeting.state is MeetingState.CANCELLED:
        return None
    house = the_house()
    now = house.ports.business.now()
    notice = letters.notice(invitee.meeting, invitee, Method.REQUEST, now, house.links, get_unit(session).name)
    return calendar_bytes(notice.calendar) if notice.calendar else None
