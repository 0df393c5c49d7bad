"""A thousand invitees: what the officer waits for after pressing Send, through the real web server."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.figures import Figure
from benchmarks.houses import House
from benchmarks.servers import WEB, Client, NotServed, serving
from crm.blueprints.consultations.choosing import Plan, fingerprint
from crm.domain.asks.rules import USUAL_LADDER
from crm.domain.consultations import service
from crm.domain.consultations.models import ConsultationRound
from crm.domain.consultations.rules import Choice, LadderChoice
from crm.domain.meetings import service as meetings
from crm.domain.meetings.service import Plan as MeetingPlan

REQUEST = 0.5
INVITED = 1_000
LADDER = LadderChoice(tuple(USUAL_LADDER), courts_wait=True, workshop_included=True)


def choice_of(count: int, skip: int = 1) -> Choice:
    """So many partners of the register, one by one."""
    return Choice(added=tuple(range(skip + 1, skip + 1 + count)))


def send(house: House, round_id: int, choice: Choice) -> int:
    """Send a round below the doors."""
    with house.unit() as uow:
        due_on = uow.today + timedelta(days=21)
        return service.send_round(uow, round_id, choice, due_on, LADDER)


def measure(house: House) -> Iterator[Figure]:
    """The best of three requests that ask 1,000 partners, and the best of two that invite them to a workshop too."""
    rounds = house.marks.draft_rounds[2:]
    with serving(WEB, house.environment, "/sign-in") as web:
        client = Client(web.port, house.cookie)
        client.get("/")
        asked = min(_press_send(house, client, round_id) for round_id in rounds[:3])
        for round_id in rounds[3:]:
            _plan_workshop(house, round_id)
        both = min(_press_send(house, client, round_id) for round_id in rounds[3:])
    yield Figure(f"1,000 invitees, request, {house.label}", asked, "s", REQUEST, note="a round: 1,000 requests")
    yield Figure(
        f"1,000 invitees, with a workshop, {house.label}", both, "s", note="2,000 requests, 1,000 of them to a meeting"
    )


def _press_send(house: House, client: Client, round_id: int) -> float:
    """Seconds from Send to the redirect. Raises NotServed where it was refused."""
    with house.unit() as uow:
        seen = fingerprint(service.choose(uow, round_id, choice_of(INVITED)).asked)
        plan = Plan(choice_of(INVITED), uow.today + timedelta(days=21), LADDER, seen)
    form = {"csrf_token": house.csrf_token(), "idempotency_key": f"bench-{round_id}", "choice": plan.written()}
    client.close()
    answer = client.ask("POST", f"/consultations/{round_id}/send", urlencode(form).encode())
    if answer.status != 303 or not answer.location.endswith(f"/consultations/{round_id}"):
        raise NotServed(f"Send answered {answer.status} {answer.location}: {answer.body[:300]!r}")
    return answer.seconds


def _plan_workshop(house: House, round_id: int) -> None:
    with house.unit() as uow:
        start = datetime.combine(uow.today + timedelta(days=40), datetime.min.time()).replace(hour=10)
        meeting = meetings.plan_meeting(uow, MeetingPlan("Validation workshop", start, 180, venue="Committee Room 2"))
        row = uow.session.scalars(select(ConsultationRound).where(ConsultationRound.id == round_id)).one()
        row.workshop_id = meeting.id
