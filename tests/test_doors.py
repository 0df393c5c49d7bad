"""Every door: a declared policy, headers, nothing changed by looking, nothing done without a token or a permission."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from werkzeug.routing import Rule

from crm.blueprints import door
from crm.domain.accounts.rules import ROLE_PERMISSIONS, Permission, Role
from crm.domain.meetings.service import Plan, invite, plan_meeting
from crm.inbound.models import InboundMail, MailState
from tests.support.builders import a_seat, an_ask_of_us
from tests.support.fakes import NOON
from tests.support.web import Web, a_late_round

POLICIES = (door.ANYONE, door.SIGNED_IN, *Permission)
STATIC = "static"
HEALTH = "health.index"
"""Says 503 here: the tests' tables are laid without migrations."""
TOMORROW = datetime.fromisoformat("2026-11-25T10:00")


@pytest.fixture
def full(web: Web) -> Web:
    """A house with one of everything, each under the number 1."""
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_late_round(uow, [seat], date(2026, 11, 10))
        an_ask_of_us(uow, seat, date(2026, 11, 10))
        meeting = plan_meeting(uow, Plan("JWG", TOMORROW, 60))
        invite(uow, meeting.id, [seat])
        uow.session.add(InboundMail(arrived_at=NOON, state=MailState.WAITING, subject_line="Views"))
    return web


def rules(web: Web, method: str) -> Iterator[Rule]:
    """Every route that takes `method`, static files apart."""
    for rule in web.app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != STATIC:
            yield rule


def address(web: Web, rule: Rule) -> str:
    """The address of a route with 1 for every number and a word for every other part."""
    values: dict[str, Any] = {name: 1 if _is_number(rule, name) else "x" for name in rule.arguments}
    with web.app.test_request_context():
        return web.app.url_map.bind("localhost").build(rule.endpoint, values)


def _is_number(rule: Rule, name: str) -> bool:
    return type(rule._converters[name]).__name__ == "IntegerConverter"


def policy(web: Web, rule: Rule) -> Any:
    return getattr(web.app.view_functions[rule.endpoint], "policy", None)


def test_every_route_declares_who_may_use_it(web: Web) -> None:
    without = [rule.endpoint for rule in web.app.url_map.iter_rules() if rule.endpoint != STATIC]
    assert [name for name in without if getattr(web.app.view_functions[name], "policy", None) not in POLICIES] == []


def test_looking_changes_nothing(full: Web) -> None:
    person = full.as_role(Role.OFFICER)
    administrator = full.as_role(Role.ADMINISTRATOR)
    before = full.snapshot()
    for rule in rules(full, "GET"):
        for browser in (person, administrator, full.anyone()):
            status = browser.get(address(full, rule)).status_code
            assert status < 500 or (status, rule.endpoint) == (503, HEALTH), rule
    assert full.snapshot() == before


def test_a_form_without_its_token_is_refused_and_changes_nothing(full: Web) -> None:
    senior = full.as_role(Role.SENIOR)
    before = full.snapshot()
    for rule in rules(full, "POST"):
        if getattr(full.app.view_functions[rule.endpoint], "csrf_exempt", False):
            continue
        assert 400 <= senior.bare_post(address(full, rule)).status_code < 500, rule
    assert full.snapshot() == before


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_do_is_refused_before_anything_is_written(full: Web, role: Role) -> None:
    browser, held = full.as_role(role), ROLE_PERMISSIONS[role]
    before = full.snapshot()
    for method in ("GET", "POST"):
        for rule in rules(full, method):
            wanted = policy(full, rule)
            if wanted in (door.ANYONE, door.SIGNED_IN) or wanted in held:
                continue
            send = browser.get if method == "GET" else browser.post
            assert send(address(full, rule)).status_code == 403, rule
    assert full.snapshot() == before


def test_without_a_session_one_is_led_to_the_sign_in(full: Web) -> None:
    before = full.snapshot()
    for method in ("GET", "POST"):
        for rule in rules(full, method):
            if policy(full, rule) == door.ANYONE:
                continue
            stranger = full.anyone()
            answer = (stranger.get if method == "GET" else stranger.post)(address(full, rule))
            assert answer.status_code == 302, rule
            assert answer.headers["Location"].startswith("/sign-in"), rule
    assert full.snapshot() == before


def test_every_answer_carries_the_headers(full: Web) -> None:
    officer = full.as_role()
    paths = [address(full, rule) for rule in rules(full, "GET")]
    for path in [*paths, "/no-such-page", "/partners/999999"]:
        headers = officer.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cache-Control"] in ("private, no-cache", "no-store"), path


def test_over_https_a_form_works_without_a_referrer_and_the_browser_stays_on_https(full: Web) -> None:
    officer = full.as_role()
    secure = "https://localhost"
    answer = officer.post("/preferences/theme", {"theme": "dark"}, base_url=secure)
    assert answer.status_code == 303
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_a_form_that_was_sent_twice_is_done_once(full: Web) -> None:
    officer = full.as_role()
    form = {"title": "JWG 2", "wall_start": "2026-12-01T10:00", "minutes": "60", "idempotency_key": "the same key"}
    first, second = officer.post("/meetings/new", form), officer.post("/meetings/new", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert officer.get("/meetings").text.count("JWG 2") == 1


def test_a_number_out_of_all_bounds_is_not_found(full: Web) -> None:
    officer = full.as_role()
    for path in ("/partners/999999", "/requests/999999", "/meetings/999999", "/outbox/999999"):
        assert officer.get(path).status_code == 404


def test_an_error_shows_nothing_of_the_inside(full: Web) -> None:
    page = full.as_role().get("/partners/999999").text
    assert "There is no such partner on the register." in page
    assert "Traceback" not in page
