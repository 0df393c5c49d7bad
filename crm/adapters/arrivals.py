"""Files that are still on their way: a folder for each, an encrypted file for each slice, named by its offset."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from crm.adapters.disk import is_older, storage_full_named, sweep_unfinished, write_durably
from crm.adapters.sealing import ADDED, Seal, shred
from crm.ports import Randomness

NAME = re.compile(r"[0-9a-f]{64}")
OFFSET = "{:09d}"
NOTE = "note"


class EncryptedArrivals:
    """`<folder>/<owner>/<name>/<offset>`. A slice is bound to its place, so that none can be moved to another file.

    Two that send the same slice at once do no harm: the later one stands, whole. Raises ValueError for a wrong key.
    """

    def __init__(self, folder: Path, key: bytes, randomness: Randomness) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"
        self._seal = Seal(key, randomness)

    def held(self, owner: int, name: str) -> int:
        """Octets in a row from the start; 0 for what is unknown."""
        return sum(_octets(file) for file in self._slices(owner, name))

    def append(self, owner: int, name: str, offset: int, content: bytes) -> int:
        """Add a slice where it fits; what is held afterwards. Returns when durable. Raises StorageFull, OSError."""
        held = self.held(owner, name)
        if offset != held or not content:
            return held
        self._write(self._place(owner, name) / OFFSET.format(offset), content)
        return held + len(content)

    def read(self, owner: int, name: str) -> bytes:
        """All that is held. Raises Unreadable if a slice is damaged."""
        return b"".join(self._read(file) for file in self._slices(owner, name))

    def settle(self, owner: int, name: str, note: str) -> None:
        """The file has served: only a note of what became of it stays until it is swept."""
        self.destroy(owner, name)
        self._write(self._place(owner, name) / NOTE, note.encode())

    def note(self, owner: int, name: str) -> str:
        """What `settle` noted; "" if nothing."""
        try:
            return self._read(self._place(owner, name) / NOTE).decode()
        except FileNotFoundError:
            return ""

    def destroy(self, owner: int, name: str) -> None:
        """Overwrite and remove all of it; twice is the same as once."""
        _clear(self._place(owner, name))

    def names(self, owner: int) -> tuple[str, ...]:
        """What is on its way to an owner, the longest untouched first."""
        folders = [one for one in (self._folder / str(owner)).glob("*") if not (one / NOTE).exists()]
        return tuple(one.name for one in sorted(folders, key=lambda one: one.stat().st_mtime))

    def sweep(self, before: datetime) -> int:
        """Destroy what nobody has added to since `before`, and what a crash left half written; how many files."""
        old = [one for one in self._folder.glob("[0-9]*/*") if is_older(one, before)]
        for folder in old:
            _clear(folder)
        return len(old) + sweep_unfinished(self._unfinished, before)

    def _slices(self, owner: int, name: str) -> Iterator[Path]:
        """The files of the slices, each beginning where the one before it ends."""
        folder, end = self._place(owner, name), 0
        while octets := _octets(file := folder / OFFSET.format(end)):
            yield file
            end += octets

    def _write(self, file: Path, content: bytes) -> None:
        with storage_full_named():
            write_durably(file, self._seal.close(content, self._bound(file)), self._unfinished)

    def _read(self, file: Path) -> bytes:
        return self._seal.open(file.read_bytes(), self._bound(file))

    def _bound(self, file: Path) -> str:
        return str(file.relative_to(self._folder))

    def _place(self, owner: int, name: str) -> Path:
        if NAME.fullmatch(name) is None:
            raise FileNotFoundError("that is not the name of anything on its way")
        return self._folder / str(owner) / name


def _octets(file: Path) -> int:
    """How much of the partner's file is in a slice; 0 where there is none."""
    try:
        return max(0, file.stat().st_size - ADDED)
    except FileNotFoundError:
        return 0


def _clear(folder: Path) -> None:
    for file in folder.glob("*"):
        shred(file)
    with suppress(OSError):  # it was gone already, or a last slice came meanwhile and is swept later
        folder.rmdir()
