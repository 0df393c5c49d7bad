"""How words are made alike before they are indexed or sought: case, accents, and the Arabic letters of Urdu. Pure."""

import re
import unicodedata
from typing import NamedTuple

URDU = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ه": "ہ",
        "ة": "ہ",
        "ۀ": "ہ",
        "ۂ": "ہ",
        "ۓ": "ے",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ھ": "ہ",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
        "\u200c": " ",
        "\u0640": None,
    }
)
WORD = re.compile(r"\w+")


class Findable(NamedTuple):
    """What a record is found by: its title in both languages, words that are only sought, and a line that is shown."""

    title: str
    body: str = ""
    title_ur: str = ""
    detail: str = ""

    @property
    def title_words(self) -> str:
        """The title as it is compared for likeness."""
        return normalise(f"{self.title} {self.title_ur}")

    @property
    def words(self) -> str:
        """Everything that is sought."""
        return normalise(f"{self.title} {self.title_ur} {self.detail} {self.body}")


def normalise(text: str) -> str:
    """`text` as words in one spelling: NFKC, lower case, no marks, Urdu letters for Arabic twins, single blanks."""
    bare = text.casefold() if text.isascii() else _without_marks(text)
    dotless = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", bare)
    return " ".join(WORD.findall(dotless))


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(URDU).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))


def tokens(text: str, most: int = 12) -> list[str]:
    """The words of a query, normalised, at most `most`."""
    return normalise(text).split()[:most]


def trigrams(word: str) -> list[str]:
    """The overlapping threes of a word; a typo spoils at most three of them."""
    return [word[start : start + 3] for start in range(len(word) - 2)]
