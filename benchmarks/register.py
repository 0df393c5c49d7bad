"""A register of a given size, the same in every run: bulk rows, written table by table."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.words import KINDS, places, titled
from crm.base import Base, Grade
from crm.db import WRITES
from crm.demo.loading import load_lists
from crm.domain.asks.models import Ask, AskAnswer
from crm.domain.asks.rules import USUAL_LADDER, AnswerKind, AskKind, AskState, Channel, Side, freeze_ladder
from crm.domain.consultations.models import Clause, Comment, ConsultationRound, Document
from crm.domain.consultations.rules import CommentPlace, Disposition, RoundState
from crm.domain.organisations.models import Engagement, EngagementParty, Organisation, OrganisationTheme, Seat
from crm.domain.organisations.rules import AddressState, CommunicationForm, Courtesy, EngagementKind
from crm.domain.settings.models import Term
from crm.domain.settings.rules import TermKind
from crm.mail.letter import LetterKind
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.searching import rebuild_search
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace
from crm.uow import UnitOfWork

ORGANISATIONS, SEATS_EACH, ENTRIES = 2_000, 5, 20_000
"""At 1x: partners, contacts of each, and entries of the timeline."""
ROUNDS, ASKED = 10, 200
LINES = 60
"""Entries of the partner whose page is measured, more than the 50 that the goal names."""
CHUNK = 5_000
SUBJECT = {"version": 1, "unit_id": 1, "grade": Grade.OFFICIAL}
VERBS = ("engaged-call", "engaged-letter", "engaged-visit", "engaged-event")
WAYS = (Direction.FROM_US, Direction.FROM_THEM, Direction.MUTUAL, Direction.FROM_US)


@dataclass(frozen=True)
class Landmarks:
    """What the pages of a register are asked for."""

    partner_id: int
    round_id: int
    queries: tuple[str, ...]
    draft_rounds: tuple[int, ...]


@dataclass
class Writer:
    """Writes rows of one register. `now` is the moment that everything is dated back from."""

    connection: Connection
    source: random.Random
    now: datetime

    def rows(self, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        """Insert in chunks."""
        wanted, waiting = insert(Base.metadata.tables[table.__tablename__]), iter(rows)
        while chunk := list(islice(waiting, CHUNK)):
            self.connection.execute(wanted, chunk)

    def codes(self, kind: TermKind) -> list[str]:
        """The codes of one list of the taxonomy."""
        return list(self.connection.scalars(select(Term.code).where(Term.kind == kind).order_by(Term.id)))

    def some_time(self, days: int = 900) -> datetime:
        """A moment in the past."""
        return self.now - timedelta(minutes=self.source.randrange(1, days * 1440))


def fill(engine: Engine, lists: UnitOfWork, now: datetime, times: int) -> None:
    """Write a register `times` as large as 1x into an empty database that has its tables."""
    load_lists(lists)
    lists.session.commit()
    with engine.connect() as opened:
        connection = opened.execution_options(**{WRITES: True})
        with connection.begin():
            write = Writer(connection, random.Random(7), now)
            _organisations(write, ORGANISATIONS * times)
            _engagements(write, ORGANISATIONS * times, ENTRIES * times - 2 * ROUNDS * times * ASKED)
            _consultations(write, ORGANISATIONS * times, ROUNDS * times)
        _catch_up(connection)


def finish(uow: UnitOfWork) -> None:
    """Write the index of what was filled in."""
    rebuild_search(uow)


def _catch_up(connection: Connection) -> None:
    """PostgreSQL: numbers go on after ours, and the planner knows the tables, as its own vacuum would see to."""
    if connection.dialect.name != "postgresql":
        return
    with connection.begin():
        for table in Base.metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement:
                highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
                name = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(text(f"SELECT setval({name}, {highest}, false) WHERE {name} IS NOT NULL"))
    driver = connection.connection.driver_connection
    driver.autocommit = True  # type: ignore[union-attr]
    driver.execute("VACUUM ANALYZE")  # type: ignore[union-attr]
    driver.autocommit = False  # type: ignore[union-attr]


def _organisations(write: Writer, count: int) -> None:
    types = [code for code in write.codes(TermKind.ORGANISATION_TYPE) if code != "host"]
    provinces, themes, towns = write.codes(TermKind.JURISDICTION), write.codes(TermKind.THEME), places()
    write.rows(Organisation, (_organisation(write, one, types, provinces, towns) for one in range(1, count + 1)))
    write.rows(OrganisationTheme, _themes(write, count, themes))
    write.rows(Seat, (_seat(write, one, place) for one in range(1, count + 1) for place in range(SEATS_EACH)))


def _organisation(
    write: Writer, number: int, types: list[str], provinces: list[str], towns: list[str]
) -> dict[str, Any]:
    town, (kind, kind_ur) = write.source.choice(towns), write.source.choice(KINDS)
    return SUBJECT | {
        "id": number,
        "code": f"org-{number}",
        "name": f"{kind} {town} {number % 97}",
        "name_ur": f"{kind_ur} {number % 97}",
        "acronym": "".join(word[0] for word in kind.split() if word[0].isupper()) + f"-{town[:3].upper()}",
        "type": write.source.choice(types),
        "level": "",
        "province": write.source.choice(provinces),
        "city": town,
        "city_ur": "",
        "website": f"https://org-{number}.example",
        "courtesy": write.source.choice(list(Courtesy)),
        "form": CommunicationForm.LETTER,
        "parent_id": None,
        "tags": [],
        "do_not_contact": "",
    }


def _themes(write: Writer, count: int, themes: list[str]) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        for theme in write.source.sample(themes, 2):
            yield {"organisation_id": number, "theme": theme}


def seat_id(organisation_id: int) -> int:
    """The focal post of a partner."""
    return (organisation_id - 1) * SEATS_EACH + 1


def mailbox(organisation_id: int) -> str:
    """The address of a partner's focal post."""
    return f"post-0@org-{organisation_id}.example"


