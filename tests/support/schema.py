"""Lays all tables into an empty database: the one place where tests say what a database of ours looks like."""

from sqlalchemy import URL, create_engine

from crm.base import Base


def create_tables(url: URL) -> None:
    """Every table of the house; no connection is left open."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
