"""The sample data put into the register, through the same services that people use."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from crm.base import Subject
from crm.demo import values
from crm.demo.dataset import load, moved
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import AskKind, AskState, Side, freeze_ladder
from crm.domain.consultations.models import Clause, ConsultationRound, Document, Question
from crm.domain.consultations.rules import QuestionType, RoundState
from crm.domain.meetings import service as meetings
from crm.domain.meetings.service import Plan
from crm.domain.organisations import service as organisations
from crm.domain.organisations.models import Organisation, Seat
from crm.domain.organisations.rules import CommunicationForm, Courtesy, EngagementKind
from crm.domain.settings import service as settings
from crm.domain.settings.models import Holiday, Term, Unit
from crm.domain.settings.rules import SeriesKind, TermKind
from crm.timeline.models import Direction
from crm.uow import UnitOfWork

KARACHI = ZoneInfo("Asia/Karachi")
DIRECTIONS = {"from_us": Direction.FROM_US, "from_them": Direction.FROM_THEM, "mutual": Direction.MUTUAL}


def unit_row(code: str = "jjcpu") -> Unit:
    """The unit as it stands on its letterhead."""
    return Unit(
        id=1,
        code=code,
        name="Juvenile Justice and Child Protection Unit",
        name_ur="جووینائل جسٹس اینڈ چائلڈ پروٹیکشن یونٹ",
        bureau="National Police Bureau",
        bureau_ur="نیشنل پولیس بیورو",
        address="Sector G-10/4\nIslamabad",
        address_ur="سیکٹر جی 10/4\nاسلام آباد",
        website="npb.gov.pk",
        signatory="Director",
        signatory_ur="ڈائریکٹر",
    )


def load_lists(uow: UnitOfWork) -> None:
    """The unit's name, the taxonomy and the holidays: every installation begins with them."""
    data = load()
    uow.session.add(unit_row())
    uow.session.flush()
    taxonomy = data.taxonomy
    lists: dict[TermKind, list[tuple[str, values.Text, values.Text | None]]] = {
        TermKind.ORGANISATION_TYPE: [(one.code, one.words, one.plural) for one in taxonomy.organisation_types],
        TermKind.JURISDICTION: [(one.code, one.words, None) for one in taxonomy.jurisdictions],
        TermKind.THEME: [(one.code, one.words, None) for one in taxonomy.thematic_areas],
        TermKind.TAG: [(one.code, one.words, None) for one in taxonomy.tags],
        TermKind.MANDATE: [(str(one.number), one.words, None) for one in taxonomy.mandate_functions],
    }
    for kind, entries in lists.items():
        for place, (code, words, many) in enumerate(entries):
            term = Term(kind=kind, code=code, label=words.en, label_ur=words.ur, place=place)
            term.plural, term.plural_ur = (many.en, many.ur) if many else ("", "")
            uow.session.add(term)
    known = {(one.on, one.scope, one.name.en): one for one in data.holidays}
    uow.session.add_all(_holiday(one) for one in known.values())


def _holiday(one: values.Holiday) -> Holiday:
    return Holiday(
        on=one.on,
        name=one.name.en,
        name_ur=one.name.ur,
        scope=one.scope,
        is_moon_dependent=one.moon_dependent,
        confidence="confirmed" if one.confirmed else "estimated",
    )


def load_sample(uow: UnitOfWork) -> ConsultationRound:
    """The 198 institutions, past engagements, open requests, and the round on the sample SOP, ready to be sent."""
    data = moved(load(), uow.today)
    known = _organisations(uow, data.organisations)
    for one in data.engagements:
        _engagement(uow, one, known)
    for request in data.requests:
        _request(uow, request, known)
    return _round(uow, data)


def _organisations(uow: UnitOfWork, rows: tuple[values.Organisation, ...]) -> dict[str, Organisation]:
    known = {one.id: organisations.add_organisation(uow, one.themes, **_fields(one)) for one in rows}
    for one in rows:
        known[one.id].parent_id = known[one.parent].id if one.parent else None
        organisations.add_seat(
            uow,
            known[one.id].id,
            title=one.post.en,
            title_ur=one.post.ur,
            address=one.mailbox,
            language=one.language,
            is_focal=True,
            through=one.through[one.language] if one.through else "",
            copy_to=[line.words[one.language] for line in one.copy_to],
        )
    return known


def _fields(one: values.Organisation) -> dict[str, Any]:
    return {
        "code": one.id,
        "name": one.name.en,
        "name_ur": one.name.ur,
        "acronym": one.acronym or "",
        "type": one.type,
        "level": one.level,
        "province": one.province,
        "city": one.city.en,
        "city_ur": one.city.ur,
        "form": CommunicationForm(one.form),
        "website": one.website or "",
        "courtesy": Courtesy(one.courtesy),
        "tags": list(one.tags),
    }


