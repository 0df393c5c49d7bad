"""The usual answers of an office as the page shows them: a button each, with the few fields it needs."""

from typing import Any

from crm.blueprints.answers.forms import NOT_ME, USUAL, Typed, UsualField
from crm.blueprints.speech import gettext as _

ICONS = {
    "nil": "dash",
    "under-process": "clock",
    "not-ours": "skip",
    "forwarded": "send",
    "interim": "half",
    "regret": "x",
}


def usual_words() -> dict[str, str]:
    """The usual answers as buttons."""
    return {
        "nil": _("We have no comments (nil)"),
        "under-process": _("Under process; more time is needed"),
        "not-ours": _("Not our subject"),
        "forwarded": _("Forwarded to another office"),
        "interim": _("Interim reply"),
        "regret": _("We regret that we cannot answer"),
    }


def drawn(one: UsualField, typed: Typed) -> dict[str, Any]:
    """A small field of a usual answer, as its form shows it."""
    words = {
        "until": _("Needed until"),
        "note": _("A word to us"),
        "belongs_to": _("It belongs to"),
        "forwarded_to": _("Forwarded to"),
        "post": _("The post that is"),
        "address": _("Its e-mail address, if you know it"),
        "deputy": _("Name and post of the deputy"),
    }
    return {
        "name": one.name,
        "word": words[one.name],
        "kind": one.kind,
        "required": one.required,
        "value": typed.fields.get(one.name, ""),
        "error": typed.errors.get(one.name),
    }


def pressed_button(typed: Typed) -> str:
    """Which usual answer was pressed, by the fields that came with it."""
    names = set(typed.fields)
    if names and names == {one.name for one in NOT_ME}:
        return "not-me"
    fitting = (value for value, (_kind, fields) in USUAL.items() if names == {one.name for one in fields})
    return next(fitting, "") if names else ""


def not_me(typed: Typed) -> dict[str, dict[str, Any]]:
    """The two fields that name the right officer."""
    own = typed if pressed_button(typed) == "not-me" else Typed()
    return {one.name: drawn(one, own) for one in NOT_ME}


def usual(typed: Typed) -> list[dict[str, Any]]:
    """The buttons with their fields; the one that was pressed stands open."""
    words, pressed = usual_words(), pressed_button(typed)
    return [
        {
            "value": value,
            "word": words[value],
            "icon": ICONS[value],
            "fields": [drawn(one, typed if value == pressed else Typed()) for one in fields],
            "open": value == pressed,
        }
        for value, (_kind, fields) in USUAL.items()
    ]


def summary(typed: Typed) -> list[dict[str, str]]:
    """Every error with the way to its field."""
    pressed = pressed_button(typed)
    prefix = f"{pressed}-" if pressed else ""
    return [{"field": prefix + name, "sentence": sentence} for name, sentence in typed.errors.items()]
