"""One search over everything, in both languages."""

from crm.domain.organisations.service import index_organisation
from tests.support.builders import a_seat
from tests.support.web import Web


def a_found_partner(web: Web) -> int:
    with web.arrange() as uow:
        row = a_seat(uow, name="Punjab Prisons Department", name_ur="محکمہ جیل خانہ جات پنجاب").organisation
        index_organisation(uow, row)
        return row.id


def test_a_part_of_a_name_is_enough_and_a_misspelling_is_forgiven(web: Web) -> None:
    number, officer = a_found_partner(web), web.as_role()
    for query in ("prisons", "pris", "prizons department", "جیل"):
        assert f'href="/partners/{number}"' in officer.get("/search", query_string={"q": query}).text, query


def test_an_urdu_reader_sees_the_urdu_name(web: Web) -> None:
    a_found_partner(web)
    assert "محکمہ جیل خانہ جات پنجاب" in web.as_role(language="ur").get("/search?q=prisons").text


def test_nothing_found_says_so_and_hostile_words_are_only_words(web: Web) -> None:
    officer = web.as_role()
    for query in ("zzzz", '"', "a* OR b", "'; drop table ask; --", "%", "NEAR(", "\x00", "x" * 500):
        answer = officer.get("/search", query_string={"q": query})
        assert answer.status_code == 200, query
        assert "Nothing found." in answer.text or "Partners, requests" in answer.text


def test_what_was_sought_is_shown_as_text(web: Web) -> None:
    assert "<script>alert" not in web.as_role().get("/search", query_string={"q": "<script>alert(1)</script>"}).text
