"""Header fields: what may stand in them, how words outside ASCII are written, and the check on the finished bytes."""

import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from crm.itip.addresses import strict_address
from crm.itip.lines import one_line

LINE = 76
LONGEST_LINE = 998
LONGEST_WORDS = 500
ONCE = frozenset(
    b"from to cc reply-to subject date message-id in-reply-to references auto-submitted x-auto-response-suppress"
    b" content-language mime-version content-type content-transfer-encoding list-unsubscribe"
    b" list-unsubscribe-post".split()
)
_PLAIN = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_FIELD = re.compile(rb"([!-9;-~]+): ?([ -~]*(?:\r\n[ \t]+[!-~][ -~]*)*)\r\n")


class HeaderRefused(ValueError):
    """The finished bytes are not exactly the mail that was meant. Nothing is sent."""


def encoded_words(text: str, used: int = 0) -> str:
    """`text` for an unstructured field or a phrase: as it is when plain, else as UTF-8 words (RFC 2047).

    Words are folded at 76 characters and never cut inside a character. `used`: columns already taken.
    """
    text = one_line(text)[:LONGEST_WORDS]
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return folded(text.split(" "), used)
    words, piece, room = [], b"", (LINE - used - 12) // 4 * 3
    for character in text:
        octets = character.encode("utf-8")
        if len(piece) + len(octets) > room and piece:
            words.append(piece)
            piece, room = b"", 45
        piece += octets
    return "\r\n ".join(f"=?utf-8?B?{b64encode(one).decode('ascii')}?=" for one in [*words, piece])


def folded(words: Iterable[str], used: int = 0) -> str:
    """`words` with single spaces, folded before 76 columns where a space allows it (RFC 5322 section 2.2.3)."""
    lines: list[str] = []
    line = ""
    for word in words:
        if line and used + len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])


def mailbox(name: str, address: str, used: int = 0) -> str:
    """`name <address>` (RFC 5322 section 3.4). Raises BadAddress; the name is only ever words."""
    plain = strict_address(address)
    name = one_line(name)[:LONGEST_WORDS]
    if not name:
        return plain
    if _ATOMS.fullmatch(name) and "=?" not in name:
        shown = folded(name.split(" "), used)
    elif _PLAIN.fullmatch(name) and "=?" not in name and len(name) < LINE - used - 4:
        shown = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        shown = encoded_words(name, used)
    return f"{shown}\r\n <{plain}>" if used + len(shown) + len(plain) > LINE else f"{shown} <{plain}>"


def message_id(text: str) -> str:
    """`text` if it is one Message-ID (RFC 5322 section 3.6.4). Raises HeaderRefused."""
    if not _MESSAGE_ID.fullmatch(text) or len(text) > LONGEST_LINE - 20:
        raise HeaderRefused("that is not a Message-ID")
    return text


def file_name(name: str) -> str:
    """The `filename` parameter of an enclosure: plain, or in UTF-8 where it needs that (RFC 2231 section 4)."""
    name = re.sub(r'[\\/:*?"<>|]', "-", one_line(name)).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending[:12]) if stem else (name, "")
    while len(quote(stem)) > 600:
        stem = stem[:-1]
    whole = stem + ending
    return f'filename="{whole}"' if whole.isascii() else f"filename*=utf-8''{quote(whole, safe='')}"


def check_headers(mail: bytes) -> None:
    """Raise HeaderRefused unless `mail` has only the fields we write, each once, in 7 bits, with CRLF and short lines.

    The last gate against header injection: it judges the serialised bytes, not the values (house, trap 9).
    """
    head, empty, _ = mail.partition(b"\r\n\r\n")
    if not empty:
        raise HeaderRefused("the head of the mail does not end")
    seen: set[bytes] = set()
    place = 0
    head += b"\r\n"
    while place < len(head):
        found = _FIELD.match(head, place)
        name = found[1].lower() if found else b""
        if found is None or name not in ONCE or name in seen:
            raise HeaderRefused("a header field that was not meant")
        seen.add(name)
        place = found.end()
    if not {b"from", b"to", b"date", b"message-id", b"subject"} <= seen:
        raise HeaderRefused("a header field is missing")
    _check_lines(mail)


def _check_lines(mail: bytes) -> None:
    """7 bits, no NUL, every break a CRLF, no line over 998 octets (RFC 5322 section 2.1.1)."""
    if not mail.isascii() or b"\0" in mail:
        raise HeaderRefused("the mail is not plain 7 bits")
    breaks = mail.count(b"\r\n")
    if mail.count(b"\n") != breaks or mail.count(b"\r") != breaks:
        raise HeaderRefused("a break that is not CRLF")
    if max(map(len, mail.split(b"\r\n"))) > LONGEST_LINE:
        raise HeaderRefused("a line is too long")
