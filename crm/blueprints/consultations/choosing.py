"""Whom to ask: by type, province and theme in the address, single ones added and taken out; and the page for it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from crm.blueprints.consultations.drafts import round_title, version_word
from crm.blueprints.consultations.forms import InviteForm
from crm.blueprints.door import language
from crm.blueprints.organisations.register import Terms, filter_groups, read_terms
from crm.blueprints.recipients import language_word
from crm.blueprints.speech import gettext as _
from crm.domain.asks.rules import freeze_ladder, thaw_ladder
from crm.domain.consultations import queries, service
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.rules import Choice, LadderChoice, LeftOut
from crm.domain.consultations.service import Invitation
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.rules import BOUNCED, NO_ADDRESS, NO_POST, Courtesy
from crm.domain.settings.queries import value_of
from crm.domain.settings.rules import TermKind
from crm.errors import RuleBroken
from crm.i18n import Message
from crm.search.service import find
from crm.uow import UnitOfWork

MENDABLE = (NO_POST, NO_ADDRESS, BOUNCED)
GARBLED = Message("The choice did not arrive whole. Kindly choose again.")


@dataclass(frozen=True)
class Plan:
    """Everything that an officer set for a sending; it travels through the preview as one hidden value."""

    choice: Choice
    due_on: date
    ladder: LadderChoice
    seen: str = ""

    def written(self) -> str:
        """As JSON."""
        chosen, ladder = vars(self.choice), self.ladder
        return json.dumps(
            {
                "choice": {name: list(values) for name, values in chosen.items()},
                "due_on": self.due_on.isoformat(),
                "steps": freeze_ladder(ladder.steps),
                "courts_wait": ladder.courts_wait,
                "workshop": ladder.workshop_included,
                "seen": self.seen,
            }
        )


def read_plan(text: str) -> Plan:
    """The plan that `written` wrote. Raises RuleBroken for anything else."""
    try:
        kept = json.loads(text)
        choice = Choice(**{name: tuple(values) for name, values in kept["choice"].items()})
        ladder = LadderChoice(thaw_ladder(kept["steps"]), bool(kept["courts_wait"]), bool(kept["workshop"]))
        return Plan(choice, date.fromisoformat(kept["due_on"]), ladder, str(kept["seen"]))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise RuleBroken(GARBLED) from fault


def fingerprint(asked: Sequence[Seat]) -> str:
    """What the preview showed: which posts, at which mailboxes."""
    shown = "\n".join(sorted(f"{seat.id} {seat.address}" for seat in asked))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def as_chosen(uow: UnitOfWork) -> Choice:
    """The choice that the address carries, or the form once one goes on to the preview."""
    added = request.values.getlist("added", type=int)
    named = request.values.get("add", "").strip()
    found = find(uow.session, named, (Organisation.SUBJECT,), uow.actor.grades, 1) if named else []
    return Choice(
        tuple(dict.fromkeys(request.values.getlist("type"))),
        tuple(dict.fromkeys(request.values.getlist("province"))),
        tuple(dict.fromkeys(request.values.getlist("theme"))),
        tuple(dict.fromkeys([*added, *(one.subject.id for one in found)])),
    )


def due_to_offer(uow: UnitOfWork, consultation: ConsultationRound) -> date:
    """The date that a fresh form shows."""
    return consultation.date_to_offer(uow.today, uow.workdays, value_of(uow.session, "usual_reply_days"))


def carried(choice: Choice) -> dict[str, Any]:
    """The choice as the address and the form carry it."""
    return {"type": choice.types, "province": choice.provinces, "theme": choice.themes, "added": choice.added}


def with_ticks(uow: UnitOfWork, round_id: int, base: Choice) -> Choice:
    """The same choice with the ticks of the form: what lost its tick is taken out."""
    reached = {seat.organisation_id for seat in service.choose(uow, round_id, base).asked}
    ticked = set(request.form.getlist("organisation", type=int))
    return Choice(
        base.types,
        base.provinces,
        base.themes,
        tuple(sorted(set(base.added) | (ticked - reached))),
        tuple(sorted(reached - ticked)),
    )


def page(uow: UnitOfWork, round_id: int, form: InviteForm, choice: Choice) -> dict[str, Any]:
    """The context of consultations/invite."""
    consultation = queries.get_round(uow.session, round_id)
    invitation = service.choose(uow, round_id, choice)
    terms = read_terms(uow.session)
    return {
        "round": {"id": round_id, "title": round_title(consultation), "url": url_for(".show", round_id=round_id)},
        "document": {
            "title": consultation.document.titled(language()),
            "version_word": version_word(consultation.document),
        },
        "form": form,
        "workshop": _workshop(consultation),
        "groups": filter_groups(uow.session, terms),
        "added": choice.added,
        "ladder_steps": form.rungs,
        "count_url": url_for(".invite", round_id=round_id),
        "preview_url": url_for(".preview", round_id=round_id),
        "carried": carried(choice),
        "partners": [_partner(seat, terms) for seat in courts_last(invitation.asked)],
        "excluded": [_excluded(one) for one in invitation.left_out],
        "totals": totals(invitation),
    }


def _workshop(consultation: ConsultationRound) -> str:
    return consultation.workshop.titled(language()) if consultation.workshop else ""


def courts_last(asked: Sequence[Seat]) -> list[Seat]:
    """The posts in their order, courts after all others."""
    return sorted(asked, key=lambda seat: seat.organisation.courtesy is Courtesy.JUDICIARY)


def _partner(seat: Seat, terms: Terms) -> dict[str, Any]:
    one = seat.organisation
    return {
        "id": one.id,
        "name": one.named(language()),
        "kind": terms.word(TermKind.ORGANISATION_TYPE, one.type),
        "place": terms.word(TermKind.JURISDICTION, one.province),
        "seat": seat.titled(language()),
        "language_word": language_word(seat.language),
        "mailbox_known": bool(seat.address),
        "on": True,
    }


def _excluded(one: LeftOut) -> dict[str, Any]:
    url = url_for("organisations.show", organisation_id=one.organisation_id)
    return {
        "partner": one.name_ur if language() == "ur" else one.name,
        "partner_url": url,
        "why": one.why,
        "fix_url": url if one.why in MENDABLE else None,
        "fix_word": _("Mend it") if one.why in MENDABLE else "",
    }


def totals(invitation: Invitation) -> dict[str, int]:
    """How many, in which language, of how many types and places."""
    tongues = Counter(seat.language for seat in invitation.asked)
    return {
        "chosen": len(invitation.asked),
        "english": tongues["en"],
        "urdu": tongues["ur"],
        "types": len({seat.organisation.type for seat in invitation.asked}),
        "places": len({seat.organisation.province for seat in invitation.asked}),
    }
