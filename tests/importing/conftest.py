"""The desk at which lists are imported."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.importing.lists import Desk


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """A register with the unit's lists and no partner."""
    return Desk(engine, tmp_path)
