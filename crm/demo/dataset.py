"""The sample data, read from the package's own JSON. Pure: nothing is stored here."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crm.demo.values import (
    Clause,
    Consultation,
    CopyLine,
    Dataset,
    Document,
    Engagement,
    Holiday,
    Instrument,
    Jurisdiction,
    Label,
    LadderStep,
    MandateFunction,
    Organisation,
    Question,
    Request,
    Taxonomy,
    Text,
    Titled,
)

AS_OF = date(2026, 11, 24)
DATA = Path(__file__).parent / "data"
LABELS = (
    "organisation_types", "levels", "thematic_areas", "tags", "comment_types", "dispositions", "consultation_states",
    "communication_forms", "priorities", "classifications", "courtesy_classes", "languages", "engagement_kinds",
    "reminders", "instrument_states",
)  # fmt: skip

Record = Mapping[str, Any]


def load() -> Dataset:
    """Everything in `crm/demo/data`. Raises OSError, KeyError or ValueError where the package is damaged."""
    engagements = _read("engagements")
    return Dataset(
        organisations=tuple(map(_organisation, _read("organisations")["organisations"])),
        taxonomy=_taxonomy(_read("taxonomy")),
        holidays=tuple(map(_holiday, _read("holidays")["holidays"])),
        instruments=tuple(map(_instrument, _read("instruments")["instruments"])),
        document=_document(_read("sop")),
        consultation=_consultation(_read("questions")),
        engagements=tuple(map(_engagement, engagements["engagements"])),
        requests=tuple(map(_request, engagements["requests"])),
    )


def moved(data: Dataset, today: date) -> Dataset:
    """The sample as it would stand at `today`: its dates moved on by whole weeks, never back.

    So a demo that is set up in a later year still asks for answers that lie ahead.
    """
    later = timedelta(weeks=max(0, (today - AS_OF).days // 7))
    planned = data.consultation
    return replace(
        data,
        consultation=replace(
            planned,
            opens=planned.opens + later,
            closes=planned.closes + later,
            validation_workshop=planned.validation_workshop + later,
        ),
        engagements=tuple(replace(one, at=one.at + later) for one in data.engagements),
        requests=tuple(_later(one, later) for one in data.requests),
    )


def _later(one: Request, later: timedelta) -> Request:
    answered = one.answered_on + later if one.answered_on else None
    return replace(one, asked_on=one.asked_on + later, due_on=one.due_on + later, answered_on=answered)


def _read(name: str) -> Record:
    record: Record = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return record


def _text(record: Record) -> Text:
    return Text(record["en"], record["ur"])


def _label(record: Record) -> Label:
    plural = Text(record["en_plural"], record["ur_plural"]) if "en_plural" in record else None
    return Label(record["code"], _text(record), plural)


def _titled(record: Record) -> Titled:
    return Titled(record["code"], _text(record["title"]))


def _organisation(record: Record) -> Organisation:
    return Organisation(
        id=record["id"],
        name=Text(record["name"], record["name_ur"]),
        acronym=record["acronym"],
        type=record["type"],
        level=record["level"],
        province=record["province"],
        city=Text(record["city"], record["city_ur"]),
        website=record["website"],
        website_verified=record["website_verified"],
        parent=record["parent"],
        tags=tuple(record["tags"]),
        themes=tuple(record["themes"]),
        mailbox=record["mailbox"],
        post=_text(record["post"]),
        language=record["language"],
        form=record["form"],
        courtesy=record["courtesy"],
        through=_text(record["through"]) if record["through"] else None,
        copy_to=tuple(CopyLine(line["organisation"], _text(line)) for line in record["copy_to"]),
    )


def _taxonomy(record: Record) -> Taxonomy:
    return Taxonomy(
        jurisdictions=tuple(map(_jurisdiction, record["jurisdictions"])),
        mandate_functions=tuple(
            MandateFunction(function["number"], _text(function)) for function in record["mandate_functions"]
        ),
        **{name: tuple(map(_label, record[name])) for name in LABELS},
    )


def _jurisdiction(record: Record) -> Jurisdiction:
    return Jurisdiction(record["code"], _text(record), tuple(record["districts"]), tuple(record["sessions_divisions"]))


def _holiday(record: Record) -> Holiday:
    return Holiday(
        on=date.fromisoformat(record["date"]),
        name=Text(record["name"], record["name_ur"]),
        scope=record["scope"],
        moon_dependent=record["moon_dependent"],
        confirmed=record["confirmed"],
        note=record["note"],
    )


def _instrument(record: Record) -> Instrument:
    return Instrument(**{**record, "key_provisions": tuple(record["key_provisions"])})


def _document(record: Record) -> Document:
    return Document(
        title=_text(record["title"]),
        code=record["code"],
        version=record["version"],
        classification=record["classification"],
        disclaimer=record["note"],
        preface=_text(record["preface"]),
        parts=tuple(map(_titled, record["parts"])),
        clauses=tuple(
            Clause(clause["number"], clause["part"], _text(clause["title"]), _text(clause["text"]))
            for clause in record["clauses"]
        ),
        annexes=tuple(map(_titled, record["annexes"])),
    )


def _question(record: Record) -> Question:
    return Question(
        id=record["id"],
        type=record["type"],
        required=record["required"],
        clauses=tuple(record["clauses"]),
        audience=tuple(record["audience"]),
        text=_text(record["text"]),
        options=tuple(map(_label, record["options"])),
        rows=tuple(record["rows"]),
        columns=tuple(map(_label, record["columns"])),
    )


def _consultation(record: Record) -> Consultation:
    plan = record["consultation"]
    return Consultation(
        title=_text(plan["title"]),
        code=plan["code"],
        round=plan["round"],
        opens=date.fromisoformat(plan["opens"]),
        closes=date.fromisoformat(plan["closes"]),
        validation_workshop=date.fromisoformat(plan["validation_workshop"]),
        ladder=tuple(LadderStep(step["step"], step["offset"]) for step in plan["ladder"]),
        rules=tuple(map(_text, record["rules"])),
        questions=tuple(map(_question, record["questions"])),
        invitees={kind: tuple(ids) for kind, ids in record["invitees_by_type"].items()},
    )


def _engagement(record: Record) -> Engagement:
    return Engagement(
        id=record["id"],
        kind=record["kind"],
        at=datetime.fromisoformat(record["at"]),
        direction=record["direction"],
        parties=tuple(record["parties"]),
        sign=record["sign"],
        title=_text(record["title"]),
        note=_text(record["note"]),
    )


def _request(record: Record) -> Request:
    answered = record["answered_on"]
    return Request(
        id=record["id"],
        direction=record["direction"],
        organisation=record["organisation"],
        function=record["function"],
        asked_on=date.fromisoformat(record["asked_on"]),
        due_on=date.fromisoformat(record["due_on"]),
        answered_on=date.fromisoformat(answered) if answered else None,
        title=_text(record["title"]),
        note=_text(record["note"]),
    )
