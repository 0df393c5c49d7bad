"""Files that come with an answer: screened one by one, kept with the draft until the answer is sent."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage

from crm.blueprints.speech import gettext as _
from crm.blueprints.words import worded
from crm.files.models import ScanState
from crm.files.service import StoredFile
from crm.guard.filenames import display_name
from crm.guard.media import Kind, judge
from crm.inbound.attachments import Attachment
from crm.inbound.screening import holds_identifier, screen_files
from crm.ports import Ports

MOST_OCTETS = 35 * 1024 * 1024
MOST_FILES = 20


@dataclass
class Pile:
    """The files of an answer so far, and why others were not kept, a sentence each. fresh: which came just now."""

    files: tuple[StoredFile, ...] = ()
    errors: list[str] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """Octets together."""
        return sum(one.size for one in self.files)

    def without(self, sha256: str) -> "Pile":
        """The pile without one file."""
        return Pile(tuple(one for one in self.files if one.sha256 != sha256), self.errors)

    def onto(self, standing: "Pile") -> "Pile":
        """What came just now, on the pile that its draft holds by now: another request may have added to that."""
        there = {one.sha256 for one in standing.files}
        return Pile(standing.files + tuple(one for one in self.files if one.sha256 in self.fresh - there), self.errors)

    def add(self, uploads: Iterable[FileStorage], ports: Ports) -> None:
        """Screen what was chosen and keep what may be kept; each that is not is named with its reason."""
        for one in uploads:
            if one.filename:
                self.add_one(display_name(one.filename), one.read(), ports)

    def add_one(self, name: str, content: bytes, ports: Ports) -> None:
        """Screen one file, of a name fit to be shown, and keep it if it may be kept."""
        verdict = judge(name, content)
        why = self.why_not(name, len(content))
        if not why and verdict.kind is Kind.REFUSED:
            why = str(_("%(name)s was not taken. %(reason)s", name=name, reason=worded(verdict.reason)))
        if why:
            self.errors.append(why)
            return
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 in {one.sha256 for one in self.files}:
            return
        attachment = Attachment(name, "", verdict.media_type, content, inline=False, content_id="", sha256=sha256)
        screened = screen_files((attachment,), ports)
        if screened.is_held:
            self.errors.append(_child(name))
        else:
            self.files += screened.files
            self.fresh.add(sha256)

    def why_not(self, name: str, size: int) -> str:
        """Why a file of this name and size has no place here, in a sentence; empty if it has. Its content is unseen."""
        if holds_identifier(name):
            return _child("…")
        if not size:
            return str(_("%(name)s is empty and was not taken.", name=name))
        if len(self.files) >= MOST_FILES:
            return str(_("%(name)s was not taken: 20 files are the most.", name=name))
        if self.size + size > MOST_OCTETS:
            return str(_("%(name)s was not taken: more than 35 MB together. Kindly send it in parts.", name=name))
        return ""

    def to_json(self) -> list[dict[str, Any]]:
        """What the draft remembers of them."""
        return [asdict(one) for one in self.files]

    def texts(self, ports: Ports) -> tuple[tuple[str, str], ...]:
        """The words of those that a machine can read, by name."""
        clean = [one for one in self.files if one.state is ScanState.CLEAN]
        read = [(one.name, ports.reader.text_of(_content(one, ports), one.media_type)) for one in clean]
        return tuple((name, found.text) for name, found in read if found.text.strip())


def pile_of(values: Mapping[str, Any]) -> Pile:
    """The files that a draft remembers."""
    stored: Sequence[dict[str, Any]] = values.get("files", [])
    return Pile(tuple(StoredFile(**(one | {"state": ScanState(one["state"])})) for one in stored))


def _content(one: StoredFile, ports: Ports) -> bytes:
    with ports.blobs.open(one.sha256) as stored:
        return stored.read()


def _child(name: str) -> str:
    return str(
        _(
            "%(name)s holds what looks like the identity number of a child or of another person. It was not stored; "
            "kindly take the number out and attach it again.",
            name=name,
        )
    )
