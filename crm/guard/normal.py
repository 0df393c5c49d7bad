"""Text as a detector reads it: compatibility forms folded, invisible characters gone, every digit an ASCII digit."""

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# So many letters are taken at a time: a list of single letters is many times as large as the text.
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Normal:
    """`text` to search in; `places[i]` is where its character i stood in the original (None: the same place)."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


@cache
def _plain(character: str) -> str:
    """One character after NFKC: digits of any script as ASCII, zero-width and bidi marks as nothing."""
    out = []
    for part in unicodedata.normalize("NFKC", character):
        digit = unicodedata.decimal(part, -1)
        if digit >= 0:
            out.append(str(digit))
        elif unicodedata.category(part) not in ("Cf", "Mn", "Me"):
            out.append(part.lower() if len(part.lower()) == 1 else part)
    return "".join(out)


def normal(text: str) -> Normal:
    """`text` normalised, with the way back. Linear in its length."""
    if text.isascii():
        return Normal(text.lower(), None)
    pieces: list[str] = []
    places = array("L")
    for start in range(0, len(text), CHUNK):
        plain = [_plain(character) for character in text[start : start + CHUNK]]
        pieces.append("".join(plain))
        places.extend(start + at for at, letters in enumerate(plain) for _ in letters)
    return Normal("".join(pieces), places)
