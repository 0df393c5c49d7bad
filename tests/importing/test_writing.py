"""A plan is written whole and once; the story tells what stood there before."""

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.domain.organisations.models import Organisation, OrganisationTheme, Seat
from crm.domain.organisations.rules import AddressState
from crm.errors import NotAllowed, RuleBroken
from crm.importing.plan import Counts, ImportPlan
from crm.importing.writing import write_plan
from crm.runtime import SETTER_UP, a_unit
from crm.search.service import find
from crm.timeline.service import story_of
from crm.uow import Actor
from tests.importing.lists import SAHIL, Desk
from tests.support.builders import LINKS

HEADINGS = ("Code", "Name", "Type", "City", "Email", "Post", "Themes", "Parent")
CHILD = ("sahil", "Sahil", "ngo", "Islamabad", "focal@sahil.example", "Director", "Diversion", "moi")
PARENT = ("moi", "Ministry of Interior", "federal_ministry", "Islamabad", "so@moi.example", "", "", "")


class Interrupted(Exception):
    """The power went."""


def test_everything_of_a_row_arrives_with_audit_story_and_search(desk: Desk) -> None:
    assert desk.take(CHILD, PARENT, headings=HEADINGS) == Counts(2, 2, 0, 0, 0)
    with Session(desk.engine) as session:
        sahil, moi = (session.scalars(select(Organisation).filter_by(code=code)).one() for code in ("sahil", "moi"))
        seats = {seat.organisation_id: seat for seat in session.scalars(select(Seat))}
        assert (sahil.parent_id, sahil.city, [one.theme for one in sahil.themes]) == (
            moi.id,
            "Islamabad",
            ["diversion"],
        )
        assert (seats[sahil.id].title, seats[sahil.id].address) == ("Director", "focal@sahil.example")
        assert (seats[moi.id].title, seats[moi.id].is_focal) == ("Focal person", True)
        assert [hit.subject for hit in find(session, "sahil")] == [sahil.subject]
        entry = story_of(session, sahil.subject)[0]
        assert (entry.verb, entry.data) == ("imported", {"file": "list.csv", "row": 2, "before": None})
        inserted = session.scalars(select(AuditEntry.table_name).where(AuditEntry.action == "insert")).all()
        assert [inserted.count(name) for name in ("organisation", "organisation_theme", "seat")] == [2, 1, 2]


def test_a_change_keeps_what_stood_there_and_a_new_mailbox_counts_as_good(desk: Desk) -> None:
    desk.take(CHILD, PARENT, headings=HEADINGS)
    with a_unit(desk.engine, desk.ports, LINKS, SETTER_UP) as uow:
        uow.session.scalars(
            select(Seat).filter_by(address="focal@sahil.example")
        ).one().address_state = AddressState.BOUNCED
    changed = ("sahil", "Sahil Trust", "ngo", "Lahore", "new@sahil.example", "Secretary", "Legal aid", "")
    assert desk.take(changed, headings=HEADINGS) == Counts(1, 0, 1, 0, 0)
    with Session(desk.engine) as session:
        row = session.scalars(select(Organisation).filter_by(code="sahil")).one()
        seat = session.scalars(select(Seat).filter_by(organisation_id=row.id)).one()
        assert (row.name, row.city, row.parent_id is None) == ("Sahil Trust", "Lahore", False)
        assert {one.theme for one in row.themes} == {"diversion", "legal-aid"}
        assert (seat.address, seat.title, seat.address_state) == ("new@sahil.example", "Secretary", AddressState.GOOD)
        assert [hit.title for hit in find(session, "trust")] == ["Sahil Trust"]
        before = next(one for one in story_of(session, row.subject) if one.verb == "imported").data["before"]
        assert before["fields"] == {"name": "Sahil", "city": "Islamabad"}
        assert before["seat"] == {"address": "focal@sahil.example", "title": "Director"}
        assert before["themes_added"] == ["legal-aid"]


def test_a_partner_without_a_post_gets_one(desk: Desk) -> None:
    desk.take(SAHIL)
    desk.take(("Sahil", "focal@sahil.example"), headings=("Name", "Email"))
    with Session(desk.engine) as session:
        assert session.scalars(select(Seat.address).where(Seat.is_focal)).all() == ["focal@sahil.example"]


def test_refused_rows_stay_out_and_the_others_come_in(desk: Desk) -> None:
    assert desk.take(SAHIL, ("", "ngo", ""), ("Rozan", "nogo", "")) == Counts(3, 1, 0, 0, 2)
    assert names(desk.engine) == {"Sahil"}


def write_until(desk: Desk, plan: ImportPlan, after: int) -> None:
    """Write, and lose power after so many statements."""
    counted = iter(range(after))

    def interrupt(*_: object) -> None:
        if next(counted, None) is None:
            raise Interrupted

    with a_unit(desk.engine, desk.ports, LINKS, SETTER_UP) as uow:
        event.listen(uow.session.connection(), "before_cursor_execute", interrupt)
        write_plan(uow, plan)
        raise Interrupted


@pytest.mark.parametrize("after", range(1, 14, 3))
def test_an_interrupted_import_leaves_nothing_and_the_next_one_all(desk: Desk, after: int) -> None:
    rows = [(f"p{number}", f"Partner {word}", "ngo", "", f"a@p{number}.example", "", "", "")
            for number, word in enumerate(("alpha", "bravo", "charlie", "delta", "echo"))]  # fmt: skip
    plan = desk.plan(desk.csv(*rows, headings=HEADINGS))
    with pytest.raises(Interrupted):
        write_until(desk, plan, after)
    assert names(desk.engine) == set()
    assert desk.write(plan).created == 5
    assert len(names(desk.engine)) == 5


def test_a_plan_is_not_written_twice_nor_over_somebody_elses_change(desk: Desk) -> None:
    plan = desk.plan(desk.csv(SAHIL))
    desk.write(plan)
    with pytest.raises(RuleBroken, match="The register has changed since the list was read"):
        desk.write(plan)
    change = desk.plan(desk.csv(("Sahil", "ngo", "Sindh")))
    desk.take(("Sahil", "ngo", "KP"))
    with pytest.raises(RuleBroken, match="Nothing was imported"):
        desk.write(change)


def test_who_may_not_edit_partners_imports_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.write(desk.plan(desk.csv(SAHIL)), Actor("Reader"))
    assert names(desk.engine) == set()


def test_a_formula_is_kept_as_the_text_it_is(desk: Desk) -> None:
    desk.take(("'=HYPERLINK(1)", "ngo", ""))
    assert names(desk.engine) == {"=HYPERLINK(1)"}


def test_planning_writes_nothing(desk: Desk) -> None:
    desk.plan(desk.csv(SAHIL))
    with Session(desk.engine) as session:
        assert session.scalar(select(func.count(Organisation.id))) == 0
        assert session.scalar(select(func.count()).select_from(OrganisationTheme)) == 0


def names(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Organisation.name)))
