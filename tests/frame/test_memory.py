"""What is remembered between pages is never older than the trail."""

from datetime import timedelta

from crm.blueprints.door import reader
from crm.blueprints.memory import KEPT, remembered
from crm.domain.organisations.models import Organisation
from crm.domain.organisations.queries import count_partners
from crm.domain.organisations.service import add_organisation
from crm.uow import UnitOfWork
from tests.support.web import Web


def counted(web: Web) -> int:
    """How many partners a page would say, in a request of its own."""
    with web.app.test_request_context("/"):
        return remembered(reader(), "partners", lambda: count_partners(reader()))


def a_partner(uow: UnitOfWork, name: str) -> Organisation:
    return add_organisation(uow, (), code=name.lower(), name=name, type="ngo")


def test_what_nobody_changed_is_read_once(web: Web) -> None:
    counted(web)
    with web.counting() as statements:
        counted(web)
    assert [one for one in statements if "count(" in one] == []


def test_every_change_is_seen_by_the_next_page(web: Web) -> None:
    before = counted(web)
    with web.arrange() as uow:
        a_partner(uow, "A partner")
    assert counted(web) == before + 1


def test_a_change_that_was_undone_is_never_remembered(web: Web) -> None:
    before = counted(web)

    class Undone(Exception):
        pass

    try:
        with web.arrange() as uow, web.app.test_request_context("/"):
            a_partner(uow, "Not to be")
            seen = remembered(uow.session, "partners", lambda: count_partners(uow.session))
            assert seen == before + 1
            raise Undone
    except Undone:
        pass
    assert counted(web) == before


def test_nothing_is_remembered_for_long_even_when_the_trail_stands_still(web: Web) -> None:
    counted(web)
    web.clock.advance(KEPT + timedelta(seconds=1))
    with web.counting() as statements:
        counted(web)
    assert [one for one in statements if "count(" in one] != []
