"""The database's form: made from nothing, kept as the tables say, and refused when it is another."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from booking.domain.errors import DatabaseRefused, Unavailable
from booking.store import guards, schema
from booking.store.database import LOCK_TIMEOUT_MS, Database, Transaction
from tests.clinics import TUESDAY, at, open_clinic
from tests.postgres import Address, free_port
from tests.sources import ROOT


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table, on each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close_now()
        return
    server: Address = request.getfixturevalue("postgres_server")
    database = Database(server.create_database("empty_" + tmp_path.name))
    yield database
    database.close_now()
    server.drop_database("empty_" + tmp_path.name)


def drift(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        return schema.drift(connection)


def run(tx: Transaction, statement: str) -> None:
    tx.connection.exec_driver_sql(statement)


def test_migrate_makes_everything_from_nothing_and_again_nothing(empty: Database) -> None:
    assert schema.migrate(empty) == schema.newest()
    assert drift(empty) == []
    schema.ensure_servable(empty)
    assert schema.migrate(empty) == schema.newest()
    schema.ensure_servable(empty)
    clinic = open_clinic(empty)
    assert sorted(clinic.rooms) == ["room-1", "room-2"]


def test_postgresql_has_no_index_that_its_guard_gives_already(postgresql: Database) -> None:
    indexes = "SELECT indexname FROM pg_indexes WHERE tablename = 'claim' ORDER BY indexname"
    found = postgresql.read_now(lambda tx: tx.connection.exec_driver_sql(indexes).scalars().all())
    assert found == ["claim_by_expiry", "claim_no_overlap", "pk_claim"]


def test_drift_sees_what_the_tables_do_not_say(database: Database) -> None:
    assert drift(database) == []
    database.write_now(run, "ALTER TABLE site ADD COLUMN forgotten INTEGER")
    assert [str(one[0]) for one in drift(database) if isinstance(one, tuple)] == ["remove_column"]


def test_last_revision_can_be_taken_back_and_made_again(database: Database) -> None:
    with database.engine.execution_options(write=True).begin() as connection:
        config = schema._config(connection)
        config.attributes["guards"] = False  # what they guard is gone
        guards.drop(connection)
        command.downgrade(config, "-1")
    with pytest.raises(DatabaseRefused):
        schema.ensure_servable(database)
    schema.migrate(database)
    assert drift(database) == []
    schema.ensure_servable(database)


def test_empty_database_is_refused(empty: Database) -> None:
    with pytest.raises(DatabaseRefused, match=r"The database is empty, .* run `booking migrate` first"):
        schema.ensure_servable(empty)


def test_older_database_is_refused(database: Database) -> None:
    database.write_now(run, "DELETE FROM alembic_version")
    with pytest.raises(DatabaseRefused, match="run `booking migrate` first"):
        schema.ensure_servable(database)


def test_newer_database_is_refused_and_not_migrated(database: Database) -> None:
    database.write_now(run, "UPDATE alembic_version SET version_num = '9999'")
    for refused in (schema.ensure_servable, schema.migrate):
        with pytest.raises(DatabaseRefused, match="at revision 9999, which is newer than this program"):
            refused(database)


def test_database_that_does_not_answer_is_unavailable() -> None:
    database = Database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing")
    for asked in (schema.ensure_servable, schema.migrate):
        with pytest.raises(Unavailable):
            asked(database)
    database.close_now()


def test_database_without_its_guards_is_refused_until_migrated(database: Database) -> None:
    database.write_now(lambda tx: guards.drop(tx.connection))
    with pytest.raises(DatabaseRefused, match=r"not safe to use: the guard claim_.* is missing"):
        schema.ensure_servable(database)
    schema.migrate(database)
    schema.ensure_servable(database)


def test_migrate_keeps_what_is_there(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    schema.migrate(database)
    assert clinic.book(at(TUESDAY, 11)).appointment.reference != booked.appointment.reference


MIGRATE = """
import sys
from booking.store import schema
from booking.store.database import Database
database = Database(sys.argv[1])
print(schema.migrate(database))
schema.ensure_servable(database)
database.close_now()
"""


def test_two_processes_may_migrate_at_once(empty: Database) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", MIGRATE, empty.url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert said == [(f"{schema.newest()}\n", "")] * 2
    assert drift(empty) == []


def test_migrate_waits_longer_than_a_request_may(postgresql: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "booking.store.database")
    waited = []

    def wait() -> None:
        waited.append(schema.migrate(postgresql))

    with postgresql.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(7091)"))
        migrating = threading.Thread(target=wait)
        migrating.start()
        migrating.join(LOCK_TIMEOUT_MS / 1000 + 0.3)
        assert waited == []
        other.execute(text("SELECT pg_advisory_unlock(7091)"))
    migrating.join()
    assert (waited, caplog.messages) == ([schema.newest()], [])
