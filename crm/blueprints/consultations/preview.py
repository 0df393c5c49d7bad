"""Exactly what will go: the mail in both languages, to whom, who is left out and why, and the day of every step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints.consultations import drafts
from crm.blueprints.consultations.choosing import Plan, carried, courts_last
from crm.blueprints.door import current_actor, language, reader
from crm.blueprints.recipients import recipient
from crm.blueprints.speech import gettext as _
from crm.blueprints.speech import ngettext
from crm.blueprints.words import day, moment, worded
from crm.chase import service as chase
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import STEP_WORDS, Step, days_of
from crm.domain.consultations import queries, service
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.service import Invitation
from crm.domain.organisations.models import Seat
from crm.domain.settings.queries import get_unit, holidays, workdays
from crm.i18n import LANGUAGES
from crm.mail.letter import Enclosure, Letter
from crm.mail.letterhead import Letterhead
from crm.mail.render import Rendered, render
from crm.runtime import letterhead, the_house
from crm.uow import UnitOfWork


def glance(session: Session) -> UnitOfWork:
    """A unit of work that nothing commits: for looking at what would be."""
    house = the_house()
    ports = house.ports
    now, system = ports.business.now(), ports.system.now()
    return UnitOfWork(session, now, system, current_actor(), house.links, partial(workdays, session), ports.randomness)


def page(
    uow: UnitOfWork, round_id: int, plan: Plan, invitation: Invitation, seat_id: int | None = None
) -> dict[str, Any]:
    """The context of consultations/preview for a first sending. `seat_id`: whose mail is read; else the first one's."""
    consultation = queries.get_round(uow.session, round_id)
    asked = courts_last(invitation.asked)
    return {
        "what": worded(STEP_WORDS["request"]),
        "round": {"title": drafts.round_title(consultation), "url": url_for(".show", round_id=round_id)},
        "back_url": url_for(".invite", round_id=round_id, **carried(plan.choice)),
        "facts": _facts(uow, plan),
        "letters": [_first_letter(uow, consultation, plan, _seat_for(asked, one, seat_id), one) for one in LANGUAGES],
        "recipients": [recipient(seat) for seat in asked],
        "readers": [{"value": seat.id, "word": seat.organisation.named(language())} for seat in asked],
        "reader": _shown(asked, seat_id).id,
        "read_url": url_for(".read", round_id=round_id),
        "left_out": _left_out(invitation),
        "invitation": _workshop(consultation, plan),
        "send_url": url_for(".send", round_id=round_id),
        "send_word": ngettext("Send to %(num)s post", "Send to %(num)s posts", len(invitation.asked)),
        "sent_fields": {"choice": plan.written()},
        "test_url": None,
    }


def _facts(uow: UnitOfWork, plan: Plan) -> list[str]:
    """By when, and the day on which each step falls, in working days; the holidays between are named."""
    due = uow.workdays.settle(plan.due_on)
    facts = [_("Replies by %(day)s", day=day(due))]
    days = days_of(plan.ladder.steps, due, uow.workdays)
    facts += [_step_fact(step, days[step.name]) for step in plan.ladder.steps]
    if plan.ladder.courts_wait:
        facts.append(_("Courts: one polite note, when a person says so"))
    last = max([due, *days.values()]) + timedelta(days=1)
    between = [
        one for one in holidays(uow.session) if uow.today <= one.on < last and not uow.workdays.is_working(one.on)
    ]
    named = [f"{day(one.on)} ({one.name_ur if language() == 'ur' else one.name})" for one in between]
    return [*facts, *([_("Not counted: %(days)s", days="; ".join(named))] if named else [])]


def _step_fact(step: Step, on: date) -> str:
    word = worded(STEP_WORDS[step.name])
    if step.needs_person:
        return str(_("%(step)s %(day)s, when a person says so", step=word, day=day(on)))
    return str(_("%(step)s %(day)s, by the clock", step=word, day=day(on)))


def _shown(asked: Sequence[Seat], seat_id: int | None) -> Seat:
    """The post whose mail is read: the one that was asked for, else the first."""
    return next((seat for seat in asked if seat.id == seat_id), asked[0])


