"""The register is listed by name, and counted by type, from indexes of live partners alone.

With `archived_at` as their first column PostgreSQL sorted the whole register for each page.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LIVE = sa.text("archived_at IS NULL")
INDEXES = {"ix_organisation_listed": ["name", "id"], "ix_organisation_live": ["type", "province"]}


def upgrade() -> None:
    """Replace the indexes."""
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="organisation")
        op.create_index(name, "organisation", columns, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    """Put the former ones back."""
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="organisation")
        op.create_index(name, "organisation", ["archived_at", *columns])
