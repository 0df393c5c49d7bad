"""Private links and capability addresses: one scheme for both (house, trap 3).

A token is a purpose, a key id, the number and edition of what it opens, and an HMAC-SHA256 cut to 128 bits, written
in Crockford's base 32: lower case, no look-alikes, forgiving of retyping (o is 0; i and l are 1). 37 characters, so
that it fits the 64 octets of a local part (RFC 5321 section 4.5.3.1.1).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "u": "v"})
NUMBER, EDITION, MAC = 7, 2, 26
LENGTH = 2 + NUMBER + EDITION + MAC
LARGEST_NUMBER = 2**31 - 1
"""No row has a higher one; PostgreSQL would refuse to look for it."""

SHAPE = re.compile(rf"[rpbc][{ALPHABET}]{{{LENGTH - 1}}}")


class Purpose(StrEnum):
    """What a token opens. A token of one purpose never opens another."""

    REPLY = "r"
    PAGE = "p"
    BOUNCE = "b"
    CALENDAR = "c"


class Capability(Protocol):
    """What a token is made of: an ask, or a mail on its way out. A new `nonce` revokes every older token."""

    @property
    def id(self) -> int: ...

    @property
    def seat_id(self) -> int | None: ...

    @property
    def edition(self) -> int: ...

    @property
    def nonce(self) -> str: ...


@dataclass(frozen=True)
class Claim:
    """What a token says of itself, before anything is believed."""

    token: str
    purpose: Purpose
    number: int
    edition: int


def _write(number: int, width: int) -> str:
    if number >> 5 * width:
        raise ValueError("the number does not fit the token")
    pairs = [PAIRS[number >> 10 * place & 1023] for place in range((width + 1) // 2)]
    return "".join(reversed(pairs))[-width:]


def _read(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    return number


def read_claim(text: str) -> Claim | None:
    """The claim a retyped token makes; None where it has not the shape of one."""
    head, rest = text.strip().lower().replace("-", "")[:1], text.strip().lower().replace("-", "")[1:]
    token = head + rest.translate(LOOKALIKES)
    if not SHAPE.fullmatch(token):
        return None
    edition_at = 2 + NUMBER
    number, edition = _read(token[2:edition_at]), _read(token[edition_at : edition_at + EDITION])
    return Claim(token, Purpose(head), number, edition) if number <= LARGEST_NUMBER else None


@dataclass(frozen=True)
class Links:
    """Makes and judges tokens, links and addresses.

    base_url: canonical, never taken from a request. domain: where answers arrive. keys: key id (one letter of the
    alphabet) to secret; `current` signs, all verify. address: the form of a reply address, for hosts without plus.
    """

    base_url: str
    domain: str
    keys: Mapping[str, bytes]
    current: str = "1"
    address: str = "reply+{token}@{domain}"

    def token(self, purpose: Purpose, what: Capability) -> str:
        """The token that opens `what` for `purpose`. A calendar's token is the same for the life of its UID."""
        edition = 0 if purpose in (Purpose.CALENDAR, Purpose.BOUNCE) else what.edition
        return self._sign(purpose, what, edition, self.current)

    def opens(self, claim: Claim, what: Capability) -> bool:
        """Whether `claim` was signed by us for `what`. Constant time; every edition so far is good."""
        key_id = claim.token[1]
        if key_id not in self.keys or claim.edition > max(what.edition, 0):
            key_id = self.current
            return hmac.compare_digest(self._sign(claim.purpose, what, 0, key_id), "")
        return hmac.compare_digest(self._sign(claim.purpose, what, claim.edition, key_id), claim.token)

    def page(self, what: Capability) -> str:
        """The private page where an ask is answered."""
        return f"{self.base_url}/a/{self.token(Purpose.PAGE, what)}"

    def reply_address(self, what: Capability) -> str:
        """The address that a reply to an ask is delivered to."""
        return self._address(Purpose.REPLY, what)

    def organizer(self, what: Capability) -> str:
        """The ORGANIZER of an invitation: calendar programs answer to it (RFC 5546 section 3.2.3)."""
        return self._address(Purpose.CALENDAR, what)

    def bounce_address(self, what: Capability) -> str:
        """The envelope sender of one mail to one recipient (VERP)."""
        return self._address(Purpose.BOUNCE, what)

    def claims_in(self, addresses: list[str]) -> list[Claim]:
        """The claims that stand in delivery addresses, in their order."""
        head, tail = self.address.format(token="\0", domain=self.domain).lower().split("\0")
        found = []
        for address in addresses:
            lowered = address.strip().lower()
            if lowered.startswith(head) and lowered.endswith(tail):
                claim = read_claim(lowered[len(head) : len(lowered) - len(tail)])
                found += [claim] if claim else []
        return found

    def _address(self, purpose: Purpose, what: Capability) -> str:
        return self.address.format(token=self.token(purpose, what), domain=self.domain)

    def _sign(self, purpose: Purpose, what: Capability, edition: int, key_id: str) -> str:
        said = f"{purpose}|{what.id}|{what.seat_id}|{edition}|{key_id}|{what.nonce}".encode()
        mac = hmac.digest(self.keys[key_id], said, "sha256")[:16]
        head = f"{purpose}{key_id}{_write(what.id, NUMBER)}{_write(edition, EDITION)}"
        return head + _write(int.from_bytes(mac), MAC)
