"""Bounces in plain words: the families of qmail, Exim, Postfix, sendmail, Exchange, Notes, Gmail and their kin."""

import re

from crm.inbound.addresses import addresses_in
from crm.inbound.parts import Opened

NOTICE_LENGTH = 64 * 1024
ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(?:\.[\w-]+)*")
ORIGINAL = re.compile(
    r"^[ \t>]*(?:-{2,}\s*(?:Below (?:this|the next) line|This is a copy|Original|The (?:header|body)|Returned|"
    r"Undelivered|Unsent|"
    r"Contents of|Enclosed|Start of|Copy of|Header of|Nachrichtenkopf|Message header|original|The unsent|Headers? |"
    r"附件中|Forwarded message|Mensaje original|Message d)[^\n]{0,100}"
    r"|={3,}\s*(?:Original|Message)[^\n]{0,80}"
    r"|Original message (?:follows|headers?|attached|as received)[^\n]{0,60}|Original message as received[^\n]{0,60}"
    r"|(?:The )?(?:original|following) message(?: headers?)? (?:follows|was received|"
    r"is attached below)[^\n]{0,60}:\s*"
    r"|Received: (?:from|by|\(qmail)\s?[^\n]*|Return-path: ?<[^\n]*|Message-ID:\s*<[^\n]*"
    r"|Original Message:?|(?:Below|Here|Enclosed|Attached) is (?:a copy|the|your)[^\n]{0,40}(?:original|message|"
    r"header)[^\n]{0,40}|[-*_]{3,}\s*Original (?:message|mail)[^\n]{0,60}"
    r"|Content-Type: message/rfc822)\s*$",
    re.I | re.M,
)
PHRASES = re.compile(
    r"(?:could|can|was|were|has|have|had|is|are|may|did)\s?(?:not|n['’]t)(?: yet)? (?:be|been|being|reach|"
    r"deliver)\s?(?:able|ed)?"
    r"[^\n]{0,30}?(?:delivered|deliver|sent|reached|processed|forwarded|accepted|the following)?|undeliver|"
    r"not delivered|"
    r"non-?deliver|unable to deliver|failed (?:recipient|to deliver|permanently)|delivery (?:has )?(?:failed|"
    r"failure|error|"
    r"status|to the following|problem|attempts? failed)|returned (?:mail|to sender)|return(?:ed|ing) (?:mail|"
    r"message)|"
    r"failure notice|mail (?:delivery|system|failure)|permanent (?:error|fatal)|did not reach|(?:had|have|"
    r"were) delivery errors|"
    r"delivery errors|trouble delivering|error (?:has |have )?(?:occurr?ed )?(?:sending|during|while)|because of|"
    r"list of recipients|rejected recipient|unknown (?:user|recipient)|"
    r"user unknown|(?:mail|message)[^\n]{0,30} (?:bounced|rejected)|not accepting mail|qmail-send|"
    r"address(?:es)? failed|"
    r"undelivered|unsent message|failure reasons|invalid (?:final )?(?:recipient|address)|unzustellbar|"
    r"nicht zugestellt|"
    r"non remis|pas pu être|échec|no (?:se )?(?:pudo|ha podido) (?:ser )?entregar|não pôde ser|devuelt|"
    r"недоставлен|не доставлено|"
    r"не может быть|配信|送信できません|届けることができません|エラーメール|退信|无法(?:发送|投递)|發送失敗|"
    r"نہیں پہنچا|تسلیم نہیں",
    re.I,
)
CERTAIN = re.compile(
    r"(?:could|can|was|were|has|have)(?: not|n['’]t) (?:yet )?(?:be |been )?(?:deliver\w*|"
    r"sent) to (?:one or more|(?:any of )?(?:the )?"
    r"following)|following (?:recipients?|address(?:es)?|e-?mail)[^\n]{0,40}(?:fail|had|"
    r"could not|did not|not receive)|did not reach the "
    r"following|qmail-send program|permanent error; I['’]ve given up|"
    r"message could not be delivered to|unable to deliver (?:the |your |this )?(?:message|mail|"
    r"e-?mail) to|"
    r"(?:mail|message)[^\n]{0,40} (?:has )?bounced",
    re.I,
)
DELAY = re.compile(
    r"(?:\bdelay(?:ed)?\b|not yet been delivered|will (?:continue|keep) (?:to )?(?:try|retry|be)|"
    r"still being (?:tried|retried)|"
    r"warning: could not send|delivery temporarily suspended|do not need to resend|"
    r"delivery attempts will continue|"
    r"no action is required on your part|delivery status notification \(delay\)|"
    r"this is (?:only )?a warning)",
    re.I,
)
FROM_DAEMON = re.compile(
    r"mailer-?daemon|postmaster|mail[ ._-]?deliver[yi]?|mail delivery|"
    r"delivery (?:sub)?system|mdaemon|bounce|"
    r"mail(?:er)? (?:system|service|administrator)|system administrator|mail_service|"
    r"ndr administrator|"
    r"maildelivery|mta-?admin|interscan|mailmarshal|mailer daemon|microsoftexchange|"
    r"mail router|mailsystem|smtp_?mail|abuse|nondelivery",
    re.I,
)
SUBJECT = re.compile(
    r"undeliver|returned (?:mail|to sender|email)|(?:mail|delivery|message|send)[^\n]{0,30}(?:fail|error|problem|"
    r"unsuccessful|status|"
    r"could not|delayed|was not|not delivered|refused|rejected|bounced)|fail(?:ure|ed)[^\n]{0,20}(?:notice|mail|"
    r"delivery|message|"
    r"notif)|failure notice|non-?delivery|nondeliver|not delivered|unzustellbar|bounce|warning: (?:could not|"
    r"message)|"
    r"delivery (?:status|report|notification)|user unknown|rejected:|permanent (?:delivery )?failure|"
    r"can't be delivered|"
    r"unknown user|invalid address|non remis|недостав|сообщение не доставлено|ошибка|配信|エラー|退信|失败|失敗|"
    r"error sending|no se puede entregar|não entregue|nicht zustellbar|unknown local|mail rejected",
    re.I,
)
_HEAD = re.compile(
    r"^[ \t]*(?:[*•.-]\s*|(?:<<< ?)?[45]\d\d[ -]|>>> (?!\w+ ?\w*:))?[\"'<(\[]*(?:mailto:|"
    r"smtp:)?(?P<a>[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(?:\.[\w-]+)*)[\">'\])]*"
    r"(?:<mailto:[^>]*>)?[ \t]*(?P<end>[:;,]?)",
    re.M,
)
_NAMED = re.compile(
    r"(?<![\w.-])(?:recipients?|undeliverable(?: address)?|unknown (?:user|recipient|local[ -]part)|"
    r"address(?:es)?|rcpt to|to|user|"
    r"mailbox|delivery failed \d+ attempts?|failed (?:recipient|for|to)|"
    r"delivered to|reach|for|deliver to|account|invalid (?:recipient|address)|宛先|recipient name)(?:[ \t]+(?:is|"
    r"was|of|for|->|'s)\b|(?=[\s:=<\"'(\[]))"
    r"[ \t]*[:=]?\s{0,3}[\"'<(\[]{0,3}(?:mailto:|smtp:|"
    r"rfc822;\s*)?(?P<a>[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(?:\.[\w-]+)*)",
    re.I,
)
_ANY_STATUS = re.compile(r"\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b")
_LABELLED = re.compile(
    r"^[ \t>]*(?:From|To|Cc|Subject|Date|Sent|Sender|Reply-To|Von|An|X-[\w-]+|Return-Path|"
    r"Received|Message-ID|"
    r"MIME-Version|差出人|件名)[ \t]*:",
    re.I,
)
_HELPERS = {
    "postmaster",
    "mailer-daemon",
    "support",
    "helpdesk",
    "abuse",
    "hostmaster",
    "webmaster",
    "noc",
    "mailerdaemon",
}


