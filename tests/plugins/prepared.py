"""What tests prepare in an empty database, done once in each process: whoever asks for the same again gets its rows."""

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from booking.store.database import Database

T = TypeVar("T")

OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
OF_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SHAPE = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"

_of_sqlite: dict[Hashable, tuple[sqlite3.Connection, Any]] = {}
_of_postgresql: dict[Hashable, tuple[dict[str, bytes], Any]] = {}


def prepared(database: Database, what: Hashable, prepare: Callable[[Database], T]) -> T:
    """What `prepare` answers for this database, or has answered for one like it at the same time by the tests' clock.

    `what` says all that it depends on. A database that has rows already, or the real time, is prepared in earnest.
    """
    if database._clock is None:
        return prepare(database)
    key = (what, database._clock())
    return _in_sqlite(database, key, prepare) if database.is_sqlite else _in_postgresql(database, key, prepare)


def _in_sqlite(database: Database, key: Hashable, prepare: Callable[[Database], T]) -> T:
    file = make_url(database.url).database or ""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        if not connection.execute(is_empty(tables(connection.execute(OF_SQLITE)))).fetchone()[0]:
            return prepare(database)
        key = (key, *connection.execute(SHAPE))
        if key in _of_sqlite:
            kept, before = _of_sqlite[key]
            connection.execute("PRAGMA synchronous=OFF")
            kept.backup(connection)
            answer: T = before
        else:
            answer, kept = prepare(database), sqlite3.connect(":memory:", check_same_thread=False)
            connection.backup(kept)
            _of_sqlite[key] = kept, answer
    return answer


def _in_postgresql(database: Database, key: Hashable, prepare: Callable[[Database], T]) -> T:
    with _cursor(database) as cursor:
        names = tables(cursor.execute(OF_POSTGRESQL))
        untouched = cursor.execute(is_empty(names).encode()).fetchone() == (True,)
        if untouched and key in _of_postgresql:
            rows, before = _of_postgresql[key]
            cursor.execute("SET LOCAL session_replication_role = replica")  # looks up no foreign key
            for name, copied in rows.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(name))) as copy:
                    copy.write(copied)
            answer: T = before
            return answer
    answer = prepare(database)
    if untouched:
        with _cursor(database) as cursor:
            _of_postgresql[key] = dict(_copied(cursor, names)), answer
    return answer


def tables(found: Iterable[tuple[Any, ...]]) -> list[str]:
    """The names of those that hold what the program writes."""
    return sorted(name for (name,) in found if name != "alembic_version")


def is_empty(names: Iterable[str]) -> str:
    """A statement that says whether all of these tables are."""
    return f"SELECT NOT ({' OR '.join(f'EXISTS (SELECT 1 FROM {name})' for name in names)})"  # noqa: S608 -- our own


def _copied(cursor: psycopg.Cursor[Any], names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The rows of each table that has some."""
    for name in names:
        with cursor.copy(sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(name))) as copy:
            copied = b"".join(bytes(part) for part in copy)
        if cursor.rowcount:
            yield name, copied


@contextmanager
def _cursor(database: Database) -> Iterator[psycopg.Cursor[Any]]:
    """In a transaction of one of the database's own connections."""
    with database.engine.connect() as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        connection.exec_driver_sql("SELECT 1")
        with driver.cursor() as cursor:
            yield cursor


def pytest_sessionfinish() -> None:
    for kept, _ in _of_sqlite.values():
        kept.close()
    _of_sqlite.clear()
