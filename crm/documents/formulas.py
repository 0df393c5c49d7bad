"""The set phrases of official letters: what opens one, what closes it, and the usual answers. English and Urdu."""

import re
from enum import StrEnum


class UsualAnswer(StrEnum):
    """An answer that has a button of its own."""

    NIL = "nil"
    UNDER_PROCESS = "under process"
    NOT_OURS = "not our subject"
    FORWARDED = "forwarded"
    REGRET = "regret"


_OPENING = re.compile(
    r"\s*(?:dear\b|sirs?\s*[,/]|sir\s*$|madam|respected|hi\b|hello\b|fyi\b|janab"
    r"|(?:\d+[.)]\s*)?the draft (?:\w+ ){0,4}?(?:was|has been) (?:duly )?(?:examined|perused|reviewed"
    r"|considered|circulated)|salam|assalam|a\.?o\.?a\b|محترم|جناب|السلام|to\s*,?\s*$|to,|the\s+(?:focal"
    r"|director|section)\b"
    r"|subject\s*:|no\.\s?\S*\d|f\.?\s?no|dated?\b|ref(?:erence)?\s*[:.]|organi[sz]ation\s*:|name of\b"
    r"|comment sheet|from\s*:|through\s*:|government of|classification\s*:"
    r"|(?:with\s+|kind\s+|kindly\s+|please\s+)*(?:refer(?:ence)?\b|find\b|see\b)|apropos|reference\s"
    r"|i am directed|this refers|in response|in continuation"
    r"|please\b.{0,40}\battached|(?:sir,?\s*)?signed letter|thank(?:s| you)\b.{0,120}(?:sharing|draft"
    r"|opportunity|e-?mail|letter)|حوالہ|بحوالہ|عنوان|موضوع)",
    re.I,
)
_SALUTATION = re.compile(
    r"(?:dear\b.{0,50}|(?:respected )?(?:sirs?|madam)(?:\s*/\s*madam)?|hi\b.{0,20}|hello\b.{0,20}"
    r"|(?:محترم|جناب|السلام).{0,30})[,،:!۔]?",
    re.I,
)
_INTRODUCTION = re.compile(
    r"(?:[:：]\s*$|\bas under\b|\bas follows\b|\bare below\b|\bbelow(?: the| please)?\b|\binline\b"
    r"|\bare in (?:red|blue|bold)\b|\battached\b|\benclosed\b|\bmargin\b"
    r"|\bherewith\b|\bprescribed table\b|\bcomment sheet\b|درج ذیل|حسب ذیل|مندرجہ ذیل|منسلک)",
    re.I,
)
_CLOSING = re.compile(
    r"\s*(?:\(?\d{1,2}[.)]\s*)?(?:--\s*$|the (?:above|foregoing)\b[^\n]{0,80}\b(?:without prejudice|approval|submitted"
    r"|consideration)|(?:yours|very)\s+(?:faithfully|sincerely|truly|obediently)|(?:with\s+)?(?:(?:best|kind"
    r"|warm|kindest)\s+)?(?:regards|wishes)\b|sincerely\b|respectfully\b"
    r"|thank(?:s|ing)?(?:\s+you)?(?:\s+(?:and|in|for)\b[^\n]{0,40})?\s*[.,!]?\s*(?:\n|$)|cheers\b|wassalam"
    r"|w/?salam|sent from my\b|get outlook|والسلام|شکریہ|آپ کا (?:مخلص|خیر)|نیازمند|خیر اندیش"
    r"|this\s+(?:issues?|has)\s+(?:with\s+)?(?:the\s+)?approval|note\s*:\s*this\b|disclaimer|confidentiality"
    r"|this\s+(?:e-?mail|message|communication)\b.{0,80}(?:confidential|intended|official)"
    r"|copy\s+(?:to|forwarded)\b|c\.?c\.?\s*(?:to)?\s*:|encl(?:osures?|s)?\s*[.:]|\S{0,3}یہ مراسلہ)",
    re.I,
)
_POST = re.compile(
    r"\b(?:director|officer|secretary|registrar|focal (?:person|point)|advocate|manager|deputy|assistant"
    r"|inspector|chair\w*|commissioner|adviser|advisor|specialist"
    r"|coordinator|superintendent|head of|dig|aig|member|secretariat)\b|سیکشن افسر|فوکل پرسن|ڈائریکٹر|سیکرٹری"
    r"|رجسٹرار",
    re.I,
)
_USUAL = (
    (UsualAnswer.UNDER_PROCESS, r"\bunder (?:process|consideration|examination|submission)\b|\binterim\b"
        r"|\b(?:will|shall) (?:follow|be (?:furnished|sent|shared|communicated|submitted))\b"
     r"|\b(?:more|further|extra|additional) time\b|\bextension\b.{0,40}\b(?:time|date|days|week)|زیر\s*(?:غور"
     r"|کار)|مزید (?:وقت|مہلت)|عبوری"),
    (UsualAnswer.NOT_OURS, r"\bdoes not (?:relate|pertain|concern)\b|\bnot (?:the|our) (?:subject|concern"
        r"|domain|mandate)\b|\bpertains? to (?:the )?(?:ministry|department|division)\b|متعلق نہیں"),
    (UsualAnswer.FORWARDED, r"\b(?:has been|have been|was|is being|is)\s+(?:forwarded|marked|referred) to\b"
        r"|ارسال کر دیا گیا"),
    (UsualAnswer.REGRET, r"\bregret\b|\bunable to (?:comment|offer|furnish)\b|معذرت"),
    (UsualAnswer.NIL, r"(?<![\w.])nil\b|\bno (?:further )?(?:comments?|observations?|objections?|views|remarks"
        r"|input|changes?)\b(?!\s+in principle)|\bnothing to (?:add|comment|offer)\b|\bconcurs?\b"
        r"|\bfully (?:agrees?|supports?)\b"
     r"|\b(?:agrees?|endorses?) (?:with|to)? ?the draft\b|\bdoes not have any (?:comment|observation)"
     r"|کوئی (?:رائے|تبصرہ|اعتراض|تجویز) نہیں|متفق|اتفاق"),
)  # fmt: skip
LONGEST_USUAL = 60
_CONTRAST = re.compile(
    r"\b(?:however|but|except|subject to|provided|although|suggest\w*|propos\w*|recommend\w*|clause)\b|لیکن"
    r"|البتہ|مگر|تجویز|شق",
    re.I,
)
_ANSWERS = tuple((kind, re.compile(pattern, re.I | re.S)) for kind, pattern in _USUAL)