def notice_text(body: str) -> str:
    """The part of `body` that the mail system wrote, without the returned original."""
    body = body[:NOTICE_LENGTH]
    cut = next((hit.start() for hit in ORIGINAL.finditer(body) if body[: hit.start()].strip()), len(body))
    return body[:cut]


def speaks_of_failure(notice: str) -> bool:
    """Whether the text says that a mail did not arrive."""
    return bool(PHRASES.search(notice[:8000]))


def speaks_of_failure_plainly(notice: str) -> bool:
    """Whether it says so in the set words that only mail systems use."""
    return bool(CERTAIN.search(" ".join(notice[:4000].split(" "))) or CERTAIN.search(" ".join(notice[:4000].split())))


def recipients(opened: Opened, notice: str) -> list[str]:
    """Whom the text says was not reached: by a header, at a line's head, named in words, or by the original."""
    failed = [one for value in opened.headers.all("x-failed-recipients") for one in addresses_in(value)]
    if failed:
        return failed
    own = set(addresses_in(opened.headers.first("to"))) | set(addresses_in(opened.headers.first("from")))
    for candidates in (_at_line_heads(notice), _named(notice), _with_status(notice), _elsewhere(notice)):
        chosen = [one for one in candidates if not _is_helper(one)]
        better = [one for one in chosen if one not in own]
        if better or (chosen and len(set(chosen)) == 1):
            return list(dict.fromkeys(better or chosen))
    return _of_original(opened)


