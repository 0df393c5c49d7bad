"""The usual answers of an office, recognised only where a reply is that and little else."""

import re
from dataclasses import dataclass
from datetime import date

from crm.documents import usual_phrases as phrases
from crm.documents.dates import dates_in
from crm.documents.references import ascii_digits
from crm.documents.usual_phrases import Usual

__all__ = ["Usual", "UsualAnswer", "is_covering_note", "is_usual", "letter_answer", "usual_answer"]

MOST_WORDS = 90
LONGEST_SENTENCE = 45
LONGEST_COVER = 40
# A longer text is no usual answer, whatever it says; nothing is searched in it.
LONGEST_TEXT = 8_000
LONGEST_LETTER = 4_000
# A line as long as this was wrapped by a machine, not ended by a person.
WRAPPED = 55
HEAD_LINES, HEAD_WORDS, ADDRESS_WORDS, LONGEST_HEAD = 20, 14, 6, 75


@dataclass(frozen=True)
class UsualAnswer:
    """Which usual answer it is, until when (a date named in it) and which office it names; both may be missing."""

    kind: Usual = Usual.NONE
    until: date | None = None
    office: str = ""


def usual_answer(text: str, today: date | None = None) -> UsualAnswer:
    """Recognise a usual answer in a visible reply. Anything more than it, or a doubt, and it is none.

    `today` is the mail's own date, for "need until 15 November" without a year.
    """
    sentences = _content(text)
    if not sentences or sum(len(one.split()) for one in sentences) > MOST_WORDS:
        return UsualAnswer()
    kinds = {_kind_of(sentence) for sentence in sentences if not _is_filler(sentence)}
    chosen = _strongest(kinds)
    if chosen is Usual.NONE:
        return UsualAnswer()
    whole = "\n".join(sentences)
    return UsualAnswer(chosen, _until(whole, today, chosen), _office(whole, chosen))


def is_usual(text: str) -> bool:
    """Whether `text` is a usual answer and nothing more."""
    return usual_answer(text).kind is not Usual.NONE


def letter_answer(text: str, today: date | None = None) -> UsualAnswer:
    """The usual answer that a letter gives below its letterhead and subject; none where a letter says more."""
    if len(text) > LONGEST_LETTER:
        return UsualAnswer()
    lines = [line for line in text.split("\n") if line.strip()]
    heads = next((at for at, line in enumerate(lines) if not _heads(line)), 0)
    # Where there is a salutation, what follows it is the letter's own, however short.
    start = next((at + 1 for at, line in enumerate(lines[:heads]) if _greets(line.strip())), heads)
    if start > HEAD_LINES:
        return UsualAnswer()
    body = (phrases.PARAGRAPH_NUMBER.sub("", line.strip()) for line in lines[start:])
    return usual_answer("\n".join(body), today)


def is_covering_note(text: str) -> bool:
    """Whether a mail says no more than that its answer is attached; so does one without a word."""
    sentences = _content(text)
    words = sum(len(one.split()) for one in sentences)
    if words > LONGEST_COVER or (not sentences and text.strip() and len(text) > LONGEST_TEXT):
        return False
    return all(_is_filler(one) or (phrases.COVER.search(one) and not _remarks(one)) for one in sentences)


def _content(text: str) -> list[str]:
    """The sentences between salutation and signature. Empty as well where a clause is named outside of them."""
    if len(text) > LONGEST_TEXT:
        return []
    kept: list[str] = []
    lines = [line.strip(" \t\r*_-–—>•") for line in ascii_digits(text).split("\n")]
    for at, plain in enumerate(lines):
        if not plain or _greets(plain):
            continue
        if _signs_off(plain, first=not kept):
            if kept:
                return [] if phrases.CLAUSE.search("\n".join(lines[at:])) else _sentences(kept)
            continue
        kept.append(plain)
    return _sentences(kept)


def _greets(line: str) -> bool:
    short = len(line.split()) <= 8 and not phrases.CLAUSE.search(line)
    return short and phrases.SALUTATION.search(line) is not None and _kind_of(line) is Usual.NONE


