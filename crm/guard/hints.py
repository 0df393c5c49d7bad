"""Wording that often stands beside a child's name. Warnings only: it is never promised that names are caught."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Hint(StrEnum):
    """What kind of wording was seen."""

    FIR = "FIR number"
    PARENTAGE = "parentage"
    AGE = "age of a child"
    BIRTH = "date of birth"


@dataclass(frozen=True)
class Wording:
    """Where the wording stands; what it says is not kept."""

    hint: Hint
    start: int
    end: int


_NAME = r"[A-Z][a-z]+"
_PATTERNS = (
    (Hint.FIR, re.compile(r"\bF\.?I\.?R\.?\s*(?:No\.?|number|#)?\s*:?\s*\d{1,5}\s*[/\-]\s*\d{2,4}", re.I)),
    (Hint.FIR, re.compile(r"(?:ایف\s*آئی\s*آر|مقدمہ)\s*نمبر\s*[\d۰-۹٠-٩]{1,5}")),
    (Hint.PARENTAGE, re.compile(rf"{_NAME},?\s+(?:[sSdD]\s*/\s*[oO]\.?|[Ss]on of|[Dd]aughter of)\s+{_NAME}")),
    (Hint.PARENTAGE, re.compile(r"(?<!\w)(?:ولد|بنت|دختر|پسر)\s+\w{2,}\s+\w{2,}")),
    (Hint.AGE, re.compile(rf"{_NAME},?\s+(?:\w+\s+){{0,3}}?\(?aged?\s*(?:about\s*)?(?:\d|1[0-7])\b")),
    (Hint.AGE, re.compile(rf"\b(?:\d|1[0-7])[\s\-]*years?[\s\-]*old\s+(?:\w+\s+){{0,2}}?{_NAME}")),
    (Hint.AGE, re.compile(r"عمر\s*:?\s*(?:[\d۰-۹٠-٩]|[1۱١][0-7۰-۷٠-٧])\s*سال")),
    (Hint.BIRTH, re.compile(r"\b(?:D\.?O\.?B\.?|date of birth)\s*:?\s*\d{1,4}[/\-.]\d{1,2}[/\-.]\d{1,4}", re.I)),
)


def warnings(text: str) -> tuple[Wording, ...]:
    """Wording in `text` that a person should look at before it is kept or sent, in order."""
    found = [Wording(hint, *match.span()) for hint, pattern in _PATTERNS for match in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda one: one.start))
