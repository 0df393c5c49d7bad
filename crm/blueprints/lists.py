"""Pages of lists: where the next one begins, the filters that are on, tabs and segments."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import request

from crm.blueprints.addresses import with_changes
from crm.blueprints.speech import gettext as _

Row = TypeVar("Row")
PAGE = 50


def cut(rows: Sequence[Row], most: int = PAGE) -> tuple[Sequence[Row], bool]:
    """The rows of one page out of one more than fit, and whether there are later ones."""
    return rows[:most], len(rows) > most


def pager(shown: int, total: int | None, after: Any, name: str = "after") -> dict[str, Any]:
    """What the pager shows. `after` is the key of the last row if there are later ones, else None."""
    return {
        "shown": shown,
        "total": total,
        "earlier_url": with_changes(**{name: None}) if request.args.get(name) else None,
        "later_url": with_changes(**{name: after}) if after is not None else None,
    }


def number(name: str) -> int | None:
    """A number out of the address; anything else counts as absent."""
    return request.args.get(name, type=int)


def tabs(
    name: str, words: Mapping[str, str], current: str, counts: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Tabs over the values of one part of the address. The first is what stands without it."""
    first = next(iter(words))
    return [
        {
            "word": word,
            "url": with_changes(**{name: None if key == first else key, "after": None}),
            "count": counts.get(key) if counts else None,
            "current": key == current,
        }
        for key, word in words.items()
    ]


def chosen(name: str, words: Mapping[str, str]) -> str:
    """Which of `words` the address names; the first where it names none of them."""
    asked = request.args.get(name, "")
    return asked if asked in words else next(iter(words))


def group(name: str, word: str, labels: Mapping[str, str], counts: Mapping[str, int] | None = None) -> dict[str, Any]:
    """One group of a filter rail. With counts, only what occurs or is on is offered."""
    on = set(request.args.getlist(name))
    offered = [value for value in labels if counts is None or counts.get(value) or value in on]
    choices = [
        {"value": value, "word": labels[value], "count": counts.get(value, 0) if counts else None, "on": value in on}
        for value in offered
    ]
    return {"name": name, "word": word, "choices": choices}


def chips(groups: Sequence[Mapping[str, Any]], query: str = "") -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    shown = []
    for one in groups:
        on = [choice for choice in one["choices"] if choice["on"]]
        for choice in on:
            rest = [other["value"] for other in on if other is not choice]
            shown.append({"word": choice["word"], "remove_url": with_changes(**{one["name"]: rest, "after": None})})
    if query:
        shown.append({"word": _("“%(query)s”", query=query), "remove_url": with_changes(q=None, after=None)})
    return shown


def keep(*names: str) -> dict[str, str]:
    """The parts of the address that a filter form carries along."""
    return {name: request.args[name] for name in names if request.args.get(name)}
