"""What every letter about a request says of it and of its addressee."""

from crm.domain.asks.models import Ask


def ask_values(ask: Ask) -> dict[str, object]:
    """A request as letters speak of it."""
    organisation = ask.seat.organisation
    return {
        "number": ask.number,
        "reference": ask.reference,
        "title": ask.title,
        "title_ur": ask.title_ur or ask.title,
        "sent_on": ask.asked_at,
        "due_on": ask.due_on,
        "organisation": organisation.name,
        "organisation_ur": organisation.name_ur or organisation.name,
    }


def seat_values(ask: Ask) -> dict[str, object]:
    """The addressee as letters speak of it: by post, with the lines above and below."""
    seat, organisation = ask.seat, ask.seat.organisation
    return {
        "post": seat.title,
        "post_ur": seat.title_ur or seat.title,
        "organisation": organisation.name,
        "organisation_ur": organisation.name_ur or organisation.name,
        "city": organisation.city,
        "city_ur": organisation.city_ur or organisation.city,
        "through": seat.through,
        "copy_to": list(seat.copy_to),
    }