def _signs_off(line: str, first: bool) -> bool:
    """Whether a signature begins at `line`; of the first line only a word or two, as "Thanks", count."""
    if phrases.SIGN_OFF.search(line) is None or _kind_of(line) is not Usual.NONE:
        return False
    return not first or len(line.split()) <= 3


def _sentences(lines: list[str]) -> list[str]:
    joined = ""
    for before, line in zip(["", *lines], lines, strict=False):
        wrapped = len(before) >= WRAPPED and before[-1] not in ".:;?!۔"
        goes_on = re.match(r"[a-z]", line) is not None and re.search(r"[\w,،]$", before) is not None
        joined += (" " if wrapped or goes_on else "\n") + line
    return [one.strip(" ,،:") for one in phrases.SENTENCES.split(joined) if one.strip(" ,.،:\n")]


def _heads(line: str) -> bool:
    """Whether `line` is of a letterhead, a reference, an address, a subject or a salutation."""
    plain = line.strip()
    if "\t" in plain or "|" in plain or _remarks(plain) or _kind_of(plain) is not Usual.NONE:
        return False
    if phrases.HEAD_OF_LETTER.match(plain) or _greets(plain):
        return True
    is_short = len(plain.split()) <= HEAD_WORDS and len(plain) < LONGEST_HEAD
    return is_short and (plain[-1] not in ".:;?!۔" or ("," in plain and len(plain.split()) <= ADDRESS_WORDS))


def _is_filler(sentence: str) -> bool:
    """A sentence that says nothing of its own: a reference, thanks, "for information"."""
    is_none = _kind_of(sentence) is Usual.NONE and len(sentence.split()) <= LONGEST_SENTENCE
    return is_none and phrases.FILLER.search(sentence) is not None and not _remarks(sentence)


def _remarks(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in (phrases.CONTRAST, phrases.REMARK, phrases.CLAUSE))


def _kind_of(sentence: str) -> Usual:
    if len(sentence.split()) > LONGEST_SENTENCE or phrases.CLAUSE.search(sentence):
        return Usual.NONE
    if phrases.CONTRAST.search(sentence) and not phrases.CONCUR_SAFE.search(sentence):
        return Usual.NONE
    if re.search(r"\b(?:but|however|except|although|lekin|magar)\b|لیکن|مگر", sentence, re.I):
        return Usual.NONE
    return next((kind for kind, pattern in phrases.KINDS if pattern.search(sentence)), Usual.NONE)


def _strongest(kinds: set[Usual]) -> Usual:
    """One kind stands; a promise of a later reply goes with each of its companions; other mixtures are for a person."""
    if len(kinds) == 1:
        return next(iter(kinds))
    rest = kinds - {Usual.UNDER_PROCESS}
    if len(rest) == 1 and rest <= {Usual.INTERIM, Usual.FORWARDED}:
        return next(iter(rest))
    return Usual.NOT_OURS if kinds == {Usual.NOT_OURS, Usual.FORWARDED} else Usual.NONE


def _until(text: str, today: date | None, kind: Usual) -> date | None:
    if kind not in (Usual.UNDER_PROCESS, Usual.INTERIM, Usual.FORWARDED):
        return None
    for hit in re.finditer(r"\b(?:until|till|by|upto|up to|before|on or before|latest by|tak)\b|تک", text, re.I):
        near = [when for place, when in dates_in(text, today) if -30 <= place - hit.start() <= 40]
        if near:
            return near[0]
    return None


def _office(text: str, kind: Usual) -> str:
    if kind not in (Usual.NOT_OURS, Usual.FORWARDED):
        return ""
    hits = [hit for hit in phrases.OFFICE.finditer(text) if not re.search(r"\bnot\s+$", text[: hit.start()], re.I)]
    named = next((value for hit in hits for value in hit.groupdict().values() if value), "")
    return phrases.OFFICE_START.sub("", phrases.OFFICE_END.sub("", " ".join(named.split()))).strip(" .,")
