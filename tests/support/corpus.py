"""The shared corpus of real mail, where it is at hand; and small mails written in place."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
SOURCES_JUDGED = ("sisimai 5.1 (test-suite values)", "flufl.bounce test suite")


def corpus_folder() -> Path:
    """The folder of the corpus; a test that needs it says plainly that it is not there."""
    if not (FOLDER / "labels.jsonl").exists():
        pytest.skip("The mail corpus is not beside the project (../shared/corpus), so nothing was measured on it.")
    return FOLDER


@cache
def labels() -> tuple[dict[str, Any], ...]:
    """What each file of the corpus should be understood as."""
    lines = (corpus_folder() / "labels.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


def labelled(family: str, *kinds: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The files of one family (and of these kinds: eml, text, html, ics) with what is expected of them."""
    for label in labels():
        if label["family"] == family and (not kinds or label["kind"] in kinds):
            yield corpus_folder() / label["file"], label["expect"]


def written_mail(body: str = "We agree.", **headers: str) -> bytes:
    """A mail as bytes; `in_reply_to="<x>"` becomes In-Reply-To. A header given as an empty string is left out."""
    fields = {
        "from": "Ayesha Khan <ayesha.khan@partner.example>",
        "to": "consult@crm.example.org",
        "subject": "Re: Consultation",
        "date": "Mon, 06 Oct 2025 14:15:00 +0500",
        "message_id": "<m1@partner.example>",
        "mime_version": "1.0",
        "content_type": "text/plain; charset=utf-8",
        "content_transfer_encoding": "8bit",
    } | headers
    head = "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in fields.items() if value)
    return (head + "\r\n" + body.replace("\n", "\r\n")).encode("utf-8", "surrogateescape")


def multipart(kind: str, *parts: str, **headers: str) -> bytes:
    """A multipart mail of parts that are written out with their own headers."""
    body = "".join(f"--b1\n{part}\n" for part in parts) + "--b1--\n"
    return written_mail(body, content_type=f"multipart/{kind}; boundary=b1", **headers)
