"""Says of each block of a reply what it is: a comment on which clause, a quotation, opening or closing words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crm.documents import formulas, marks, numbering, references, tables, usual
from crm.documents.blocks import Block
from crm.documents.likeness import ClauseRef, likeness_to, resembles, runs_of, without_number
from crm.i18n import Message

FEWEST_WORDS = 3
# So many clauses quoted, or so large a share of a short draft, are a copy of the draft.
COPY, COPY_SHARE = 6, 0.6


class Kind(StrEnum):
    """What a passage is."""

    COMMENT = "comment"
    PREAMBLE = "preamble"
    CLOSING = "closing"
    QUOTATION = "quotation"


class _Source(StrEnum):
    HEADING = "heading"
    QUOTE = "quote"
    PROSE = "prose"
    NONE = "none"


@dataclass(frozen=True)
class Passage:
    """One or more blocks of one kind. `opens` is False where it continues the comment before it."""

    kind: Kind
    block: Block
    words: str = ""
    numbers: tuple[str, ...] = ()
    question: str | None = None
    confidence: float = 1.0
    why: Message | None = None
    opens: bool = True
    skip: int = 0
    row: tables.Row | None = None
    edited: str | None = None


@dataclass(frozen=True)
class _Context:
    numbers: tuple[str, ...] = ()
    question: str | None = None
    source: _Source = _Source.NONE
    depth: int = 0


class Reader:
    """Reads blocks in order and remembers which clause is spoken of."""

    def __init__(self, blocks: Sequence[Block], clauses: Sequence[ClauseRef], ours: str) -> None:
        self._blocks = blocks
        self._known = {clause.number.upper() for clause in clauses}
        self._likeness = likeness_to(tuple(clauses))
        self._ours = runs_of(ours)
        self._context = _Context()
        self._stage = Kind.PREAMBLE
        self._columns: tables.Columns | None = None
        self._guessed = False
        self._last_label = _last(blocks, numbering.is_label)
        self._last_header = _last(blocks, lambda block: block.cells and tables.header(block.cells))
        self._last_row: tuple[str, ...] = ()
        self._quotes = {at: found for at, block in enumerate(blocks) if (found := self._likeness.quoted(block.text))}
        self._is_copy = sum(quote.exact for quote in self._quotes.values()) >= max(
            2, min(COPY, COPY_SHARE * len(clauses))
        ) and not any(b.depth for b in blocks)
        unquoted = [block for at, block in enumerate(blocks) if block.depth == 0 and at not in self._quotes]
        self._numbered = numbering.counts_clauses(unquoted, self._known)

    def passages(self) -> Iterator[Passage]:
        """A passage, or two where a clause and the remark on it share a paragraph, for each block."""
        for at, block in enumerate(self._blocks):
            if block.cells is None:
                self._columns, self._guessed = None, False
            yield from self._read(at, block)

    def _read(self, at: int, block: Block) -> Iterator[Passage]:
        if not block.text.strip():
            yield Passage(self._stage, block)
        elif marks.COMMENT.match(block.text):
            yield self._margin(block)
        elif block.cells is not None and block.depth == 0:
            yield self._table_row(at, block, block.cells)
        elif self._ours and resembles(block.text, self._ours) and at not in self._quotes:
            yield Passage(Kind.QUOTATION, block)
        elif block.opens_original:
            yield self._original(at, block)
        elif marks.is_changed(block.text):
            yield self._changed(block)
        elif (
            at in self._quotes
            and (block.depth > 0 or self._stage is not Kind.CLOSING)
            and not numbering.is_label(block)
        ):
            yield from self._quoted(at, block)
        elif block.depth > 0 and not (self._context.source is _Source.QUOTE and self._context.depth > block.depth):
            yield Passage(Kind.QUOTATION, block)
        else:
            yield from self._said(at, block)

    # -- what was said ---------------------------------------------------------------------------------------------

    def _said(self, at: int, block: Block) -> Iterator[Passage]:
        heading = references.heading(block.text)
        if self._is_copy and numbering.is_draft_heading(block):
            yield Passage(Kind.QUOTATION if self._context.numbers else Kind.PREAMBLE, block)
            return
        if heading is None and self._numbered and self._stage is not Kind.CLOSING:
            heading = references.bare_number(block.text)
        if heading is not None and (heading.is_label or self._stage is not Kind.CLOSING):
            yield from self._headed(block, heading)
        elif self._stage is Kind.CLOSING or formulas.closes(block.text) or self._signs_off(at, block):
            self._stage, self._context = Kind.CLOSING, _Context()
            yield Passage(Kind.CLOSING, block)
        elif self._is_copy and not self._context.numbers:
            yield Passage(Kind.PREAMBLE, block)
        elif self._context.source in (_Source.HEADING, _Source.QUOTE) and self._context != _Context():
            yield self._continued(block)
        else:
            yield self._prose(at, block)

    def _headed(self, block: Block, heading: references.Heading) -> Iterator[Passage]:
        known = tuple(number for number in heading.numbers if number in self._known)
        source = _Source.HEADING if heading.is_label else _Source.PROSE
        self._stage, self._context = Kind.COMMENT, _Context(known, heading.question, source, block.depth)
        words = block.text[heading.end :] if heading.is_label else numbering.without_marker(block.text)
        passage = Passage(Kind.COMMENT, block, words, known, heading.question, skip=heading.end)
        quote = self._likeness.quoted(words)
        if quote is not None and quote.clause.number in known:
            passage = (
                replace(passage, words=words[quote.end :]) if quote.exact else replace(passage, edited=words.strip())
            )
        if heading.question or not heading.numbers:
            yield replace(passage, confidence=0.9, why=self._of_question(heading.question))
        elif not known:
            yield replace(passage, confidence=0.2, why=_absent(heading.numbers))
        elif heading.is_label:
            yield replace(
                passage, confidence=0.95, why=Message("Its heading names clause %(numbers)s.", numbers=_list(known))
            )
        else:
            yield replace(
                passage, confidence=0.85, why=Message("It opens by naming clause %(numbers)s.", numbers=_list(known))
            )

    @staticmethod
    def _of_question(question: str | None) -> Message:
        if question is None:
            return Message("It is headed as a general remark.")
        return Message("It answers question %(number)s.", number=question[1:])

    def _continued(self, block: Block) -> Passage:
        context = self._context
        if context.source is _Source.QUOTE:
            why = Message("It stands below the text of clause %(numbers)s.", numbers=_list(context.numbers))
            self._stage = Kind.COMMENT
        else:
            why = Message("It stands below the heading of clause %(numbers)s.", numbers=_list(context.numbers))
        return Passage(Kind.COMMENT, block, block.text, context.numbers, context.question, 0.9, why, opens=False)

    def _prose(self, at: int, block: Block) -> Passage:
        named = tuple(number for number in references.mentions(block.text) if number in self._known)
        if self._stage is Kind.PREAMBLE and (at < self._last_header or formulas.opens(block.text)):
            return Passage(Kind.PREAMBLE, block)
        if not named and usual.is_usual(block.text):
            return Passage(Kind.PREAMBLE, block, why=Message("It gives one of the usual answers."))
        if len(block.text.split()) < FEWEST_WORDS or (formulas.opens(block.text) and not named):
            return Passage(self._stage if self._stage is not Kind.COMMENT else Kind.CLOSING, block)
        self._stage, self._context = Kind.COMMENT, _Context(named, None, _Source.PROSE, block.depth)
        passage = Passage(Kind.COMMENT, block, numbering.without_marker(block.text))
        if named:
            why = Message("It names clause %(numbers)s.", numbers=_list(named))
            return replace(passage, numbers=named, confidence=0.75, why=why)
        likely = self._likeness.likely(block.text)
        if likely is not None:
            why = Message("It shares rare words with clause %(number)s.", number=likely.number)
            return replace(passage, numbers=(likely.number,), confidence=0.4, why=why)
        return replace(passage, confidence=0.2, why=Message("No clause is named."))

    def _signs_off(self, at: int, block: Block) -> bool:
        """A post's name in short lines, with no heading of a clause after it."""
        return formulas.signs(block.text) and self._stage is not Kind.PREAMBLE and at >= self._last_label

    # -- quotations ------------------------------------------------------------------------------------------------

    def _quoted(self, at: int, block: Block) -> Iterator[Passage]:
        quote = self._quotes[at]
        number = quote.clause.number.upper()
        same = number in self._context.numbers and self._context.source is not _Source.NONE
        if not quote.exact and block.depth == 0:
            yield self._reworded(block, number)
            return
        if not (same and self._context.source is _Source.HEADING):
            depth = block.depth if block.depth else 1
            self._context = _Context((number,), None, _Source.QUOTE, depth)
        self._stage = Kind.COMMENT
        rest = block.text[quote.end :].strip(" \n-–—:[]()")
        has_remark = len(rest.split()) >= FEWEST_WORDS - 1 and block.depth == 0
        yield Passage(Kind.QUOTATION, block, block.text[: quote.end] if has_remark else "")
        if has_remark:
            why = Message("It stands below the text of clause %(numbers)s.", numbers=number)
            yield Passage(Kind.COMMENT, block, rest, (number,), None, 0.8, why, skip=quote.end)

    def _reworded(self, block: Block, number: str) -> Passage:
        self._stage, self._context = Kind.COMMENT, _Context((number,), None, _Source.QUOTE, block.depth + 1)
        why = Message("It is the text of clause %(number)s with words changed.", number=number)
        text = without_number(block.text)
        return Passage(Kind.COMMENT, block, text, (number,), None, 0.75, why, edited=text)

    def _original(self, at: int, block: Block) -> Passage:
        """The answered mail begins; it is read on only where clauses are quoted or headed in it."""
        inline = at < max(self._last_label, max(self._quotes, default=-1))
        if not block.introduces_quote and block.depth == 0:
            self._stage = Kind.PREAMBLE if inline else Kind.CLOSING
            self._context = _Context()
        return Passage(Kind.QUOTATION if self._stage is not Kind.CLOSING else Kind.CLOSING, block)

    # -- margin comments, tracked changes, tables ------------------------------------------------------------------

    def _margin(self, block: Block) -> Passage:
        match = marks.COMMENT.match(block.text)
        words = match.group("words") if match else block.text
        heading = references.heading(words)
        numbers = self._context.numbers if heading is None else tuple(n for n in heading.numbers if n in self._known)
        if numbers:
            why = Message("It is a margin comment on clause %(numbers)s.", numbers=_list(numbers))
            return Passage(Kind.COMMENT, block, words, numbers, None, 0.9, why)
        return Passage(Kind.COMMENT, block, words, (), None, 0.2, Message("It is a margin comment on no clause."))

    def _changed(self, block: Block) -> Passage:
        before, edited = marks.before(block.text).strip(), without_number(marks.after(block.text).strip())
        quote = self._likeness.quoted(before)
        bare = references.bare_number(before)
        numbers = (quote.clause.number.upper(),) if quote else bare.numbers if bare else ()
        numbers = tuple(number for number in numbers if number in self._known)
        why = Message("Its tracked changes are in clause %(numbers)s.", numbers=_list(numbers))
        if not numbers:
            why = Message("Its tracked changes are in no clause of the draft.")
        else:
            self._context = _Context(numbers, None, _Source.QUOTE, block.depth + 1)
        self._stage = Kind.COMMENT
        return Passage(Kind.COMMENT, block, block.text, numbers, None, 0.9 if numbers else 0.2, why, edited=edited)

    def _table_row(self, at: int, block: Block, cells: tuple[str, ...]) -> Passage:
        named = tables.header(cells)
        if named is not None or not any(cells):
            self._columns = named or self._columns
            return Passage(Kind.QUOTATION, block)
        if self._columns is None and not self._guessed and at >= self._last_header:
            self._columns, self._guessed = tables.guessed(self._following_rows(at)), True
        row = tables.row(cells, self._columns) if self._columns else None
        if row is None:
            return Passage(Kind.PREAMBLE if self._stage is Kind.PREAMBLE else Kind.QUOTATION, block)
        return self._of_row(block, row)

    def _of_row(self, block: Block, row: tables.Row) -> Passage:
        known = tuple(number for number in row.numbers if number in self._known)
        self._last_row = known = self._last_row if row.is_same else known
        self._stage, self._context = Kind.COMMENT, _Context()
        why, confidence = Message("Its table row names clause %(numbers)s.", numbers=_list(known)), 0.95
        if row.numbers and not known:
            why, confidence = _absent(row.numbers), 0.2
        elif not known:
            why, confidence = Message("Its table row is headed as general."), 0.9
        return Passage(Kind.COMMENT, block, row.text, known, None, confidence, why, row=row)

    def _following_rows(self, at: int) -> list[tuple[str, ...]]:
        rows = []
        for block in self._blocks[at:]:
            if block.cells is None:
                break
            if block.cells:
                rows.append(block.cells)
        return rows


def _last(blocks: Sequence[Block], wanted: Callable[[Block], object]) -> int:
    """Where the last block that is `wanted` stands; -1 where there is none."""
    return next((at for at in range(len(blocks) - 1, -1, -1) if wanted(blocks[at])), -1)


def _list(numbers: Sequence[str]) -> str:
    return ", ".join(numbers)


def _absent(numbers: Sequence[str]) -> Message:
    return Message("The draft has no clause %(numbers)s.", numbers=_list(numbers))
