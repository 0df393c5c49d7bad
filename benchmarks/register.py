"""A register of a given size, the same in every run: bulk rows, written table by table."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.past_rounds import ASKED, OPEN_ANSWERED, ROUNDS, consultations
from benchmarks.words import KINDS, places, titled
from benchmarks.writing import SEATS_EACH, SUBJECT, Writer, entry, places_of, seat_id
from crm.base import Base
from crm.db import WRITES
from crm.demo.loading import load_lists
from crm.domain.consultations.models import ConsultationRound, Document
from crm.domain.organisations.models import Engagement, EngagementParty, Organisation, OrganisationTheme, Seat
from crm.domain.organisations.rules import AddressState, CommunicationForm, Courtesy, EngagementKind
from crm.domain.settings.rules import TermKind
from crm.searching import rebuild_search
from crm.timeline.models import Direction, TimelineEntry, TimelinePlace
from crm.uow import UnitOfWork

ORGANISATIONS, ENTRIES = 2_000, 20_000
"""At 1x: partners, contacts of each, and entries of the timeline."""
LINES = 60
"""Entries of the partner whose page is measured, more than the 50 that the goal names."""
VERBS = ("engaged-call", "engaged-letter", "engaged-visit", "engaged-event")
WAYS = (Direction.FROM_US, Direction.FROM_THEM, Direction.MUTUAL, Direction.FROM_US)


@dataclass(frozen=True)
class Landmarks:
    """What the pages of a register are asked for."""

    partner_id: int
    round_id: int
    queries: tuple[str, ...]
    draft_rounds: tuple[int, ...]


def fill(engine: Engine, lists: UnitOfWork, now: datetime, times: int) -> None:
    """Write a register `times` as large as 1x into an empty database that has its tables."""
    load_lists(lists)
    lists.session.commit()
    with engine.connect() as opened:
        connection = opened.execution_options(**{WRITES: True})
        with connection.begin():
            write = Writer(connection, random.Random(7), now)
            _organisations(write, ORGANISATIONS * times)
            _engagements(
                write, ORGANISATIONS * times, ENTRIES * times - 2 * ROUNDS * times * ASKED + ASKED - OPEN_ANSWERED
            )
            consultations(write, ORGANISATIONS * times, ROUNDS * times)
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
    entries, told_at, rows, parties = [], [], [], []
    for number in range(1, count + 1):
        partner = 1 if number <= LINES else write.source.randrange(2, organisations + 1)
        at, verb, way = write.some_time(), write.source.choice(VERBS), write.source.choice(WAYS)
        title = f"Talk on referral of children, file {number}"
        kind = EngagementKind(verb.removeprefix("engaged-"))
        rows.append(SUBJECT | _engagement(number, kind, at, title))
        parties.append({"engagement_id": number, "organisation_id": partner})
        entries.append(entry(number, at, verb, way, "engagement", number, {"title": title, "title_ur": ""}))
        told_at += places_of(number, at, way, ("engagement", number), ("organisation", partner))
    write.rows(Engagement, rows)
    write.rows(EngagementParty, parties)
    write.rows(TimelineEntry, entries)
    write.rows(TimelinePlace, told_at)


def _engagement(number: int, kind: EngagementKind, at: datetime, title: str) -> dict[str, Any]:
    return {"id": number, "kind": kind, "at": at, "title": title, "title_ur": "", "note": "", "is_sample": True}


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
