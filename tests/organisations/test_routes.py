"""The register and one partner's page."""

import gzip
from datetime import date

from crm.domain.accounts.rules import Role
from crm.domain.organisations.queries import get_seat
from crm.domain.organisations.rules import EngagementKind
from crm.domain.organisations.service import log_engagement
from crm.domain.settings.models import Term
from crm.domain.settings.rules import TermKind
from crm.timeline.models import Direction
from tests.support.builders import a_round, a_seat, an_ask_of_us
from tests.support.fakes import NOON
from tests.support.web import Web, a_late_round

LATE = date(2026, 11, 10)


def test_the_register_pages_by_name_and_loses_nobody(web: Web) -> None:
    with web.arrange() as uow:
        for number in range(120):
            a_seat(uow, name=f"Partner {number:03d}", acronym=f"P{number:03d}")
    officer, seen, path = web.as_role(), [], "/partners"
    while path:
        page = officer.get(path).text
        seen += [number for number in range(120) if f">Partner {number:03d}</a>" in page]
        path = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert seen == list(range(120))


def test_a_page_of_fifty_is_small_and_takes_few_statements(web: Web) -> None:
    with web.arrange() as uow:
        seats = [a_seat(uow, name=f"Provincial Department of Social Welfare {n}", themes=["bail"]) for n in range(60)]
        a_round(uow, seats)
    officer = web.as_role()
    officer.get("/partners")
    with web.counting() as statements:
        page = officer.get("/partners").data
    assert len(gzip.compress(page)) <= 25_000
    assert len([one for one in statements if one.startswith("SELECT")]) <= 14


def test_filters_stand_in_the_address_and_come_off_one_by_one(web: Web) -> None:
    with web.arrange() as uow:
        uow.session.add(Term(kind=TermKind.ORGANISATION_TYPE, code="ngo", label="NGO", label_ur="این جی او"))
        a_seat(uow, name="Bar Council", type="ngo", province="Punjab")
        a_seat(uow, name="Sindh Police", type="police", province="Sindh")
    officer = web.as_role()
    page = officer.get("/partners?type=ngo&province=Punjab").text
    assert "Bar Council" in page
    assert "Sindh Police" not in page
    assert 'href="/partners?province=Punjab" aria-label="Remove filter: NGO"' in page


def test_the_list_is_searched_with_a_misspelling(web: Web) -> None:
    officer = web.as_role()
    form = {"name": "National Commission on the Rights of Child", "code": "ncrc", "acronym": "NCRC", "type": "x"}
    with web.arrange() as uow:
        uow.session.add(Term(kind=TermKind.ORGANISATION_TYPE, code="x", label="X", label_ur="X"))
    made = officer.post("/partners/new", form | {"courtesy": "statutory_commission", "province": ""})
    assert made.status_code == 303
    assert "National Commission" in officer.get("/partners?q=comission rights").text
    assert "No partner here" in officer.get("/partners?q=zzzzzz").text


def test_a_new_partner_has_no_type_until_one_is_chosen(web: Web) -> None:
    with web.arrange() as uow:
        uow.session.add(Term(kind=TermKind.ORGANISATION_TYPE, code="host", label="Host bureau", label_ur="X"))
    officer = web.as_role()
    chosen = officer.get("/partners/new").text.split('id="type"')[1].split("</select>")[0]
    assert chosen.index("Choose…") < chosen.index("Host bureau")
    assert "selected" not in chosen
    form = {"name": "National Commission", "code": "ncrc", "type": "", "courtesy": "government", "province": ""}
    refused = officer.post("/partners/new", form)
    assert refused.status_code == 422
    assert "Kindly fill this in." in refused.text


def test_what_is_pending_sorts_the_list_both_ways(web: Web) -> None:
    with web.arrange() as uow:
        asked, owed = a_seat(uow, name="AAA asked"), a_seat(uow, name="ZZZ owed")
        a_late_round(uow, [asked], LATE)
        an_ask_of_us(uow, owed, LATE)
    officer = web.as_role()
    by_us = officer.get("/partners?sort=we").text
    assert by_us.index("ZZZ owed") < by_us.index("AAA asked")
    only = officer.get("/partners?view=they").text
    assert "AAA asked" in only
    assert "ZZZ owed" not in only


