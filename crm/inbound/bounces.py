"""Bounces: whom a returned mail could not reach, why, and which mail of ours it was."""

import re
from dataclasses import dataclass
from itertools import islice

from crm.inbound import notices, refusals
from crm.inbound.headers import Headers, message_ids
from crm.inbound.parts import Opened
from crm.inbound.verdicts import Kind, judge

MOST_RECIPIENTS = 500
FINE = {"delivered", "relayed", "expanded", "deliverable"}


@dataclass(frozen=True)
class Bounce:
    """One recipient that was not reached. `status` is an enhanced code or empty; `diagnostic` one line.

    `recipient` is the address that failed; `mailed` the one we had written to, where an alias led from it to the other
    (RFC 3464 section 2.3.1). Whoever matches a bounce to a mail of ours compares both.
    """

    recipient: str
    kind: Kind
    status: str
    diagnostic: str
    original_message_id: str = ""
    mailed: str = ""


def bounces_in(opened: Opened, body: str) -> tuple[Bounce, ...]:
    """What a delivery report or a text in its place says, a recipient each, none twice (RFC 3464, then the words)."""
    original = original_message_id(opened)
    notice = refusals.notice_text(body)
    every = (block for leaf in notices.report_leaves(opened) for block in notices.blocks_of(leaf))
    blocks = list(islice(every, MOST_RECIPIENTS))
    if any(block.action in FINE for block in blocks) and all(block.action in FINE for block in blocks):
        return ()
    found = {one.recipient: one for one in _from_blocks(blocks, notice, original)}
    if not found:
        found = {one.recipient: one for one in _from_text(opened, notice, original)}
    return tuple(found.values())


def _from_blocks(blocks: list[notices.Block], notice: str, original: str) -> list[Bounce]:
    bounces = []
    for block in blocks:
        usable = "." in block.recipient.rpartition("@")[2]
        recipient = block.recipient if usable or not block.original else block.original
        if not recipient or block.action in FINE:
            continue
        context = refusals.words_about(block.recipient or recipient, notice)
        words = block.diagnostic if len(block.diagnostic) > 12 else f"{block.diagnostic} {context}"
        reason = judge(block.status, words, block.action, context)
        bounces.append(
            Bounce(
                recipient, reason.kind, reason.status, block.diagnostic[:1000], original, block.original or recipient
            )
        )
    return bounces


def _from_text(opened: Opened, notice: str, original: str) -> list[Bounce]:
    delayed = "delayed" if refusals.DELAY.search(opened.headers.text("subject") + "\n" + notice[:3000]) else ""
    bounces = []
    for recipient in refusals.recipients(opened, notice)[:MOST_RECIPIENTS]:
        words = refusals.words_about(recipient, notice)
        reason = judge("", words or opened.headers.text("subject"), delayed)
        bounces.append(Bounce(recipient, reason.kind, reason.status, words[:1000], original, recipient))
    return bounces


def original_message_id(opened: Opened) -> str:
    """The Message-ID of the mail that came back: from the enclosed copy, else from the text, else In-Reply-To."""
    enclosed = enclosed_headers(opened)
    for value in (
        enclosed.first("message-id"),
        opened.headers.first("in-reply-to"),
        opened.headers.first("references"),
    ):
        found = message_ids(value)
        if found:
            return found[-1]
    for leaf in opened.leaves:
        if leaf.media_type.startswith("text/"):
            hit = re.search(rb"^[ >\t]*Message-ID:\s*<([^<>\s]{1,300})>", leaf.content, re.I | re.M)
            if hit:
                return hit[1].decode("ascii", "replace")
    return ""


def enclosed_headers(opened: Opened) -> Headers:
    """The headers of the first enclosed message, or of its headers alone (RFC 6522 section 3); empty if none."""
    for leaf in opened.leaves:
        if leaf.media_type in {
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global",
            "message/global-headers",
            "message/partial",
        }:
            return _read_headers(leaf.content)
    return Headers(())


def _read_headers(content: bytes) -> Headers:
    head = re.split(rb"\r?\n\r?\n", content.lstrip(b"\r\n"), maxsplit=1)[0][: 256 * 1024]
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()
    pairs = (line.decode("utf-8", "surrogateescape").partition(":") for line in lines)
    return Headers(tuple((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon))
