"""Cuts a partner's reply into comments, clause by clause. Proposals to an officer; nothing of the reply is dropped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.documents import blocks, marks, wording
from crm.documents.likeness import ClauseRef
from crm.documents.passages import Kind, Passage, Reader
from crm.documents.wording import CommentType
from crm.i18n import Message

__all__ = ["ClauseRef", "CommentType", "Kind", "Piece", "split"]


@dataclass(frozen=True)
class Piece:
    """A stretch of the reply, text[start:end].

    `clauses` is empty for what waits in the tray. `text` has no quotation marks and no wrapped lines; `proposed` and
    `reason` may be empty. `question` is "Q7" where it answers a question. `confidence` runs from 0 to 1; `why` tells a
    person how the clause was found. `inserted` and `deleted` hold tracked changes.
    """

    kind: Kind
    clauses: tuple[str, ...]
    text: str
    proposed: str
    reason: str
    comment_type: CommentType
    confidence: float
    start: int
    end: int
    why: Message
    question: str | None = None
    inserted: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


@dataclass
class _Draft:
    """Passages that will be one piece."""

    first: Passage
    start: int
    end: int
    words: list[str] = field(default_factory=list)


_WHY = {
    Kind.COMMENT: Message("No clause is named."),
    Kind.PREAMBLE: Message("It opens the letter."),
    Kind.CLOSING: Message("It closes the letter."),
    Kind.QUOTATION: Message("It quotes the draft or our letter."),
}


# A reply of more letters than this is a book; what is beyond is for a person to read.
LONGEST = 200_000
_REST = Message("The reply is very long; from here on the machine did not read it.")


def split(text: str, clauses: Sequence[ClauseRef], ours: str = "") -> list[Piece]:
    """All of `text` in pieces that follow one another without a gap. `ours` is what we had sent, if known.

    Of a text beyond LONGEST the rest is one last piece, for the tray.
    """
    stop = _end_of_reading(text)
    passages = Reader(blocks.cut(text[:stop]), clauses, ours).passages()
    pieces = [_piece(draft) for draft in _gathered(passages)]
    return pieces if stop == len(text) else [*pieces, _unread(text, stop)]


def _end_of_reading(text: str) -> int:
    """Where the last paragraph, or at least line, below the limit ends."""
    if len(text.rstrip()) <= LONGEST:
        return len(text)
    for mark in ("\n\n", "\n"):
        place = text.rfind(mark, LONGEST // 2, LONGEST)
        if place >= 0:
            return place + len(mark)
    return LONGEST


def _unread(text: str, start: int) -> Piece:
    return Piece(
        kind=Kind.COMMENT,
        clauses=(),
        text=text[start:].strip(),
        proposed="",
        reason="",
        comment_type=CommentType.GENERAL,
        confidence=0.0,
        start=start,
        end=len(text),
        why=_REST,
    )


def _gathered(passages: Iterable[Passage]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for passage in passages:
        start, end = passage.block.start, passage.block.end
        if drafts and _belongs(passage, drafts[-1].first):
            drafts[-1].end = end
            drafts[-1].words.append(passage.words or passage.block.text)
            continue
        if drafts and drafts[-1].end > start:  # the second half of a block that was cut in two
            start = drafts[-1].end = max(drafts[-1].start + 1, start + passage.block.lead + passage.skip)
        drafts.append(
            _Draft(
                passage, start, end, [passage.words if _is_comment(passage) else passage.words or passage.block.text]
            )
        )
    return drafts


def _is_comment(passage: Passage) -> bool:
    return passage.kind is Kind.COMMENT


def _belongs(passage: Passage, first: Passage) -> bool:
    if passage.kind is not first.kind:
        return not passage.block.text.strip()
    if passage.kind is not Kind.COMMENT:
        return True
    same = passage.numbers == first.numbers and passage.question == first.question
    return not passage.opens and same and first.row is None and first.edited is None


def _piece(draft: _Draft) -> Piece:
    first = draft.first
    words = "\n\n".join(part.strip() for part in draft.words if part.strip())
    remark = _remark(first, words)
    kind = first.kind
    if kind is Kind.COMMENT and not (remark.text or remark.proposed):
        kind, remark = Kind.QUOTATION, wording.Remark(_unwrapped(first.block.text), "", "")  # a heading alone
    put_in, struck = marks.changes(words) if first.edited is not None else ((), ())
    is_comment = kind is Kind.COMMENT
    return Piece(
        kind=kind,
        clauses=first.numbers if is_comment else (),
        text=remark.text,
        proposed=remark.proposed,
        reason=remark.reason,
        comment_type=wording.comment_type(remark.text or remark.proposed) if is_comment else CommentType.GENERAL,
        confidence=first.confidence,
        start=draft.start,
        end=draft.end,
        why=first.why or _WHY[kind],
        question=first.question,
        inserted=put_in,
        deleted=struck,
    )


def _remark(first: Passage, words: str) -> wording.Remark:
    if first.kind is not Kind.COMMENT:
        return wording.Remark(_unwrapped(words), "", "")
    if first.edited is not None:
        return wording.Remark(_unwrapped(words), _unwrapped(first.edited), "")
    if first.row is not None:
        row = first.row
        found = row.proposed or wording.told_apart(row.text).proposed
        return wording.Remark(row.text, found, row.reason)
    remark = wording.told_apart(words)
    return wording.Remark(*(_unwrapped(part) for part in (remark.text, remark.proposed, remark.reason)))


def _unwrapped(text: str) -> str:
    """Wrapped lines joined; paragraphs stay apart."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())
