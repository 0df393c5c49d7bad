"""An answer cut into comments: what was typed under a clause as it is, running text by the reader of documents."""

from collections.abc import Sequence

from crm.documents.comments import ClauseRef, CommentType, Kind, Piece, split
from crm.domain.asks.models import AskAnswer
from crm.domain.asks.rules import AnswerKind
from crm.domain.consultations.models import Comment
from crm.domain.consultations.rules import ClauseLine, CommentPlace

SURE = 0.75


def comments_in(
    answer: AskAnswer, file_texts: Sequence[tuple[str, str]], clauses: Sequence[ClauseLine]
) -> list[Comment]:
    """All that an answer holds: typed under clauses, in its words unless they are a usual answer, in its files."""
    texts = [("text", answer.text)] if answer.kind is AnswerKind.COMMENTS else []
    found = typed_comments(answer, clauses)
    for name, text in [*texts, *file_texts]:
        found += cut(text, name, clauses)
    return found


def typed_comments(answer: AskAnswer, clauses: Sequence[ClauseLine]) -> list[Comment]:
    """What was typed under a clause on the private page needs no guessing."""
    by_number = {clause.number: clause for clause in clauses}
    rows = []
    for number, typed in answer.values.get("clauses", {}).items():
        clause = by_number.get(number)
        text, proposed = typed.get("comment", "").strip(), typed.get("proposed", "").strip()
        if clause is not None and (text or proposed):
            row = Comment(text=text or proposed, proposed=proposed, source={"in": "page", "clause": number})
            row.type = CommentType.DRAFTING if proposed and not text else CommentType.GENERAL
            row.put_on(clause)
            rows.append(row)
    return rows


def cut(text: str, where: str, clauses: Sequence[ClauseLine]) -> list[Comment]:
    """The comments that the reader finds in `text`: on a clause where it is sure, else in the tray."""
    refs = [ClauseRef(clause.number, clause.text) for clause in clauses]
    by_number = {clause.number: clause for clause in clauses}
    return [_comment(piece, where, by_number) for piece in split(text, refs) if piece.kind is Kind.COMMENT]


def _comment(piece: Piece, where: str, by_number: dict[str, ClauseLine]) -> Comment:
    known = [number for number in piece.clauses if number in by_number]
    row = Comment(
        text=piece.text,
        proposed=piece.proposed,
        reason=piece.reason,
        type=piece.comment_type,
        confidence=piece.confidence,
        proposed_clauses=known,
        source={"in": where, "start": piece.start, "end": piece.end},
        place=CommentPlace.TRAY,
    )
    if known and piece.confidence >= SURE:
        row.put_on(by_number[known[0]])
    return row