def _seat_for(asked: Sequence[Seat], tongue: str, seat_id: int | None) -> Seat:
    """A post that will really get the mail in this language: the one that is read, else the first; else whose it is."""
    shown = _shown(asked, seat_id)
    return next((seat for seat in (shown, *asked) if seat.language == tongue), shown)


def _first_letter(
    uow: UnitOfWork, consultation: ConsultationRound, plan: Plan, seat: Seat, tongue: str
) -> dict[str, Any]:
    letter = sample(uow, consultation, seat, plan.due_on, tongue)
    tongues = drafts.languages_of(consultation.document)
    files = [
        {
            "name": drafts.file_name(consultation.document, one),
            "url": url_for(".word_file", document_id=consultation.document_id, tongue=one),
            "size": len(drafts.word_file(consultation.document, one)),
        }
        for one in tongues
    ]
    url = url_for(".letter", round_id=consultation.id, seat_id=seat.id, due_on=plan.due_on, tongue=tongue)
    return window(letter, seat, files, url)


def sample(uow: UnitOfWork, consultation: ConsultationRound, seat: Seat, due_on: date, tongue: str) -> Letter:
    """The first request as it would go, with the names of what it encloses."""
    letter = service.sample_request(uow, consultation.id, seat, due_on, tongue)
    tongues = drafts.languages_of(consultation.document)
    named = tuple(Enclosure("", drafts.file_name(consultation.document, one), drafts.DOCX) for one in tongues)
    return replace(letter, enclosures=named)


def head() -> tuple[Letterhead, str]:
    """The letterhead, and what stands in From."""
    house = the_house()
    return letterhead(get_unit(reader()), house), house.mail_from


def window(letter: Letter, seat: Seat, files: Sequence[dict[str, Any]], html_url: str | None) -> dict[str, Any]:
    """One mail as the preview shows it, rendered by what will press it."""
    shown, sender, address = written(letter)
    heading = _("In Urdu") if letter.language == "ur" else _("In English")
    return {
        "language": letter.language,
        "heading": heading,
        "subject": shown.subject,
        "from": f"{sender} <{address}>",
        "to": f"{letter.to_name} <{letter.to}>",
        "through": seat.through or None,
        "copy_to": ", ".join(seat.copy_to) or None,
        "reply_to": letter.reply_to,
        "files": list(files),
        "text": shown.text,
        "html_url": html_url,
    }


def written(letter: Letter) -> tuple[Rendered, str, str]:
    """A letter in words, the sender's name in its language, and the address it is from."""
    top, address = head()
    return render(letter, top), (top.unit_ur if letter.language == "ur" else top.unit), address


def _left_out(invitation: Invitation) -> list[dict[str, Any]]:
    return [
        {"partner": one.name_ur if language() == "ur" else one.name, "count": None, "why": one.why}
        for one in invitation.left_out
    ]


def _workshop(consultation: ConsultationRound, plan: Plan) -> dict[str, Any] | None:
    meeting = consultation.workshop
    if meeting is None or not plan.ladder.workshop_included:
        return None
    return {
        "summary": meeting.titled(language()),
        "when": moment(meeting.starts_at),
        "where": meeting.venue or meeting.video_link,
        "ics_url": None,
    }


def step_page(uow: UnitOfWork, consultation: ConsultationRound, going: Sequence[Ask], step: Step) -> dict[str, Any]:
    """The context of consultations/preview for a step of the ladder: read only, nothing is sent from it."""
    url = url_for(".show", round_id=consultation.id)
    return {
        "what": worded(STEP_WORDS[step.name]),
        "round": {"title": drafts.round_title(consultation), "url": url},
        "back_url": f"{url}#ladder",
        "facts": [],
        "letters": [_step_letter(uow, going, step, one) for one in LANGUAGES],
        "recipients": [recipient(ask.seat) for ask in going],
        "left_out": [],
        "invitation": None,
        "send_url": None,
        "send_word": "",
        "sent_fields": {},
        "test_url": None,
    }


def _step_letter(uow: UnitOfWork, going: Sequence[Ask], step: Step, tongue: str) -> dict[str, Any]:
    ask = next((one for one in going if one.seat.language == tongue), going[0])
    return window(chase.sample(uow, ask, step).in_language(tongue), ask.seat, (), None)
