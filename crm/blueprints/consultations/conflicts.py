"""Two officers decided one comment: what stands, what was typed, and nothing lost."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints.consultations.forms import DecisionForm
from crm.blueprints.consultations.matrix import here, tongue_of
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import moment, worded
from crm.domain.consultations import queries
from crm.domain.consultations.rules import DISPOSITION_WORDS, Disposition


def conflict(session: Session, comment_id: int, form: DecisionForm) -> dict[str, Any]:
    """The context of consultations/conflict: what stands, what was typed, and the way to write it over."""
    comment = queries.get_comment(session, comment_id)
    decided = comment.decided_at is not None
    who = _("Decided by %(post)s, %(at)s", post=comment.decided_by, at=moment(comment.decided_at))
    return {
        "round_url": here(comment.round_id, comment.clause, comment=comment.id, show="all"),
        "partner": comment.organisation.named(language()),
        "text": comment.text,
        "language": tongue_of(comment.text),
        "who_word": who if decided else _("The decision was taken back."),
        "theirs": _texts(str(comment.disposition or ""), comment.disposition_reason, comment.revised_text),
        "yours": _texts(form.decision.data, form.reason.data, form.revised.data),
        "url": url_for(".decide", round_id=comment.round_id, comment_id=comment.id),
        "fields": {
            "comment": comment.id,
            "version": comment.version,
            "decision": form.decision.data,
            "reason": form.reason.data or "",
            "revised": form.revised.data or "",
        },
    }


def _texts(value: str | None, reason: str | None, revised: str | None) -> dict[str, str]:
    word = worded(DISPOSITION_WORDS[Disposition(value)]) if value else _("Undecided")
    return {"decision": word, "reason": reason or "", "revised": revised or ""}
