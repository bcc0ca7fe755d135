"""Databases for tests: migrated once, copied for each test, on both kinds."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from booking.store import schema
from booking.store.database import Database
from booking.store.memory import Memory
from tests.plugins.emptied import Emptied
from tests.postgres import Address

MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
"""Monday 23 November 2026, eight in the morning in Seattle."""


@dataclass
class Clock:
    """The time as a test has it; `clock.advance(minutes=5)` lets some pass."""

    now: datetime = field(default=MONDAY)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.migrate(database)
    database.close_now()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Address) -> str:
    name = f"template_{uuid4().hex[:12]}"
    database = Database(postgres_server.create_database(name))
    schema.migrate(database)
    database.close_now()
    return name


@pytest.fixture(scope="session")
def emptied(postgres_server: Address, postgres_template: str) -> Iterator[Emptied]:
    several = Emptied(server=postgres_server, template=postgres_template)
    yield several
    several.drop_all()


@pytest.fixture
def new_postgres_url(emptied: Emptied) -> Iterator[Callable[[], str]]:
    """Gives migrated PostgreSQL databases, which belong to the test while it lasts."""
    taken: list[str] = []

    def take() -> str:
        taken.append(emptied.take())
        return emptied.server.url(taken[-1])

    yield take
    for name in taken:
        emptied.give_back(name)


@pytest.fixture
def postgres_url(new_postgres_url: Callable[[], str]) -> str:
    """A migrated PostgreSQL database of the test's own."""
    return new_postgres_url()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


class Reused:
    """One Database for all tests of a kind, led to another place for each: it keeps what SQLAlchemy has compiled."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        event.listen(self.database.engine, "do_connect", self._lead)
        self._place: dict[str, Any] = {}

    def at(self, url: str, clock: Clock) -> Database:
        """The database at this url, with this clock and nothing remembered."""
        self.database.engine.dispose()
        arguments, options = self.database.engine.dialect.create_connect_args(make_url(url))
        self._place = {"arguments": arguments, "options": options}
        self.database.url, self.database._clock, self.database.memory = url, clock, Memory()
        return self.database

    @property
    def is_open(self) -> bool:
        return not self.database._closing

    def _lead(self, _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        arguments[:] = self._place["arguments"]
        options.update(self._place["options"])


@pytest.fixture(scope="session")
def reused() -> Iterator[dict[bool, Reused]]:
    found: dict[bool, Reused] = {}
    yield found
    for one in found.values():
        one.database.close_now()


@pytest.fixture
def open_database(reused: dict[bool, Reused], clock: Clock) -> Iterator[Callable[[str], Database]]:
    """Opens the database at a url; one at a time."""

    def opened(url: str) -> Database:
        kind = url.startswith("sqlite")
        if kind not in reused or not reused[kind].is_open:
            reused[kind] = Reused(url)
        return reused[kind].at(url, clock)

    yield opened
    for one in reused.values():
        one.database.engine.dispose()


@pytest.fixture
def database(database_url: str, open_database: Callable[[str], Database]) -> Database:
    """The same, open, with the test's clock."""
    return open_database(database_url)


@pytest.fixture
def sqlite(sqlite_url: str, open_database: Callable[[str], Database]) -> Database:
    """A SQLite database alone, for what does not differ between the kinds."""
    return open_database(sqlite_url)


@pytest.fixture
def postgresql(postgres_url: str, open_database: Callable[[str], Database]) -> Database:
    """A PostgreSQL database alone, for what only that has."""
    return open_database(postgres_url)
