"""Whoever asks for what was prepared before gets the same rows, and nobody gets what is not theirs."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking.store.database import Database
from tests.clinics import DullClinic, dull, open_clinic
from tests.plugins.database import Clock
from tests.plugins.prepared import OF_POSTGRESQL, OF_SQLITE, _of_sqlite, prepared, tables


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes migrated databases of a kind."""
    if request.param == "postgres":
        made: Callable[[], str] = request.getfixturevalue("new_postgres_url")
        return made
    numbers = count()
    return lambda: f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{next(numbers)}.db')}"


class Counted:
    """Prepares a clinic with two people, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, database: Database) -> DullClinic:
        self.times += 1
        return open_clinic(database, dull(ben={}))


def rows(database: Database) -> dict[str, list[Any]]:
    with database.engine.connect() as connection:
        names = tables(map(tuple, connection.execute(text(OF_SQLITE if database.is_sqlite else OF_POSTGRESQL))))
        found = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in names}  # noqa: S608 -- our own
    return {name: sorted(map(repr, several)) for name, several in found.items()}


def test_second_database_has_the_rows_of_the_first(
    new_url: Callable[[], str], open_database: Callable[[str], Database]
) -> None:
    counted = Counted()
    made = [prepared(database := open_database(new_url()), "rows", counted)]
    first = rows(database)
    made.append(prepared(database := open_database(new_url()), "rows", counted))
    assert (counted.times, rows(database)) == (1, first)
    assert len(first["practitioner"]) == 2
    assert made[0].practitioners == made[1].practitioners


def test_another_time_another_wish_and_a_database_with_rows_are_prepared_in_earnest(
    new_url: Callable[[], str], open_database: Callable[[str], Database], clock: Clock
) -> None:
    counted = Counted()
    prepared(database := open_database(new_url()), "earnest", counted)
    prepared(database, "earnest", counted)
    prepared(open_database(new_url()), "another", counted)
    clock.advance(minutes=1)
    prepared(open_database(new_url()), "earnest", counted)
    assert counted.times == 4


def test_real_time_is_never_kept(sqlite_url: str) -> None:
    database, before = Database(sqlite_url, threads=1), len(_of_sqlite)
    prepared(database, "real", open_clinic)
    database.close_now()
    assert len(_of_sqlite) == before
