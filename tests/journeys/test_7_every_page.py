"""Every page, in both languages, wide and on a phone: nothing for axe to find, nothing goes sideways."""

import pytest

from tests.journeys.answering import INVITATION, private_page
from tests.journeys.cast import COURT, FILLS_IN, SAYS_NOTHING, WRITES
from tests.support.looking import PHONE, WIDE, faults
from tests.support.people import Chairs

pytestmark = [pytest.mark.browser, pytest.mark.real_server, pytest.mark.usefixtures("answered")]
STAFF = (
    "/",
    "/partners",
    "/partners/4",
    "/requests",
    "/requests/pending",
    "/consultations",
    "/consultations/documents/1",
    "/consultations/1",
    "/consultations/1/matrix?show=all",
    "/consultations/answers/1",
    "/meetings",
    "/meetings/1",
    "/timeline",
    "/correspondence?view=all",
    "/correspondence/1",
    "/outbox?view=all",
    "/outbox/1",
    "/search?q=police",
    "/post-office",
    f"/post-office/{WRITES}",
    f"/post-office/{WRITES}/1",
)
SIZES = {"wide": WIDE, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_nothing_is_wrong_with_any_page_of_the_staff(chairs: Chairs, language: str, size: str) -> None:
    desk = chairs.desk(viewport=SIZES[size])
    found = {}
    desk.sign_in("officer")
    desk.speak(language)
    for path in STAFF:
        desk.go(path)
        found[path] = faults(desk.page)
    desk.speak("en")
    desk.page.context.close()
    assert not {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_nothing_is_wrong_with_any_page_for_a_partner(chairs: Chairs, language: str, size: str) -> None:
    house, desk = chairs.house, chairs.desk(viewport=SIZES[size])
    found = {}
    request, answered = private_page(house, SAYS_NOTHING), private_page(house, FILLS_IN)
    for path in (request, answered, private_page(house, COURT, INVITATION), "/sign-in"):
        desk.go(f"{path}?lang={language}")
        found[path] = faults(desk.page)
    desk.page.context.close()
    assert not {path: wrong for path, wrong in found.items() if wrong}
