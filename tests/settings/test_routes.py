"""The page of switches: who may move them, what it refuses, and what they change."""

import pytest

from crm.audit.service import latest_entries
from crm.domain.accounts.rules import Role
from crm.domain.consultations.queries import first_ladder
from crm.domain.settings.queries import all_values, office_hours
from crm.domain.settings.rules import FIRST_VALUES
from tests.support.web import Web

AS_IT_STANDS = {
    "issues-courtesy": "clock",
    "issues-reminder-1": "clock",
    "issues-reminder-2": "clock",
    "issues-reminder-3": "person",
    "courts_wait": "y",
    "opens": "08:30",
    "closes": "17:00",
    "reply_days": "20",
    "kept": "180",
    "kept_settled": "14",
}


def test_saving_what_stands_moves_nothing(web: Web) -> None:
    web.as_role(Role.ADMINISTRATOR).post("/settings", AS_IT_STANDS)

    with web.arrange() as uow:
        assert all_values(uow.session) == FIRST_VALUES


def test_a_step_given_to_a_person_waits_for_one_in_every_new_round(web: Web) -> None:
    given = {name: value for name, value in AS_IT_STANDS.items() if name != "courts_wait"}
    web.as_role(Role.SENIOR).post("/settings", given | {"issues-reminder-2": "person"})

    with web.arrange() as uow:
        ladder = first_ladder(uow.session)
        assert [step.name for step in ladder.steps if step.needs_person] == ["reminder-2", "reminder-3"]
        assert not ladder.courts_wait


def test_the_hours_in_which_reminders_leave_are_kept_with_what_they_were(web: Web) -> None:
    web.as_role(Role.SENIOR).post("/settings", AS_IT_STANDS | {"opens": "09:00", "closes": "15:30"})

    with web.arrange() as uow:
        assert [f"{hour:%H:%M}" for hour in office_hours(uow.session)] == ["09:00", "15:30"]
        assert "setting" in {entry.table_name for entry, _changes in latest_entries(uow.session)}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"closes": "08:00"}, "It must lie after the hour from which mail leaves."),
        ({"reply_days": "0"}, "Between 1 and 60 working days."),
        ({"kept": "many"}, "Not a valid integer value."),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_kept(web: Web, wrong: dict[str, str], sentence: str) -> None:
    answer = web.as_role(Role.SENIOR).post("/settings", AS_IT_STANDS | {"opens": "09:00"} | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text
    with web.arrange() as uow:
        assert all_values(uow.session) == FIRST_VALUES


def test_only_who_may_change_settings_sees_the_page_and_its_line_in_the_menu(web: Web) -> None:
    for role, may in ((Role.ADMINISTRATOR, True), (Role.SENIOR, True), (Role.OFFICER, False), (Role.AUDITOR, False)):
        browser = web.as_role(role)
        assert browser.get("/settings").status_code == (200 if may else 403)
        assert ('href="/settings"' in browser.get("/").text) is may
