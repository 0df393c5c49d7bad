"""What every form does with the words typed into it: a child's number never passes, a likely name is pointed out."""

import pytest

from tests.support.builders import a_seat
from tests.support.web import Web

CONTACT = {"kind": "call", "direction": "mutual", "at": "2026-11-24T10:00", "title": "On bail"}
WARNING = "This text may name a child: \u2068“%s”\u2069. Kindly read it again."


@pytest.mark.parametrize("field", ["title", "note"])
def test_no_form_stores_a_childs_number_and_what_was_typed_comes_back(web: Web, field: str) -> None:
    with web.arrange() as uow:
        number = a_seat(uow, "sparc").organisation_id
    officer = web.as_role()
    words = "The boy, B-Form 35202-1234567-1, was held."
    page = officer.post(f"/partners/{number}/log", CONTACT | {field: words})
    assert page.status_code == 422
    assert "looks like the identity number of a child" in page.text
    assert words in page.text
    assert "35202-1234567-1" not in str(web.snapshot())


def test_wording_that_often_stands_beside_a_childs_name_is_saved_and_pointed_out(web: Web) -> None:
    with web.arrange() as uow:
        number = a_seat(uow, "sparc").organisation_id
    officer = web.as_role()
    saved = officer.post(f"/partners/{number}/log", CONTACT | {"note": "Ahmed s/o Bashir asked for bail."})
    assert saved.status_code == 303
    assert WARNING % "Ahmed s/o Bashir" in officer.get(saved.location).text
    plain = officer.post(f"/partners/{number}/log", CONTACT | {"note": "The bail form was discussed."})
    assert "may name a child" not in officer.get(plain.location).text
