"""One running house for the whole journey, the people in it, and how far the journey has come."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import answering, asking, chasing, deciding
from tests.support.demo_house import DemoHouse, a_demo_house
from tests.support.looking import Console
from tests.support.people import Chairs, Desk


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHouse]:
    """A fresh demo, started as `crm run` starts it; every journey of this session goes on in it."""
    with a_demo_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def console() -> Console:
    """What any browser of the journeys complained of."""
    return Console()


@pytest.fixture(autouse=True)
def quiet_console(console: Console) -> Iterator[None]:
    """No test may leave a complaint in the browser's console."""
    yield
    complaints, console.complaints = console.complaints, []
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def chairs(house: DemoHouse, browser: Browser, console: Console) -> Chairs:
    """Where the people of the journeys sit down."""
    return Chairs(house, browser, console)


@pytest.fixture(scope="session")
def officer(chairs: Chairs) -> Desk:
    """The liaison officer, signed in."""
    desk = chairs.desk()
    desk.sign_in("officer")
    return desk


@pytest.fixture(scope="session")
def management(chairs: Chairs) -> Desk:
    """Management, signed in."""
    desk = chairs.desk()
    desk.sign_in("management")
    return desk


@pytest.fixture(scope="session")
def asked(officer: Desk) -> asking.Sent:
    """The officer has chosen whom to ask, read what will go, and sent it."""
    return asking.ask_partners(officer)


@pytest.fixture(scope="session")
def answered(asked: asking.Sent, officer: Desk, chairs: Chairs) -> answering.Answers:
    """The partners have answered, each in their own way; the silent have not."""
    phone = chairs.phone(java_script_enabled=False)
    return answering.answer_all(officer, phone)


@pytest.fixture(scope="session")
def chased(answered: answering.Answers, officer: Desk) -> chasing.Chased:
    """The clock has gone on to the courtesy note and to Reminder-I."""
    return chasing.chase_the_silent(officer)


@pytest.fixture(scope="session")
def decided(answered: answering.Answers, asked: asking.Sent, officer: Desk) -> deciding.Decided:
    """Every comment has its place and its decision."""
    return deciding.decide_all(officer, asked.path)
