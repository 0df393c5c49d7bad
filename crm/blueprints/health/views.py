"""What stands and what does not, as a machine reads it."""

from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

HEADS = "crm_migration_heads"


def report(session: Session) -> dict[str, Any]:
    """Whether the database answers, and whether its tables are those that this release expects."""
    try:
        here = set(session.scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        return {"ok": False, "database": False, "migrations": False}
    current = not (expected := expected_heads()) or here == expected
    return {"ok": current, "database": True, "migrations": current}


def expected_heads() -> set[str]:
    """The latest migration of this release, read once; none where it has no migrations beside it.

    They are numbered in their order. Alembic itself stays out of the web: it brings the dialects of five databases.
    """
    known: set[str] | None = current_app.extensions.get(HEADS)
    if known is None:
        files = Path(current_app.root_path).parent.glob("migrations/versions/[0-9]*.py")
        known = current_app.extensions[HEADS] = set(sorted(file.name[:4] for file in files)[-1:])
    return known