def test_a_partners_page_tells_its_story_and_filters_it_by_direction(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        number = seat.organisation_id
        log_engagement(uow, EngagementKind.CALL, NOON, "They called", [number], Direction.FROM_THEM)
        log_engagement(uow, EngagementKind.LETTER, NOON, "We wrote", [number], Direction.FROM_US)
    officer = web.as_role()
    page = officer.get(f"/partners/{number}?show=from-them").text
    assert "Call: They called" in page
    assert "We wrote" not in page


def test_a_partners_page_takes_few_statements_however_much_there_is(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow, themes=["bail"])
        number = seat.organisation_id
        for at in range(60):
            log_engagement(uow, EngagementKind.CALL, NOON, f"Call no. {at}", [number])
        for _ in range(10):
            an_ask_of_us(uow, seat, LATE)
    officer = web.as_role()
    officer.get(f"/partners/{number}")
    with web.counting() as statements:
        officer.get(f"/partners/{number}")
    assert len([one for one in statements if one.startswith("SELECT")]) <= 12


def test_the_story_goes_back_page_by_page(web: Web) -> None:
    with web.arrange() as uow:
        number = a_seat(uow).organisation_id
        for at in range(65):
            log_engagement(uow, EngagementKind.CALL, NOON, f"Call no. {at:02d}.", [number])
    officer = web.as_role()
    page = officer.get(f"/partners/{number}").text
    assert "Call no. 64." in page
    assert "Call no. 15." in page
    assert "Call no. 14." not in page
    earlier = officer.get(page.split(">Earlier<")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")).text
    assert "Call no. 14." in earlier
    assert "Call no. 15." not in earlier


def test_a_partners_page_links_up_to_what_it_is_part_of_and_down_to_its_offices(web: Web) -> None:
    with web.arrange() as uow:
        ministry = a_seat(uow, name="Ministry of Human Rights", name_ur="وزارتِ انسانی حقوق")
        office = a_seat(uow, name="Directorate of Child Rights", parent_id=ministry.organisation_id)
        above, below = ministry.organisation_id, office.organisation_id
    officer = web.as_role()
    assert f'<a href="/partners/{above}">Ministry of Human Rights</a>' in officer.get(f"/partners/{below}").text
    assert (
        f'href="/partners/{below}" dir="auto">Directorate of Child Rights</a>' in officer.get(f"/partners/{above}").text
    )
    assert "وزارتِ انسانی حقوق" in web.as_role(language="ur").get(f"/partners/{below}").text
    assert officer.get("/partners/999").status_code == 404


def test_a_wrong_place_in_the_story_is_taken_for_the_beginning(web: Web) -> None:
    with web.arrange() as uow:
        number = a_seat(uow).organisation_id
    for place in ("x", "2026-01-01~x", "2026-01-01~1", "~"):
        assert web.as_role().get(f"/partners/{number}?before={place}").status_code == 200


def test_open_requests_stand_at_the_right_both_ways(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        a_round(uow, [seat])
        an_ask_of_us(uow, seat, LATE)
    page = web.as_role().get(f"/partners/{seat.organisation_id}").text.split("Open requests both ways")[1]
    assert page.index("Pending with them") < page.index("SOP on First Contact") < page.index("Pending with us")
    assert page.index("Pending with us") < page.index("Names of two officers")


def test_a_form_comes_back_with_its_errors_and_what_was_typed(web: Web) -> None:
    with web.arrange() as uow:
        number = a_seat(uow).organisation_id
    answer = web.as_role().post(f"/partners/{number}/posts/new", {"title": "", "address": "not an address"})
    assert answer.status_code == 422
    assert "Kindly fill this in." in answer.text
    assert "This is not an e-mail address." in answer.text
    assert 'value="not an address"' in answer.text


def test_a_contact_is_logged_at_the_desks_own_time(web: Web) -> None:
    with web.arrange() as uow:
        number = a_seat(uow).organisation_id
    form = {
        "kind": "call",
        "direction": "mutual",
        "at": "2026-11-23T15:00",
        "title": "About the SOP",
        "note": "Agreed.",
    }
    officer = web.as_role()
    assert officer.post(f"/partners/{number}/log", form).status_code == 303
    page = officer.get(f"/partners/{number}").text
    assert "Call: About the SOP" in page
    assert "Mon 23 Nov 2026, 3:00 pm PKT" in page


def test_only_who_may_edit_is_offered_it(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow)
        number, seat_id = seat.organisation_id, seat.id
    page = web.as_role(Role.MANAGEMENT).get(f"/partners/{number}").text
    assert "Log a contact" not in page
    assert (
        web.as_role(Role.MANAGEMENT).post(f"/partners/posts/{seat_id}", {"address": "a@b.example"}).status_code == 403
    )
    with web.arrange() as uow:
        assert get_seat(uow.session, seat_id).address != "a@b.example"
