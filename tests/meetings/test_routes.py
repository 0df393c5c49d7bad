"""Meetings: planned, invited, changed and cancelled; each change goes into every calendar."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from crm.domain.accounts.rules import Role
from crm.domain.meetings.models import Invitee, Meeting
from crm.domain.meetings.rules import MeetingState, PartStat
from crm.domain.organisations.rules import Courtesy
from crm.outbox.models import OutboxMessage
from tests.support.builders import a_seat
from tests.support.web import Browser, Web

FORM = {"title": "Validation workshop", "wall_start": "2026-12-10T10:00", "minutes": "120", "venue": "NPB, Islamabad"}


def a_meeting(officer: Browser) -> str:
    """The address of a planned meeting."""
    location: str = officer.post("/meetings/new", FORM).headers["Location"]
    return location


def send(officer: Browser, path: str, ids: list[int]) -> TestResponse:
    """Choose, look at what will go, and send it."""
    preview = officer.post(f"{path}/invite", {"organisations": ids})
    assert preview.status_code == 200
    assert "What will go: Invitation" in preview.text
    return officer.post(f"{path}/send", {"chosen": ",".join(map(str, ids))})


def the_meeting(web: Web) -> Meeting:
    with web.arrange() as uow:
        return uow.session.scalars(select(Meeting)).one()


def partners_asked(web: Web, how_many: int, **fields: Any) -> list[int]:
    with web.arrange() as uow:
        return [a_seat(uow, **fields).organisation_id for _ in range(how_many)]


def test_planning_tells_nobody_and_keeps_the_wall_time(web: Web) -> None:
    officer = web.as_role()
    page = officer.get(a_meeting(officer)).text
    assert "Thu 10 Dec 2026, 10:00 am PKT to 12:00" in page
    assert "Nobody is invited yet." in page
    with web.arrange() as uow:
        assert uow.session.scalars(select(OutboxMessage)).all() == []


def test_a_time_in_the_past_is_refused_with_a_sentence_and_nothing_is_lost(web: Web) -> None:
    answer = web.as_role().post("/meetings/new", FORM | {"wall_start": "2026-11-01T10:00"})
    assert answer.status_code == 422
    assert "The meeting would lie in the past." in answer.text
    assert 'value="Validation workshop"' in answer.text


def test_each_invited_post_gets_one_invitation(web: Web) -> None:
    ids, officer = partners_asked(web, 3), web.as_role()
    path = a_meeting(officer)
    assert send(officer, path, ids[:2]).status_code == 303
    assert send(officer, path, ids[2:]).status_code == 303
    with web.arrange() as uow:
        assert len(uow.session.scalars(select(OutboxMessage.id)).all()) == 3
    assert "3</span>" in officer.get(path).text
    assert the_meeting(web).state is MeetingState.NOTICE_ISSUED


def test_whom_one_act_invited_stands_in_one_line_of_the_story_and_nobody_is_left_out(web: Web) -> None:
    with web.arrange() as uow:
        ids = [a_seat(uow, name=f"Partner {n}", acronym=f"P{n:02d}").organisation_id for n in range(60)]
    officer = web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    story = officer.get(path).text.split('class="r-timeline"')[1]
    assert story.count("Invited: Validation workshop") == 1
    assert re.search(r"<summary[^>]*>60 partners · P00 · P01 · P02 · …</summary>", story)
    assert {f">P{n:02d}</a>" in story for n in range(60)} == {True}
    assert "Meeting planned: Validation workshop" in story


def test_what_was_done_to_one_partner_or_at_another_minute_stands_alone(web: Web) -> None:
    with web.arrange() as uow:
        ids = [a_seat(uow, name=name, acronym=name).organisation_id for name in ("AAA", "BBB", "CCC")]
    officer = web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids[:1])
    assert "<summary" not in officer.get(path).text.split('class="r-timeline"')[1]
    web.clock.advance(timedelta(minutes=2))
    send(officer, path, ids[1:])
    story = officer.get(path).text.split('class="r-timeline"')[1]
    assert story.count("<summary") == 1
    assert "AAA · Invited: Validation workshop" in story
    for number in ids:
        assert "<summary" not in officer.get(f"/partners/{number}").text.split('class="r-timeline"')[1]


def test_looking_at_what_will_go_sends_nothing_and_shows_both_languages(web: Web) -> None:
    ids, officer = partners_asked(web, 2), web.as_role()
    path = a_meeting(officer)
    page = officer.post(f"{path}/invite", {"organisations": ids}).text
    assert "Validation workshop" in page
    assert 'lang="ur" dir="rtl"' in page
    assert "To 2 posts" in page
    with web.arrange() as uow:
        assert uow.session.scalars(select(OutboxMessage)).all() == []
        assert uow.session.scalars(select(Invitee)).all() == []


def test_whom_one_invited_is_not_offered_again_and_nobody_is_not_enough(web: Web) -> None:
    ids, officer = partners_asked(web, 1), web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    assert 'name="organisations"' not in officer.get(f"{path}/invite").text
    assert officer.post(f"{path}/invite", {"organisations": []}).status_code == 422


def test_a_new_time_raises_the_sequence_and_asks_everybody_anew(web: Web) -> None:
    ids, officer = partners_asked(web, 1), web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    with web.arrange() as uow:
        uow.session.scalars(select(Invitee)).one().partstat = PartStat.ACCEPTED
    assert 'value="2026-12-10T10:00"' in officer.get(f"{path}/reschedule").text
    officer.post(f"{path}/reschedule", FORM | {"wall_start": "2026-12-11T11:00"})
    with web.arrange() as uow:
        assert uow.session.scalars(select(Invitee.partstat)).one() is PartStat.NEEDS_ACTION
        assert len(uow.session.scalars(select(OutboxMessage.id)).all()) == 2
    assert the_meeting(web).sequence == 1


def test_cancelling_wants_a_reason_and_tells_everybody(web: Web) -> None:
    ids, officer = partners_asked(web, 2), web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    assert officer.post(f"{path}/cancel", {"reason": ""}).status_code == 422
    assert officer.post(f"{path}/cancel", {"reason": "Public holiday"}).status_code == 303
    with web.arrange() as uow:
        assert len(uow.session.scalars(select(OutboxMessage.id)).all()) == 4
    page = officer.get(path).text
    assert "Cancelled" in page
    assert f"{path}/invite" not in page


def test_standing_comments_and_deputies_are_shown(web: Web) -> None:
    ids, officer = partners_asked(web, 1), web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    with web.arrange() as uow:
        invitee = uow.session.scalars(select(Invitee)).one()
        invitee.partstat, invitee.delegate, invitee.comment = PartStat.DELEGATED, "dd@org.example", "I am abroad"
    page = officer.get(path).text
    assert "Sends a deputy" in page
    assert "deputy: dd@org.example" in page
    assert "I am abroad" in page


def test_a_court_that_has_not_replied_is_not_called_awaited(web: Web) -> None:
    ids, officer = partners_asked(web, 1, courtesy=Courtesy.JUDICIARY), web.as_role()
    path = a_meeting(officer)
    send(officer, path, ids)
    assert "Reply awaited" not in officer.get(path).text


def test_the_calendar_file_is_for_ones_own_diary(web: Web) -> None:
    officer = web.as_role()
    path = a_meeting(officer)
    answer = officer.get(f"{path}/calendar.ics")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.text.replace("\r\n ", "")
    assert "METHOD:PUBLISH" in text
    assert f"UID:{the_meeting(web).uid}" in text
    assert "ATTENDEE" not in text
    assert "DTSTART;TZID=Asia/Karachi:20261210T100000" in text


def test_management_looks_on(web: Web) -> None:
    path = a_meeting(web.as_role())
    page = web.as_role(Role.MANAGEMENT).get(path).text
    assert "Validation workshop" in page
    assert f"{path}/cancel" not in page
