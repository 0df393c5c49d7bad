"""A private link opens one request, or the same closed page for every other token; guessing is braked."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request
from sqlalchemy.orm import Session

from crm.domain.accounts.models import Throttle
from crm.domain.asks.models import Ask
from crm.domain.asks.rules import Side
from crm.links import LENGTH, Claim, Links, Purpose, read_claim
from crm.runtime import PARTNER, open_uow

FAILURES = 10
WITHIN = timedelta(minutes=1)
NOTHING = Claim("p1".ljust(LENGTH, "0"), Purpose.PAGE, 0, 0)


@dataclass(frozen=True)
class Nobody:
    """Stands in where no request has the number, so that the signature is reckoned all the same."""

    id: int = 0
    seat_id: int | None = 0
    edition: int = 1
    nonce: str = "nobody"


class Shut(Exception):
    """A token that opens nothing here. `braked`: its source has tried too many within the minute."""

    def __init__(self, braked: bool) -> None:
        super().__init__("a link that opens nothing")
        self.braked = braked


def opened(session: Session, links: Links, token: str) -> Ask | None:
    """The request that a token opens; None for a malformed, foreign, revoked or wrong one, after the same work."""
    claim = read_claim(token) or NOTHING
    ask = session.get(Ask, claim.number)
    fits = links.opens(claim, ask or Nobody())
    is_ours = ask is not None and ask.side is Side.OURS
    return ask if fits and is_ours and claim.purpose is Purpose.PAGE else None


def count_failure() -> bool:
    """Count one more wrong link of this source. Returns whether it has had too many within the minute."""
    key = f"link:{request.remote_addr}"
    with open_uow(PARTNER) as uow:
        row = uow.session.get(Throttle, key)
        if row is None:
            row = Throttle(key=key, failures=0, open_at=uow.system + WITHIN)
            uow.session.add(row)
        if row.open_at <= uow.system:
            row.failures, row.open_at = 0, uow.system + WITHIN
        row.failures += 1
        return row.failures > FAILURES
