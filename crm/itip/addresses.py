"""Addresses that may stand in our headers and calendar objects: plain ASCII, one of them, nothing clever."""

import re

LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")


class BadAddress(ValueError):
    """This cannot be written to: not one plain address (RFC 5321 section 4.1.2, without quoting)."""


def strict_address(text: str) -> str:
    """`text` as it stands if it is one plain address, an international domain in its ASCII form (RFC 5891).

    Raises BadAddress. Local parts outside ASCII need SMTPUTF8, which we do not send.
    """
    local, at, domain = text.rpartition("@")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    fits = len(local) <= LONGEST_LOCAL_PART and len(local) + 1 + len(plain) <= LONGEST_ADDRESS
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(plain)):
        raise BadAddress(f"not a plain e-mail address: {text!r}")
    return f"{local}@{plain}"
