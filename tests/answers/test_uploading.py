"""A file in slices: only where it fits, only for its own request, whole or not at all, and screened as any other."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from crm.blueprints.answers import slices, uploads
from crm.domain.asks.models import AnswerDraft, Ask
from crm.links import Purpose
from tests.answers.test_routes import BFORM, Partner, a_partner
from tests.support.builders import LINKS, a_round, a_seat
from tests.support.web import Web

SLICE = 64 * 1024
VIEWS = b"".join(b"Line %d of our views.\n" % number for number in range(8_000))
"""About 170 kB: three slices."""


@pytest.fixture
def partner(web: Web) -> Partner:
    return a_partner(web)


def send(partner: Partner, offset: int, content: bytes | None = None, rest: str = "", **more: Any) -> TestResponse:
    data = {"name": "views.txt", "size": len(VIEWS), "modified": 1, "offset": offset} | more
    if content is not None:
        data["slice"] = (BytesIO(content), "slice")
    return partner.browser.post(f"{partner.address}/upload{rest}", data, content_type="multipart/form-data")


def send_all(partner: Partner, content: bytes, name: str) -> TestResponse:
    """Slice by slice until the file is whole or refused; what was said last."""
    for offset in range(0, len(content), SLICE):
        response = send(partner, offset, content[offset : offset + SLICE], name=name, size=len(content))
        if response.status_code != 200:
            break
    return response


def held(response: TestResponse) -> int:
    assert response.json is not None
    return int(response.json["held"])


def kept(partner: Partner) -> list[tuple[str, str]]:
    """Name and SHA-256 of the files in the draft."""
    return [(one["name"], one["sha256"]) for draft in partner.rows(AnswerDraft) for one in draft.values["files"]]


def another(partner: Partner) -> Partner:
    """Somebody else who was asked, with a link of their own."""
    with partner.web.arrange() as uow:
        a_round(uow, [a_seat(uow, "sahil")])
        ask = uow.session.query(Ask).filter(Ask.id != partner.ask_id).one()
        return Partner(partner.web, partner.web.anyone(), LINKS.token(Purpose.PAGE, ask), ask.id)


def test_a_file_in_slices_is_whole_in_the_draft_and_goes_with_the_answer(partner: Partner) -> None:
    response = send_all(partner, VIEWS, "views.txt")
    assert response.status_code == 201
    assert response.json is not None
    assert "views.txt" in response.json["attached"]
    assert kept(partner) == [("views.txt", hashlib.sha256(VIEWS).hexdigest())]
    assert "views.txt" in partner.follow(partner.press("send"))


def test_whoever_asks_is_told_how_far_we_are_and_nothing_is_written_for_it(partner: Partner) -> None:
    assert held(send(partner, 0)) == 0
    assert held(send(partner, 0, VIEWS[:SLICE])) == SLICE
    assert held(send(partner, 0)) == SLICE
    assert kept(partner) == []


@pytest.mark.parametrize("offset", [0, SLICE // 2, 2 * SLICE], ids=["twice", "overlapping", "too far on"])
def test_a_slice_out_of_step_is_dropped_and_the_offset_told(partner: Partner, offset: int) -> None:
    send(partner, 0, VIEWS[:SLICE])
    response = send(partner, offset, VIEWS[offset : offset + SLICE // 2])
    assert (response.status_code, held(response)) == (409, SLICE)
    assert held(send(partner, 0)) == SLICE


@pytest.mark.parametrize(
    ("offset", "content", "more"),
    [
        (0, b"x" * 200, {"size": 100}),
        (-SLICE, b"x" * SLICE, {}),
        (0, b"x" * SLICE, {"size": "many"}),
        (0, b"x" * SLICE, {"size": -1}),
        (0, b"x" * 100, {}),
        (0, b"x" * (slices.LARGEST_SLICE + 1), {"size": 3 * slices.LARGEST_SLICE}),
    ],
    ids=["beyond its file", "before its file", "no number", "less than nothing", "tiny", "too large a slice"],
)
def test_what_no_browser_of_ours_sends_is_refused(
    partner: Partner, offset: int, content: bytes, more: dict[str, Any]
) -> None:
    assert send(partner, offset, content, **more).status_code == 400
    assert send(partner, 0, rest="/drop", size="many").status_code == 400


def test_more_than_35_mb_is_refused_with_the_first_slice(partner: Partner) -> None:
    response = send(partner, 0, VIEWS[:SLICE], size=uploads.MOST_OCTETS + 1)
    assert response.status_code == 422
    assert response.json is not None
    assert "more than 35 MB" in response.json["said"]
    assert partner.web.ports.arrivals.names(partner.ask_id) == ()


def test_what_is_here_already_counts_towards_the_35_mb(partner: Partner) -> None:
    send_all(partner, VIEWS, "views.txt")
    response = send(partner, 0, VIEWS[:SLICE], name="more.txt", size=uploads.MOST_OCTETS - 1000)
    assert response.status_code == 422


def test_only_so_many_files_are_half_sent_and_the_longest_untouched_goes(partner: Partner) -> None:
    arrivals = partner.web.ports.arrivals
    for number in range(uploads.MOST_FILES):
        send(partner, 0, VIEWS[:SLICE], name=f"{number}.txt")
    first = arrivals.names(partner.ask_id)[0]
    assert len(arrivals.names(partner.ask_id)) == uploads.MOST_FILES
    send(partner, 0, VIEWS[:SLICE], name="last.txt")
    assert len(arrivals.names(partner.ask_id)) == uploads.MOST_FILES
    assert first not in arrivals.names(partner.ask_id)


def test_the_same_file_of_another_partner_is_another_upload(partner: Partner) -> None:
    other = another(partner)
    send(partner, 0, VIEWS[:SLICE])
    assert held(send(other, 0)) == 0
    response = send(other, SLICE, VIEWS[SLICE : 2 * SLICE])
    assert (response.status_code, held(response)) == (409, 0)
    assert send(other, 0, rest="/drop").status_code == 204
    assert held(send(partner, 0)) == SLICE


def test_another_version_of_a_file_is_another_upload(partner: Partner) -> None:
    send(partner, 0, VIEWS[:SLICE])
    assert held(send(partner, 0, modified=2)) == 0


def test_a_half_sent_file_can_be_taken_away(partner: Partner) -> None:
    send(partner, 0, VIEWS[:SLICE])
    assert send(partner, 0, rest="/drop").status_code == 204
    assert held(send(partner, 0)) == 0


def test_a_browser_that_did_not_hear_the_end_is_told_and_sends_nothing_twice(partner: Partner) -> None:
    send_all(partner, VIEWS, "views.txt")
    assert send(partner, 0).status_code == 201
    assert len(kept(partner)) == 1


def test_a_file_that_was_removed_again_can_be_sent_again(partner: Partner) -> None:
    send_all(partner, VIEWS, "views.txt")
    partner.press("", remove=hashlib.sha256(VIEWS).hexdigest())
    assert kept(partner) == []
    assert held(send(partner, 0)) == 0
    assert send_all(partner, VIEWS, "views.txt").status_code == 201


def test_a_whole_file_that_could_not_be_put_away_is_taken_in_when_asked_again(partner: Partner) -> None:
    for offset in range(0, len(VIEWS), SLICE):
        upload = slices.read_slice(
            {"name": "views.txt", "size": str(len(VIEWS)), "modified": "1"}, None, partner.ask_id
        )
        partner.web.ports.arrivals.append(partner.ask_id, upload.upload, offset, VIEWS[offset : offset + SLICE])
    assert send(partner, 0).status_code == 201


def test_a_file_in_slices_leaves_what_is_written_as_it_is(partner: Partner) -> None:
    partner.press("save", text="Words that are kept")
    send_all(partner, VIEWS, "views.txt")
    assert "Words that are kept" in partner.text()


def test_without_a_draft_the_answer_that_was_sent_stays_on_the_page(partner: Partner) -> None:
    partner.press("send", text="Sent before")
    send_all(partner, VIEWS, "views.txt")
    assert "Sent before" in partner.text()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (VIEWS + b"B-Form " + BFORM.encode(), "views.txt", "identity number of a child"),
        (VIEWS, f"B-Form {BFORM}.txt", "identity number of a child"),
        (b"MZ" + VIEWS, "views.exe", "views.exe was not taken."),
    ],
    ids=["a child's number within", "a child's number in the name", "a program"],
)
def test_what_may_not_be_kept_is_screened_out_and_its_slices_destroyed(
    partner: Partner, content: bytes, name: str, sentence: str
) -> None:
    response = send_all(partner, content, name)
    assert response.status_code == 422
    assert response.json is not None
    assert sentence in response.json["said"]
    assert BFORM not in response.json["said"]
    assert kept(partner) == []
    assert partner.web.ports.arrivals.names(partner.ask_id) == ()


def test_an_empty_file_is_named_and_not_taken(partner: Partner) -> None:
    response = send(partner, 0, size=0)
    assert response.status_code == 422
    assert response.json is not None
    assert "is empty" in response.json["said"]


def test_a_wrong_link_gets_the_same_page_here_too(partner: Partner) -> None:
    for rest in ("/upload", "/upload/drop"):
        wrong = partner.browser.post(f"/a/{partner.token[:-1]}0{rest}", {"name": "a", "size": 1})
        assert wrong.status_code == 404
        assert wrong.data == partner.browser.get("/a/nonsense").data


def test_a_slice_without_the_forms_token_is_refused(partner: Partner) -> None:
    assert partner.browser.bare_post(f"{partner.address}/upload").status_code == 400