def is_salutation(line: str) -> bool:
    """Whether `line` is nothing but a salutation."""
    return _SALUTATION.fullmatch(line.strip()) is not None


def opens(text: str) -> bool:
    """Salutation, reference, letterhead, or a sentence that only leads to what follows."""
    return _OPENING.match(text) is not None or _INTRODUCTION.search(text[-400:]) is not None


def closes(text: str) -> bool:
    """A closing phrase or a disclaimer: a signature follows, or this is one."""
    return _CLOSING.match(text) is not None


def signs(text: str) -> bool:
    """A few short lines that name a post and are no sentence."""
    lines = text.strip().split("\n")
    short = len(lines) <= 5 and all(len(line) <= 70 for line in lines) and not re.search(r"[.;?۔]\s*$", text.strip())
    return short and _POST.search(text) is not None


def is_only_usual(text: str) -> bool:
    """Whether `text` is a usual answer and nothing more: no "however" follows."""
    return len(text.split()) < LONGEST_USUAL and usual_answer(text) is not None and _CONTRAST.search(text) is None


def usual_answer(text: str) -> UsualAnswer | None:
    """Which of the usual answers the officer's own words (no quotation, no signature) give; None for any other."""
    for kind, pattern in _ANSWERS:
        if pattern.search(text):
            return kind
    return None