def _engagement(uow: UnitOfWork, one: values.Engagement, known: dict[str, Organisation]) -> None:
    organisations.log_engagement(
        uow,
        EngagementKind(one.kind),
        one.at,
        one.title.en,
        [known[code].id for code in one.parties],
        DIRECTIONS[one.direction],
        one.title.ur,
        one.note.en,
        is_sample=True,
    )


def _request(uow: UnitOfWork, one: values.Request, known: dict[str, Organisation]) -> None:
    """A request of either side, told on its partner's story."""
    ask = _ask(uow, one, known[one.organisation])
    uow.session.add(ask)
    uow.session.flush()
    direction = Direction.FROM_US if ask.side is Side.OURS else Direction.FROM_THEM
    told = {"subject": ask.subject, "data": {"title": ask.title, "title_ur": ask.title_ur, "number": ask.number}}
    place = Subject(Organisation.SUBJECT, ask.organisation_id)
    uow.record_many_at(ask.asked_at, f"asked-{ask.kind}", direction, [told | {"places": [place]}])


def _ask(uow: UnitOfWork, one: values.Request, organisation: Organisation) -> Ask:
    """Its ladder is empty: history sends nothing by itself (practice 12)."""
    number = settings.next_numbers(uow.session, SeriesKind.REQUEST, one.asked_on.year)[0]
    answered = datetime.combine(one.answered_on, time(12), KARACHI) if one.answered_on else None
    return Ask(
        kind=AskKind.LETTER,
        side=Side.OURS if one.direction == "by_us" else Side.THEIRS,
        subject_kind=Organisation.SUBJECT,
        subject_id=organisation.id,
        organisation_id=organisation.id,
        seat_id=uow.session.info.setdefault("seats", _focal_seats(uow))[organisation.id],
        number=f"L{one.asked_on.year % 100}-{number:04d}",
        title=one.title.en,
        title_ur=one.title.ur,
        asked_at=datetime.combine(one.asked_on, time(10), KARACHI),
        due_on=one.due_on,
        ladder=freeze_ladder(()),
        nonce=uow.nonce(),
        state=AskState.ANSWERED if answered else AskState.OPEN,
        answered_at=answered,
    )


def _focal_seats(uow: UnitOfWork) -> dict[int, int]:
    rows = uow.session.query(Seat.organisation_id, Seat.id).all()
    return {organisation_id: seat_id for organisation_id, seat_id in rows}


def _round(uow: UnitOfWork, data: values.Dataset) -> ConsultationRound:
    planned = data.consultation
    document = _document(uow, data.document, planned.title)
    workshop = meetings.plan_meeting(
        uow,
        Plan(
            title=f"Validation workshop: {planned.title.en}",
            title_ur=f"توثیقی ورکشاپ: {planned.title.ur}",
            wall_start=datetime.combine(planned.validation_workshop, time(10)),
            minutes=180,
            venue="Committee Room 2, National Police Bureau, Islamabad",
            agenda="Opening\nComments received and decisions proposed\nClauses still open\nNext steps",
        ),
    )
    row = ConsultationRound(document_id=document.id, number=planned.round, due_on=planned.closes)
    row.workshop_id = workshop.id
    for state in (RoundState.SCOPING, RoundState.DRAFTING, RoundState.INTERNAL_CLEARANCE):
        row.reach(state, uow.today)
    uow.session.add(row)
    uow.session.flush()
    uow.session.add_all(_question(row.id, place, one) for place, one in enumerate(planned.questions))
    uow.index(row)
    return row


def _document(uow: UnitOfWork, one: values.Document, title: values.Text) -> Document:
    parts = {part.code: part.title for part in one.parts}
    document = Document(
        code=one.code,
        title=title.en,
        title_ur=title.ur,
        text_version=one.version,
        classification=one.classification,
        note=one.disclaimer,
    )
    document.clauses = [_clause(place, clause, parts) for place, clause in enumerate(one.clauses)]
    uow.session.add(document)
    uow.session.flush()
    uow.index(document)
    return document


def _clause(place: int, one: values.Clause, parts: dict[str, values.Text]) -> Clause:
    return Clause(
        place=place,
        number=str(one.number),
        part=one.part,
        part_title=parts[one.part].en,
        part_title_ur=parts[one.part].ur,
        title=one.title.en,
        title_ur=one.title.ur,
        text=one.text.en,
        text_ur=one.text.ur,
    )


def _question(round_id: int, place: int, one: values.Question) -> Question:
    return Question(
        round_id=round_id,
        place=place,
        code=one.id,
        type=QuestionType(one.type),
        text=one.text.en,
        text_ur=one.text.ur,
        options=[option.words.en for option in (one.options or one.columns)],
        options_ur=[option.words.ur for option in (one.options or one.columns)],
        rows=list(one.rows),
        clauses=list(one.clauses),
        audience=list(one.audience),
        is_required=one.required,
    )
