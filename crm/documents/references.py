"""Clause numbers as people write them: "Cl. 7(2)", "S. No 3 / clause 10", "شق نمبر ۷". Not sections of laws."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FURTHEST_RANGE = 60

_CLAUSE_WORD = (
    r"(?:clauses?|cls?\.|cl(?=\s*\d)|cl\.?(?=\s?\d)|para(?:graph)?s?\.?|شقوں|شقات|شق|پیراگراف|پیرا|کلاز|shiq|shaq)"
)
_LAW_WORD = r"(?:sections?|secs?\.?|articles?|arts?\.?|§|دفعات|دفعہ|آرٹیکل)"
_NUMBER_WORD = r"(?:\s*(?:nos?\.?|number|نمبر|#))?\s*[:#]?\s*"
_NUMBER = r"\d{1,3}[A-Za-z]?(?![\w/])(?:\s?\(\w{1,4}\))*"
_AND = rf"(?:\s*(?:,|;|&|/|\band\b|\bto\b|[-–—]|،|اور|تا|سے|\baur\b)\s*(?:and\s+)?(?:{_CLAUSE_WORD}\s*)?)"
_NUMBERS = rf"(?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*)"
_LEAD = (
    r"(?:[-*•·–—]\s*)?(?:\(?(?:\d{1,2}|[ivx]{1,5}|[a-z])[.)]\s*)?"
    r"(?:s(?:r|l)?\.?\s*no\.?\s*\d+\s*[/|,:;.\-–]?\s*)?"
    r"(?P<about>(?:(?:our\s+)?(?:comments?|observations?|remarks?|views?|suggestions?)\s+(?:on|regarding|about"
    r"|under|to)|on|in|at|re|under|for"
    r"|regarding|concerning|as regards|as for|as to|with (?:regard|reference|respect) to"
    r"|apropos)\b\s*:?\s*(?:the\s+)?)?"
)
_HEADING = re.compile(
    rf"\s*{_LEAD}[\"“*_]*(?:(?P<clause>{_CLAUSE_WORD})|(?P<law>{_LAW_WORD})"
    rf"|(?P<hash>\#)){_NUMBER_WORD}{_NUMBERS}",
    re.I,
)
_LABEL_END = re.compile(
    r"[\"”*_]*\s*(?:(?:of|in)\s+the\s+(?:draft|sop|document)\b\s*)?(?:\([^)\n]{1,60}\)\s*)?(?P<mark>[:：.\-–—]|۔"
    r"|\n|$)[\"”*_]*[\s\-–—]*",
    re.I,
)
_MENTION = re.compile(rf"(?<!\w)(?P<clause>{_CLAUSE_WORD}){_NUMBER_WORD}{_NUMBERS}", re.I)
_OF_A_LAW = re.compile(
    r"\s*(?:\(\w{1,4}\)\s*)*,?\s*(?:(?:of|in|under|read with)\s+(?:the\s+)?(?:said\s+"
    r"|same\s+)?(?:[A-Z(][\w().’'-]*,?\s+(?:of\s+|and\s+|the\s+|on\s+|for\s+)*){0,9}?"
    r"(?:Act|Ordinance|Code|Constitution|Rules?|Convention|Order|Law|PPC|Cr\.?\s?P\.?\s?C|JJSA|CRC|QSO|ATA)\b"
    r"|(?:the\s+)?(?:PPC|P\.P\.C|Cr\.?\s?P\.?\s?C|JJSA|CRC|QSO|ATA|CPC|Police Rules|Constitution)\b)"
)
_QUESTION = re.compile(
    r"\s*(?:[-*•]\s*)?(?:(?:Q|Ques\.?|Question|سوال)(?:\s*(?:no\.?"
    r"|نمبر))?\s*[.:#]?\s*)(\d{1,2})\s*[:.)\-–—]?\s*",
    re.I,
)
_BARE = re.compile(r"\s*\(?(\d{1,3}[A-Z]?)(?:[.):]|\s*[-–—]|(?=\s*\n))\s*(?=\S|\n|$)")
_GENERAL = re.compile(
    r"\s*(?:[-*•]\s*)?(?:general(?:ly)?(?:\s+(?:comments?|observations?|remarks?))?|overall|title|(?:annex(?:ure)?|part)\s+[A-Z0-9]{1,2}(?=\s*:)"
    r"|عمومی(?:\s+(?:رائے|تبصرہ|آرا|آراء))?)\s*(?:[:.\-–—]|\n|$)\s*",
    re.I,
)


@dataclass(frozen=True)
class Heading:
    """Clause numbers at the start of a passage. `end` is where the comment's own words begin."""

    numbers: tuple[str, ...]
    end: int
    is_label: bool
    question: str | None = None


