"""A mail taken apart: its leaves in reading order, within limits, without ever raising on what it holds."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mime
from email.policy import compat32
from email.utils import collapse_rfc2231_value, decode_rfc2231

from crm.inbound.charsets import clean_line, clean_text, decode
from crm.inbound.headers import Headers, decoded, headers_of

MAIL_OCTETS = 35 * 1024 * 1024
TEXT_OCTETS = 1024 * 1024
MOST_PARTS = 200
DEEPEST = 20
MOST_BLOCKS = 2000
MOST_BOUNDARIES = 5000
"""Lines that may be boundaries; beyond them a mail is cut before it is taken apart, which would take seconds."""
_HEAD_LINE = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{0,60}:", re.M)
_LOOSE_NAME = re.compile(r"(?:file)?name\s*=\s*\"?([^\";]+)", re.I)


@dataclass(frozen=True)
class Leaf:
    """One part without parts: its declared type, its name as written, its decoded bytes and where it stood."""

    media_type: str
    params: dict[str, str]
    disposition: str
    name: str
    content: bytes
    content_id: str
    within: tuple[str, ...] = ()
    headers: Headers = field(default=Headers(()))

    @property
    def text(self) -> str:
        """The bytes as clean text, by the declared charset if that is honest."""
        return clean_text(decode(self.content[:TEXT_OCTETS], self.params.get("charset", ""))[0])


@dataclass(frozen=True)
class Opened:
    """A mail taken apart. `limits` says which limit it went over: nothing beyond the limit was read."""

    headers: Headers
    media_type: str
    params: dict[str, str]
    leaves: tuple[Leaf, ...]
    limits: tuple[str, ...] = ()


def open_mail(raw: bytes) -> Opened:
    """Take `raw` apart. Over a limit the rest is left unread and the limit is named; never raises on its content."""
    limits: list[str] = []
    if len(raw) > MAIL_OCTETS:
        limits.append("size")
        raw = raw[:TEXT_OCTETS]
    if raw.count(b"\n--") > MOST_BOUNDARIES:
        limits.append("parts")
        raw = b"\n--".join(raw.split(b"\n--", MOST_BOUNDARIES)[:-1])
    message = message_from_bytes(_from_first_header(raw), policy=compat32)
    headers = headers_of(message)
    if any(len(value) >= 64 * 1024 for _, value in headers.fields):
        limits.append("header")
    leaves: list[Leaf] = []
    for part, within in _walk(message, limits):
        if len(leaves) >= MOST_PARTS:
            limits.append("parts")
            break
        leaves.append(_leaf(part, within))
    if any(leaf.media_type.startswith("text/") and len(leaf.content) > TEXT_OCTETS for leaf in leaves):
        limits.append("text")
    return Opened(headers, media_type(message), parameters(message), tuple(leaves), tuple(dict.fromkeys(limits)))


def _from_first_header(raw: bytes) -> bytes:
    """Without the empty and broken lines that may stand above the first header; the library would read on as body."""
    raw = raw.lstrip(b"\r\n")
    hit = _HEAD_LINE.search(raw[:1024])
    return raw[hit.start() :] if hit and not raw.startswith(b"From ") and raw[: hit.start()].count(b"\n") <= 3 else raw


def _walk(message: Mime, limits: list[str]) -> Iterator[tuple[Mime, tuple[str, ...]]]:
    stack: list[tuple[Mime, tuple[str, ...]]] = [(message, ())]
    while stack:
        part, within = stack.pop()
        inside = part.get_payload()
        if media_type(part).startswith("message/") or not isinstance(inside, list):
            yield part, within
        elif len(within) >= DEEPEST:
            limits.append("depth")
        else:
            below = (*within, media_type(part))
            stack.extend((one, below) for one in reversed(inside) if isinstance(one, Mime))


def media_type(part: Mime) -> str:
    """The declared type, lower-case; text/plain where none or nonsense is declared (RFC 2045 section 5.2)."""
    try:
        kind = re.split(r"[\s;]", part.get_content_type(), maxsplit=1)[0]
        return kind if kind.count("/") == 1 else "text/plain"
    except (AttributeError, ValueError, TypeError, KeyError, IndexError):
        return "text/plain"


def parameters(part: Mime) -> dict[str, str]:
    """The parameters of Content-Type, names lower-case."""
    try:
        pairs = part.get_params(failobj=[], unquote=True)
        return {str(key).lower(): clean_line(collapse_rfc2231_value(value)) for key, value in pairs[1:]}
    except Exception:  # the library fails in many ways on a mangled field; there are then no parameters
        return {}


def _leaf(part: Mime, within: tuple[str, ...]) -> Leaf:
    headers = headers_of(part)
    disposition = headers.first("content-disposition").split(";")[0].strip().lower()
    content = nested_text(part) if isinstance(part.get_payload(), list) else _content(part, headers)
    kind = media_type(part)
    return Leaf(
        "text/plain" if kind.startswith("multipart/") else kind,
        parameters(part),
        disposition,
        _name(part, headers),
        content,
        headers.first("content-id").strip("<> "),
        within,
        headers,
    )


def _content(part: Mime, headers: Headers) -> bytes:
    try:
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    except Exception:  # a broken transfer encoding must not lose the part: its raw octets are kept
        return str(part.get_payload()).encode("utf-8", "surrogateescape")


def nested_text(part: Mime) -> bytes:
    """A message/* part as it was written: the parser split it into messages; this puts the pieces together again."""
    inside = part.get_payload()
    inside = inside[:MOST_BLOCKS] if isinstance(inside, list) else []
    pieces = [_written(one) for one in inside if isinstance(one, Mime)]
    whole = b"\n\n".join(pieces)
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    try:
        if encoding == "base64":
            return base64.b64decode(b"".join(whole.split()) + b"==")
        return quopri.decodestring(whole) if encoding == "quoted-printable" else whole
    except (binascii.Error, ValueError):
        return whole


def _written(message: Mime) -> bytes:
    try:
        return message.as_bytes().strip(b"\r\n")
    except Exception:  # the generator refuses some broken mails; their headers and text are kept
        head = "\n".join(f"{name}: {value}" for name, value in message.raw_items())
        body = message.get_payload()
        return f"{head}\n\n{body if isinstance(body, str) else ''}".encode("utf-8", "surrogateescape")


def _name(part: Mime, headers: Headers) -> str:
    for value, key in ((headers.first("content-disposition"), "filename"), (headers.first("content-type"), "name")):
        if "name" not in value.lower():
            continue
        try:
            found = part.get_param(key, header="content-disposition" if key == "filename" else "content-type")
        except Exception:  # see parameters()
            found = None
        if isinstance(found, tuple):
            return clean_line(collapse_rfc2231_value(found))
        if found:
            name = decoded(str(found))
            return clean_line(decode_rfc2231(name)[2]) if key == "filename" and name.count("'") == 2 else name
        loose = _LOOSE_NAME.search(value)
        if loose:
            return decoded(loose[1])
    return ""
