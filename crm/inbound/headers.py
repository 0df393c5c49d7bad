"""Headers as they were sent: all of them, in order, decoded late and scrubbed after decoding."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Mime
from email.utils import parsedate_to_datetime
from functools import cached_property

from crm.inbound.charsets import clean_line, decode

HEADER_OCTETS = 64 * 1024
_FOLD = re.compile(r"\r?\n[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"\?=\s+=\?")
_QUOTED_OCTET = re.compile(rb"=([0-9A-Fa-f]{2})")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,998})\s*>")


@dataclass(frozen=True)
class Headers:
    """Header fields in their order, names lower-case, values unfolded but not decoded."""

    fields: tuple[tuple[str, str], ...]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def all(self, name: str) -> list[str]:
        """Every value of the field, undecoded, topmost first."""
        return self._by_name.get(name, [])

    def first(self, name: str) -> str:
        """The topmost value of the field, undecoded; empty if there is none."""
        values = self.all(name)
        return values[0] if values else ""

    def text(self, name: str) -> str:
        """The topmost value, RFC 2047 words decoded, control characters scrubbed afterwards."""
        return decoded(self.first(name))

    def has(self, name: str) -> bool:
        """Whether the field is there at all."""
        return name in self._by_name


def headers_of(message: Mime) -> Headers:
    """The headers of a parsed message; over-long ones are cut at 64 KB."""
    return Headers(tuple(_raw_fields(message)))


def _raw_fields(message: Mime) -> Iterator[tuple[str, str]]:
    for name, value in message.raw_items():
        yield str(name).strip().lower(), _FOLD.sub(" ", str(value)[:HEADER_OCTETS]).strip()


def decoded(value: str) -> str:
    """One header value for people: raw 8-bit octets and RFC 2047 words decoded, one line, no control characters."""
    if not value.isascii():
        value = decode(value.encode("utf-8", "surrogateescape"))[0]
    return clean_line(_decode_words(value) if "=?" in value else value)


def _decode_words(value: str) -> str:
    value = _BETWEEN.sub("?==?", value)
    pieces: list[str] = []
    pending: tuple[str, bytes] = ("", b"")
    end = 0
    for word in _WORD.finditer(value):
        charset = word[1].split("*")[0].lower()
        if word.start() > end or charset != pending[0]:
            pieces += [decode(pending[1], pending[0])[0], value[end : word.start()]]
            pending = (charset, b"")
        pending = (charset, pending[1] + _word_octets(word[2], word[3]))
        end = word.end()
    pieces += [decode(pending[1], pending[0])[0], value[end:]]
    return "".join(pieces)


def _word_octets(encoding: str, body: str) -> bytes:
    octets = body.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _QUOTED_OCTET.sub(lambda hit: bytes([int(hit[1], 16)]), octets.replace(b"_", b" "))
    try:
        return base64.b64decode(octets.rstrip(b"=") + b"=" * (-len(octets.rstrip(b"=")) % 4))
    except (binascii.Error, ValueError):
        return octets


def message_ids(value: str) -> tuple[str, ...]:
    """The Message-IDs of In-Reply-To or References without their brackets, in order, none twice."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value[:HEADER_OCTETS])))


def one_message_id(value: str) -> str:
    """A Message-ID without its brackets; what stands there if the brackets are missing; empty if it is absent."""
    found = message_ids(value)
    return found[0] if found else clean_line(value).split(" ")[0][:998]


def moment(value: str) -> datetime | None:
    """The Date field in UTC (RFC 5322 section 3.3); None where it cannot be read."""
    try:
        when = parsedate_to_datetime(value)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
