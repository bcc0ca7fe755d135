"""Databases that are busy, restarted, killed or down: who comes next succeeds, or is told plainly and soon."""

import logging
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from booking.domain.errors import Unavailable
from booking.store import database as protocols
from booking.store import schema
from booking.store.database import Database, Transaction
from tests import postgres


def add(tx: Transaction, name: str) -> None:
    """A row in a table that refers to no other."""
    tx.connection.execute(text("INSERT INTO rule_text VALUES (:name, 'US-WA', '')"), {"name": name})


def names(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(text("SELECT digest FROM rule_text ORDER BY digest")).scalars())


HOLD_SQLITE = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("begun", flush=True)
time.sleep(float(sys.argv[2]))
"""


def busy_elsewhere(sqlite_url: str, seconds: float) -> subprocess.Popen[str]:
    """Another process that writes for so long."""
    path = sqlite_url.removeprefix("sqlite:///")
    command = [sys.executable, "-c", HOLD_SQLITE, path, str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.stdout.close()
    return process


def test_write_waits_for_another_process_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with busy_elsewhere(sqlite_url, 0.5):
        assert database.read_now(names) == []
        database.write_now(add, "after all")
    assert database.read_now(names) == ["after all"]
    database.close_now()


def test_writer_has_sqlite_alone_from_its_start(sqlite: Database) -> None:
    """Whoever begins to write only after reading may find that somebody else has written meanwhile."""

    def other(_tx: Transaction) -> None:
        with closing(sqlite3.connect(sqlite.url.removeprefix("sqlite:///"), timeout=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        sqlite.write_now(other)


def test_write_is_unavailable_when_another_process_does_not_end_on_sqlite(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "TURN_SECONDS", 0.1)
    database = Database(sqlite_url)
    with busy_elsewhere(sqlite_url, 30) as process:
        with pytest.raises(Unavailable):
            database.write_now(add, "never")
        process.kill()
    database.close_now()


def fill_the_pool(database: Database, threads: int) -> None:
    """Let every connection of the pool be open."""
    meeting = threading.Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        for one in [pool.submit(database.read_now, lambda _tx: meeting.wait()) for _ in range(threads)]:
            one.result()


@pytest.mark.parametrize("end", [postgres.Server.stop, postgres.Server.kill], ids=["restarted", "killed"])
def test_next_reads_and_writes_succeed_after_the_server_was(
    own_postgres: postgres.Server, end: Callable[[postgres.Server], None]
) -> None:
    database = Database(own_postgres.create_database("kept"), threads=4)
    schema.migrate(database)
    fill_the_pool(database, 4)
    database.write_now(add, "before")
    end(own_postgres)
    own_postgres.restart()
    database.write_now(add, "after")
    fill_the_pool(database, 4)
    assert database.read_now(names) == ["after", "before"]
    database.close_now()


def test_server_that_is_down_is_unavailable_soon_and_plainly(
    own_postgres: postgres.Server, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(own_postgres.create_database("down"), threads=4)
    schema.migrate(database)
    fill_the_pool(database, 4)
    own_postgres.stop()
    began = time.monotonic()
    with caplog.at_level(logging.INFO):
        for work in (database.read_now, database.write_now):
            with pytest.raises(Unavailable):
                work(names)
    assert time.monotonic() - began < 10
    assert [record.exc_info for record in caplog.records] == [None] * len(caplog.records)
    assert [record.levelname for record in caplog.records].count("WARNING") == 2
    database.close_now()
