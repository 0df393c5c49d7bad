"""The shapes of the sample data: frozen values that `crm.demo.dataset` reads and others store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Language = Literal["en", "ur"]
EngagementKind = Literal["call", "visit", "letter", "message", "event", "meeting"]
EngagementDirection = Literal["from_us", "from_them", "mutual"]
RequestDirection = Literal["by_us", "of_us"]


@dataclass(frozen=True)
class Text:
    """The same words in English and in Urdu."""

    en: str
    ur: str

    def __getitem__(self, language: str) -> str:
        return self.ur if language == "ur" else self.en


@dataclass(frozen=True)
class CopyLine:
    """One Copy-to line of a letter; `organisation` where the addressee is a partner of ours."""

    organisation: str | None
    words: Text


@dataclass(frozen=True)
class Organisation:
    """A real public institution with its focal post. `mailbox` is a placeholder on `.example`.

    `tags` are its own words; `themes` are those of the taxonomy's thematic areas that follow from them.
    """

    id: str
    name: Text
    acronym: str | None
    type: str
    level: str
    province: str
    city: Text
    website: str | None
    website_verified: bool
    parent: str | None
    tags: tuple[str, ...]
    themes: tuple[str, ...]
    mailbox: str
    post: Text
    language: Language
    form: str
    courtesy: str
    through: Text | None
    copy_to: tuple[CopyLine, ...]


@dataclass(frozen=True)
class Label:
    """A code and the words that pages show for it; `plural` only where tables need one."""

    code: str
    words: Text
    plural: Text | None = None


@dataclass(frozen=True)
class Jurisdiction:
    """A province or territory, its districts and, where known, its sessions divisions."""

    code: str
    words: Text
    districts: tuple[str, ...]
    sessions_divisions: tuple[str, ...]


@dataclass(frozen=True)
class MandateFunction:
    """One function of the Unit, by its number."""

    number: int
    words: Text


@dataclass(frozen=True)
class Taxonomy:
    """Every list of codes that pages choose from."""

    organisation_types: tuple[Label, ...]
    levels: tuple[Label, ...]
    jurisdictions: tuple[Jurisdiction, ...]
    thematic_areas: tuple[Label, ...]
    tags: tuple[Label, ...]
    mandate_functions: tuple[MandateFunction, ...]
    comment_types: tuple[Label, ...]
    dispositions: tuple[Label, ...]
    consultation_states: tuple[Label, ...]
    communication_forms: tuple[Label, ...]
    priorities: tuple[Label, ...]
    classifications: tuple[Label, ...]
    courtesy_classes: tuple[Label, ...]
    languages: tuple[Label, ...]
    engagement_kinds: tuple[Label, ...]
    reminders: tuple[Label, ...]
    instrument_states: tuple[Label, ...]


@dataclass(frozen=True)
class Holiday:
    """A public holiday. `confirmed` is false for an estimate of a moon-dependent date."""

    on: date
    name: Text
    scope: str
    moon_dependent: bool
    confirmed: bool
    note: str | None


@dataclass(frozen=True)
class Instrument:
    """A law or standard of the starting register; `verified` says that a public page names it."""

    id: str
    title: str
    short_title: str | None
    year: int | None
    number: str | None
    level: str
    jurisdiction: str
    issuing_body: str | None
    status: str
    verified: bool
    source: str | None
    key_provisions: tuple[str, ...]


@dataclass(frozen=True)
class Titled:
    """A part (A to I) or an annex (A to D) of a document."""

    code: str
    title: Text


@dataclass(frozen=True)
class Clause:
    """A numbered clause with a short title."""

    number: int
    part: str
    title: Text
    text: Text


@dataclass(frozen=True)
class Document:
    """The draft that partners are asked about."""

    title: Text
    code: str
    version: str
    classification: str
    disclaimer: str
    preface: Text
    parts: tuple[Titled, ...]
    clauses: tuple[Clause, ...]
    annexes: tuple[Titled, ...]


@dataclass(frozen=True)
class Question:
    """One question of a round. An empty `audience` means everybody."""

    id: str
    type: str
    required: bool
    clauses: tuple[int, ...]
    audience: tuple[str, ...]
    text: Text
    options: tuple[Label, ...]
    rows: tuple[str, ...]
    columns: tuple[Label, ...]


@dataclass(frozen=True)
class LadderStep:
    """A reminder so many working days from the closing date, negative before it."""

    step: str
    offset: int


@dataclass(frozen=True)
class Consultation:
    """The round on the draft as it is planned; `invitees` are organisation ids by type."""

    title: Text
    code: str
    round: int
    opens: date
    closes: date
    validation_workshop: date
    ladder: tuple[LadderStep, ...]
    rules: tuple[Text, ...]
    questions: tuple[Question, ...]
    invitees: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Engagement:
    """Something that passed between us and partners. `sign` is its shape on the timeline where it stands out."""

    id: str
    kind: EngagementKind
    at: datetime
    direction: EngagementDirection
    parties: tuple[str, ...]
    sign: Literal["milestone", "joint_action"] | None
    title: Text
    note: Text


@dataclass(frozen=True)
class Request:
    """A request by us or of us; open while `answered_on` is empty."""

    id: str
    direction: RequestDirection
    organisation: str
    function: int
    asked_on: date
    due_on: date
    answered_on: date | None
    title: Text
    note: Text


@dataclass(frozen=True)
class Dataset:
    """All of it."""

    organisations: tuple[Organisation, ...]
    taxonomy: Taxonomy
    holidays: tuple[Holiday, ...]
    instruments: tuple[Instrument, ...]
    document: Document
    consultation: Consultation
    engagements: tuple[Engagement, ...]
    requests: tuple[Request, ...]