def _seat(write: Writer, organisation_id: int, place: int) -> dict[str, Any]:
    title, title_ur = titled(write.source)
    return SUBJECT | {
        "id": seat_id(organisation_id) + place,
        "organisation_id": organisation_id,
        "title": title,
        "title_ur": title_ur,
        "address": f"post-{place}@org-{organisation_id}.example",
        "address_state": AddressState.GOOD,
        "language": "ur" if organisation_id % 4 == 0 else "en",
        "is_focal": place == 0,
        "through": "",
        "copy_to": [],
    }


def _engagements(write: Writer, organisations: int, count: int) -> None:
    """Calls, letters, visits and events; the first partner has LINES of them."""
    entries, places_of, rows, parties = [], [], [], []
    for number in range(1, count + 1):
        partner = 1 if number <= LINES else write.source.randrange(2, organisations + 1)
        at, verb, way = write.some_time(), write.source.choice(VERBS), write.source.choice(WAYS)
        title = f"Talk on referral of children, file {number}"
        kind = EngagementKind(verb.removeprefix("engaged-"))
        rows.append(SUBJECT | _engagement(number, kind, at, title))
        parties.append({"engagement_id": number, "organisation_id": partner})
        entries.append(_entry(number, at, verb, way, "engagement", number, {"title": title, "title_ur": ""}))
        places_of += _places(number, at, way, ("engagement", number), ("organisation", partner))
    write.rows(Engagement, rows)
    write.rows(EngagementParty, parties)
    write.rows(TimelineEntry, entries)
    write.rows(TimelinePlace, places_of)


def _engagement(number: int, kind: EngagementKind, at: datetime, title: str) -> dict[str, Any]:
    return {"id": number, "kind": kind, "at": at, "title": title, "title_ur": "", "note": "", "is_sample": True}


def _entry(
    number: int, at: datetime, verb: str, way: Direction, kind: str, subject_id: int, data: dict[str, Any]
) -> dict[str, Any]:
    about = {"subject_kind": kind, "subject_id": subject_id, "actor": "Liaison Officer", "unit_id": 1}
    return about | {
        "id": number, "at": at, "verb": verb, "direction": way, "data": data, "grade": Grade.OFFICIAL,
    }  # fmt: skip


def _places(entry_id: int, at: datetime, way: Direction, *told: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"entry_id": entry_id, "kind": kind, "number": one, "at": at, "direction": way} for kind, one in told]


def _consultations(write: Writer, organisations: int, rounds: int) -> None:
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
    entries, places_of = [], []
    for number, (ask, verb, way, at) in enumerate(told, first + 1):
        data = {"title": ask["title"], "title_ur": ask["title_ur"], "number": ask["number"]}
        entries.append(_entry(number, at, verb, way, "ask", ask["id"], data))
        here = ("organisation", ask["organisation_id"])
        places_of += _places(number, at, way, ("ask", ask["id"]), ("round", ask["subject_id"]), here)
    write.rows(TimelineEntry, entries)
    write.rows(TimelinePlace, places_of)


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
    is_open = round_id == rounds and place >= 80
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


def landmarks(session: Session, drafts: int = 6) -> Landmarks:
    """What to ask the pages for; makes `drafts` rounds that nobody was asked about yet, on the last document."""
    document_id = session.scalars(select(Document.id).order_by(Document.id.desc())).first() or 0
    round_id = session.scalars(select(ConsultationRound.id).order_by(ConsultationRound.id.desc())).first() or 0
    fresh = [ConsultationRound(document_id=document_id, number=number) for number in range(1, drafts + 1)]
    session.add_all(fresh)
    session.commit()
    names = session.scalars(select(Organisation.name).where(Organisation.id.in_(range(11, 400, 20)))).all()
    spoilt = tuple(name.replace("er", "re", 1) for name in names[:4])
    return Landmarks(1, round_id, (*names, *spoilt), tuple(one.id for one in fresh))
