"""The audit trail as it is read."""

from sqlalchemy import update

from crm.audit.models import AuditEntry
from crm.audit.service import seal
from crm.base import Base
from crm.blueprints.audit.names import TABLES
from crm.domain.accounts.rules import Role
from crm.domain.organisations.service import learn_address
from tests.support.builders import a_seat
from tests.support.fakes import NOON
from tests.support.web import Web


def test_who_changed_what_is_shown_with_both_values(web: Web) -> None:
    with web.arrange() as uow:
        seat_id = a_seat(uow, address="old@org.example").id
    web.as_role().post(f"/partners/posts/{seat_id}", {"address": "new@org.example"})
    page = web.as_role(Role.AUDITOR).get("/audit").text
    assert "<del>old@org.example</del> <ins>new@org.example</ins>" in page
    assert "Post officer" in page


def test_a_secret_is_never_shown(web: Web) -> None:
    web.as_role()
    page = web.as_role(Role.ADMINISTRATOR).get("/audit").text
    assert "password_hash" in page
    assert ">unused<" not in page


def test_a_broken_chain_is_said_at_once(web: Web) -> None:
    with web.arrange() as uow:
        a_seat(uow)
    with web.arrange() as uow:
        seal(uow.session, NOON)
    auditor = web.as_role(Role.AUDITOR)
    assert "The chain holds" in auditor.get("/audit").text
    with web.arrange() as uow:
        uow.session.execute(update(AuditEntry).where(AuditEntry.id == 1).values(digest="forged"))
    assert "The chain is broken" in auditor.get("/audit").text


def test_the_trail_pages_back(web: Web) -> None:
    with web.arrange() as uow:
        for _ in range(40):
            a_seat(uow)
    page = web.as_role(Role.AUDITOR).get("/audit").text
    assert 'rel="next" href="/audit?before=' in page


def test_fields_and_tables_stand_under_peoples_words_with_their_own_names_beside(web: Web) -> None:
    with web.arrange() as uow:
        a_seat(uow, address="old@org.example")
    page = web.as_role(Role.AUDITOR).get("/audit").text
    assert '<span title="seat">Post 1</span>' in page
    assert '<bdi title="is_focal">Focal post</bdi>: ' in page
    urdu = web.as_role(Role.AUDITOR, "ur").get("/audit").text
    assert '<bdi title="is_focal">Focal post</bdi>' not in urdu


def test_every_audited_table_has_a_word() -> None:
    audited = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if mapper.class_.__audited__}
    assert audited <= set(TABLES)


def test_a_moment_is_shown_as_it_is_read(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        learn_address(uow, seat, "secretary@org.example")
    page = web.as_role(Role.AUDITOR).get("/audit").text
    assert '<bdi title="learnt_at">Learnt</bdi>:  <ins>Tue 24 Nov 2026, 12:00 pm PKT</ins>' in page
