"""What each row of a list would do to the register."""

from pathlib import Path

from sqlalchemy.orm import Session

from crm.importing.plan import ImportPlan


def plan_organisations(
    session: Session, path: Path, ignore_unknown_columns: bool = False, accept_likely: bool = False
) -> ImportPlan:
    """Read a list of partners and say what importing it would do; nothing is written. Raises RuleBroken."""
    raise NotImplementedError
