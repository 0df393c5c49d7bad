"""Whom a letter goes to, as every preview says it."""

from typing import Any

from flask import url_for

from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.domain.organisations.models import Seat


def language_word(code: str) -> str:
    """The language in which a post is written to."""
    return str(_("Urdu")) if code == "ur" else str(_("English"))


def recipient(seat: Seat) -> dict[str, Any]:
    """A line of the list of those a letter goes to, as previews show it."""
    return {
        "partner": seat.organisation.named(language()),
        "partner_url": url_for("organisations.show", organisation_id=seat.organisation_id),
        "seat": seat.titled(language()),
        "address": seat.address,
        "language_word": language_word(seat.language),
    }
