"""Backups of a PostgreSQL database: archives of pg_dump, put back in one transaction of our own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from booking.store import backup_client, guards, schema
from booking.store.backup import (
    BackupRefused,
    Contents,
    Tell,
    begin_anew,
    contents,
    ensure_known,
    make_guards,
    refusing,
)
from booking.store.backup_client import Client
from booking.store.database import Database, Transaction
from booking.store.tables import metadata
from booking.store.verdicts import lost_connection, may_run_again

LOCK_ATTEMPTS = 20
LOCK_MILLISECONDS = 3_000
"""How long a restore waits for the tables at a time; all who come later wait behind it."""
_STAGE = "booking_restoring"
_PATIENCE = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    "SELECT pg_advisory_xact_lock(7091)",  # nobody migrates meanwhile
    "SET LOCAL lock_timeout = '20s'",  # for migrating the tables that are there
)


def server_major(tx: Transaction) -> int:
    """The server's major version."""
    number = tx.connection.execute(text("SHOW server_version_num")).scalar_one()
    return int(number) // 10_000


def save(database: Database, part: Path, client: Client, tell: Tell) -> str:
    """Let pg_dump write the database into the file, and answer its revision once all of it could be read again."""
    backup_client.dump(client, database.url, database.read_now(_namespace), part, tell)
    tell("checking")
    return check(part, client)


def check(file: Path, client: Client) -> str:
    """The revision of a backup. Raises BackupRefused unless it is whole, and of a revision that this program knows."""
    backup_client.ensure_readable(client, file)
    _columns, *found = list(backup_client.rows(client, file, "alembic_version")) or [b""]
    return ensure_known(file, b"".join(found).decode().strip() or None)


def _namespace(tx: Transaction) -> str:
    return str(tx.connection.execute(text("SELECT current_schema()")).scalar_one())


def put_back(database: Database, file: Path, client: Client, before: Contents | None, tell: Tell) -> Contents:
    """Let the database say what the backup says, in one transaction, and answer what it then holds.

    The backup is made whole in a schema of its own first: its tables as they were, then brought to this program's
    revision. Only then is everybody else kept out, for as long as the rows take from there to the tables. Those are
    emptied and filled, not replaced: what still looks at the moment before goes on seeing it whole.
    """
    revision = check(file, client)
    with refusing(f"{file} cannot be restored"):
        return database.write_now(_put_back, file, revision, client, before, tell)


def _put_back(
    tx: Transaction, file: Path, revision: str, client: Client, before: Contents | None, tell: Tell
) -> Contents:
    connection = tx.connection
    for statement in _PATIENCE:
        connection.execute(text(statement))
    schema.bring_up(connection)  # also the tables that are there, for they may be older than this program
    with _stage(connection):
        schema.make(connection, revision)
        with _without_references(connection):
            for name in sorted(set(inspect(connection).get_table_names()) - {"alembic_version"}):
                tell(name)
                _load(connection, client, file, name)
        schema.make(connection, "head")
    tell("putting it in place")
    _fill_from_stage(connection)
    connection.execute(text(f"DROP SCHEMA {_STAGE} CASCADE"))
    begin_anew(tx, before)
    held = contents(tx)
    if held is None:
        raise BackupRefused(f"{file} holds no clinic.")
    return held


@contextmanager
def _stage(connection: Connection) -> Iterator[None]:
    """Everything happens in a schema of its own meanwhile; it is left filled."""
    path = connection.execute(text("SHOW search_path")).scalar_one()
    connection.execute(text(f"CREATE SCHEMA {_STAGE}"))
    connection.execute(text(f"SET LOCAL search_path TO {_STAGE}"))
    yield
    connection.execute(text(f"SET LOCAL search_path TO {path}"))


@contextmanager
def _without_references(connection: Connection) -> Iterator[None]:
    """Foreign keys are away, so that tables can be filled in any order, and hold all of it when they come back."""
    query = text(
        "SELECT quote_ident(conname) AS name, conrelid::regclass::text AS of, pg_get_constraintdef(oid) AS definition"
        " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    found = connection.execute(query).all()
    for one in found:
        connection.exec_driver_sql(f"ALTER TABLE {one.of} DROP CONSTRAINT {one.name}")
    yield
    for one in found:
        connection.exec_driver_sql(f"ALTER TABLE {one.of} ADD CONSTRAINT {one.name} {one.definition}")


def _load(connection: Connection, client: Client, file: Path, name: str) -> None:
    lines = backup_client.rows(client, file, name)
    columns = next(lines, None)
    if columns is None:
        raise BackupRefused(f"{file} has no table {name}.")
    statement = f"COPY {name} ({columns.decode()}) FROM STDIN"
    try:
        with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
            for chunk in lines:
                copy.write(chunk)
    except connection.dialect.loaded_dbapi.Error as error:
        raise BackupRefused(f"{file} cannot be restored: {str(error).partition(chr(10))[0]}.") from error


def _driver(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.driver_connection


def _keep_others_out(connection: Connection, names: str) -> None:
    """Lock all tables. Who waits in a circle with us, or is not done soon, is given way to; what was made ready stays.

    Raises DBAPIError when that was in vain each time.
    """
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        except DBAPIError as error:
            if attempt == LOCK_ATTEMPTS or lost_connection(error) or not may_run_again(error):
                raise
            time.sleep(LOCK_MILLISECONDS / 10_000)
        else:
            return


def _fill_from_stage(connection: Connection) -> None:
    names = ", ".join(one.name for one in metadata.sorted_tables)
    _keep_others_out(connection, names)
    guards.drop(connection)
    with _without_references(connection):
        for one in metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in one.columns)
            connection.exec_driver_sql(f"DELETE FROM {one.name}")  # noqa: S608 -- our own names
            connection.exec_driver_sql(f"INSERT INTO {one.name} ({columns}) SELECT {columns} FROM {_STAGE}.{one.name}")  # noqa: S608 -- our own names
    make_guards(connection)
    connection.exec_driver_sql(f"ANALYZE {names}")
