"""How bytes that nobody has scanned yet lie on the disk: encrypted, bound to their place, and overwritten when done."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.adapters.disk import sync_folder
from crm.ports import Randomness, Unreadable

MAGIC = b"RABTA-Q1"
NONCE = 12
KEY = 32
TAG = 16
ADDED = len(MAGIC) + NONCE + TAG
"""By how many octets a sealed file is longer than what is in it."""


class Seal:
    """A mark, a nonce, then AES-256-GCM (NIST SP 800-38D), bound to the name under which the bytes are kept.

    key: 32 bytes, kept apart from the files and from their backups. Raises ValueError for another length.
    """

    def __init__(self, key: bytes, randomness: Randomness) -> None:
        if len(key) != KEY:
            raise ValueError(f"the quarantine's key must be {KEY} bytes, not {len(key)}")
        self._cipher = AESGCM(key)
        self._randomness = randomness

    def close(self, content: bytes, name: str) -> bytes:
        """`content` as it may lie under `name`."""
        nonce = self._randomness.token(NONCE)
        return MAGIC + nonce + self._cipher.encrypt(nonce, content, MAGIC + name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """What was closed under `name`. Raises Unreadable if it is damaged, of another place or under another key."""
        nonce, closed = sealed[len(MAGIC) : len(MAGIC) + NONCE], sealed[len(MAGIC) + NONCE :]
        if not sealed.startswith(MAGIC) or len(nonce) < NONCE:
            raise Unreadable(f"what is kept as {name} is not one of ours, or was cut short")
        try:
            return self._cipher.decrypt(nonce, closed, MAGIC + name.encode())
        except InvalidTag as error:
            raise Unreadable(f"what is kept as {name} is damaged or was kept under another key") from error


def shred(file: Path) -> None:
    """Remove and overwrite. Without the key even a copy says nothing; a file that is gone already is no error.

    In this order a power cut leaves the file whole or no name, never a name with nothing readable behind it.
    """
    try:
        with file.open("r+b") as opened:
            file.unlink()
            sync_folder(file.parent)
            opened.write(bytes(os.fstat(opened.fileno()).st_size))
            opened.flush()
            os.fsync(opened.fileno())
    except FileNotFoundError:
        return
