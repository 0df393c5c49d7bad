"""Unguessable values from the operating system."""

import secrets


class SystemRandomness:
    """Tokens fit for links, keys and nonces."""

    def token(self, octets: int) -> bytes:
        """`octets` random bytes."""
        return secrets.token_bytes(octets)
