"""A file in slices, so that a cut line costs one slice. What is whole then goes the way of every other file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from crm.blueprints.answers.uploads import MOST_FILES, MOST_OCTETS, Pile
from crm.guard.filenames import display_name
from crm.ports import Arrivals, Ports, Unreadable

# Of 500 kB and more the parser of forms makes a file on the disk, in plain.
LARGEST_SLICE = 490 * 1024
# Smaller ones are for the end of a file: each slice is a file on our disk.
SMALLEST_SLICE = 16 * 1024
# Two colleagues may each send as much as an answer takes; the one who came first is not thrown out for the other.
ROOM = 2 * MOST_OCTETS


@dataclass(frozen=True)
class Slice:
    """A slice of a partner's file, or, without content, the question how far we are.

    upload: the name under which it is kept, of the request and of what the browser knows of the file: whoever chooses
    the same file again goes on with it, and nobody can name another partner's.
    """

    ask_id: int
    upload: str
    name: str
    size: int
    offset: int
    content: bytes


@dataclass(frozen=True)
class Progress:
    """How far a file is: `held` octets; once it is whole `pile` with it and its SHA-256; `error` where it is not taken.

    is_out_of_step: the slice began elsewhere than where we are, and was dropped.
    """

    held: int = 0
    pile: Pile | None = None
    sha256: str = ""
    error: str = ""
    is_out_of_step: bool = False


def read_slice(form: Mapping[str, str], content: FileStorage | None, ask_id: int) -> Slice:
    """A slice as upload.js sends it. Raises ValueError for one that it would never send."""
    name, size, offset = form.get("name", ""), int(form.get("size", "")), int(form.get("offset", "0"))
    octets = content.read(LARGEST_SLICE + 1) if content else b""
    is_last = offset + len(octets) == size
    if min(size, offset) < 0 or offset + len(octets) > size or len(octets) > LARGEST_SLICE:
        raise ValueError("a slice that reaches beyond its file, or is too large")
    if octets and not is_last and len(octets) < SMALLEST_SLICE:
        raise ValueError("a slice that is too small")
    known = "\n".join((str(ask_id), name, str(size), form.get("modified", "")))
    upload = hashlib.sha256(known.encode()).hexdigest()
    return Slice(ask_id, upload, display_name(name), size, offset, octets)


def take(part: Slice, pile: Pile, ports: Ports) -> Progress:
    """Add a slice to what is held. With the last one the file is screened and put on the pile of its draft."""
    arrivals = ports.arrivals
    if settled := arrivals.note(part.ask_id, part.upload):
        if settled in {one.sha256 for one in pile.files}:
            return Progress(part.size, pile, settled)
        arrivals.destroy(part.ask_id, part.upload)
    if error := pile.why_not(part.name, part.size):
        arrivals.destroy(part.ask_id, part.upload)
        return Progress(error=error)
    held = arrivals.held(part.ask_id, part.upload)
    if part.content and part.offset != held:
        return Progress(held, is_out_of_step=True)
    if part.content:
        _make_room(part, arrivals)
        held = arrivals.append(part.ask_id, part.upload, held, part.content)
    return _whole(part, pile, ports) if held >= part.size else Progress(held)


def settle(part: Slice, sha256: str, ports: Ports) -> None:
    """The file is in the draft: its slices go, and a browser that did not hear of it is told when it asks again."""
    ports.arrivals.settle(part.ask_id, part.upload, sha256)


def drop(part: Slice, ports: Ports) -> None:
    """The partner takes the file away again."""
    ports.arrivals.destroy(part.ask_id, part.upload)


def _make_room(part: Slice, arrivals: Arrivals) -> None:
    """Where too much is half sent, what was left longest ago goes."""
    others = [one for one in arrivals.names(part.ask_id) if one != part.upload]
    held = part.offset + len(part.content) + sum(arrivals.held(part.ask_id, one) for one in others)
    while others and (len(others) >= MOST_FILES or held > ROOM):
        oldest = others.pop(0)
        held -= arrivals.held(part.ask_id, oldest)
        arrivals.destroy(part.ask_id, oldest)


def _whole(part: Slice, pile: Pile, ports: Ports) -> Progress:
    try:
        content = ports.arrivals.read(part.ask_id, part.upload)
    except Unreadable:
        drop(part, ports)
        return Progress(is_out_of_step=True)
    pile.add_one(part.name, content, ports)
    if pile.errors:
        drop(part, ports)
        return Progress(error=pile.errors[-1])
    return Progress(part.size, pile, hashlib.sha256(content).hexdigest())
