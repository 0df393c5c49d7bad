"""The pages of a consultation, through a browser signed in by role."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from crm.domain.accounts.rules import Role
from tests.support.builders import a_round, a_seat
from tests.support.web import Web, a_web

PAGES = ("", "/documents/1", "/1", "/1/invite?type=ngo", "/1/matrix", "/1/steps/courtesy")


@pytest.fixture
def web(database: URL, tmp_path: Path) -> Iterator[Web]:
    with a_web(database, tmp_path) as web:
        with web.arrange() as uow:
            seats = [a_seat(uow, "sparc"), a_seat(uow, "ncrc", language="ur")]
            a_seat(uow, "late-comer")
            a_round(uow, asking=seats)
        yield web


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_consultation_opens_in_both_languages(web: Web, path: str, language: str) -> None:
    shown = web.as_role(Role.OFFICER, language).get(f"/consultations{path}")

    assert shown.status_code == 200, shown.text[:800]
