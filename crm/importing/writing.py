"""Writing a plan: everything was validated before, so the lock is held only while rows go in."""

from crm.importing.plan import Counts, ImportPlan
from crm.uow import UnitOfWork


def write_plan(uow: UnitOfWork, plan: ImportPlan) -> Counts:
    """All rows that were not refused, or nothing. Raises NotAllowed, and RuleBroken where the register moved on."""
    raise NotImplementedError
