"""Alembic's part of an upgrade. `crm/upgrade.py` runs this file only where a database has to change."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HERE = Path(__file__).resolve().parent


def configuration(connection: Connection | None = None) -> Config:
    """Where the revisions lie, and the connection that `env.py` works on."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def migrate(connection: Connection, revision: str, down: bool = False) -> None:
    """Bring the tables to `revision` in the caller's transaction; `down` takes newer revisions back."""
    (command.downgrade if down else command.upgrade)(configuration(connection), revision)
