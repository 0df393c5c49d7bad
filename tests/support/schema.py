"""Lays all tables into an empty database: the one place where tests say what a database of ours looks like."""

from sqlalchemy import URL, Engine, create_engine

from crm.db import tame
from crm.upgrade import head, move


def connect(url: URL) -> Engine:
    """An engine set up as the house sets up its own."""
    engine = create_engine(url)
    tame(engine)
    return engine


def create_tables(url: URL) -> None:
    """Every table of the house, made by the migrations; no connection is left open."""
    engine = connect(url)
    move(engine, head())
    engine.dispose()
