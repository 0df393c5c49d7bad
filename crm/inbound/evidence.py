"""What a mail carries that may tie it to one of ours: every address it was sent to, every Message-ID it names."""

import re
from dataclasses import dataclass

from crm.inbound.addresses import addresses_in
from crm.inbound.bounces import original_message_id
from crm.inbound.headers import Headers, message_ids
from crm.inbound.parts import Opened

DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
    "x-rcpt-to",
    "resent-to",
)
VISIBLE = ("to", "cc", "apparently-to")
_RECEIVED_FOR = re.compile(r"\bfor\s+<?([\w!#$%&'*+/=?^`{|}~.-]{1,64}@[\w.-]{1,253})>?", re.I)


@dataclass(frozen=True)
class Evidence:
    """Candidates only, none proved. Addresses lower-case, those of the envelope first; ids without brackets."""

    recipients: tuple[str, ...]
    visible_recipients: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    enclosed_message_id: str


def evidence_of(opened: Opened) -> Evidence:
    """Gather the candidates (a token is searched in all of them, also in an inner Received)."""
    headers = opened.headers
    delivered = [one for name in DELIVERED for value in headers.all(name) for one in addresses_in(value)]
    visible = [one for name in VISIBLE for value in headers.all(name) for one in addresses_in(value)]
    received = [hit[1].lower() for value in headers.all("received") for hit in _RECEIVED_FOR.finditer(value)]
    every = tuple(dict.fromkeys([*delivered, *visible, *received]))
    return Evidence(
        every,
        tuple(dict.fromkeys(visible)),
        _ids(headers, "in-reply-to"),
        _ids(headers, "references"),
        original_message_id(opened) if _encloses(opened) else "",
    )


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for value in headers.all(name) for one in message_ids(value)))


def _encloses(opened: Opened) -> bool:
    return any(
        leaf.media_type.startswith("message/") or leaf.media_type == "text/rfc822-headers" for leaf in opened.leaves
    )
