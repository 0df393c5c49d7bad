"""Which clause a passage quotes, or is likely about: runs of words, edit distance and rare words of the draft."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

RUN = 3
STEM = 6
# Fewer words than this are never taken for a quotation; a part of a clause must be longer still.
FEWEST_WORDS = 5
LONG_QUOTE = 10
EXACT_SHARE = 0.95
# From this likeness on (0 to 100) a passage is the clause with some words changed.
SAME_RATIO = 80
# A guess by rare words must beat the second best clearly.
FEWEST_RARE = 2
LEAST_SCORE, LEAST_LEAD = 6.5, 1.35
# A topic word stands in at most three clauses or so.
TOPIC_SCORE = 2.5

_TOPIC = re.compile(
    r"\b(?:clause|provision|paragraph)\s+(?:on|about|regarding|concerning|dealing with|relating to"
    r"|that deals with)\s+"
    r"((?:(?!is\b|are\b|may\b|should\b|must\b|the bar\b)[\w'’\-]+[ \n]*){1,6})",
    re.I,
)


@dataclass(frozen=True)
class ClauseRef:
    """A clause of the draft that comments may stand on."""

    number: str
    text: str


@dataclass(frozen=True)
class Quotation:
    """A passage that opens with a clause's words, which end at `end`. Where not exact, words are changed."""

    clause: ClauseRef
    end: int
    exact: bool


def words(text: str) -> list[str]:
    """Lower-case words of `text`."""
    return re.findall(r"\w+", text.lower())


def without_number(text: str) -> str:
    """`text` without the clause number that it may begin with."""
    return re.sub(r"^\W{0,3}\d{1,3}[A-Za-z]?\s*[.):\-–]\s*", "", text)


@lru_cache(maxsize=4)
def likeness_to(clauses: tuple[ClauseRef, ...]) -> "Likeness":
    """The likeness to one draft, remembered: its answers come in one after another."""
    return Likeness(clauses)


class Likeness:
    """Compares passages with the clauses of one draft."""

    def __init__(self, clauses: Sequence[ClauseRef]) -> None:
        self._clauses = [(clause, words(clause.text)) for clause in clauses]
        self._runs = {clause.number: _runs(said) for clause, said in self._clauses}
        self._stems = [(clause, frozenset(_stem(one) for one in said)) for clause, said in self._clauses]
        spread = Counter(stem for _, stems in self._stems for stem in stems)
        self._weights = {word: math.log(len(self._clauses) / count) for word, count in spread.items()}

    def quoted(self, text: str) -> Quotation | None:
        """The clause whose words `text` opens with, is a good part of, or gives with some words changed."""
        said = words(without_number(text))
        if len(said) < FEWEST_WORDS:
            return None
        runs = _runs(said)
        best: tuple[float, ClauseRef, list[str]] | None = None
        for clause, theirs in self._clauses:
            shared = len(runs & self._runs[clause.number])
            if shared and (best is None or shared > best[0]):
                best = shared, clause, theirs
        return self._judged(text, said, best[1], best[2]) if best else None

    def _judged(self, text: str, said: list[str], clause: ClauseRef, theirs: list[str]) -> Quotation | None:
        runs, clause_runs = _runs(said), self._runs[clause.number]
        held = len(runs & clause_runs) / len(runs)
        long_enough = len(said) >= LONG_QUOTE or len(said) >= 0.6 * len(theirs)
        if held >= EXACT_SHARE and long_enough:
            return Quotation(clause, len(text), exact=True)
        opening = _runs(said[: len(theirs)])
        if len(opening & clause_runs) >= EXACT_SHARE * len(clause_runs) and len(said) > len(theirs):
            end = _word_end(text, len(words(text)) - len(said) + len(theirs))
            return Quotation(clause, end, exact=True)
        if fuzz.ratio(" ".join(said), " ".join(theirs)) >= SAME_RATIO:
            return Quotation(clause, len(text), exact=said == theirs)
        return None

    def likely(self, text: str) -> ClauseRef | None:
        """The clause that shares the rarest words with `text`, where one stands out; else None.

        In "the clause on handcuffs" the words named as its topic are enough.
        """
        topic = _TOPIC.search(text)
        if topic:
            named = self._ranked(topic.group(1), 1)
            found = _clear_best(named, TOPIC_SCORE) or self._of_equals(named, text)
            if found:
                return found
        return _clear_best(self._ranked(text, FEWEST_RARE), LEAST_SCORE)

    def _ranked(self, text: str, fewest: int) -> list[tuple[float, ClauseRef]]:
        """Clauses by the weight of the words they share with `text`; at least `fewest` rare ones."""
        said = {_stem(word) for word in words(text)}
        scores = []
        for clause, theirs in self._stems:
            rare = [self._weights[word] for word in said & theirs if self._weights[word] > 1]
            if len(rare) >= fewest:
                scores.append((sum(rare), clause))
        return sorted(scores, key=lambda one: one[0], reverse=True)

    def _of_equals(self, named: list[tuple[float, ClauseRef]], text: str) -> ClauseRef | None:
        """Of a few clauses that have the topic's word alike, the one whose turns of phrase the remark uses."""
        if not named or named[0][0] < TOPIC_SCORE:
            return None
        runs = _runs(words(text))
        equals = [clause for score, clause in named if score >= named[0][0] / LEAST_LEAD]
        shared = sorted(((float(len(runs & self._runs[clause.number])), clause) for clause in equals),
                        key=lambda one: one[0], reverse=True)  # fmt: skip
        return _clear_best(shared, 1.0)


def _clear_best(scores: list[tuple[float, ClauseRef]], least: float) -> ClauseRef | None:
    if not scores or scores[0][0] < least:
        return None
    second = scores[1][0] if len(scores) > 1 else 0.0
    return scores[0][1] if scores[0][0] >= LEAST_LEAD * second else None


def runs_of(text: str) -> set[tuple[str, ...]]:
    """The three-word runs of `text`."""
    return _runs(words(text))


def resembles(text: str, ours: set[tuple[str, ...]]) -> bool:
    """Whether nearly all three-word runs of `text` are among `ours`: a passage of a mail that we sent ourselves."""
    runs = runs_of(text)
    return bool(runs) and len(runs & ours) >= 0.8 * len(runs)


def _runs(said: list[str]) -> set[tuple[str, ...]]:
    return {tuple(said[at : at + RUN]) for at in range(max(1, len(said) - RUN + 1))} if said else set()


def _stem(word: str) -> str:
    """The first letters: enough to let "handcuff" meet "handcuffs", and "production" "produced"."""
    return word[:STEM]


def _word_end(text: str, count: int) -> int:
    """Where the `count`-th word ends, with the signs right after it."""
    found = list(re.finditer(r"\w+", text))
    if count <= 0 or count > len(found):
        return len(text)
    end = found[count - 1].end()
    tail = re.match(r"[.;:,\"”)]*\s*", text[end:])
    return end + (tail.end() if tail else 0)
