"""`crm check` finds what dangles, and says nothing where everything is in order."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from crm.audit import service as audit
from crm.base import Subject
from crm.checking import check, kinds
from crm.domain.asks.queries import asks_about
from crm.domain.organisations.service import index_organisation
from crm.files.models import ScanState
from crm.files.service import StoredFile, attach
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.ports import BlobStore
from crm.search import service as search
from crm.searching import rebuild_search
from crm.timeline import service as timeline
from tests.support.builders import LINKS, a_round, a_seat
from tests.support.fakes import MemoryBlobs
from tests.support.letters import a_reply
from tests.support.rooms import Rooms, furnished

pytestmark = pytest.mark.slow


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    """A round that was sent and answered by mail, sealed and indexed: everything in order."""
    rooms = furnished(engine)
    with rooms.unit() as uow:
        consultation = a_round(uow, [a_seat(uow, "sparc", name="Society for the Protection of the Child")])
        ask = asks_about(uow.session, consultation.subject)[0]
        to, sender = LINKS.reply_address(ask), ask.seat.address
    rooms.post(a_reply(sender, to, "Clause 7: say when arrest is permitted.\n"), to)
    with rooms.unit() as uow:
        rebuild_search(uow)
        audit.seal(uow.session, uow.system)
    return rooms


def faults(rooms: Rooms) -> list[str]:
    return [str(one) for one in check(rooms.engine, rooms.ports)]


def do(rooms: Rooms, *statements: str) -> None:
    """Damage, as no service would do it."""
    with rooms.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_house_in_order_has_no_faults(rooms: Rooms) -> None:
    assert faults(rooms) == []


def test_every_kind_of_record_is_known() -> None:
    assert {"organisation", "seat", "ask", "answer", "meeting", "round", "document", "mail", "user"} <= set(kinds())


def test_a_story_of_a_record_that_is_gone_dangles(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        timeline.record(uow.session, uow.now, "Officer", Subject("meeting", 404), "meeting-planned")
    assert faults(rooms) == [
        "timeline_entry names a record that is not there: meeting 404.",
        "timeline_place names a record that is not there: meeting 404.",
    ]


def test_a_kind_that_no_table_has_is_told(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        timeline.record(uow.session, uow.now, "Officer", Subject("dragon", 1), "seen")
    assert "timeline_entry names a kind of record that there is not: dragon." in faults(rooms)


def test_a_mail_filed_under_a_request_that_is_gone_dangles(rooms: Rooms) -> None:
    do(rooms, "UPDATE inbound_mail SET ask_id = 404")
    assert faults(rooms) == ["inbound_mail names a record that is not there: ask 404."]


def test_a_file_whose_bytes_are_lost_is_told(rooms: Rooms) -> None:
    blobs = rooms.ports.blobs
    with rooms.unit() as uow:
        name = blobs.put(b"our views")
        ask_id = uow.session.scalar(text("SELECT min(id) FROM ask"))
        attach(
            uow.session, Subject("ask", ask_id), [StoredFile(name, 9, "v.txt", "text/plain", ScanState.CLEAN)], uow.now
        )
        audit.seal(uow.session, uow.system)
    assert faults(rooms) == []
    _in_memory(blobs).content.pop(name)
    assert faults(rooms) == [f"Files are not in the store: {name}. Restore them from a backup."]


def _in_memory(blobs: BlobStore) -> MemoryBlobs:
    assert isinstance(blobs, MemoryBlobs)
    return blobs


def test_the_original_of_a_mail_that_is_lost_is_told(rooms: Rooms) -> None:
    _in_memory(rooms.ports.blobs).content.clear()
    assert faults(rooms)[0].startswith("The originals of mails are not in the store: mail ")


def test_the_quarantine_and_the_register_must_agree(rooms: Rooms) -> None:
    name = rooms.quarantine.keep(b"From: a@b.example\r\n\r\nkept just before a crash")
    assert faults(rooms)[0].startswith(f"The quarantine holds what the register does not know: {name}.")
    rooms.quarantine.destroy(name)
    do(rooms, "UPDATE inbound_mail SET quarantined_as = 'kept-404'")
    assert faults(rooms) == ["What the register holds is not in the quarantine: kept-404."]


def test_an_entry_of_the_trail_that_was_edited_deleted_or_given_other_values_is_told(rooms: Rooms) -> None:
    do(rooms, 'UPDATE audit_value SET changes = \'{"name": [null, "another"]}\' WHERE entry_id = 2')
    assert faults(rooms) == ["Entries of the audit trail were altered: 2."]
    do(rooms, "DELETE FROM audit_value WHERE entry_id = 2")
    assert faults(rooms) == [], "erasure may empty the values; the digest stays"
    do(rooms, "DELETE FROM audit_entry WHERE id = 2")
    assert faults(rooms) == ["The audit trail was changed: seal 1 no longer fits its entries."]


def test_mail_that_ought_to_have_left_is_told_and_mail_that_is_put_off_is_not(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        message = uow.session.query(OutboxMessage).first()
        assert message is not None
        uow.session.query(OutboxMessage).update({"status": Status.ACCEPTED})
        message.status, message.due_at = Status.QUEUED, uow.now - timedelta(minutes=50)
        number = message.id
    assert faults(rooms) == []
    rooms.clock.advance(timedelta(minutes=20))
    assert faults(rooms) == [f"1 mail ought to have left an hour ago: {number}. Is the worker running?"]
    with rooms.unit() as uow:
        uow.session.get_one(OutboxMessage, number).retry_at = uow.system + timedelta(minutes=30)
    assert faults(rooms) == []
    with rooms.unit() as uow:
        message = uow.session.get_one(OutboxMessage, number)
        message.status, message.leased_until = Status.SENDING, uow.system - timedelta(hours=2)
    assert faults(rooms) == [f"1 mail ought to have left an hour ago: {number}. Is the worker running?"]


def test_the_index_is_compared_with_the_register_and_rebuilt(rooms: Rooms) -> None:
    do(
        rooms,
        "UPDATE organisation SET name = 'Society for Children' WHERE code = 'sparc'",
        "DELETE FROM search_entry WHERE subject_kind = 'answer'",
    )
    with rooms.unit() as uow:
        search.index(uow.session, Subject("meeting", 404), "A meeting that is gone")
    told = " ".join(faults(rooms))
    for words in (
        "does not find 1 record (answer:",
        "finds 1 record that is gone",
        "1 record by old words (organisation:",
    ):
        assert words in told
    with rooms.unit() as uow:
        assert rebuild_search(uow) >= 4
    assert faults(rooms) == []
    with rooms.reading() as session:
        assert [found.subject.kind for found in search.find(session, "Society for Children")][:1] == ["organisation"]


def test_what_a_service_indexes_is_what_a_rebuild_would(rooms: Rooms) -> None:
    with rooms.unit() as uow:
        index_organisation(uow, a_seat(uow, "nadra", name="NADRA", name_ur="نادرا").organisation)
        audit.seal(uow.session, uow.system)
    assert faults(rooms) == []


def test_words_of_the_index_that_do_not_fit_its_rows_are_told(rooms: Rooms) -> None:
    if rooms.engine.dialect.name == "sqlite":
        do(rooms, "INSERT INTO search_words(search_words) VALUES ('delete-all')")
        assert faults(rooms) == ["The words of the search index do not fit its rows. Run `crm search rebuild`."]
        with rooms.unit() as uow:
            rebuild_search(uow)
    assert faults(rooms) == []


def test_a_check_leaves_no_lock_behind(rooms: Rooms) -> None:
    assert faults(rooms) == []
    rooms.set_day(date(2026, 12, 1))
    with rooms.unit() as uow:
        a_seat(uow)
