"""The API in this process, with a clinic behind it."""

from collections.abc import Iterator

import pytest

from booking.store.database import Database
from tests.api.world import World, open_world


@pytest.fixture
def world(sqlite: Database) -> Iterator[World]:
    with open_world(sqlite) as opened:
        yield opened
