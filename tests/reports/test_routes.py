"""The collaboration timeline as a page: filters, spans, both directions, and the same as a table."""

import re
from datetime import date, timedelta

from crm.domain.organisations.models import Engagement
from crm.domain.organisations.rules import Courtesy, EngagementKind
from crm.domain.organisations.service import log_engagement
from crm.timeline.models import Direction
from tests.support.builders import a_round, a_seat, an_ask_of_us
from tests.support.fakes import NOON
from tests.support.web import Web, a_late_round


def picture(page: str) -> str:
    """The SVG of a page."""
    found = re.search(r'<div class="r-timeline-picture.*?(<svg.*?</svg>)', page, re.S)
    assert found
    return found.group(1)


def test_rounds_meetings_and_contacts_stand_on_their_partners_lane(web: Web) -> None:
    with web.arrange() as uow:
        seat = a_seat(uow, acronym="NCRC")
        a_round(uow, [seat])
        log_engagement(uow, EngagementKind.CALL, NOON - timedelta(days=9), "About the draft", [seat.organisation_id])
    drawn = picture(web.as_role().get("/timeline").text)
    assert "NCRC" in drawn
    assert "round 1: asked Tue 24 Nov 2026, due Tue 22 Dec 2026, 0 of 1 answered" in drawn
    assert "Call: About the draft" in drawn


def test_filters_take_lanes_away(web: Web) -> None:
    with web.arrange() as uow:
        a_seat(uow, acronym="PUNJABI", province="Punjab")
        a_seat(uow, acronym="SINDHI", province="Sindh")
    drawn = picture(web.as_role().get("/timeline?province=Sindh&show=all").text)
    assert "SINDHI" in drawn
    assert "PUNJABI" not in drawn


def test_a_silence_is_drawn_but_never_of_a_court(web: Web) -> None:
    with web.arrange() as uow:
        for courtesy in (Courtesy.CIVIL_SOCIETY, Courtesy.JUDICIARY, Courtesy.STATUTORY_COMMISSION):
            number = a_seat(uow, courtesy=courtesy).organisation_id
            before = NOON - timedelta(days=90)
            log_engagement(uow, EngagementKind.CALL, before, "Call", [number], Direction.MUTUAL)
        assert uow.session.query(Engagement).count() == 3
    drawn = picture(web.as_role().get("/timeline").text)
    assert drawn.count("no two-way contact for 90 days") == 1


def test_the_table_says_what_is_open_and_whose_step_is_next_and_no_court_owes(web: Web) -> None:
    with web.arrange() as uow:
        court = a_seat(uow, courtesy=Courtesy.JUDICIARY, name="High Court of Somewhere")
        a_late_round(uow, [court, a_seat(uow, name="Bar Council")], date(2026, 11, 10))
        an_ask_of_us(uow, a_seat(uow, name="Law Ministry"), date(2026, 12, 1))
    table = web.as_role().get("/timeline").text.split('id="as-table"')[1]
    assert "their reply" in table
    assert "our reply" in table
    assert "Bar Council" in table
    assert "High Court" not in table


def test_the_picture_turns_for_an_urdu_reader(web: Web) -> None:
    with web.arrange() as uow:
        a_seat(uow, acronym="NCRC")
    english, urdu = (picture(web.as_role(language=one).get("/timeline?show=all").text) for one in ("en", "ur"))
    assert english != urdu


def test_each_span_is_drawn_and_a_wrong_one_is_the_usual(web: Web) -> None:
    officer = web.as_role()
    for span in ("quarter", "year", "18-months", "for-ever"):
        assert "<svg" in officer.get(f"/timeline?span={span}").text


def test_the_page_takes_few_statements_and_stays_small(web: Web) -> None:
    with web.arrange() as uow:
        seats = [a_seat(uow) for _ in range(60)]
        a_round(uow, seats)
    officer = web.as_role()
    with web.counting() as statements:
        page = officer.get("/timeline").text
    assert 'rel="next"' in page
    assert len([one for one in statements if one.startswith("SELECT")]) <= 16


def test_partners_without_any_contact_have_no_lane_unless_asked_for(web: Web) -> None:
    with web.arrange() as uow:
        a_round(uow, [a_seat(uow, acronym="ACTIVE")])
        a_seat(uow, acronym="DORMANT")
    officer = web.as_role()
    assert "DORMANT" not in picture(officer.get("/timeline").text)
    assert "DORMANT" in picture(officer.get("/timeline?show=all").text)


def test_the_table_names_long_silences_and_gathers_what_is_open_with_many(web: Web) -> None:
    with web.arrange() as uow:
        for courtesy, name in ((Courtesy.CIVIL_SOCIETY, "Quiet Society"), (Courtesy.JUDICIARY, "Quiet Court")):
            number = a_seat(uow, courtesy=courtesy, name=name).organisation_id
            log_engagement(uow, EngagementKind.CALL, NOON - timedelta(days=90), "Call", [number], Direction.MUTUAL)
        a_late_round(uow, [a_seat(uow) for _ in range(4)], date(2026, 11, 10))
    table = web.as_role().get("/timeline").text.split('id="as-table"')[1]

    assert "Quiet Society" in table
    assert "no two-way contact for 90 days" in table
    assert "we write or call" in table
    assert "Quiet Court" not in table
    assert "4 partners" in table
