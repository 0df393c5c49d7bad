"""Content lines of RFC 5545: scrubbing, escaping, quoting and folding. Nothing here knows what an event is."""

import re

FOLD_AT = 75
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ESCAPES = {ord("\\"): "\\\\", ord(";"): "\\;", ord(","): "\\,", ord("\n"): "\\n", ord("\t"): " "}
_CARETS = {ord("^"): "^^", ord('"'): "^'", ord("\n"): "^n", ord("\t"): " "}


def scrubbed(text: str) -> str:
    """`text` without control characters, direction overrides and lone surrogates; every kind of break is one LF."""
    return _HIDDEN.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """`text` scrubbed, on one line, with single spaces: fit for a header or a name."""
    return " ".join(scrubbed(text).split())


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545 section 3.3.11)."""
    return scrubbed(text).strip().translate(_ESCAPES)


def quoted(text: str) -> str:
    """A parameter value, always in quotation marks (RFC 6868 section 3.1)."""
    return f'"{one_line(text).translate(_CARETS)}"'


def folded(line: str) -> bytes:
    """One content line with its CRLF, folded at 75 octets, never inside a UTF-8 character (RFC 5545 section 3.1)."""
    octets = line.encode("utf-8")
    pieces = []
    room = FOLD_AT
    while len(octets) > room:
        cut = room
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(octets[:cut])
        octets = octets[cut:]
        room = FOLD_AT - 1
    return b"\r\n ".join([*pieces, octets]) + b"\r\n"
