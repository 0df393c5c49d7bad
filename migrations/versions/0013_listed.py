"""The register is listed by name from an index of live partners alone: PostgreSQL reads that one in order."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LIVE = sa.text("archived_at IS NULL")


def upgrade() -> None:
    """Replace the index."""
    op.drop_index("ix_organisation_listed", table_name="organisation")
    op.create_index("ix_organisation_listed", "organisation", ["name", "id"], sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    """Put the former one back."""
    op.drop_index("ix_organisation_listed", table_name="organisation")
    op.create_index("ix_organisation_listed", "organisation", ["archived_at", "name", "id"])
