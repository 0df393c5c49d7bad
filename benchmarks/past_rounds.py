"""Consultations of a register: all closed and decided but the last, which is open."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from benchmarks.writing import SUBJECT, Writer, entry, mailbox, places_of, seat_id
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import USUAL_LADDER, AnswerKind, AskKind, AskState, Channel, Side, freeze_ladder
from crm.domain.consultations.models import Clause, Comment, ConsultationRound, Document
from crm.domain.consultations.rules import CommentPlace, Disposition, RoundState
from crm.mail.letter import LetterKind
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace

ROUNDS, ASKED = 10, 200
OPEN_ANSWERED = 80


def consultations(write: Writer, organisations: int, rounds: int) -> None:
    """Rounds that asked 200 partners each: all closed and decided but the last, which is open with 80 answers."""
    write.rows(Document, (_document(one) for one in range(1, rounds + 2)))
    write.rows(Clause, (_clause(one, place) for one in range(1, rounds + 2) for place in range(1, 45)))
    write.rows(ConsultationRound, (_round(write, one, rounds) for one in range(1, rounds + 1)))
    first = write.connection.scalar(text("SELECT coalesce(max(id), 0) FROM timeline_entry")) or 0
    asks: list[dict[str, Any]] = []
    for one in range(1, rounds + 1):
        asked = write.source.sample(range(2, organisations + 1), ASKED)
        asks += [_ask(write, one, rounds, len(asks) + place + 1, who, place) for place, who in enumerate(asked)]
    write.rows(Ask, asks)
    write.rows(OutboxMessage, map(_mail, asks))
    answered = [ask for ask in asks if ask["answered_at"] is not None]
    write.rows(AskAnswer, (_answer(ask, number) for number, ask in enumerate(answered, 1)))
    write.rows(Comment, (_comment(ask, number, rounds) for number, ask in enumerate(answered, 1)))
    told = [(ask, "asked-consultation", Direction.FROM_US, ask["asked_at"]) for ask in asks]
    told += [(ask, "answered-comments", Direction.FROM_THEM, ask["answered_at"]) for ask in answered]
    _tell(write, told, first)


def _tell(write: Writer, told: list[tuple[dict[str, Any], str, Direction, datetime]], first: int) -> None:
    entries, told_at = [], []
    for number, (ask, verb, way, at) in enumerate(told, first + 1):
        data = {"title": ask["title"], "title_ur": ask["title_ur"], "number": ask["number"]}
        entries.append(entry(number, at, verb, way, "ask", ask["id"], data))
        here = ("organisation", ask["organisation_id"])
        told_at += places_of(number, at, way, ("ask", ask["id"]), ("round", ask["subject_id"]), here)
    write.rows(TimelineEntry, entries)
    write.rows(TimelinePlace, told_at)


def _document(number: int) -> dict[str, Any]:
    return SUBJECT | {
        "id": number,
        "code": f"JJCPU/SOP/{number}",
        "title": f"Standard operating procedure {number} on first contact with children",
        "title_ur": f"بچوں سے پہلے رابطے کا ضابطہ {number}",
        "text_version": "0.1",
        "classification": "OFFICIAL",
        "note": "",
    }


def _clause(document_id: int, place: int) -> dict[str, Any]:
    text_of = f"Clause {place}: the officer informs the parent or guardian without delay and writes down the time."
    shown = {"number": str(place), "part": "A", "part_title": "First contact", "part_title_ur": "پہلا رابطہ"}
    return shown | {
        "id": (document_id - 1) * 44 + place,
        "document_id": document_id,
        "place": place,
        "title": f"Duty {place}",
        "title_ur": "",
        "text": text_of,
        "text_ur": "",
    }


def _round(write: Writer, number: int, rounds: int) -> dict[str, Any]:
    is_open = number == rounds
    due = _due(write.now, number, rounds)
    return SUBJECT | {
        "id": number,
        "document_id": number,
        "number": 1,
        "state": RoundState.ROUND_OPEN if is_open else RoundState.ROUND_CLOSED,
        "opens_on": due - timedelta(days=21),
        "due_on": due,
        "closed_at": None if is_open else write.now - timedelta(days=1),
        "ladder": freeze_ladder(USUAL_LADDER),
        "courts_wait": True,
        "reached": {},
        "workshop_id": None,
    }


def _due(now: datetime, number: int, rounds: int) -> date:
    """The open round is due in a week; the others were, one after the other."""
    return now.date() + timedelta(days=7) if number == rounds else now.date() - timedelta(days=30 + number)


def _ask(write: Writer, round_id: int, rounds: int, number: int, partner: int, place: int) -> dict[str, Any]:
    is_open = round_id == rounds and place >= OPEN_ANSWERED
    due = _due(write.now, round_id, rounds)
    asked_at = write.now - (write.now.date() - due) - timedelta(days=21)
    answered_at = None if is_open else min(asked_at + timedelta(hours=5 + place), write.now)
    return SUBJECT | {
        "id": number,
        "kind": AskKind.CONSULTATION,
        "side": Side.OURS,
        "subject_kind": "round",
        "subject_id": round_id,
        "organisation_id": partner,
        "seat_id": seat_id(partner),
        "number": f"R20-{number:06d}",
        "reference": f"NPB/JJCPU/{number}",
        "title": f"Standard operating procedure {round_id} on first contact with children",
        "title_ur": f"بچوں سے پہلے رابطے کا ضابطہ {round_id}",
        "asked_at": asked_at,
        "due_on": due,
        "edition": 1,
        "state": AskState.OPEN if is_open else AskState.ANSWERED,
        "ladder": freeze_ladder(USUAL_LADDER),
        "nonce": f"{number:032x}",
        "paused_at": None,
        "paused_because": "",
        "answered_at": answered_at,
    }


def _mail(ask: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": ask["id"],
        "key": f"ask:{ask['id']}:request",
        "kind": LetterKind.REQUEST,
        "status": Status.ACCEPTED,
        "about_kind": "ask",
        "about_id": ask["id"],
        "seat_id": ask["seat_id"],
        "step": "request",
        "to_address": mailbox(ask["organisation_id"]),
        "to_name": "The post",
        "language": "en",
        "subject_line": f"Views on {ask['title']}",
        "message_id": f"<ask.{ask['id']}.bench@npb.example>",
        "nonce": f"{ask['id']:024x}",
        "envelope_from": "",
        "posted_at": ask["asked_at"],
        "due_at": ask["asked_at"],
        "tries": 1,
        "concluded_at": ask["asked_at"],
        "code": 250,
        "words": "2.0.0 Ok",
        "letter": {},
    }


def _answer(ask: dict[str, Any], number: int) -> dict[str, Any]:
    return SUBJECT | {
        "id": number,
        "key": f"bench:{number}",
        "ask_id": ask["id"],
        "kind": AnswerKind.COMMENTS,
        "channel": Channel.MAIL,
        "at": ask["answered_at"],
        "from_address": mailbox(ask["organisation_id"]),
        "is_verified": True,
        "is_late": False,
        "receipt": f"2020/{number:06d}",
        "text": f"Clause {number % 44 + 1}: kindly name the officer who informs the guardian.",
        "values": {},
        "mail_id": None,
        "entered_by": "",
    }


def _comment(ask: dict[str, Any], number: int, rounds: int) -> dict[str, Any]:
    decided = ask["subject_id"] != rounds
    return SUBJECT | {
        "id": number,
        "round_id": ask["subject_id"],
        "answer_id": number,
        "organisation_id": ask["organisation_id"],
        "place": CommentPlace.CLAUSE,
        "clause_id": (ask["subject_id"] - 1) * 44 + number % 44 + 1,
        "proposed_clauses": [],
        "type": "general",
        "text": "Kindly name the officer who informs the guardian.",
        "proposed": "",
        "reason": "",
        "confidence": 1.0,
        "source": {},
        "disposition": Disposition.ACCEPTED if decided else None,
        "disposition_reason": "",
        "revised_text": "",
        "decided_by": "Liaison Officer" if decided else "",
        "decided_at": ask["answered_at"] if decided else None,
    }
