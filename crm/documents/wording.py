"""What a remark proposes, why, and of what kind it is, read from its wording. A person decides."""

import re
from dataclasses import dataclass
from enum import StrEnum


class CommentType(StrEnum):
    """The column "type" of the comment matrix."""

    LEGAL = "legal"
    SUBSTANTIVE = "substantive"
    OPERATIONAL = "operational"
    DRAFTING = "drafting"
    TRANSLATION = "translation"
    QUESTION = "question"
    GENERAL = "general"


@dataclass(frozen=True)
class Remark:
    """A remark told apart: its words, the text it proposes and its reason (either may be empty)."""

    text: str
    proposed: str
    reason: str


_LABEL = (
    r"(?:(?:proposed|suggested|revised|amended|alternative|recommended|new|draft)\s+(?:text|wording|addition"
    r"|amendment|change|language|clause|formulation|draft)"
    r"|proposal|suggestion|proposed|may (?:kindly )?be read as|to read|تجویز(?:\s*کردہ\s*متن)?|مجوزہ\s*(?:متن"
    r"|عبارت)|tajweez)"
)
_PROPOSAL = re.compile(rf"(?:^|(?<=[.!?:۔]\s)|(?<=\n))[ \t]*[*_]*{_LABEL}[*_]*\s*[:：\-–]\s*", re.I)
_REASON = re.compile(
    r"(?:^|(?<=[.!?\"”۔]\s)|(?<=\n))[ \t]*(?:reasons?|rationale|justification|because|وجہ|وجوہات|جواز)\s*[:：\-–]\s*",
    re.I,
)
# A remark that is no sentence but goes on with the clause's: "and sanitary products".
_ADDITION = re.compile(r"(?:and|or|,|including|unless|اور|یا)\s+(?:\S+\s*){1,12}$")
_CALLED = re.compile(r"^\s*(?:our\s+)?(?:comments?|remarks?|observations?|views?|رائے|تبصرہ)\s*[:\-–]\s*", re.I)
_OPEN, _CLOSE = "\"“”«'‘", "\"”“»'’"
_QUOTED = r"(?:\"(?P<a>[^\"]+)\"|“(?P<b>[^”]+)”|«(?P<c>[^»]+)»|(?<!\w)['‘](?P<d>[^'’\n]+(?:['’]\w[^'’\n]*)*)['’](?!\w))"
_CUES = (
    rf"(?:replace[ds]?|substitut\w+|changed?|amend\w*|reworded)\b[^\n]{{0,300}}?\b(?:by|with|to"
    rf"|as)\b\s*:?\s*(?:the\s+(?:words?|phrase)\s+)?{_QUOTED}",
    rf"\b(?:read|reads|worded|reworded|redrafted|rephrased|formulated)\s*(?:as)?(?:\s+(?:under"
    rf"|follows))?\s*[:\-]?\s*{_QUOTED}",
    rf"\bshould\s+(?:be|say|read)\s*:?\s*{_QUOTED}",
    rf"\b(?:add|adding|insert|inserting|append|addition)\b[^\n\"“«']{{0,80}}{_QUOTED}",
    rf"(?:the\s+)?words?\s+{_QUOTED}\s+(?:may|should|be|can)\s*(?:kindly\s+)?(?:be\s+)?(?:added|inserted)",
    rf"{_QUOTED}\s*(?:may|should|be)\s*(?:kindly\s+)?(?:be\s+)?(?:added|inserted)",
    rf"(?:کے\s*بجائے|کی\s*جگہ|کا\s*اضافہ|لکھا\s*جائے|یوں\s*پڑھا)[^\n\"“«]{{0,60}}{_QUOTED}",
    rf"{_QUOTED}\s*(?:کا\s*اضافہ|لکھا\s*جائے|شامل\s*کیا)",
)
_INLINE = tuple(re.compile(cue, re.I | re.S) for cue in _CUES)
_UNQUOTED = re.compile(
    r"\b(?:replace|substitute|amend)\b[^\n.\"“]{0,80}\b(?:by|with|to read)\s*:\s*(?P<a>[^\n]+(?:\n[^\n]+)*)", re.I
)
_KINDS = (
    (CommentType.TRANSLATION, r"\btranslat\w*|\burdu\b|\bpashto\b|\bsindhi\b|\bbalochi\b|mother tongue"
        r"|regional languages?|ترجم|زبان"),
    (CommentType.QUESTION, r"\?\s*$|\?\s|؟|(?:^|[.!?]\s)whether\b|\bplease clarify\b|\bkindly clarify\b"
        r"|\bwho (?:will|shall|is)\b|واضح نہیں|وضاحت"),
    (CommentType.LEGAL, r"\bact\b|\bsections?\b|\barticles?\b|\bconstitution|\bcode\b|\bppc\b|cr\.?p\.?c"
        r"|\bjjsa\b|\blaw\b|\blegal"
     r"|\bordinance|\brules\b|\bjurisdiction|\bprosecut|\bbail|\bpowers?\b|\bform-?b\b|\bbirth registration\b"
     r"|\bdetained\b|\bconvention|قانون|دفعہ|قواعد|عدالت"),
    (CommentType.DRAFTING, r"\bthe words?\b|\bphrase\b|\breword|\btypo|\bspelling|\bgrammar|\bdefin(?:e|ed"
        r"|ition)|\bmay be replaced\b"
     r"|\breplace\b|\bcomma\b|\bconsisten(?:t|cy)|\bshould be ['‘\"“]|\brephras|\boverlap|الفاظ"),
    (CommentType.OPERATIONAL, r"\bhours?\b|\bminutes\b|\bdays?\b|\bstaff|\bresources?\b|\bbudget|\bvehicles?\b"
        r"|\bstrength\b|\bstations?\b|\bdistricts?\b"
     r"|\bpractical|\bfeasib|\bavailab|\btraining|\bregister|\bphone\b|\bwhatsapp|\bcount\b|فون|دن|گھنٹ|دستیاب"
     r"|عملہ|ممکن"),
    (CommentType.GENERAL, r"^\W*(?:ok|okay|agreed?|no (?:comments?|objections?)|supported|we support|concur"
        r"|welcome|noted|fine|اتفاق|کوئی اعتراض نہیں)\b.{0,60}$"),
)  # fmt: skip
# A remark of more letters than this is an annexure; looking for proposals in it would only cost time.
LONGEST = 20_000
LONGEST_EDIT = 25
_SHORT_EDIT = (
    r"\b(?:replace[ds]?|reworded?|rephrased?|should be|may be read|read as)\b\s*:?\s*['\"“‘]|\bmay be replaced\b"
)
_TYPES = tuple((kind, re.compile(pattern, re.I | re.S)) for kind, pattern in _KINDS)


