"""The list of rounds and drafts, a draft in both languages, and the draft as the file that goes with a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from crm.blueprints import stories
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.documents.clauses import Clause as DraftClause
from crm.documents.clauses import DraftText, Part
from crm.documents.draft import sop_docx
from crm.domain.accounts.rules import Permission
from crm.domain.consultations import queries
from crm.domain.consultations.models import Clause, ConsultationRound, Document
from crm.domain.consultations.rules import ROUND_WORDS, RoundState
from crm.files import service as files
from crm.files.models import ScanState
from crm.files.service import StoredFile
from crm.mail.letter import Enclosure
from crm.ports import Ports
from crm.uow import Actor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BADGES = {
    RoundState.ROUND_OPEN: "progress",
    RoundState.ROUND_CLOSED: "ended",
    RoundState.NOTIFIED: "answered",
    RoundState.ARCHIVED: "history",
}
Badge = tuple[str, str]


def badge_of(state: RoundState) -> Badge:
    """The badge of a round."""
    return BADGES.get(state, "draft"), worded(ROUND_WORDS[state])


def round_title(consultation: ConsultationRound) -> str:
    """What a round is called on pages."""
    title = consultation.document.titled(language())
    return str(_("%(title)s, round %(number)s", title=title, number=consultation.number))


def version_word(document: Document) -> str:
    """The version as people say it."""
    return str(_("Version %(version)s", version=document.text_version))


def index(session: Session, actor: Actor) -> dict[str, Any]:
    """The context of consultations/index. Five statements, however many rounds."""
    rounds, counts = queries.all_rounds(session), queries.counts_by_round(session)
    may_open, running = actor.may(Permission.RUN_ROUND), {one.document_id for one in rounds if one.is_running}
    return {
        "rounds": [_round_row(one, counts.get(one.id, queries.Counts())) for one in rounds],
        "documents": [
            _document_row(one, clauses, may_open and one.id not in running)
            for one, clauses in queries.all_documents(session)
        ],
        "page": {"shown": len(rounds), "total": None, "earlier_url": None, "later_url": None},
    }


def _round_row(one: ConsultationRound, counts: queries.Counts) -> dict[str, Any]:
    return {
        "url": url_for("consultations.show", round_id=one.id),
        "title": round_title(one),
        "reference": f"{one.document.code} / {one.number}",
        "badge": badge_of(one.state),
        "due_on": one.due_on,
        "answered": counts.answered,
        "invited": counts.asked,
        "undecided": counts.undecided,
        "document_word": version_word(one.document),
    }


def _document_row(one: Document, clauses: int, may_open: bool) -> dict[str, Any]:
    return {
        "url": url_for("consultations.document", document_id=one.id),
        "title": one.titled(language()),
        "version_word": version_word(one),
        "clauses": clauses,
        "new_round_url": url_for("consultations.open_round", document_id=one.id) if may_open else None,
    }


def document_page(session: Session, actor: Actor, document_id: int) -> dict[str, Any]:
    """The context of consultations/document: the text in both languages, side by side."""
    document = queries.get_document(session, document_id)
    rounds = queries.rounds_on(session, document_id)
    counts = queries.by_clause(session, rounds[0].id) if rounds else {}
    told, _earlier = stories.story(session, actor, document.subject)
    may_open = actor.may(Permission.RUN_ROUND) and not any(one.is_running for one in rounds)
    return {
        "document": {
            "title": document.title,
            "title_urdu": document.title_ur or None,
            "version_word": version_word(document),
            "facts": [document.code, document.classification],
            "files": _files(document),
        },
        "parts": _parts(document.clauses, counts, rounds[0].id if rounds else None),
        "rounds": [_round_row(one, queries.Counts()) for one in rounds],
        "new_round_url": url_for("consultations.open_round", document_id=document.id) if may_open else None,
        "story": told,
    }


def _files(document: Document) -> list[dict[str, str]]:
    words = {"en": _("Word file, English"), "ur": _("Word file, Urdu")}
    return [
        {"word": words[one], "url": url_for("consultations.word_file", document_id=document.id, tongue=one)}
        for one in languages_of(document)
    ]


def _parts(clauses: Sequence[Clause], counts: dict[int, tuple[int, int]], round_id: int | None) -> list[dict[str, Any]]:
    parts = groupby(clauses, lambda clause: (clause.part, clause.part_title, clause.part_title_ur))
    return [
        {
            "heading": " · ".join(part for part in (f"{label}. {title}", title_ur) if part),
            "clauses": [_clause(clause, counts.get(clause.id, (0, 0))[0], round_id) for clause in members],
        }
        for (label, title, title_ur), members in parts
    ]


def _clause(clause: Clause, comments: int, round_id: int | None) -> dict[str, Any]:
    there = url_for("consultations.matrix", round_id=round_id, clause=clause.number) if round_id else None
    return {
        "number": clause.number,
        "text": clause.text,
        "text_urdu": clause.text_ur or None,
        "language": "en",
        "comments": comments,
        "matrix_url": there,
    }


def languages_of(document: Document) -> tuple[str, ...]:
    """The languages that a draft is written in."""
    return ("en", "ur") if any(clause.text_ur for clause in document.clauses) else ("en",)


def file_name(document: Document, tongue: str) -> str:
    """The name under which the draft goes out."""
    return f"{document.code.replace('/', '-')}-v{document.text_version}-{tongue}.docx"


def draft_text(document: Document, tongue: str) -> DraftText:
    """A draft as a value, in one language where that is written."""
    is_urdu = tongue == "ur"

    def heading(clause: Clause) -> tuple[str, str]:
        return clause.part, (clause.part_title_ur if is_urdu else "") or clause.part_title

    return DraftText(
        title=document.titled(tongue),
        code=document.code,
        version=document.text_version,
        classification=document.classification,
        notes=tuple(part for part in (document.code, document.note) if part),
        parts=tuple(
            Part(label, title, tuple(DraftClause(one.number, one.worded(tongue)) for one in members))
            for (label, title), members in groupby(document.clauses, heading)
        ),
        annexes=(),
    )


@lru_cache(maxsize=8)
def _written(text: DraftText, tongue: str) -> bytes:
    """Written once a process: a tenth of a second that a preview need not pay twice."""
    return sop_docx(text, tongue)


def word_file(document: Document, tongue: str) -> bytes:
    """The draft as a Word file."""
    return _written(draft_text(document, tongue), tongue)


@dataclass(frozen=True)
class Enclosed:
    """The draft's files as they go with a request; `fresh` ones are to be attached to the draft when it is sent."""

    enclosures: tuple[Enclosure, ...]
    fresh: tuple[StoredFile, ...]

    def attach(self, session: Session, document: Document, now: datetime) -> None:
        """Note the fresh files beside the draft, so that they are made once a version."""
        files.attach(session, document.subject, self.fresh, now)


def enclosed(session: Session, ports: Ports, document: Document) -> Enclosed:
    """The draft's files, durable in the blob store. Made once a version; nothing is written to the register."""
    kept = {one.name: one.sha256 for one in files.attachments_of(session, [document.subject])}
    fresh, enclosures = [], []
    for tongue in languages_of(document):
        name = file_name(document, tongue)
        sha256 = kept.get(name)
        if sha256 is None or not ports.blobs.exists(sha256):
            content = word_file(document, tongue)
            sha256 = ports.blobs.put(content)
            fresh.append(StoredFile(sha256, len(content), name, DOCX, ScanState.CLEAN))
        enclosures.append(Enclosure(sha256, name, DOCX))
    return Enclosed(tuple(enclosures), tuple(fresh))
