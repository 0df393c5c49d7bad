"""Files on disk under the SHA-256 of their content, and the one way in which this house writes a file durably."""

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crm.ports import StorageFull

SHA256 = re.compile(r"[0-9a-f]{64}")
FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskBlobs:
    """Content-addressed files: `<root>/ab/cd/abcd...`. Nothing is changed once it is there."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unfinished = root / "unfinished"

    def put(self, content: bytes) -> str:
        """Keep `content`; its SHA-256 in hexadecimal. Returns only when it is durable; twice is the same as once.

        Raises StorageFull, and OSError for any other failure of the disk.
        """
        name = hashlib.sha256(content).hexdigest()
        place = self._place(name)
        with storage_full_named():
            if place.exists():
                os.utime(place)
                sync_folder(place.parent)
            else:
                write_durably(place, content, self._unfinished)
        return name

    def open(self, sha256: str) -> BinaryIO:
        """The content as a readable file. Raises FileNotFoundError."""
        return self._place(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        return SHA256.fullmatch(sha256) is not None and self._place(sha256).exists()

    def names(self, before: datetime) -> Iterator[str]:
        """The SHA-256 of everything that was last put before the moment `before`."""
        for file in self._root.glob("??/??/*"):
            if SHA256.fullmatch(file.name) and is_older(file, before):
                yield file.name

    def remove(self, sha256: str, before: datetime) -> bool:
        """Remove one of them. False where it is not there, or was put again since."""
        place = self._place(sha256)
        if not place.exists() or not is_older(place, before):
            return False
        place.unlink(missing_ok=True)
        sync_folder(place.parent)
        return True

    def sweep(self, before: datetime) -> int:
        """Remove what a crash left half written before the moment `before`; how many files that was."""
        return sweep_unfinished(self._unfinished, before)

    def _place(self, sha256: str) -> Path:
        if SHA256.fullmatch(sha256) is None:
            raise FileNotFoundError("that is not the SHA-256 of anything kept here")
        return self._root / sha256[:2] / sha256[2:4] / sha256


def write_durably(place: Path, content: bytes, unfinished: Path) -> None:
    """Write `content` to `place` so that it survives a power cut: whole, or not there at all.

    unfinished: a folder on the same file system, for the file until it is whole.
    """
    make_folder(unfinished)
    make_folder(place.parent)
    half = unfinished / uuid.uuid4().hex
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def sweep_unfinished(unfinished: Path, before: datetime) -> int:
    """Remove the files in `unfinished` that nobody has written to since `before`; how many there were."""
    old = [file for file in unfinished.glob("*") if is_older(file, before)]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def is_older(file: Path, before: datetime) -> bool:
    """Whether nobody has written to `file` since the moment `before`."""
    return file.stat().st_mtime < before.timestamp()


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, each one durable in its own parent. Only this user may look into them."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def storage_full_named() -> Iterator[None]:
    """Turn the two ways in which a disk is full into StorageFull; let every other error pass."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(error.errno, "the disk or the quota is full; nothing was kept") from error
        raise
