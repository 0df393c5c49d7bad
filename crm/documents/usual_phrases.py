"""The wording of the usual answers of an office and of what may stand around them: English, Urdu, Roman Urdu."""

import re
from enum import StrEnum


class Usual(StrEnum):
    """NIL; being worked on; another office's subject; sent on to another; interim; regret. None: read it yourself."""

    NONE = "none"
    NIL = "nil"
    UNDER_PROCESS = "under-process"
    NOT_OURS = "not-ours"
    FORWARDED = "forwarded"
    INTERIM = "interim"
    REGRET = "regret"


def matching(*patterns: str) -> re.Pattern[str]:
    """One expression for any of `patterns`, whatever the case of the letters."""
    return re.compile("|".join(patterns), re.I)


SALUTATION = matching(
    r"^(?:dear|respected|honou?rable|sir|madam|hi|hello|good (?:morning|afternoon|day)|mr|ms|mrs|janab|mohtaram\w*|"
    r"assalam\S*|asalam\S*|salam\S*|aoa|w[. ]?salam)\b.{0,60}$",
    r"^(?:محترم\S*|جناب|السلام علیکم|مکرمی|تسلیمات|"
    r"وعلیکم).{0,50}$",
)
SIGN_OFF = matching(
    r"^(?:(?:best|kind|warm|with|many|yours)?\s*(?:regards|wishes|thanks|sincerely|faithfully|truly)|"
    r"thanks(?: and regards)?|thank you|"
    r"regards|yours (?:sincerely|faithfully|truly|obediently)|sincerely|shukriya|wassalam|section officer|"
    r"deputy (?:secretary|director)|"
    r"director\b|for secretary|focal person|sent from\b.*)[ ,.!]*(?:\(.*\))?.{0,50}$",
    r"^\([^()]{3,50}\)$",
    r"^(?:شکریہ|والسلام|مخلص|"
    r"خیر اندیش|فقط|منجانب|سیکشن آفیسر).{0,40}$",
)
FILLER = matching(
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
CONTRAST = matching(
    r"\b(?:but|however|except|although|though|subject to|provided|unless|suggest\w*|propos\w*|recommend\w*|amend\w*|"
    r"delete|insert|replace|instead of|should be|must be|objection to|lekin|magar|albatta|tajweez)\b",
    r"لیکن|مگر|"
    r"البتہ|تجویز|بشرطیکہ|ترمیم",
)
CONCUR_SAFE = matching(r"no (?:objection|comments?|suggestions?|proposals?|recommendations?|amendments?)[^.]*$")

KINDS: tuple[tuple[Usual, re.Pattern[str]], ...] = (
    (
        Usual.NOT_OURS,
        matching(
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
            r"ہم(?:ارے|اری|ارا| سے)[^۔]{0,40}(?:متعلق|تعلق|دائر[ہۂ]|شعبے|محکمے)[^۔]{0,30}نہیں",
            r"سے متعلق نہیں|"
            r"سے تعلق رکھتا|متعلق نہیں|دائر[ہۂ] کار (?:میں نہیں|سے باہر)",
        ),
    ),
    (
        Usual.FORWARDED,
        matching(
            r"\b(?:has|have|is|are|was|been|being|stands?)\b[^.]{0,20}\b(?:forwarded|transmitted|referred|marked|"
            r"sent|"
            r"transferred|passed) (?:on )?to\b",
            r"^(?:forwarded|referred|marked|transferred|sent) (?:on )?to\b",
            r"\b(?:we|i) (?:have |"
            r"are )?(?:forward\w*|refer\w*|mark\w*) (?:it|this|the \w+|your \w+)? ?to\b",
            r"\b(?:ko|ke paas) (?:bhej|forward|irsal)\w*",
            r"کو (?:بھیج|ارسال|بھجوا|فارورڈ)|ارسال کر دیا گیا",
        ),
    ),
    (
        Usual.INTERIM,
        matching(
            r"\binterim (?:reply|response|report)\b",
            r"\b(?:aboori|uboori|"
            r"aarzi) jawab\b",
            r"عبوری (?:جواب|رپورٹ)",
        ),
    ),
    (
        Usual.UNDER_PROCESS,
        matching(
            r"\bunder (?:process|consideration|examination|submission|preparation|compilation|review|"
            r"active consideration)\b",
            r"\b(?:is|are|being) (?:being )?(?:processed|examined|compiled|collected|prepared|considered)\b",
            r"\b(?:need|require|request\w*|seek|grant\w*|allow\w*|give|want)\b[^.]{0,40}\b(?:time|extension|days?|"
            r"weeks?|until|till)\b",
            r"\b(?:more|further|extra|additional) time\b|\bextension\b.{0,40}\b(?:time|date|days?|weeks?)\b",
            r"\b(?:will|shall) (?:also |shortly |soon )?follow\b",
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
        matching(
            r"^(?:\W|the |(?:comments?|views|observations|inputs?|reply|response) ?[:=-]|report |information |"
            r"status |may be treated as |please treat (?:it |this )?as |reply |"
            r"response |it is )*nil\b(?:\W|report|please|"
            r"reply|statement|information|comments?|position|kindly|(?:may|is to) (?:kindly )?be (?:considered|treated|"
            r"noted|recorded|accepted|taken)|is submitted|submitted|furnished)*$",
            r"\b(?:no|nil|without any|have no|has no|not have any|don['’]t have any|offers? no) (?:further |"
            r"additional |specific |other |more |any )*"
            r"(?:comments?|objections?|observations?|views?|inputs?|suggestions?|remarks|concerns?|proposals?|"
            r"amendments?|recommendations?|changes?)\b(?! in principle)|\bnothing to (?:add|comment|offer)\b",
            r"^(?:we |(?:this|the|our) (?:office|ministry|department|division|commission|authority|"
            r"secretariat|board|bureau|council|court) |i |the undersigned |it )?(?:fully |hereby |"
            r"also )?(?:concurs?|endorses?|agrees?|supports?)"
            r"(?: (?:with|to|in|on))?(?: (?:the|this|your|it|all|same|draft|sop|document|proposal|proposed|contents?|"
            r"text|please|above|entirety|of))*\W*$",
            r"\bfully (?:agrees?|supports?|concurs?)\W*$",
            r"\b(?:koi|kisi) (?:comments?|aetr[ae]+z|itr?az|tabsra|r[ae]+i|ra'?ay|tajweez)\b[^.]{0,20}\b(?:nahi|"
            r"nahin|"
            r"nhi)\b|\bit+[ei]faq (?:hai|karte|karta)|\bmut+afiq (?:hai|hain|hoon)",
            r"کوئی (?:تبصرہ|اعتراض|رائے|تجویز|آرا)[^۔]{0,20}(?:نہیں)",
            r"متفق (?:ہے|ہیں|ہوں)|(?:سے |پر )?(?:مکمل )?اتفاق (?:ہے|کرتے|"
            r"کیا جاتا)|^(?:نل|صفر)\W*$",
        ),
    ),
    (
        Usual.REGRET,
        matching(
            r"\b(?:regret|sorry|unable|cannot|can ?not|can['’]t|not be able|not in a position|"
            r"not possible)\b[^.]{0,60}\b(?:attend\w*|participat\w*|"
            r"join|nominat\w*|provide|comment|respond|contribut\w*|furnish|inability|accept|offer|take part|"
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
OFFICE = matching(
    r"\b(?:pertains?|relates?|belongs?|forwarded|transmitted|referred|marked|sent|transferred|"
    r"passed on|passed) to (?:the )?(?P<a>[^.,;\n]{3,80})",
    r"\b(?:dealt with|handled|looked after|dealt) by (?:the )?(?P<b>[^.,;\n]{3,80})",
    r"(?P<c>[\w ]{3,50}) (?:ko|ke paas) (?:bhej|forward|irsal)",
    r"(?P<d>[\w\s]{3,50}) کو (?:بھیج|ارسال|بھجوا)",
    r"(?P<e>[\w\s]{3,50}) سے (?:متعلق ہے|تعلق رکھتا)",
)
OFFICE_END = re.compile(r"\s+(?:for|who|which|and|please|with|on|vide|under|so|as|therefore|accordingly)\b.*$", re.I)
OFFICE_START = re.compile(r"^(?:(?:ye|yeh|khat|letter|mamla|case|it|the|یہ|خط|معاملہ|مراسلہ|کیس)\s+)+", re.I)
# What a covering note says: the answer itself is in the file.
COVER = matching(
    r"^(?:(?:kindly|please|pls|and) )*(?:find|see|refer to|peruse|receive)\b.{0,120}"
    r"\b(?:attach\w*|enclos\w*|herewith|annexed)\b",
    r"^(?:the |our |a |an |this \w+['’]?s? |my )?(?:\w+ ){0,6}(?:is|are|has been|have been|stands?) (?:\w+ )?"
    r"(?:attached|enclosed|annexed|appended|submitted herewith|sent herewith|forwarded herewith)\b.{0,60}$",
    r"^(?:attached|enclosed|as attached|pfa|herewith)\b.{0,80}$",
    r"منسلک|لف ہے|لف ہذا",
    r"\b(?:munsalik|lafa?)\b",
)
# Words that make of any sentence a remark, however it begins.
REMARK = matching(r"\b(?:must|should|need(?:s|ed)? to|ought|shall not|may not|object|chahiye)\b|چاہیے|ضروری")
CLAUSE = matching(
    r"\b(?:clauses?|cl|paras?|paragraphs?)\.?\s*(?:nos?\.?\s*)?\d|(?:شق|پیرا)\s*(?:نمبر\s*)?\d|\bp\.?s\.?:"
)
HEAD_OF_LETTER = matching(r"^(?:subject|sub|no|ref|dated?|to|from|through|government|عنوان|موضوع)\b")
PARAGRAPH_NUMBER = re.compile(r"^\(?(?:[2-9]|1\d)[.)]\s+(?=\D)")
SENTENCES = re.compile(r"(?<![A-Z]\.)(?<!\bNo)(?<!\bno)(?<!\bDr)(?<!\bMr)[.!?]+(?=\s|$)|[۔؟;]|\n+")
