"""Signing in and out, and the administrator's accounts."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from crm.app import create_app
from crm.demo.sign_ins import SIGN_INS
from crm.domain.accounts.models import User, UserSession
from crm.domain.accounts.rules import Role
from crm.domain.accounts.service import add_user
from tests.support.web import Web, a_config, a_web

PASSWORD = "a long enough password"
EMAIL = "officer@npb.example"


@pytest.fixture
def staffed(web: Web) -> Web:
    with web.arrange() as uow:
        add_user(uow, EMAIL, "Officer", "Liaison Officer", Role.OFFICER, PASSWORD)
    return web


def test_signing_in_leads_home_and_begins_a_new_session(staffed: Web) -> None:
    browser = staffed.anyone()
    with browser.client.session_transaction() as session:
        session["planted"] = "before"
    answer = browser.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    with browser.client.session_transaction() as session:
        assert "planted" not in session
    assert browser.get("/").status_code == 200


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(staffed: Web) -> None:
    answers = [
        staffed.anyone().post("/sign-in", {"email": email, "password": "wrong password"})
        for email in (EMAIL, "nobody@npb.example")
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    said = [re.search(r'role="alert">.*?<div>(.*?)</div>', answer.text, re.S) for answer in answers]
    assert all(said)
    assert len({match.group(1) for match in said if match}) == 1


def test_guessing_is_braked_for_that_source_and_nobody_is_locked_out(staffed: Web) -> None:
    guesser = staffed.anyone()
    for _ in range(6):
        guesser.post("/sign-in", {"email": EMAIL, "password": "wrong password"})
    refused = guesser.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert "Too many tries." in refused.text
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    answer = staffed.anyone().post("/sign-in", {"email": EMAIL, "password": PASSWORD}, environ_base=elsewhere)
    assert answer.status_code == 303
    staffed.clock.advance(timedelta(minutes=15))
    assert guesser.post("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 303


def test_one_is_led_back_to_where_one_wanted_to_go_and_never_elsewhere(staffed: Web) -> None:
    for wanted, reached in (("/partners?type=ngo", "/partners?type=ngo"), ("https://evil.example/", "/")):
        form = {"email": EMAIL, "password": PASSWORD, "next": wanted}
        assert staffed.anyone().post("/sign-in", form).headers["Location"] == reached
    for hostile in ("//evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/evil.example"):
        form = {"email": EMAIL, "password": PASSWORD, "next": hostile}
        assert staffed.anyone().post("/sign-in", form).headers["Location"] == "/"


def test_signing_out_ends_the_session_in_the_register(staffed: Web) -> None:
    browser = staffed.anyone()
    browser.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    with browser.client.session_transaction() as session:
        stolen = dict(session)
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    with browser.client.session_transaction() as session:
        session.update(stolen)
    assert browser.get("/").status_code == 302


def test_a_session_ends_after_eight_idle_hours(staffed: Web) -> None:
    browser = staffed.as_role()
    staffed.clock.advance(timedelta(hours=7))
    assert browser.get("/").status_code == 200
    staffed.clock.advance(timedelta(hours=8, minutes=1))
    assert browser.get("/").status_code == 302


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(web: Web) -> None:
    administrator = web.as_role(Role.ADMINISTRATOR)
    form = {"email": "new@npb.example", "name": "New", "post": "Desk Officer", "role": "officer"}
    answer = administrator.post("/users/new", form)
    found = re.search(r"<code>([0-9a-z-]+)</code>", answer.text)
    assert found
    assert answer.headers["Cache-Control"] == "no-store"
    with web.arrange() as uow:
        number = uow.session.scalars(select(User.id).where(User.email == "new@npb.example")).one()
    assert found.group(1) not in administrator.get(f"/users/{number}").text
    assert web.anyone().post("/sign-in", {"email": "new@npb.example", "password": found.group(1)}).status_code == 303


def test_an_address_in_use_is_refused_beside_the_form(staffed: Web) -> None:
    form = {"email": EMAIL, "name": "Again", "post": "Officer", "role": "officer"}
    answer = staffed.as_role(Role.ADMINISTRATOR).post("/users/new", form)
    assert answer.status_code == 422
    assert "There is an account with the address" in answer.text
    assert 'value="Again"' in answer.text


def test_disabling_an_account_ends_its_sessions_at_once(web: Web) -> None:
    officer, administrator = web.as_role(Role.OFFICER), web.as_role(Role.ADMINISTRATOR)
    with web.arrange() as uow:
        number = uow.session.scalars(select(User.id).where(User.role == Role.OFFICER)).one()
    administrator.post(f"/users/{number}/disable")
    assert officer.get("/").status_code == 302
    assert "Disabled" in administrator.get("/users").text


def test_nobody_disables_the_account_they_use(web: Web) -> None:
    administrator = web.as_role(Role.ADMINISTRATOR)
    with web.arrange() as uow:
        number = uow.session.scalars(select(User.id)).one()
    page = administrator.post(f"/users/{number}/disable", follow_redirects=True).text
    assert "You cannot disable the account you are signed in with." in page


def test_a_reset_password_is_shown_once_and_signs_the_person_out(web: Web) -> None:
    officer, administrator = web.as_role(Role.OFFICER), web.as_role(Role.ADMINISTRATOR)
    with web.arrange() as uow:
        number = uow.session.scalars(select(User.id).where(User.role == Role.OFFICER)).one()
    assert "<code>" in administrator.post(f"/users/{number}/reset").text
    assert officer.get("/").status_code == 302
    with web.arrange() as uow:
        mine = select(UserSession.revoked_at).where(UserSession.user_id == number)
        assert all(uow.session.scalars(mine))


def test_only_the_demo_shows_its_sign_ins(database: URL, tmp_path: Path) -> None:
    (tmp_path / SIGN_INS).write_text("officer officer@unit.example k4wn-wej8\n", "utf-8")
    config = a_config(database, tmp_path)
    with a_web(database, tmp_path) as web:
        demo = create_app(replace(config, demo=True), web.ports)

        assert "k4wn-wej8" not in web.anyone().get("/sign-in").text
        assert "k4wn-wej8" in demo.test_client().get("/sign-in").text