def _is_helper(address: str) -> bool:
    return address.partition("@")[0] in _HELPERS


def _plain_lines(notice: str) -> list[str]:
    return [line for line in notice.split("\n") if not _LABELLED.match(line)]


def _at_line_heads(notice: str) -> list[str]:
    strong: list[str] = []
    weak: list[str] = []
    for line in _plain_lines(notice):
        hit = _HEAD.match(line)
        if not hit:
            continue
        rest = line[hit.end() :].strip()
        sure = hit["end"] == ":" or not rest or rest.startswith(("...", "(", "[", "-", "on ", "Invalid", "|", "User"))
        (strong if sure or _ANY_STATUS.search(rest) else weak).append(hit["a"].lower().strip(".'"))
    return strong or weak


def _named(notice: str) -> list[str]:
    text = "\n".join(_plain_lines(notice))
    return [hit["a"].lower().strip(".'") for hit in _NAMED.finditer(text)]


def _with_status(notice: str) -> list[str]:
    return [one for line in _plain_lines(notice) if _ANY_STATUS.search(line) for one in addresses_in(line)]


def _elsewhere(notice: str) -> list[str]:
    return [one for line in _plain_lines(notice) for one in addresses_in(line)]


def _of_original(opened: Opened) -> list[str]:
    for leaf in opened.leaves:
        hit = re.search(rb"^(?:X-)?(?:Original-)?To:[ \t]*([^\n]*@[^\n]*)", leaf.content, re.I | re.M)
        if hit:
            found = addresses_in(hit[1].decode("utf-8", "replace"))
            if len(found) == 1:
                return list(found)
    return []


def words_about(recipient: str, notice: str) -> str:
    """What the text says of one recipient: from the line that names them to the next one, in one line."""
    lines = notice.split("\n")
    places = [at for at, line in enumerate(lines) if recipient in line.lower() and not _LABELLED.match(line)]
    if not places:
        return " ".join(notice.split())[:2000]
    told = [_told_from(lines, at, recipient) for at in places]
    best = next((text for text in told if _ANY_STATUS.search(text)), "")
    return best or f"{max(told, key=len)} {' '.join(notice.split())}"[:2000]


def _told_from(lines: list[str], at: int, recipient: str) -> str:
    told = [lines[at]]
    blank = 0
    for line in lines[at + 1 : at + 14]:
        blank = blank + 1 if not line.strip() else 0
        head = _HEAD.match(line)
        if blank > 1 or (head and head["a"].lower() != recipient and head["end"] == ":"):
            break
        told.append(line)
    return " ".join(" ".join(told).split())[:2000]
