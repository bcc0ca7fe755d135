"""The API in this process, with a clinic behind it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.store.database import Database
from tests.api.world import World, open_world
from tests.plugins.database import Clock


@pytest.fixture
def world(sqlite: Database) -> Iterator[World]:
    with open_world(sqlite) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests of a module, none of which minds what the others did."""
    path = tmp_path_factory.mktemp("shared") / "test.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", clock=Clock())
    with open_world(database) as opened:
        yield opened
    database.close_now()
