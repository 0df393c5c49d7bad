"""Whether the sender's domain vouches for a mail: only what our own border server wrote counts (RFC 8601)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import dkim

from crm.inbound.addresses import Sender, domain_of
from crm.inbound.headers import Headers

HOPS_ABOVE = 3
_RESULT = re.compile(r"\b(dmarc|dkim|spf|arc)\s*=\s*([a-z]+)([^;]*)", re.I)
_PROPERTY = re.compile(r"\b(header\.d|header\.i|header\.from|smtp\.mailfrom|oda)\s*=\s*\"?([^\s;\"]+)", re.I)
_SCANNER = re.compile(r"\bDMARC_(?:POLICY_REJECT|POLICY_QUARANTINE|BAD_POLICY)\b")
_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"\bby\s+([\w.-]+)", re.I)

KeyLookup = Callable[[bytes], bytes | None]


class Standing(StrEnum):
    """Verified: the domain vouches. Unverified: nobody says. Failed: the domain denies it."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


@dataclass(frozen=True)
class Authentication:
    """The standing, and the method that decided it: dmarc, dkim, sender or none."""

    standing: Standing
    method: str = "none"
    detail: str = ""


@dataclass(frozen=True)
class Trust:
    """Whose word counts: our border servers' authserv-ids. `hosts` may stand in Received above their header.

    `key_of` looks up a DKIM key in the DNS, for when no trusted header is there. With `topmost` (for inspecting
    mail of strangers) the topmost header is read whoever wrote it, but can only condemn.
    """

    authserv_ids: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    key_of: KeyLookup | None = None
    topmost: bool = False


def authenticate(headers: Headers, sender: Sender, raw: bytes, trust: Trust) -> Authentication:
    """Judge by A.7: dmarc first, then an aligned dkim; a doubtful From is never verified."""
    judged = _by_header(headers, sender, trust)
    if judged is None and trust.key_of is not None and headers.has("dkim-signature"):
        judged = _by_signature(raw, sender, trust.key_of)
    judged = judged or Authentication(Standing.UNVERIFIED)
    if judged.standing is Standing.UNVERIFIED and _SCANNER.search(headers.first("x-spamd-result")):
        return Authentication(Standing.FAILED, "dmarc", "x-spamd-result")  # a scanner's header may condemn, never vouch
    if sender.doubt is not None and judged.standing is Standing.VERIFIED:
        return Authentication(Standing.UNVERIFIED, "sender", judged.detail)
    return judged


def _by_header(headers: Headers, sender: Sender, trust: Trust) -> Authentication | None:
    value, trusted = _result_header(headers, trust)
    if not value:
        return None
    results = {hit[1].lower(): (hit[2].lower(), hit[3]) for hit in reversed(list(_RESULT.finditer(value)))}
    signed = [
        dict(_PROPERTY.findall(hit[3]))
        for hit in _RESULT.finditer(value)
        if hit[1].lower() == "dkim" and hit[2].lower() == "pass"
    ]
    verdict, rest = results.get("dmarc", ("none", ""))
    if verdict == "fail":
        return Authentication(Standing.FAILED, "dmarc", value[:300])
    domain = domain_of(sender.address)
    if not trusted:
        return Authentication(Standing.UNVERIFIED, "none", value[:300])
    named = dict(_PROPERTY.findall(rest)).get("header.from", domain).lower()
    if verdict == "pass" and aligned(named, domain):
        return Authentication(Standing.VERIFIED, "dmarc", value[:300])
    if verdict == "none" and any(aligned(_signer(one), domain) for one in signed):
        return Authentication(Standing.VERIFIED, "dkim", value[:300])
    return Authentication(Standing.UNVERIFIED, "none", value[:300])


def _signer(properties: dict[str, str]) -> str:
    return (properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]).lower()


def _result_header(headers: Headers, trust: Trust) -> tuple[str, bool]:
    """The topmost Authentication-Results of ours with only our own hops above it; else, if asked, the topmost."""
    hops: list[str] = []
    first = ""
    for name, value in headers.fields:
        if name == "received":
            by = _BY.search(value)
            hops.append(by[1].lower() if by else "")
        elif name == "authentication-results":
            identity = _COMMENT.sub("", value).split(";")[0].strip().split(" ")[0].lower()
            first = first or value
            if identity in trust.authserv_ids:
                own = len(hops) <= HOPS_ABOVE and all(_is_ours(hop, trust) for hop in hops)
                return (_COMMENT.sub("", value), True) if own else ("", False)
    return (_COMMENT.sub("", first), False) if trust.topmost else ("", False)


def _is_ours(host: str, trust: Trust) -> bool:
    return host in {"localhost", "127.0.0.1"} or any(
        aligned(host, one) or host == one for one in trust.authserv_ids | trust.hosts
    )


def aligned(one: str, other: str) -> bool:
    """Whether two domains are the same or one lies within the other (relaxed alignment without a suffix list)."""
    one, other = one.strip(".").lower(), other.strip(".").lower()
    if not one or not other or "." not in one or "." not in other:
        return bool(one) and one == other
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _by_signature(raw: bytes, sender: Sender, key_of: KeyLookup) -> Authentication | None:
    try:
        signature = dkim.DKIM(raw)
        if not signature.verify(dnsfunc=lambda name, timeout=5: key_of(name)):
            return None
        domain = (signature.domain or b"").decode("ascii", "replace")
    except (
        Exception
    ):  # the library raises its own, binascii's and struct's errors; an unreadable signature proves nothing
        return None
    if aligned(domain, domain_of(sender.address)):
        return Authentication(Standing.VERIFIED, "dkim", domain)
    return None
