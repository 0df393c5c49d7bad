"""Mail that has not been scanned yet: encrypted files under random names, destroyed when they are done with."""

import os
import re
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.adapters.disk import is_older, storage_full_named, sweep_unfinished, sync_folder, write_durably
from crm.ports import Randomness, Unreadable

MAGIC = b"RABTA-Q1"
NONCE = 12
KEY = 32
NAME = re.compile(r"[0-9a-f]{32}")


class EncryptedQuarantine:
    """One file a mail: a mark, a nonce, then AES-256-GCM over the mail, bound to the file's own name.

    key: 32 bytes, kept apart from this folder and from its backups. Raises ValueError for another length.
    """

    def __init__(self, folder: Path, key: bytes, randomness: Randomness) -> None:
        if len(key) != KEY:
            raise ValueError(f"the quarantine's key must be {KEY} bytes, not {len(key)}")
        self._folder = folder
        self._unfinished = folder / "unfinished"
        self._cipher = AESGCM(key)
        self._randomness = randomness

    def keep(self, content: bytes) -> str:
        """Encrypt and write `content`; its new name. Returns only when it is durable. Raises StorageFull, OSError."""
        name = self._randomness.token(NONCE + 4).hex()
        nonce = self._randomness.token(NONCE)
        sealed = self._cipher.encrypt(nonce, content, MAGIC + name.encode())
        with storage_full_named():
            write_durably(self._folder / name, MAGIC + nonce + sealed, self._unfinished)
        return name

    def read(self, name: str) -> bytes:
        """What was kept. Raises FileNotFoundError, and Unreadable if it is damaged or under another key."""
        stored = self._file(name).read_bytes()
        nonce, sealed = stored[len(MAGIC) : len(MAGIC) + NONCE], stored[len(MAGIC) + NONCE :]
        if not stored.startswith(MAGIC) or len(nonce) < NONCE:
            raise Unreadable(f"the quarantined mail {name} is not one of ours, or was cut short")
        try:
            return self._cipher.decrypt(nonce, sealed, MAGIC + name.encode())
        except InvalidTag as error:
            raise Unreadable(f"the quarantined mail {name} is damaged or was kept under another key") from error

    def destroy(self, name: str) -> None:
        """Overwrite and remove. Without the key even a copy says nothing; a name that is gone already is no error."""
        file = self._file(name)
        try:
            with file.open("r+b") as opened:
                opened.write(bytes(file.stat().st_size))
                opened.flush()
                os.fsync(opened.fileno())
            file.unlink()
        except FileNotFoundError:
            return
        sync_folder(self._folder)

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
