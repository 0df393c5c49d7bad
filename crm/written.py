"""Settings as people write them: text in, a value out, ValueError for what is none."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Bind:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine, so that nothing crosses a network."""
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


def bind(text: str) -> Bind:
    """`HOST:PORT`."""
    host, _, port = text.rpartition(":")
    if not host or not 0 < int(port) < 65536:
        raise ValueError(text)
    return Bind(host, int(port))


def yes(text: str) -> bool:
    """yes or no, true or false, 1 or 0."""
    if text.lower() not in ("yes", "no", "true", "false", "1", "0"):
        raise ValueError(text)
    return text.lower() in ("yes", "true", "1")


def url(text: str) -> str:
    """An address that people open, without its last slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(text)
    return text.rstrip("/")


def database(text: str) -> str:
    """A database of one of the two kinds."""
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def long_secret(text: str) -> str:
    """32 characters or more."""
    if len(text) < 32:
        raise ValueError("too short")
    return text


def key(text: str) -> bytes:
    """32 octets in URL-safe base64."""
    octets = urlsafe_b64decode(text)
    if len(octets) != 32:
        raise ValueError("not 32 octets")
    return octets


def keys(text: str) -> dict[str, bytes]:
    """`1:BASE64,2:BASE64`: the first signs, all verify."""
    found = {}
    for one in text.split(","):
        name, _, secret = one.strip().partition(":")
        if len(name) != 1 or name not in "0123456789abcdefghjkmnpqrstvwxyz":
            raise ValueError(one)
        found[name] = key(secret)
    return found


def count(text: str) -> int:
    """A number that is not negative."""
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def domain(text: str) -> str:
    """A mail domain, lower case."""
    if not text or "@" in text or " " in text or "." not in text:
        raise ValueError(text)
    return text.lower()


def address(text: str) -> str:
    """A mail address, its domain lower case."""
    local, _, host = text.rpartition("@")
    if not local or " " in text:
        raise ValueError(text)
    return f"{local}@{domain(host)}"


def reply_form(text: str) -> str:
    """A form with one {token} whose local part fits 64 octets (RFC 5321 section 4.5.3.1.1)."""
    if text.count("{token}") != 1 or len(text.partition("@")[0].replace("{token}", "x" * 37)) > 64:
        raise ValueError(text)
    return text


def names(text: str) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(one.strip() for one in text.split(",") if one.strip())
