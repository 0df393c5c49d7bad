"""Addresses read strictly: one plain mailbox, or the reason why we do not believe it; the library can be misled."""

import re
from dataclasses import dataclass

from crm.i18n import Message
from crm.inbound.charsets import clean_line
from crm.inbound.headers import decoded
from crm.itip.addresses import BadAddress, strict_address

LONGEST = 2048
MOST_OCTETS = 64 * 1024
ANYWHERE = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[\w.-]{1,253}\w")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|[(),:;<>"]|[^"<>(),:;]+')


@dataclass(frozen=True)
class Sender:
    """Who a mail says it is from. `doubt` says why the address cannot be relied on; None: one plain mailbox."""

    address: str
    name: str = ""
    doubt: Message | None = None


def read_sender(values: list[str]) -> Sender:
    """The one mailbox of the From fields (RFC 5322 section 3.6.2); anything ambiguous is named, not resolved."""
    if not values or not values[0].strip():
        return Sender("", "", Message("The mail names no sender."))
    sender = _one_mailbox(values[0])
    if len(values) > 1:
        return Sender(sender.address, sender.name, Message("The mail has several From lines."))
    return sender


def _one_mailbox(value: str) -> Sender:
    value = value[:LONGEST]
    tokens = _TOKEN.findall(value)
    angles = [token for token in tokens if token.startswith("<") and len(token) > 1]
    marks = {token for token in tokens if token in {"(", ")", ",", ":", ";", "<", ">", '"'}}
    outside = "".join(token for token in tokens if token not in angles)
    written = angles[0][1:-1].strip() if angles else _bare(outside)
    trailing = bool(angles) and not value.rstrip().endswith(">")
    name = clean_line(decoded(_unquoted(outside if angles else _comment(value))))
    address = written.lower() if _is_plain(written) else _fallback(value)
    return Sender(address, name, _doubt(written, angles, marks, name, address, trailing))


def _is_plain(written: str) -> bool:
    """Whether we could write to it as it stands, letter by letter."""
    try:
        return strict_address(written) == written
    except BadAddress:
        return False


def _bare(outside: str) -> str:
    return re.sub(r"\([^()]*\)\s*$", "", outside).strip()


def _comment(value: str) -> str:
    found = re.search(r"\(([^()]*)\)\s*$", value)
    return found[1] if found else ""


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.replace('\\"', "\0").replace('"', "").replace("\0", '"')).strip()


def _fallback(value: str) -> str:
    found = ANYWHERE.findall(decoded(value))
    return str(found[-1]).lower() if found else ""


def _doubt(written: str, angles: list[str], marks: set[str], name: str, address: str, trailing: bool) -> Message | None:
    if not _is_plain(written):
        if "@" in written and not written.isascii():
            return Message("The sender's address is not written in plain letters.")
        return Message("The sender's address cannot be read with certainty.")
    if len(angles) > 1 or trailing or marks & {",", ":", ";", "<", ">"} or (angles and marks & {"(", ")"}):
        return Message("The From line can be read in more than one way.")
    if any(other.lower().strip(".") != address for other in ANYWHERE.findall(name)):
        return Message("The sender's name shows another address.")
    if "xn--" in address.rpartition("@")[2]:
        return Message("The sender's domain is international; look at it closely.")
    return None


def addresses_in(value: str) -> tuple[str, ...]:
    """Every address that stands in a recipient field, lower-case, none twice: candidates, not claims."""
    found = (one.lower().strip(".'") for one in ANYWHERE.findall(value[:MOST_OCTETS]))
    return tuple(dict.fromkeys(found))


def domain_of(address: str) -> str:
    """The domain of an address, lower-case; empty if it has none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""
