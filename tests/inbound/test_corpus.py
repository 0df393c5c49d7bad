"""What the readers make of real mail. The floors only ever rise."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crm.inbound.inspect import inspect
from tests.support.corpus import SOURCES_JUDGED, corpus_folder, labelled


@cache
def seen(path: Path) -> dict[str, Any]:
    """What we read in a file, read once."""
    return inspect(path)


def share(results: Iterable[bool]) -> float:
    """The share of what is true."""
    found = list(results)
    return sum(found) / len(found)


def folded(text: str) -> str:
    """Without regard to white space."""
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The words of a text, lower-case."""
    return re.findall(r"\w+", text.lower())


def recall(expected: str, text: str) -> float:
    """The share of the expected words that are there."""
    wanted, have = Counter(words(expected)), Counter(words(text))
    return sum((wanted & have).values()) / sum(wanted.values()) if wanted else 1.0


def test_every_file_is_read_without_an_exception_or_a_lone_surrogate() -> None:
    for path in sorted(corpus_folder().rglob("*")):
        if path.is_file() and path.suffix in {".eml", ".txt", ".html", ".ics"}:
            result = seen(path)
            assert result["class"]
            if path.suffix == ".eml":
                assert result["class"] != "error", path
                result["text"].encode()
                assert "\n" not in result["subject"]


def test_persons_and_machines_are_told_apart() -> None:
    assert all(seen(path)["class"] == "human" for path, _ in labelled("reply", "eml"))
    assert all(seen(path)["class"] != "human" for path, _ in labelled("autoreply", "eml"))
    assert share(seen(path)["class"] in {"auto", "mdn"} for path, _ in labelled("autoreply", "eml")) >= 0.95


def test_replies_are_found_and_no_words_are_lost() -> None:
    judged = [
        (path, expect)
        for path, expect in labelled("reply", "eml", "text", "html")
        if expect.get("visible_text") is not None
    ]
    exact, kept = [], []
    for path, expect in judged:
        options = [expect["visible_text"], *expect.get("accept_also", [])]
        text = seen(path)["text"]
        exact.append(folded(text) in map(folded, options))
        kept.append(max(recall(option, text) for option in options) >= 0.9)
    assert share(exact) >= 0.85
    assert share(kept) >= 0.97


def judged_bounces() -> list[tuple[Path, dict[str, Any]]]:
    """The bounces whose labels were checked by their makers."""
    return [(path, expect) for path, expect in labelled("bounce", "eml") if expect.get("label") in SOURCES_JUDGED]


def test_bounces_are_recognised_with_their_recipients() -> None:
    judged = judged_bounces()
    assert share(seen(path)["class"] == "bounce" for path, _ in judged) >= 0.98
    named = [
        (path, {one.lower() for one in expect["recipients"]}) for path, expect in judged if expect.get("recipients")
    ]
    assert share({one["recipient"] for one in seen(path)["bounces"]} == wanted for path, wanted in named) >= 0.95


def test_hard_and_soft_are_told_apart() -> None:
    results = []
    for path, expect in judged_bounces():
        found = {one["recipient"]: one["kind"] for one in seen(path)["bounces"]}
        for one in expect.get("per_recipient") or []:
            if one.get("hard") is not None:
                who = one["recipient"].lower()
                results.append(who in found and (found[who] == "hard") == one["hard"])
    assert share(results) >= 0.9


def test_complaints_are_recognised() -> None:
    assert share(seen(path)["class"] == "complaint" for path, _ in labelled("complaint", "eml")) >= 0.94


def test_calendar_answers_are_read_right() -> None:
    for path, expect in labelled("itip", "eml"):
        events = seen(path)["calendar"]
        if expect.get("class") == "rsvp":
            assert seen(path)["class"] == "rsvp", path
        if expect.get("partstat") and expect.get("attendee"):
            assert (expect["attendee"].lower(), expect["partstat"]) in {
                (one["attendee"], one["partstat"]) for one in events
            }, path


@pytest.mark.parametrize("name", ["forged-authentication-results.eml"])
def test_a_forged_vouching_is_seen(name: str) -> None:
    assert seen(corpus_folder() / "hostile" / "synthetic" / name)["auth"]["verdict"] == "failed"
