"""Delivery reports a machine can read: the per-recipient blocks of RFC 3464, also where mailers write them badly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.inbound.charsets import clean_line, clean_text, decode
from crm.inbound.headers import decoded
from crm.inbound.parts import Leaf, Opened

REPORT_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})\s*:[ \t]*(.*)$")
_STARTS = {"final-recipient", "original-recipient", "x-actual-recipient"}
_ADDRESS = re.compile(r"\"[^\"\s]{1,64}\"@[\w.-]+|[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]+", re.UNICODE)
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


@dataclass(frozen=True)
class Block:
    """What a report says of one recipient. Fields that are missing are empty."""

    recipient: str
    original: str
    action: str
    status: str
    diagnostic: str
    remote: str


def report_leaves(opened: Opened) -> list[Leaf]:
    """The delivery-status parts, by type or by their fields where the type is lost."""
    named = [leaf for leaf in opened.leaves if leaf.media_type in REPORT_TYPES]
    return named or [leaf for leaf in opened.leaves if leaf.media_type != "message/rfc822" and _looks_like_report(leaf)]


def _looks_like_report(leaf: Leaf) -> bool:
    head = leaf.content[:4096].lower()
    return b"\nfinal-recipient:" in b"\n" + head and b"\naction:" in head and b"\ndisposition:" not in head


def blocks_of(leaf: Leaf) -> Iterator[Block]:
    """The recipients of one delivery-status part (RFC 3464 section 2.3), blank lines in the wrong places or not."""
    groups: list[dict[str, str]] = [{}]
    for name, value in _fields(clean_text(decode(leaf.content, "utf-8")[0])):
        if not name or (name in _STARTS and name in groups[-1]):
            groups.append({})
        if name:
            groups[-1].setdefault(name, value)
    whole: list[dict[str, str]] = []
    for group in groups:
        if not group.keys() & _STARTS and whole and not whole[-1].keys() & {"action", "status"}:
            whole[-1] = group | whole[-1]
        elif group.keys() & _STARTS:
            whole.append(group)
    for group in whole:
        yield from _block(group)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    name, value = "", ""
    for line in text.split("\n"):
        hit = _FIELD.match(line)
        if line[:1] in " \t" and name and line.strip():
            value += " " + line.strip()
        elif hit or not line.strip():
            if name:
                yield name, value
            name, value = (hit[1].lower(), hit[2]) if hit else ("", "")
            if not hit:
                yield "", ""
    if name:
        yield name, value


def _block(group: dict[str, str]) -> Iterator[Block]:
    final = address_value(group.get("x-actual-recipient", "")) or address_value(group.get("final-recipient", ""))
    original = address_value(group.get("original-recipient", ""))
    action = re.split(r"[\s(;]", group.get("action", "").strip().lower() + " ")[0]
    diagnostic = clean_line(decoded(group.get("diagnostic-code", "")))
    status = re.search(r"\d\.\d{1,3}\.\d{1,3}", group.get("status", ""))
    yield Block(
        final, original, action, status[0] if status else "", diagnostic, clean_line(group.get("remote-mta", ""))
    )


def address_value(value: str) -> str:
    """The address in `rfc822; <x@y>`, xtext and \\x{} undone (RFC 3461 section 4, RFC 6533 section 3); else empty."""
    kind, separator, rest = value.partition(";")
    kind, rest = (kind.strip().lower(), rest) if separator else ("rfc822", value)
    if kind == "utf-8":
        rest = _UNITEXT.sub(lambda hit: chr(min(int(hit[1], 16), 0x10FFFF)), rest)
    rest = decoded(rest)
    if "+40" in rest and "@" not in rest:
        rest = _XTEXT.sub(lambda hit: chr(int(hit[1], 16)), rest)
    found = _ADDRESS.findall(rest)
    return found[-1].strip(".'").lower() if found else ""
