"""What stands and what does not, as a machine reads it."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

HEADS = "crm_migration_heads"


def report(session: Session) -> dict[str, Any]:
    """Whether the database answers, and whether its tables are those that this release expects."""
    try:
        session.execute(text("SELECT 1"))
        here = set(MigrationContext.configure(session.connection()).get_current_heads())
    except SQLAlchemyError:
        return {"ok": False, "database": False, "migrations": False}
    current = not (expected := expected_heads()) or here == expected
    return {"ok": current, "database": True, "migrations": current}


def expected_heads() -> set[str]:
    """The latest migrations of this release, read once; none where it has no migrations beside it."""
    known: set[str] | None = current_app.extensions.get(HEADS)
    if known is None:
        folder = f"{current_app.root_path}/../migrations"
        try:
            known = set(ScriptDirectory(folder).get_heads())
        except Exception:
            known = {"unreadable"}
        current_app.extensions[HEADS] = known
    return known
