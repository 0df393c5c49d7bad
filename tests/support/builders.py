"""Rows for tests, saying only what matters to the test."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from crm.domain.asks.models import Ask
from crm.domain.asks.rules import USUAL_LADDER, AskKind, Side, Step, freeze_ladder
from crm.domain.consultations.models import Clause, ConsultationRound, Document
from crm.domain.consultations.rules import Choice, LadderChoice
from crm.domain.consultations.service import send_round
from crm.domain.organisations.models import Organisation, OrganisationTheme, Seat
from crm.domain.organisations.rules import Courtesy
from crm.domain.settings.models import Holiday, Unit
from crm.links import Links
from crm.outbox.models import OutboxMessage
from crm.outbox.rules import Status
from crm.uow import UnitOfWork

KEYS = {"1": b"k" * 32}
LINKS = Links("https://rabta.example", "npb.example", KEYS)
DUE = date(2026, 12, 22)
_number = count(1)


def a_unit_row(uow: UnitOfWork) -> Unit:
    """The unit itself, as set-up writes it, with the holiday that the ladder of the examples meets."""
    unit = Unit(
        id=1,
        code="jjcpu",
        name="Juvenile Justice and Child Protection Unit",
        name_ur="جووینائل جسٹس اینڈ چائلڈ پروٹیکشن یونٹ",
        bureau="National Police Bureau",
        bureau_ur="نیشنل پولیس بیورو",
        address="Islamabad",
        address_ur="اسلام آباد",
        signatory="Director",
        signatory_ur="ڈائریکٹر",
    )
    uow.session.add(unit)
    uow.session.add(Holiday(on=date(2026, 12, 25), name="Quaid-e-Azam Day", name_ur="یومِ قائد"))
    uow.session.flush()
    return unit


def a_seat(uow: UnitOfWork, code: str = "", themes: Sequence[str] = (), **fields: Any) -> Seat:
    """A focal post at an organisation of its own."""
    code = code or f"org-{next(_number)}"
    own = {"language": "en", "title": "Director (Legal)", "address": f"focal.point@{code}.example"}
    seat_fields = {name: fields.pop(name, value) for name, value in own.items()}
    organisation = Organisation(
        code=code,
        name=fields.pop("name", f"Organisation {code}"),
        acronym=fields.pop("acronym", code.upper()),
        type=fields.pop("type", "ngo"),
        province=fields.pop("province", "Punjab"),
        courtesy=fields.pop("courtesy", Courtesy.CIVIL_SOCIETY),
        themes=[OrganisationTheme(theme=theme) for theme in themes],
        **fields,
    )
    uow.session.add(organisation)
    uow.session.flush()
    seat = Seat(organisation_id=organisation.id, is_focal=True, **seat_fields)
    uow.session.add(seat)
    uow.session.flush()
    return seat


def a_document(uow: UnitOfWork, clauses: int = 44) -> Document:
    """A text of numbered clauses in one part."""
    document = Document(code=f"JJCPU/SOP/{next(_number)}", title="SOP on First Contact", title_ur="پہلے رابطے کا ضابطہ")
    document.clauses = [
        Clause(
            place=place, number=str(place), part="A", part_title="All", title=f"Title {place}", text=f"Text {place}."
        )
        for place in range(1, clauses + 1)
    ]
    uow.session.add(document)
    uow.session.flush()
    return document


def a_round(
    uow: UnitOfWork,
    asking: Sequence[Seat] = (),
    due_on: date = DUE,
    ladder: Sequence[Step] = USUAL_LADDER,
    sent: bool = True,
) -> ConsultationRound:
    """A round on a text; where posts are given it was sent to them and every request was accepted by their server."""
    consultation = ConsultationRound(document_id=a_document(uow).id, number=1)
    uow.session.add(consultation)
    uow.session.flush()
    if asking:
        choice = Choice(added=tuple(seat.organisation_id for seat in asking))
        send_round(uow, consultation.id, choice, due_on, LadderChoice(tuple(ladder)))
        if sent:
            all_left(uow)
    return consultation


def all_left(uow: UnitOfWork) -> None:
    """Everything in the tray was accepted by the partners' servers."""
    for message in uow.session.query(OutboxMessage).filter(OutboxMessage.status == Status.PREPARING):
        message.status = Status.ACCEPTED
    uow.session.flush()


def posted(uow: UnitOfWork, kind: str | None = None) -> list[OutboxMessage]:
    """What waits in the tray, oldest first."""
    waiting = uow.session.query(OutboxMessage).filter(OutboxMessage.status == Status.PREPARING)
    return [one for one in waiting.order_by(OutboxMessage.id) if kind in (None, one.kind)]


def an_ask_of_us(uow: UnitOfWork, seat: Seat, due_on: date, title: str = "Names of two officers") -> Ask:
    """Something a partner asked of us."""
    ask = Ask(
        kind=AskKind.LETTER,
        side=Side.THEIRS,
        subject_kind="organisation",
        subject_id=seat.organisation_id,
        organisation_id=seat.organisation_id,
        seat_id=seat.id,
        number=f"T-{next(_number)}",
        title=title,
        asked_at=uow.now - timedelta(days=10),
        due_on=due_on,
        ladder=freeze_ladder(()),
        nonce=uow.nonce(),
    )
    uow.session.add(ask)
    uow.session.flush()
    return ask