def ascii_digits(text: str) -> str:
    """`text` with digits of any script as ASCII digits; same length, so that offsets stay true."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign, sign)) if sign.isdecimal() else sign for sign in text)


def heading(text: str) -> Heading | None:
    """The reference that `text` opens with, or None. A section of a law is none."""
    plain = ascii_digits(text)
    question = _QUESTION.match(plain)
    if question:
        return Heading((), question.end(), True, f"Q{int(question.group(1))}")
    general = _GENERAL.match(plain)
    if general:
        return Heading((), general.end(), True)
    return _clause_heading(plain)


def _clause_heading(plain: str) -> Heading | None:
    match = _HEADING.match(plain)
    if match is None or _OF_A_LAW.match(plain, match.end()):
        return None
    numbers = tuple(expanded(match.group("numbers")))
    label = _LABEL_END.match(plain, match.end())
    is_label = label is not None and not match.group("about")
    if label is not None and label.group("mark") in "-–—" and plain[match.end() : match.end() + 1].isalpha():
        return None
    if not is_label and not match.group("clause") and not (match.group("hash") and not match.group("about")):
        return None
    if match.group("about") and label is not None and label.group("mark") in (":", "\n", ""):
        is_label = True
    return Heading(numbers, label.end() if label is not None and is_label else 0, is_label)


def bare_number(text: str) -> Heading | None:
    """A number alone at the start, as "7. The words"; whether it is a clause's is for the caller to judge."""
    match = _BARE.match(ascii_digits(text))
    return Heading((match.group(1).upper(),), match.end(), True) if match else None


def mentions(text: str) -> tuple[str, ...]:
    """Clause numbers named within prose, in order, each once."""
    plain = ascii_digits(text)
    found: dict[str, None] = {}
    for match in _MENTION.finditer(plain):
        if not _OF_A_LAW.match(plain, match.end()):
            found.update(dict.fromkeys(expanded(match.group("numbers"))))
    return tuple(found)


def cell_numbers(cell: str) -> tuple[str, ...]:
    """The numbers in the clause column of a table. Excel turns "12-14" into a date; that is turned back."""
    plain = ascii_digits(cell)
    dated = re.fullmatch(r"\s*\d{4}-(\d{2})-(\d{2})\s*", plain)
    if dated:
        low, high = sorted((int(dated.group(1)), int(dated.group(2))))
        return tuple(str(number) for number in range(low, high + 1))
    match = re.search(rf"(?<![\w/]){_NUMBERS}", plain)
    return tuple(expanded(match.group("numbers"))) if match else ()


def expanded(numbers: str) -> Iterator[str]:
    """Each number of "7, 8 and 12-14(2)"; sub-clauses go with their clause."""
    last: str | None = None
    span = False
    for number, sign in re.findall(r"(\d{1,3}[A-Za-z]?)(?:\s?\(\w{1,4}\))*|([-–—]|\bto\b|تا|سے)", numbers, re.I):
        if sign:
            span = last is not None
            continue
        if span and last is not None and last.isdigit() and number.isdigit():
            between = range(int(last) + 1, int(number)) if int(number) - int(last) < FURTHEST_RANGE else range(0)
            yield from (str(one) for one in between)
        yield number.upper()
        last, span = number, False
