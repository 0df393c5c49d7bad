"""Mail that has not been scanned yet: encrypted files under random names, destroyed when they are done with."""

import re
from datetime import datetime
from pathlib import Path

from crm.adapters.disk import is_older, storage_full_named, sweep_unfinished, write_durably
from crm.adapters.sealing import Seal, shred
from crm.ports import Randomness

OCTETS = 16
NAME = re.compile(r"[0-9a-f]{32}")


class EncryptedQuarantine:
    """One sealed file a mail, bound to its own name. Raises ValueError for a key that is not 32 bytes."""

    def __init__(self, folder: Path, key: bytes, randomness: Randomness) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"
        self._seal = Seal(key, randomness)
        self._randomness = randomness

    def keep(self, content: bytes) -> str:
        """Encrypt and write `content`; its new name. Returns only when it is durable. Raises StorageFull, OSError."""
        name = self._randomness.token(OCTETS).hex()
        with storage_full_named():
            write_durably(self._folder / name, self._seal.close(content, name), self._unfinished)
        return name

    def read(self, name: str) -> bytes:
        """What was kept. Raises FileNotFoundError, and Unreadable if it is damaged or under another key."""
        return self._seal.open(self._file(name).read_bytes(), name)

    def destroy(self, name: str) -> None:
        """Overwrite and remove; a name that is gone already is no error."""
        shred(self._file(name))

    def names(self, before: datetime | None = None) -> tuple[str, ...]:
        """Everything kept now, or what of it was kept before a moment; sorted."""
        if not self._folder.is_dir():
            return ()
        kept = (file for file in self._folder.iterdir() if NAME.fullmatch(file.name))
        return tuple(sorted(file.name for file in kept if before is None or is_older(file, before)))

    def sweep(self, before: datetime) -> int:
        """Remove what a crash left half written before the moment `before`; how many files that was."""
        return sweep_unfinished(self._unfinished, before)

    def _file(self, name: str) -> Path:
        if NAME.fullmatch(name) is None:
            raise FileNotFoundError("that is not the name of a quarantined mail")
        return self._folder / name
