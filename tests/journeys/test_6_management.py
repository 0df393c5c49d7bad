"""Management reads who owes whom and the timeline across partners, and changes nothing."""

import pytest
from playwright.sync_api import expect

from tests.journeys.asking import Sent
from tests.journeys.cast import COURT_NAME
from tests.support.people import Desk

pytestmark = [pytest.mark.browser, pytest.mark.real_server, pytest.mark.usefixtures("answered")]
OWN = {"/preferences/language", "/preferences/theme", "/sign-out"}
PAGES = ("/", "/timeline", "/requests/pending", "/requests", "/consultations", "/partners", "/meetings")


def test_the_timeline_is_drawn_across_partners(management: Desk) -> None:
    management.go("/timeline")
    drawing = management.page.locator("svg").filter(has_text="Collaboration timeline")
    expect(drawing).to_be_visible()
    for partner in ("JPP", "GDP", "Sanjog"):
        expect(drawing).to_contain_text(partner)
    management.looks_right()


def test_who_owes_whom_is_on_one_page_and_names_no_court(management: Desk) -> None:
    management.go("/requests/pending")
    owing = management.page.get_by_role("region", name="By partner, table")
    expect(owing.get_by_role("row", name="SPARC")).to_be_visible()
    words = owing.inner_text()
    assert COURT_NAME not in words
    assert "IHC" not in words
    management.looks_right()


def test_every_page_in_the_menu_of_management_opens(management: Desk) -> None:
    management.go("/")
    links = management.page.get_by_role("navigation", name="Main", exact=True).get_by_role("link")
    for path in [links.nth(place).get_attribute("href") for place in range(links.count())]:
        management.go(path or "")


def test_management_is_offered_no_form_that_changes_anything(management: Desk, asked: Sent) -> None:
    for path in (*PAGES, asked.path, f"{asked.path}/matrix"):
        management.go(path)
        forms = management.page.locator("form[method=post]")
        offered = {forms.nth(place).get_attribute("action") for place in range(forms.count())}
        assert offered <= OWN, path


def test_what_management_posts_is_refused_and_changes_nothing(management: Desk, officer: Desk, asked: Sent) -> None:
    officer.go(asked.path)
    before = officer.main()
    management.go(asked.path)
    token = management.page.locator("input[name=csrf_token]").first.input_value()
    for act in ("close", "steps/reminder-1/approve"):
        answer = management.page.request.post(
            f"{management.house.address}{asked.path}/{act}",
            form={"csrf_token": token, "idempotency_key": f"management-{act}"},
            max_redirects=0,
        )
        assert answer.status == 403
    officer.go(asked.path)
    assert officer.main() == before
