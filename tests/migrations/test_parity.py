"""The migrations make exactly what the models say; this is the guard that no model changes without a migration."""

import ast
import itertools
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Engine, Index, MetaData, Text, inspect

from crm.metadata import metadata
from crm.upgrade import MIGRATIONS, VERSIONS, current, head, is_ours, move, revisions
from tests.migrations.shape import shape

FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


def _differences(engine: Engine, wanted: MetaData) -> list[Any]:
    with engine.connect() as connection:
        options = {"include_name": is_ours, "compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def _from_models(engine: Engine, wanted: MetaData) -> dict[str, Any]:
    """The shape that the models give, in the same database after everything was taken away."""
    move(engine, "base")
    wanted.create_all(engine)
    return shape(engine)


def test_the_migrations_make_what_the_models_say(bare_engine: Engine) -> None:
    move(bare_engine, head())
    assert _differences(bare_engine, metadata) == []
    migrated = shape(bare_engine)
    modelled = _from_models(bare_engine, metadata)
    assert migrated.keys() == modelled.keys()
    assert {name: (migrated[name], modelled[name]) for name in migrated if migrated[name] != modelled[name]} == {}


def _a_copy() -> MetaData:
    copied = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copied)
    return copied


def test_a_model_column_or_index_without_a_migration_is_noticed(bare_engine: Engine) -> None:
    move(bare_engine, head())
    wanted = _a_copy()
    assert _differences(bare_engine, wanted) == []
    wanted.tables["seat"].append_column(Column("fax", Text(), nullable=False))
    wanted.tables["seat"].append_constraint(Index("ix_seat_language", wanted.tables["seat"].c.language))
    assert {one[0] for one in _differences(bare_engine, wanted)} == {"add_column", "add_index"}


def test_a_check_without_a_migration_is_noticed_though_alembic_is_blind_to_it(bare_engine: Engine) -> None:
    move(bare_engine, head())
    migrated, wanted = shape(bare_engine), _a_copy()
    wanted.tables["seat"].append_constraint(CheckConstraint("language <> ''", name="language"))
    assert _differences(bare_engine, wanted) == []
    assert migrated["seat"] != _from_models(bare_engine, wanted)["seat"]


def test_a_downgrade_to_base_leaves_nothing(bare_engine: Engine) -> None:
    move(bare_engine, head())
    move(bare_engine, "base")
    assert inspect(bare_engine).get_table_names() == [VERSIONS]
    assert current(bare_engine) == ""
    assert shape(bare_engine) == {"own": []}


def test_the_revisions_are_one_line_numbered_in_their_order() -> None:
    assert list(revisions()) == [f"{number:04d}" for number in range(1, len(FILES) + 1)]
    for before, file in zip(itertools.chain([None], revisions()), FILES, strict=False):
        told = {node.targets[0].id: node.value for node in ast.parse(file.read_text()).body if _is_assignment(node)}
        assert ast.literal_eval(told["revision"]) == file.name[:4]
        assert ast.literal_eval(told["down_revision"]) == before


def _is_assignment(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_migration_stays_what_it_was_so_it_imports_nothing_of_ours(file: Any) -> None:
    tree = ast.parse(file.read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    assert not {name for name in imported if name and name.split(".")[0] in ("crm", "tests")}
