"""What the nightly jobs drop: drafts that nobody will send, and bytes that nothing names any more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from crm.domain.asks import service as asks
from crm.domain.asks.models import AnswerDraft, Ask
from crm.domain.asks.rules import AskState
from crm.jobs import upkeep
from tests.support.builders import a_round, a_seat
from tests.support.fakes import MemoryArrivals, MemoryBlobs, MemoryQuarantine
from tests.support.web import Web, a_web


@pytest.fixture
def web(database: URL, tmp_path: Path) -> Iterator[Web]:
    """One request, whose partner saved two files with a draft: one read by the machine, one not."""
    with a_web(database, tmp_path) as web:
        read, unread = web.ports.blobs.put(b"views"), web.ports.quarantine.keep(b"\xff\xd8 scan")
        files = [{"sha256": read, "quarantined_as": None}, {"sha256": "b" * 64, "quarantined_as": unread}]
        with web.arrange() as uow:
            a_round(uow, [a_seat(uow, "sparc")])
            asks.save_draft(uow, uow.session.get_one(Ask, 1), {"text": "Not sent", "files": files})
        yield web


def sweep(web: Web) -> None:
    with web.app.app_context():
        upkeep.sweep()
        upkeep.sweep_files()


def stores(web: Web) -> tuple[MemoryBlobs, MemoryQuarantine]:
    blobs, quarantine = web.ports.blobs, web.ports.quarantine
    assert isinstance(blobs, MemoryBlobs)
    assert isinstance(quarantine, MemoryQuarantine)
    return blobs, quarantine


def has_draft(web: Web) -> bool:
    with web.arrange() as uow:
        return uow.session.scalars(select(AnswerDraft)).one_or_none() is not None


def test_a_draft_to_an_open_request_keeps_its_files_for_half_a_year(web: Web) -> None:
    blobs, quarantine = stores(web)
    web.clock.advance(timedelta(days=179))
    sweep(web)
    assert has_draft(web)
    assert (len(blobs.content), len(quarantine.content)) == (1, 1)
    web.clock.advance(timedelta(days=2))
    sweep(web)
    assert not has_draft(web)
    assert [*blobs.content, *quarantine.content] == []


def test_a_draft_to_a_request_that_was_answered_goes_after_a_fortnight_with_its_files(web: Web) -> None:
    with web.arrange() as uow:
        uow.session.get_one(Ask, 1).state = AskState.ANSWERED
    web.clock.advance(timedelta(days=13))
    sweep(web)
    assert has_draft(web), "a partner who revises an answer may be away for a week"
    web.clock.advance(timedelta(days=2))
    sweep(web)
    assert not has_draft(web)
    blobs, quarantine = stores(web)
    assert [*blobs.content, *quarantine.content] == []


def test_bytes_that_are_still_on_their_way_and_mails_that_wait_to_be_taken_in_stay(web: Web) -> None:
    blobs, quarantine = stores(web)
    blobs.fresh.add(blobs.put(b"just uploaded"))
    quarantine.fresh.add(quarantine.keep(b"just uploaded, unread"))
    kept = quarantine.keep(b"From: a@b.example\r\n\r\nKept just before a crash.")
    stray = quarantine.keep(b"nobody's")
    sweep(web)
    assert len(blobs.content) == 2
    assert kept in quarantine.content
    assert stray not in quarantine.content
    assert len(quarantine.content) == 3


def test_what_was_half_sent_and_left_is_destroyed_and_what_is_still_sent_stays(web: Web) -> None:
    arrivals = web.ports.arrivals
    assert isinstance(arrivals, MemoryArrivals)
    for name in ("a" * 64, "b" * 64):
        arrivals.append(1, name, 0, b"half of it")
    arrivals.old.add((1, "a" * 64))
    sweep(web)
    assert arrivals.names(1) == ("b" * 64,)
