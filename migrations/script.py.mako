"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say what is made. Name every constraint by the convention in crm/base.py, inside op.f()."""
    ${upgrades or "pass"}


def downgrade() -> None:
    """Undo it, and lose nothing that was there before."""
    ${downgrades or "pass"}
