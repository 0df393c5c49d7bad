"""What was asked of whom, the ladder's ledger, answers and drafts of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ask",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_ur", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_because", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ask_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_ask_seat_id_seat")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ask_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("number", name=op.f("uq_ask_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ask_about", "ask", ["subject_kind", "subject_id"], unique=False)
    op.create_index("ix_ask_open", "ask", ["state", "due_on"], unique=False)
    op.create_index("ix_ask_organisation_id_state", "ask", ["organisation_id", "state"], unique=False)
    op.create_table(
        "ask_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_ask_step_ask_id_ask")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_step")),
        sa.UniqueConstraint("ask_id", "edition", "step", name=op.f("uq_ask_step_ask_id_edition_step")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ask_answer",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_ask_answer_ask_id_ask")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ask_answer_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_ask_answer_key")),
        sa.UniqueConstraint("receipt", name=op.f("uq_ask_answer_receipt")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ask_answer_ask_id", "ask_answer", ["ask_id"], unique=False)
    op.create_table(
        "answer_draft",
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_answer_draft_ask_id_ask")),
        sa.PrimaryKeyConstraint("ask_id", name=op.f("pk_answer_draft")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("answer_draft")
    op.drop_table("ask_answer")
    op.drop_table("ask_step")
    op.drop_table("ask")
