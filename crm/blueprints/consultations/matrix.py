"""The comment matrix in three panes: clauses with their counts, comments with word-level changes, the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from re import findall
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from crm.blueprints.consultations.drafts import round_title, version_word
from crm.blueprints.consultations.forms import DecisionForm
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import moment, worded
from crm.domain.accounts.rules import Permission
from crm.domain.consultations import queries
from crm.domain.consultations.models import Clause, Comment, ConsultationRound
from crm.domain.consultations.rules import DISPOSITION_KEYS, DISPOSITION_WORDS, TYPE_WORDS, Disposition
from crm.uow import Actor

GENERAL = "general"
TRAY_SHOWN = 8
PART = 0.5
OPS = {"equal": "same", "insert": "ins", "delete": "del"}
Change = dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where the reader is: a clause, or None for the whole draft; the comment chosen; whether decided ones show."""

    clause: Clause | None
    comments: Sequence[Comment]
    current: Comment | None


def changes(before: str, after: str) -> list[Change]:
    """How `after` differs from `before`, word by word, spaces kept."""
    return [dict(piece) for piece in _changes(before, after)]


@lru_cache(maxsize=512)
def _changes(before: str, after: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    old, new = findall(r"\s+|\w+|[^\w\s]", before), findall(r"\s+|\w+|[^\w\s]", after)
    pieces: list[tuple[str, str]] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "replace":
            pieces += [("del", "".join(old[old_from:old_to])), ("ins", "".join(new[new_from:new_to]))]
        else:
            kept = old[old_from:old_to] if tag == "delete" else new[new_from:new_to]
            pieces.append((OPS[tag], "".join(kept)))
    return tuple((("op", op), ("text", text)) for op, text in pieces)


def page(
    session: Session, actor: Actor, round_id: int, form: DecisionForm | None = None, kept: Comment | None = None
) -> dict[str, Any]:
    """The context of consultations/matrix, in few statements, however many comments.

    form, kept: a decision that was not right, as typed, and the comment that it is for.
    """
    consultation = queries.get_round(session, round_id)
    clauses = queries.clauses_of(session, consultation.document_id)
    counts, tally = queries.by_clause(session, round_id), queries.tally(session, round_id)
    place = _place(session, round_id, clauses, counts, kept)
    may = actor.may(Permission.DISPOSE)
    tray = queries.tray(session, round_id)
    return {
        "round": {"title": round_title(consultation), "url": url_for(".show", round_id=round_id)},
        "decided": tally.all - tally.undecided,
        "total": tally.all,
        "exports": _exports(round_id) if actor.may(Permission.EXPORT) else [],
        "parts": _parts(round_id, clauses, counts, tally, place),
        "clause": _clause(consultation, place.clause),
        "show": _show(round_id, place),
        "comments": [_comment(one, place, round_id) for one in place.comments],
        "decision": _decision(place, round_id, form) if may else None,
        "tray": [_waiting(one, may) for one in (tray if request.args.get("tray") == "all" else tray[:TRAY_SHOWN])],
        "tray_total": len(tray),
        "tray_more_url": url_for(".matrix", round_id=round_id, tray="all") if len(tray) > TRAY_SHOWN else None,
    } | _beside(round_id, clauses, place.clause)


def _place(
    session: Session,
    round_id: int,
    clauses: Sequence[Clause],
    counts: dict[int, tuple[int, int]],
    kept: Comment | None,
) -> Place:
    """What the address names; else the first clause that has an undecided comment."""
    asked = request.args.get("clause", "")
    if kept is not None:
        asked = kept.clause.number if kept.clause else GENERAL
    by_number = {clause.number: clause for clause in clauses}
    waiting = next((clause for clause in clauses if counts.get(clause.id, (0, 0))[1]), None)
    first = waiting or next((clause for clause in clauses if clause.id in counts), None)
    clause = None if asked == GENERAL else by_number.get(asked, first)
    rows = queries.comments_on(session, round_id, clause.id) if clause else queries.general_comments(session, round_id)
    wanted = kept.id if kept is not None else request.args.get("comment", 0, type=int)
    current = next((one for one in rows if one.id == wanted), None)
    shown = rows if request.args.get("show") == "all" else [one for one in rows if one.disposition is None]
    if current is not None and current not in shown:
        shown = [current, *shown]
    return Place(clause, shown, current or (shown[0] if shown else None))


def here(round_id: int, clause: Clause | None, **more: Any) -> str:
    """The address of a clause in the matrix."""
    number = clause.number if clause else GENERAL
    return url_for(".matrix", round_id=round_id, clause=number, **more)


def following(session: Session, comment: Comment) -> str:
    """Where the next undecided comment is: on the same clause, on those after it, on those before; else here."""
    clauses = queries.clauses_of(session, queries.get_round(session, comment.round_id).document_id)
    counts = queries.by_clause(session, comment.round_id)
    at = next((place for place, one in enumerate(clauses) if one.id == comment.clause_id), 0)
    waiting = (one for one in [*clauses[at:], *clauses[:at]] if counts.get(one.id, (0, 0))[1])
    general = any(one.disposition is None for one in queries.general_comments(session, comment.round_id))
    if comment.clause is None and general:
        return here(comment.round_id, None, last=comment.id)
    there = next(waiting, None if general else comment.clause)
    return here(comment.round_id, there, last=comment.id)


def _exports(round_id: int) -> list[dict[str, str]]:
    return [{"word": _("Comments (XLSX)"), "url": url_for(".export", round_id=round_id)}]


def _parts(
    round_id: int, clauses: Sequence[Clause], counts: dict[int, tuple[int, int]], tally: queries.Tally, place: Place
) -> list[dict[str, Any]]:
    every = sum(count for count, _waiting in counts.values())
    waiting = sum(count for _all, count in counts.values())
    general = {
        "number": "–",
        "title": _("The whole draft"),
        "url": here(round_id, None),
        "comments": tally.all - tally.tray - every,
        "undecided": tally.undecided - tally.tray - waiting,
        "current": place.clause is None,
    }
    urdu = language() == "ur"
    parts = groupby(clauses, lambda one: (one.part, (one.part_title_ur if urdu else "") or one.part_title))
    return [
        {"heading": _("General"), "clauses": [general]},
        *(
            {
                "heading": f"{label}. {title}",
                "clauses": [_line(round_id, one, counts.get(one.id, (0, 0)), place) for one in members],
            }
            for (label, title), members in parts
        ),
    ]


def _line(round_id: int, clause: Clause, counted: tuple[int, int], place: Place) -> dict[str, Any]:
    return {
        "number": clause.number,
        "title": clause.titled(language()) or clause.worded(language())[:80],
        "url": here(round_id, clause),
        "comments": counted[0],
        "undecided": counted[1],
        "current": place.clause is not None and clause.id == place.clause.id,
    }


def _beside(round_id: int, clauses: Sequence[Clause], clause: Clause | None) -> dict[str, str | None]:
    at = next((n for n, one in enumerate(clauses) if clause is not None and one.id == clause.id), -1)
    later = clauses[at + 1] if at + 1 < len(clauses) else None
    return {
        "earlier_url": None if at < 0 else here(round_id, clauses[at - 1] if at else None),
        "later_url": here(round_id, later) if later else None,
    }


def _clause(consultation: ConsultationRound, clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    urdu = language() == "ur" and bool(clause.text_ur)
    title = (clause.part_title_ur if urdu else "") or clause.part_title
    return {
        "number": clause.number,
        "part_word": f"{clause.part}. {title}",
        "version_word": version_word(consultation.document),
        "text": clause.worded(language()),
        "language": "ur" if urdu else "en",
    }


def _show(round_id: int, place: Place) -> list[dict[str, Any]]:
    every = request.args.get("show") == "all"
    return [
        {"word": _("Undecided"), "url": here(round_id, place.clause), "current": not every},
        {"word": _("All"), "url": here(round_id, place.clause, show="all"), "current": every},
    ]


def tongue_of(text: str) -> str:
    """The language that a comment is set in: by its letters."""
    return "ur" if sum("\u0600" <= letter <= "\u06ff" for letter in text) * 2 > len(text.replace(" ", "")) else "en"


def _badge(comment: Comment) -> tuple[str, str]:
    if comment.disposition is None:
        return "undecided", _("Undecided")
    kind = "answered" if comment.disposition in (Disposition.ACCEPTED, Disposition.IN_PART) else "noted"
    return kind, worded(DISPOSITION_WORDS[comment.disposition])


def _comment(one: Comment, place: Place, round_id: int) -> dict[str, Any]:
    base = place.clause.worded(tongue_of(one.proposed)) if place.clause else ""
    decided = one.disposition is not None
    return {
        "id": one.id,
        "partner": one.organisation.named(language()),
        "kind_word": worded(TYPE_WORDS[one.type]),
        "badge": _badge(one),
        "url": here(round_id, place.clause, comment=one.id, **_shown()),
        "original_url": url_for(".answer", answer_id=one.answer_id, comment=one.id, _anchor=f"comment-{one.id}"),
        "original_word": _("original"),
        "text": one.text,
        "language": tongue_of(one.text),
        "proposed": _proposal(base, one.proposed) if one.proposed else None,
        "current": place.current is not None and one.id == place.current.id,
        "done": decided,
        "decision_word": worded(DISPOSITION_WORDS[one.disposition]) if one.disposition else None,
        "reason": one.disposition_reason or None,
        "same_point": None,
    }


def _proposal(base: str, proposed: str) -> list[Change]:
    """A proposed text against the clause; of a few words only, which stand for a part of it, just those words."""
    is_part = len(proposed) < PART * len(base)
    return [{"op": "same", "text": proposed}] if is_part else changes(base, proposed)


def _shown() -> dict[str, str]:
    return {"show": "all"} if request.args.get("show") == "all" else {}


def _decision(place: Place, round_id: int, form: DecisionForm | None) -> dict[str, Any] | None:
    comment = place.current
    if comment is None:
        return None
    typed = form if form is not None and form.is_submitted() else None
    office = comment.organisation.named("ur") if language() == "ur" else comment.organisation.short
    who = _("Decided by %(post)s, %(at)s", post=comment.decided_by, at=moment(comment.decided_at))
    return {
        "title": _("Decision: %(partner)s", partner=office),
        "url": url_for(".decide", round_id=round_id, comment_id=comment.id),
        "comment_id": comment.id,
        "version": typed.version.data if typed else comment.version,
        "value": typed.decision.data if typed else str(comment.disposition or ""),
        "reason": typed.reason.data if typed else comment.disposition_reason,
        "revised": typed.revised.data if typed else comment.revised_text,
        "duplicate_of": "",
        "choices": [_choice(one) for one in DISPOSITION_KEYS],
        "duplicates": [],
        "who_word": who if comment.disposition else _("Recorded under your post."),
        "errors": _errors(typed),
        "undo_url": _undo_url(round_id, comment),
    }


def _undo_url(round_id: int, comment: Comment) -> str | None:
    """Takes back this comment's decision, or the one that led here."""
    last = comment.id if comment.disposition else request.args.get("last", type=int)
    return url_for(".undo", round_id=round_id, comment_id=last) if last else None


def _errors(form: DecisionForm | None) -> dict[str, str]:
    if form is None:
        return {}
    own = {str(name): " ".join(str(one) for one in found) for name, found in form.errors.items() if name}
    return own | ({"reason": " ".join(form.form_errors)} if form.form_errors else {})


def _choice(one: Disposition) -> dict[str, str]:
    needs = "" if one is Disposition.ACCEPTED else "reason"
    return {"value": str(one), "key": DISPOSITION_KEYS[one], "word": worded(DISPOSITION_WORDS[one]), "needs": needs}


def _waiting(one: Comment, may: bool) -> dict[str, Any]:
    proposed = one.proposed_clauses if may else []
    return {
        "id": one.id,
        "partner": one.organisation.named(language()),
        "text": one.text,
        "language": tongue_of(one.text),
        "original_url": url_for(".answer", answer_id=one.answer_id, comment=one.id, _anchor=f"comment-{one.id}"),
        "place_url": url_for(".place", round_id=one.round_id, comment_id=one.id) if may else None,
        "places": [{"number": number, "word": _("Clause %(number)s", number=number)} for number in proposed],
    }
