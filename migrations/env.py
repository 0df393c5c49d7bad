"""Run by Alembic for every upgrade: on the connection it is given, all pending revisions in one transaction."""

from alembic import context

from crm.metadata import metadata
from crm.upgrade import is_ours

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Databases are migrated by `crm upgrade`, which keeps a backup and verifies.")

# SQLite can roll tables back too, once BEGIN is in our hands (crm/db.py); Alembic has to be told.
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
