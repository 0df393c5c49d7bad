"""The usual answers of an office, recognised only where a reply is that and little else: English, Urdu, Roman Urdu."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.inbound.dates import dates_in, western_digits


class Usual(StrEnum):
    """NIL; being worked on; another office's subject; sent on to another; interim; regret. None: read it yourself."""

    NONE = "none"
    NIL = "nil"
    UNDER_PROCESS = "under-process"
    NOT_OURS = "not-ours"
    FORWARDED = "forwarded"
    INTERIM = "interim"
    REGRET = "regret"


@dataclass(frozen=True)
class UsualAnswer:
    """Which usual answer it is, until when (a date named in it) and which office it names; both may be missing."""

    kind: Usual = Usual.NONE
    until: date | None = None
    office: str = ""


MOST_WORDS = 90
LONGEST_SENTENCE = 45


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_SALUTATION = _any(
    r"^(?:dear|respected|honou?rable|sir|madam|hi|hello|good (?:morning|afternoon|day)|mr|ms|mrs|janab|mohtaram\w*|"
    r"assalam\S*|asalam\S*|salam\S*|aoa|w[. ]?salam)\b.{0,60}$",
    r"^(?:محترم\S*|جناب|السلام علیکم|مکرمی|تسلیمات|"
    r"وعلیکم).{0,50}$",
)
_SIGN_OFF = _any(
    r"^(?:(?:best|kind|warm|with|many|yours)?\s*(?:regards|wishes|thanks|sincerely|faithfully|truly)|"
    r"thanks(?: and regards)?|thank you|"
    r"regards|yours (?:sincerely|faithfully|truly|obediently)|sincerely|shukriya|wassalam|section officer|"
    r"deputy (?:secretary|director)|"
    r"director\b|for secretary|focal person|sent from\b.*)[ ,.!]*(?:\(.*\))?.{0,50}$",
    r"^(?:شکریہ|والسلام|مخلص|"
    r"خیر اندیش|فقط|منجانب|سیکشن آفیسر).{0,40}$",
)
_FILLER = _any(
    r"^(?:(?:kindly|please) )?(?:refer|reference|with reference|apropos|this (?:is|has) (?:with )?reference|"
    r"in reference|"
    r"with respect|in response|in reply|reference is (?:made|invited)|as per|your (?:letter|e-?mail|mail|"
    r"request) (?:no|of|dated|refers))\b",
    r"^(?:this (?:is )?(?:for|issues) (?:your|with)|for (?:your )?(?:kind |further )?(?:information|perusal|record)|"
    r"submitted (?:for|please)|noted|received|please (?:note|treat)|(?:the )?(?:final|detailed|complete|proper|"
    r"formal) (?:reply|response|"
    r"comments|views)\b.{0,60}\b(?:follow|furnish|submit|sen[dt]|share|forward)|thank you|thanks|many thanks|ok|okay|"
    r"inconvenience|we regret the delay|the delay is regretted)",
    r"^(?:بحوالہ|حوالہ|آپ کے خط|اطلاعاً|براہ کرم نوٹ|شکریہ)",
    r"^(?:aap k[ei] (?:khat|letter|mail)|bahawala)\b",
)
_CONTRAST = _any(
    r"\b(?:but|however|except|although|though|subject to|provided|unless|suggest\w*|propos\w*|recommend\w*|amend\w*|"
    r"delete|insert|replace|instead of|should be|must be|objection to|lekin|magar|albatta|tajweez)\b",
    r"لیکن|مگر|"
    r"البتہ|تجویز|بشرطیکہ|ترمیم",
)
_CONCUR_SAFE = _any(r"no (?:objection|comments?|suggestions?|proposals?|recommendations?|amendments?)[^.]*$")

