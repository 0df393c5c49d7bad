"""A sender's file name made fit to show and to offer for download. It never becomes a path."""

import re
import unicodedata

LONGEST = 150
LONGEST_ENDING = 12
NAMELESS = "file"

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)", re.I)
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def display_name(name: str) -> str:
    """`name` without path, control, bidi and zero-width characters, trailing dots and spaces; at most 150 characters.

    The ending is kept when the name is cut. A name that Windows keeps for a device gets an underscore in front.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if character.isspace() else character for character in last if _is_visible(character))
    tidy = re.sub(r" +", " ", _FORBIDDEN.sub("_", visible)).strip(" ").rstrip(". ")
    if not tidy.strip("."):
        return NAMELESS
    if _RESERVED.match(tidy):
        tidy = "_" + tidy
    return _cut(tidy)


def ending(name: str) -> str:
    """The last extension of `name` in lower case with its dot, or an empty string."""
    head, dot, last = display_name(name).rpartition(".")
    return f".{last.lower()}" if dot and head and len(last) < LONGEST_ENDING else ""


def _is_visible(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _cut(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    head, dot, last = name.rpartition(".")
    if not dot or len(last) >= LONGEST_ENDING:
        return name[:LONGEST].rstrip(". ")
    return head[: LONGEST - len(last) - 1].rstrip(". ") + "." + last
