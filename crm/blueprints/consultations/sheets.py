"""The comment matrix as a workbook in the reader's language."""

from typing import Any

from sqlalchemy.orm import Session

from crm.blueprints.consultations.drafts import round_title, version_word
from crm.blueprints.door import language
from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.documents.matrix import MatrixTable, column_names, column_widths, matrix_xlsx
from crm.domain.consultations import queries
from crm.domain.consultations.models import Comment
from crm.domain.consultations.rules import DISPOSITION_WORDS, TYPE_WORDS
from crm.i18n import HOUSE_ZONE, is_right_to_left


def workbook(session: Session, round_id: int) -> bytes:
    """Every comment with its decision, as a sheet in the reader's language."""
    consultation = queries.get_round(session, round_id)
    tongue = language()
    comments = queries.all_comments(session, round_id)
    table = MatrixTable(
        title=consultation.document.titled(tongue),
        subtitle=f"{round_title(consultation)} · {version_word(consultation.document)}",
        columns=column_names(tongue),
        rows=[_sheet_row(number, one, tongue) for number, one in enumerate(comments, 1)],
        right_to_left=is_right_to_left(tongue),
        grade=consultation.document.classification,
        sheet_name=_("Comments"),
        widths=column_widths(),
    )
    return matrix_xlsx(table)


def _sheet_row(number: int, one: Comment, tongue: str) -> list[Any]:
    return [
        number,
        one.clause.number if one.clause else _("General"),
        one.organisation.named(tongue),
        worded(TYPE_WORDS[one.type]),
        one.text,
        one.proposed,
        one.reason,
        worded(DISPOSITION_WORDS[one.disposition]) if one.disposition else "",
        one.disposition_reason,
        one.revised_text,
        one.decided_by,
        one.decided_at.astimezone(HOUSE_ZONE).date() if one.decided_at else None,
        one.answer.receipt,
    ]