def told_apart(text: str) -> Remark:
    """Take the lines "Proposed text:" and "Reason:" out of `text`; a proposal within a sentence stays there as well."""
    if len(text) > LONGEST:
        return Remark(text, "", "")
    text, reason = _taken(_CALLED.sub("", text), _REASON)
    text, proposed = _taken(text, _PROPOSAL)
    if proposed:
        return Remark(text, _new_words(proposed), reason)
    return Remark(text, _inline(text) or (text if _ADDITION.match(text) else ""), reason)


def comment_type(text: str) -> CommentType:
    """The likeliest kind of remark."""
    if re.search(_SHORT_EDIT, text, re.I) and len(text.split()) < LONGEST_EDIT:
        return CommentType.DRAFTING
    said = re.sub(_QUOTED, " ", text[:LONGEST])
    for kind, pattern in (_TYPES[-1], *_TYPES[:-1]):
        if pattern.search(said):
            return kind
    return CommentType.SUBSTANTIVE


def _taken(text: str, label: re.Pattern[str]) -> tuple[str, str]:
    """(`text` without the labelled passage, the passage): it runs to the end of its paragraph."""
    match = label.search(text)
    if match is None:
        return text, ""
    stop = text.find("\n\n", match.end())
    stop = len(text) if stop < 0 else stop
    return (text[: match.start()].rstrip() + "\n\n" + text[stop:].lstrip()).strip(), text[match.end() : stop].strip()


def _new_words(proposed: str) -> str:
    """Of "replace A by B" only B; else all of it, without its quotation marks."""
    found = _inline(proposed)
    if found:
        return found
    if proposed[:1] in _OPEN and proposed.rstrip(".")[-1:] in _CLOSE:
        return proposed.rstrip(".")[1:-1].strip()
    return proposed


def _inline(text: str) -> str:
    for cue in (*_INLINE, _UNQUOTED):
        match = cue.search(text)
        if match:
            return next(words for words in match.groupdict().values() if words).strip()
    return ""
