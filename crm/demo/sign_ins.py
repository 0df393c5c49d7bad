"""The sign-ins that a demo generated for its three roles, as its sign-in page shows them."""

from dataclasses import dataclass
from pathlib import Path

from crm.domain.accounts.rules import Role

SIGN_INS = "demo-sign-ins"


@dataclass(frozen=True)
class SignIn:
    """What a person types to enter."""

    role: Role
    email: str
    password: str


def demo_sign_ins(home: Path) -> tuple[SignIn, ...]:
    """The demo accounts as they were generated; empty where there are none."""
    file = home / SIGN_INS
    if not file.exists():
        return ()
    rows = (line.split() for line in file.read_text("utf-8").splitlines())
    return tuple(SignIn(Role(role), email, password) for role, email, password in rows)
