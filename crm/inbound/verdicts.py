"""What a server's refusal means: the address is gone (hard), something else is wrong (soft), or not yet (delayed)."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Hard: stop now. Soft: may pass, or is not the address's fault. Delayed: still being tried, never counts."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"


ENHANCED = re.compile(r"(?<![\d.\[])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
REPLY_CODE = re.compile(r"(?<![\d.:/-])([45][0-5]\d)(?=[\s\-:,\]#)]|$)")
HARD_STATUSES = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10"}
SOFT_STATUSES = re.compile(r"^5\.(?:2\.[234]|3\.\d|4\.\d+|7\.\d+|6\.\d|1\.[789])$")


def _words(*families: str) -> re.Pattern[str]:
    return re.compile("|".join(families), re.I)


FULL = _words(
    r"(?:mail\s?box|quota|inbox|mailfolder|mail folder|maildrop|mail quota|account|store|user|disk space|storage|"
    r"space|spool)"
    r"[^.\n]{0,40}\b(?:full|exceeded|over\s?quota|over its|over the|too large|exhausted|insufficient)",
    r"over\s?(?:disk\s)?quota|overquota|quota\s?exceed|exceed\w*[^.\n]{0,30}(?:quota|storage|disk|mailbox|"
    r"limit of)|out of storage|"
    r"mailbox_?full|not enough (?:disk|storage)|insufficient (?:system )?storage|no space left|disk full|"
    r"maildir full|"
    r"out of space|boite pleine|postfach (?:ist )?voll|容量|is full\b|file too large|larger than the current",
)
TOO_BIG = _words(
    r"message (?:is )?too (?:large|big|long)|(?:message|mail|"
    r"size)[^.\n]{0,30}exceeds?[^.\n]{0,30}(?:size|limit|maximum)|"
    r"size exceeds|too large|exceeded (?:maximum|storage) (?:inbound )?message size|message size|"
    r"maximum (?:allowed )?size"
)
UNKNOWN_USER = _words(
    r"(?:user|recipient|account|mailbox|address|alias|addressee|destinat\w+|name|login|subscriber)[^\n]{0,60}?"
    r"(?:unknown|not (?:be )?found|n['o]t exist|not (?:a )?(?:known|valid|recogni[sz]ed|listed)|is invalid|"
    r"unavailable|"
    r"not active|isn['’]t active|undeliverable|not our customer|could(?:n['’]t| not) be found|wasn['’]t found|"
    r"does not have|"
    r"no longer (?:active|valid|available|exist|on server|with)|has been (?:deleted|removed|closed|deactivated))",
    r"(?:unknown|no such|invalid|bad|non-?existent|nonexistent|illegal|unrecogni[sz]ed|unresolvable|wrong)\s+"
    r"(?:local\s|e-?mail\s|or\s+(?:illegal|invalid)\s|final\s|destination\s|virtual\s)*"
    r"(?:user|recipient|mailbox|address|alias|account|addressee|name|person|id|subscriber|rcpt|local[ -]?part|alias)",
    r"no (?:mail)?box (?:here )?(?:by|with) (?:that|this)|no (?:such|known) (?:one|user|mailbox)|user_?unknown|"
    r"unknown_?user|"
    r"doesn['’]t have a|does not have an? [^\n]{0,40}account|this address no longer|not listed in|"
    r"no one by that name|"
    r"there is no one|no account by|not a (?:known|valid|local) (?:user|mailbox|recipient|address)|vrfy failed|"
    r"rejected: (?:user (?:unknown|not|doesn|\w+ unknown)|undeliverable|unknown|address (?:unknown|not))|"
    r"recipient not found|"
    r"recipient address rejected(?:: access denied|\.?\s*$)|invalid final delivery userid|invalid userid|"
    r"RecipNotFound|"
    r"not (?:present )?in (?:directory|address book)|does not exist|doesn['’]t exist|no valid recipient|"
    r"mailbox (?:for [^\n]{0,60}|is )?(?:does not exist|unavailable or|not found|name not allowed)|no mailbox|"
    r"recipient no longer|no longer (?:works|employed)|isn't? (?:a )?valid|email address (?:that )?you entered|"
    r"couldn['’]t be found|unrouteable (?:mail\s)?address|unroutable address|unknown address|"
    r"bad destination (?:mailbox|email)|"
    r"address (?:is )?unknown|user doesn|reject[a-z]* recipient[^\n]{0,40}not|not a known user|no se encuentra|"
    r"存在しません|見つかりません|無効|ディレクトリのリストにありません|не существует|не найден|không tồn tại|"
    r"n'existe pas|inconnu|unbekannt|nicht gefunden|introuvable|no encontrad|non trovato|niet gevonden|bulunamad|"
    r"não existe|no existe|نہیں ملا",
)
UNKNOWN_HOST = _words(
    r"(?:host|domain|hostname|server name)[^\n]{0,60}?(?:unknown|not found|does(?: not|n['’]t) exist|invalid|"
    r"not be found|not reachable)",
    r"(?:unknown|no such|illegal|bad) (?:host|domain)|nxdomain|name (?:service error|server lookup|not known)|"
    r"invalid domain|no (?:mx|dns|a) (?:record|or a record)|find a mail exchanger|host or domain name not found|"
    r"hostunknown|host_?unknown|"
    r"name or service not known|couldn['’]t find any host|domain (?:name )?(?:not|isn)|unresolvable domain|"
    r"domain is not (?:configured|valid)|all relevant mx records point to non-existent|null ?mx|"
    r"does not accept mail \(nullmx|"
    r"no route to domain|misspelled domain|cannot find (?:the )?(?:host|domain)|domain must exist",
)
MOVED = _words(
    r"has moved to|user (?:has )?moved|account moved|address changed|replaced by|"
    r"forwarding to a forwarding|"
    r"no longer at this|new e-?mail address"
)
DISABLED = _words(
    r"(?:account|mailbox|user|address)[^.\n]{0,50}(?:disabled|suspended|inactive|locked|expired|"
    r"closed|discontinued|"
    r"not accepting|deactivated|frozen|blocked|restricted|temporarily unavailable)|suspend|disabled|"
    r"inactive|"
    r"not been activated|currently unavailable"
)
POLICY = _words(
    r"spam|blacklist|black-list|blocklist|block list|blocked|denied|dnsbl|\brbl\b|spamhaus|reputation|\bspf\b|"
    r"dkim|dmarc|"
    r"unsolicited|policy|polic(?:y|ies)|not permitted|not allowed|prohibited|virus|malware|content (?:rejected|"
    r"filter)|relay|"
    r"authenticat|administrative|banned|greylist|gray-?list|grey-list|rate limit|too many|throttl|unauthori[sz]ed|"
    r"forbidden|"
    r"bad sender|sender (?:address )?(?:rejected|denied|unknown|verify|domain)|reverse dns|\bptr\b|"
    r"invalid domain name|"
    r"not accepted|refused by|refused (?:your )?mail|access|moderated|permission|only accept|restricted|filter|"
    r"rejected (?:due|because|for|by|as)|security|verification failed|client host|\bhelo\b|\behlo\b|bulk mail|abuse|"
    r"message (?:content )?rejected|mail content|do(?:es)? not (?:wish to )?(?:accept|receive)|allowed to (?:send|"
    r"post)"
)
REFUSES_ALL = _words(
    r"(?:host|domain|system|server|site|machine)[^\n]{0,30}(?:does not|doesn['’]t|do not|"
    r"not) accept(?:ing)? (?:mail|any|network|"
    r"smtp|messages|e-?mail)|null ?mx|(?<!\d)(?:521|556)[ -]5"
)
SENDERS_FAULT = _words(
    r"domain of sender|sender (?:address|domain)|from: domain|after MAIL FROM|"
    r"reply to MAIL FROM|invalid ip for|"
    r"spamhaus|blacklist|block ?list|dnsbl|\brbl\b|reputation|^x-unix|bl\?ip=|"
    r"my name was rejected|sender verif"
)
AFTER_DATA = _words(r"end of data|command data\b|reply to data|after data|<<< data|reply to end of")
NAMESERVER = _words(r"name server reply|timed? ?out|temporar|try again|server failure")
NETWORK = _words(
    r"timed? ?out|connection (?:refused|reset|lost|dropped|closed|failed)|network|unreachable|no route to host|"
    r"expired|"
    r"too long|given up|in (?:the )?queue|lost connection|loop|too many hops|hop count|mail server is down|retry|"
    r"try again|temporar|deferred|could not (?:connect|contact)|couldn['’]t (?:connect|contact)|unable to connect|"
    r"cannot contact|system (?:error|resource)|not responding|resources|delivery time|mailer|local configuration|"
    r"i/o error|internal|cannot open|permission denied|died with"
)


CERTAIN = _words(
    r"(?:user|recipient|address|mailbox) unknown|unknown (?:user|recipient|address)|no such (?:user|"
    r"recipient|mailbox|address)|"
    r"not (?:found|exist)|nxdomain"
)


@dataclass(frozen=True)
class Reason:
    """A code and whether the words name a cause."""

    status: str
    kind: Kind


def status_in(text: str) -> str:
    """The enhanced status code (RFC 3463) that stands in `text`; the last specific one; empty if there is none."""
    found = [".".join(hit) for hit in ENHANCED.findall(text) if hit[0] in "45"]
    specific = [one for one in found if not one.endswith(".0.0")]
    return specific[0] if specific else found[0] if found else ""


def judge(status: str, words: str, action: str = "", context: str = "") -> Reason:
    """Hard, soft or delayed by the server's own words first, then by its codes (RFC 3463, RFC 5321 section 4.2.3).

    `context` is what else the notice says of the recipient, such as the command that was refused.
    """
    status = status if ENHANCED.fullmatch(status) and not status.endswith(".0.0") else status_in(words) or status
    if action == "delayed":
        return Reason(status, Kind.DELAYED)
    code = REPLY_CODE.search(words)
    if status.startswith("4") or (not status and code is not None and code[1].startswith("4")):
        return Reason(status, Kind.SOFT)
    return Reason(status, _permanent(status, words, f"{words} {context}"))


def _permanent(status: str, words: str, all_words: str) -> Kind:
    if SENDERS_FAULT.search(words) or (FULL.search(words) and (status not in ("5.1.1", "5.1.10") or "5.2.2" in words)):
        return Kind.SOFT
    if REFUSES_ALL.search(words) or status == "5.7.27":
        return Kind.HARD
    if status in HARD_STATUSES:
        policy = status in ("5.1.0", "5.1.1") and POLICY.search(words) and not UNKNOWN_USER.search(words)
        return Kind.SOFT if policy else Kind.HARD
    if AFTER_DATA.search(all_words) or TOO_BIG.search(words):
        return Kind.SOFT  # a server that took the recipient and then refused the text is filtering
    if status in ("5.2.1", "5.3.0") and CERTAIN.search(words) and not DISABLED.search(words):
        return Kind.HARD
    if status.startswith(("5.2.", "5.3.")) or status in ("5.1.7", "5.1.8", "5.1.9"):
        return Kind.SOFT
    if status == "5.4.4":
        return Kind.SOFT if NAMESERVER.search(words) else Kind.HARD
    return _by_words(status, words)


def _by_words(status: str, words: str) -> Kind:
    gone = UNKNOWN_HOST.search(words) or UNKNOWN_USER.search(words) or MOVED.search(words)
    if not gone:
        return Kind.SOFT
    if "access denied" in words.lower() and "recipient" in words.lower():
        return Kind.HARD  # Exchange's directory blocking says no more than this
    other_cause = DISABLED.search(words) or (
        SOFT_STATUSES.match(status) and (POLICY.search(words) or NETWORK.search(words))
    )
    return Kind.SOFT if other_cause and not CERTAIN.search(words) else Kind.HARD