_KINDS: tuple[tuple[Usual, re.Pattern[str]], ...] = (
    (
        Usual.NOT_OURS,
        _any(
            r"\b(?:does not|doesn['’]t|not|nor) (?:pertain|relate|fall|belong|concern)\w*",
            r"\bnot (?:our|"
            r"the) (?:subject|domain|mandate|concern)\b",
            r"\b(?:pertains?|relates?|belongs?) to (?:the )?"
            r"(?!us\b|our\b|this (?:office|department|division|ministry))",
            r"\b(?:subject|matter)[^.]{0,60}(?:dealt|handled|looked after)[^.]{0,15}\bby\b",
            r"\bnot concerned with\b|"
            r"\bnot in our purview\b",
            r"\b(?:hamara|hamari|humara|hamare)\b[^.]{0,40}\b(?:nahi|nahin|nhi|taluq nahi)",
            r"\b(?:hum|"
            r"ham) se (?:muta'?al+iq|mutaliq) nahi",
            r"ہم(?:ارے|اری|ارا| سے)[^۔]{0,40}(?:متعلق|تعلق|دائرہ|شعبے|محکمے)[^۔]{0,30}نہیں",
            r"سے متعلق نہیں|"
            r"سے تعلق رکھتا|دائرہ کار (?:میں نہیں|سے باہر)",
        ),
    ),
    (
        Usual.FORWARDED,
        _any(
            r"\b(?:has|have|is|are|was|been|being|stands?)\b[^.]{0,20}\b(?:forwarded|transmitted|referred|marked|"
            r"sent|"
            r"transferred|passed) (?:on )?to\b",
            r"^(?:forwarded|referred|marked|transferred|sent) (?:on )?to\b",
            r"\b(?:we|i) (?:have |"
            r"are )?(?:forward\w*|refer\w*|mark\w*) (?:it|this|the \w+|your \w+)? ?to\b",
            r"\b(?:ko|ke paas) (?:bhej|forward|irsal)\w*",
            r"کو (?:بھیج|ارسال|بھجوا|فارورڈ)",
        ),
    ),
    (
        Usual.INTERIM,
        _any(
            r"\binterim (?:reply|response|report)\b",
            r"\b(?:aboori|uboori|"
            r"aarzi) jawab\b",
            r"عبوری (?:جواب|رپورٹ)",
        ),
    ),
    (
        Usual.UNDER_PROCESS,
        _any(
            r"\bunder (?:process|consideration|examination|submission|preparation|compilation|review|"
            r"active consideration)\b",
            r"\b(?:is|are|being) (?:being )?(?:processed|examined|compiled|collected|prepared|considered)\b",
            r"\b(?:need|require|request\w*|seek|grant\w*|allow\w*|give|want)\b[^.]{0,40}\b(?:time|extension|days?|"
            r"weeks?|until|till)\b",
            r"\b(?:will|shall) be (?:furnished|submitted|sent|shared|provided|forwarded|communicated)\b",
            r"\b(?:we|"
            r"i)(?: will|['’]ll| shall) (?:reply|respond|"
            r"revert|send|furnish|submit|share|get back)\b",
            r"\b(?:input|comments|views|information|report)s? (?:is |"
            r"are )?awaited\b",
            r"\bzer[- ]?e?[- ]?(?:ghaur|gaur|karwai|amal|karvai)\b|\b(?:mohlat|muhlat|waqt) (?:dark[ae]+r|chah\w+|"
            r"dein|di jaye)|\btak (?:bhej|jawab|irsal)",
            r"زیرِ?\s?(?:غور|کار|عمل|کارروائی|تیاری|جائزہ)|مہلت|وقت درکار|تک (?:جواب|ارسال|بھیج|رائے)",
        ),
    ),
    (
        Usual.NIL,
        _any(
            r"^(?:\W|the |(?:comments?|views|observations|inputs?|reply|response) ?[:=-]|report |information |"
            r"status |may be treated as |please treat (?:it |this )?as |reply |"
            r"response |it is )*nil\b(?:\W|report|please|"
            r"reply|statement|information|comments?|position)*$",
            r"\b(?:no|nil|without any|have no|has no|not have any|don['’]t have any|offers? no) (?:further |"
            r"additional |specific |other |more |any )*"
            r"(?:comments?|objections?|observations?|views?|inputs?|suggestions?|remarks|concerns?|proposals?|"
            r"amendments?|recommendations?)\b",
            r"^(?:we |(?:this|the|our) (?:office|ministry|department|division|commission|authority|"
            r"secretariat|board|bureau|council|court) |i |the undersigned |it )?(?:fully |hereby |"
            r"also )?(?:concurs?|endorses?|agrees?|supports?)"
            r"(?: (?:with|to|in|on))?(?: (?:the|this|your|it|all|same|draft|sop|document|proposal|proposed|contents?|"
            r"text|please|above|entirety|of))*\W*$",
            r"\b(?:koi|kisi) (?:comments?|aetr[ae]+z|itr?az|tabsra|r[ae]+i|ra'?ay|tajweez)\b[^.]{0,20}\b(?:nahi|"
            r"nahin|"
            r"nhi)\b|\bit+[ei]faq (?:hai|karte|karta)|\bmut+afiq (?:hai|hain|hoon)",
            r"کوئی (?:تبصرہ|اعتراض|رائے|تجویز|آرا)[^۔]{0,20}(?:نہیں)",
            r"(?:سے |پر )?(?:مکمل )?اتفاق (?:ہے|کرتے|"
            r"کیا جاتا)|^(?:نل|صفر)\W*$",
        ),
    ),
    (
        Usual.REGRET,
        _any(
            r"\b(?:regret|sorry|unable|cannot|can ?not|can['’]t|not be able|not in a position|"
            r"not possible)\b[^.]{0,60}\b(?:attend\w*|participat\w*|"
            r"join|nominat\w*|provide|comment|respond|contribut\w*|furnish|inability|accept|take part|"
            r"undertake)\b",
            r"\bexpress(?:es)? (?:its |our |my )?(?:inability|regret)s?\b",
            r"\b(?:we|i|this \w+)? ?(?:politely |respectfully )?declines?\b",
            r"\bregrets? (?:its |our |"
            r"my )?inability\b",
            r"^(?:we |i )?regrets?\W*$",
            r"\b(?:mazrat|maazrat|ma'?zarat|muazrat)\b",
            r"معذرت|شرکت (?:ممکن )?نہیں|قاصر",
        ),
    ),
)
_OFFICE = _any(
    r"\b(?:pertains?|relates?|belongs?|forwarded|transmitted|referred|marked|sent|transferred|"
    r"passed on|passed) to (?:the )?(?P<a>[^.,;\n]{3,80})",
    r"\b(?:dealt with|handled|looked after|dealt) by (?:the )?(?P<b>[^.,;\n]{3,80})",
    r"(?P<c>[\w ]{3,50}) (?:ko|ke paas) (?:bhej|forward|irsal)",
    r"(?P<d>[\w\s]{3,50}) کو (?:بھیج|ارسال|بھجوا)",
    r"(?P<e>[\w\s]{3,50}) سے (?:متعلق ہے|تعلق رکھتا)",
)
_OFFICE_END = re.compile(r"\s+(?:for|who|which|and|please|with|on|vide|under|so|as|therefore|accordingly)\b.*$", re.I)
_OFFICE_START = re.compile(r"^(?:(?:ye|yeh|khat|letter|mamla|case|it|the|یہ|خط|معاملہ|مراسلہ|کیس)\s+)+", re.I)
_SENTENCES = re.compile(r"(?<![A-Z]\.)(?<!\bNo)(?<!\bno)(?<!\bDr)(?<!\bMr)[.!?]+(?=\s|$)|[۔؟;]|\n+")


