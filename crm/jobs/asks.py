"""Ladders are climbed."""

from crm.chase import service as chase
from crm.runtime import open_uow


def climb_ladders() -> int:
    """Post the step that is due of every open request."""
    with open_uow() as uow:
        return chase.climb(uow)
