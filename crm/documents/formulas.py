"""The set phrases of official letters: what opens one and what closes it. English and Urdu."""

import re

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
