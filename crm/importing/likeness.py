"""Whether two names are probably one partner: alike as a whole, and no word of its own sets them apart. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

PROBABLY = 92.0
# "centre" and "center" are one word; "east" and "west" are not.
SAME_WORD = 80.0
SMALL_WORDS = frozenset({"the", "of", "and", "for", "in", "a", "کا", "کی", "کے", "و", "اور"})


@dataclass(frozen=True)
class Named:
    """A partner by its normalised name and its province, which may be unknown."""

    name: str
    province: str


def probably_same(name: str, province: str, others: Mapping[int, Named], names: Mapping[int, str]) -> int | None:
    """The key of the other that `name` is probably the same as; the likest first. `names` are those of `others`."""
    for _, _, number in process.extract(name, names, scorer=fuzz.ratio, score_cutoff=PROBABLY, limit=5):
        other = others[number]
        apart = province and other.province and province != other.province
        if not apart and not _differ_by_a_word(name, other.name):
            return number
    return None


def _differ_by_a_word(name: str, other: str) -> bool:
    ours, theirs = set(name.split()), set(other.split())
    mine, its = ours - theirs - SMALL_WORDS, theirs - ours - SMALL_WORDS
    return _has_loner(mine, its) or _has_loner(its, mine)


def _has_loner(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether some word has no spelling of its own among the others."""
    return any(all(fuzz.ratio(word, other) < SAME_WORD for other in others) for word in words)
