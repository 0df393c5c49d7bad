"""The index over every subject, and each database's own full-text twin."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TWINS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
        "CREATE VIRTUAL TABLE search_trigrams USING fts5(title_words, content='search_entry', content_rowid='id', "
        "tokenize='trigram')",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX ix_search_entry_words ON search_entry USING gin (to_tsvector('simple', words))",
        "CREATE INDEX ix_search_entry_trigrams ON search_entry USING gin (title_words gin_trgm_ops)",
    ),
}


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_ur", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_search_entry_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_entry_subject", "search_entry", ["subject_kind", "subject_id"], unique=True)
    for statement in TWINS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    if op.get_context().dialect.name == "sqlite":
        op.drop_table("search_trigrams")
        op.drop_table("search_words")
    op.drop_table("search_entry")