def usual_answer(text: str, today: date | None = None) -> UsualAnswer:
    """Recognise a usual answer in a visible reply. Anything more than it, or a doubt, and it is none.

    `today` is the mail's own date, for "need until 15 November" without a year.
    """
    sentences = _content(western_digits(text))
    if not sentences or sum(len(one.split()) for one in sentences) > MOST_WORDS:
        return UsualAnswer()
    kinds: list[Usual] = []
    for sentence in sentences:
        kind = _kind_of(sentence)
        if kind is Usual.NONE and not _FILLER.search(sentence):
            return UsualAnswer()
        kinds.append(kind)
    chosen = _strongest({kind for kind in kinds if kind is not Usual.NONE})
    if chosen is Usual.NONE:
        return UsualAnswer()
    whole = "\n".join(sentences)
    return UsualAnswer(chosen, _until(whole, today, chosen), _office(whole, chosen))


def _content(text: str) -> list[str]:
    kept: list[str] = []
    for line in text.split("\n"):
        plain = line.strip(" \t*_-–—>•")
        if not plain or (_SALUTATION.search(plain) and len(plain.split()) <= 8 and _kind_of(plain) is Usual.NONE):
            continue
        if kept and _SIGN_OFF.search(plain) and _kind_of(plain) is Usual.NONE:
            break
        if not kept and _SIGN_OFF.search(plain) and len(plain.split()) <= 3:
            continue
        kept.append(plain)
    joined = re.sub(r"(?<=[a-z,،\w])\n(?=[a-z])", " ", "\n".join(kept))
    return [one.strip(" ,،:") for one in _SENTENCES.split(joined) if one.strip(" ,.،:")]


def _kind_of(sentence: str) -> Usual:
    if len(sentence.split()) > LONGEST_SENTENCE:
        return Usual.NONE
    if _CONTRAST.search(sentence) and not _CONCUR_SAFE.search(sentence):
        return Usual.NONE
    if re.search(r"\b(?:but|however|except|although|lekin|magar)\b|لیکن|مگر", sentence, re.I):
        return Usual.NONE
    return next((kind for kind, pattern in _KINDS if pattern.search(sentence)), Usual.NONE)


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
    hits = [hit for hit in _OFFICE.finditer(text) if not re.search(r"\bnot\s+$", text[: hit.start()], re.I)]
    named = next((value for hit in hits for value in hit.groupdict().values() if value), "")
    return _OFFICE_START.sub("", _OFFICE_END.sub("", " ".join(named.split()))).strip(" .,")
