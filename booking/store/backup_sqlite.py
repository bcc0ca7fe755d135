"""Backups of a SQLite database: made while others write, and put back under a running server."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from booking.domain.errors import Unavailable
from booking.store import guards, schema
from booking.store.backup import BackupRefused, Contents, Tell, begin_anew, contents, ensure_known, refusing
from booking.store.database import Database, Transaction
from booking.store.opening import opened

PAGES = 1000
"""How many pages are copied at a time, 4 MB."""
TURN_SECONDS = 30.0
"""How long a restore waits for its turn among those who write."""


def save(database: Database, part: Path, tell: Tell) -> str:
    """Copy the database into the file, whole and checked, and answer its revision.

    The copy is of one moment: the transaction in which it is read keeps that moment. Without one, SQLite would begin
    again after every write of somebody else's, and under steady writing never end. Writers wait for nothing.
    """
    with refusing("The backup failed"):
        database.read_now(_copy_snapshot, part, tell)
    tell("checking")
    with opened(_url(part)) as copy:
        revision = _examine(copy, part)
    with refusing("The backup failed"), closing(sqlite3.connect(part)) as single:
        single.execute("PRAGMA journal_mode=DELETE")  # a file that is whole without others beside it
    return revision


def _copy_snapshot(tx: Transaction, part: Path, tell: Tell) -> None:
    tx.connection.execute(text("SELECT count(*) FROM sqlite_master"))  # from here on the moment is kept
    with closing(sqlite3.connect(part)) as target:
        _driver(tx.connection).backup(target, pages=PAGES, progress=_telling(tell))


def _examine(database: Database, file: Path) -> str:
    """Its revision. Raises BackupRefused unless all is there, nothing contradicts itself, and the guards stand."""
    with refusing(f"{file} is damaged"):
        revision, faults = database.read_now(_look)
    known = ensure_known(file, revision)
    if faults:
        raise BackupRefused(f"{file} is damaged: {faults[0]}.")
    return known


def _look(tx: Transaction) -> tuple[str | None, list[str]]:
    damage = tx.connection.execute(text("PRAGMA integrity_check(1)")).scalars().all()
    faults = [] if damage == ["ok"] else [str(one).splitlines()[-1] for one in damage]
    if tx.connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        faults.append("rows refer to others that are not there")
    revision = schema.revision(tx.connection)
    return revision, faults + (guards.faults(tx.connection) if revision == schema.newest() else [])


@contextmanager
def prepared(
    database: Database, file: Path, before: Contents | None, tell: Tell
) -> Iterator[tuple[Database, Contents]]:
    """The backup as it will be put back, and what it holds: checked, of this program's revision, of a new epoch.

    It lies beside the database, whose folder is for the program alone, and is gone afterwards. Raises BackupRefused.
    """
    with refusing("The backup cannot be prepared"):
        folder = tempfile.TemporaryDirectory(prefix=".restoring-", dir=file_of(database).parent)
    with folder as name:
        scratch = Path(name) / "restored.db"
        with refusing(f"{file} cannot be read"):
            _copy_file(file, scratch, tell)
        with opened(_url(scratch)) as copy:
            tell("checking")
            _examine(copy, file)
            schema.migrate(copy)
            copy.write_now(begin_anew, before)
            held = copy.read_now(contents)
            if held is None:
                raise BackupRefused(f"{file} holds no clinic.")
            yield copy, held


def _copy_file(file: Path, scratch: Path, tell: Tell) -> None:
    """Through SQLite, which knows what else belongs to the file."""
    address = f"file:{quote(str(file))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(scratch)) as target:
        source.backup(target, pages=PAGES, progress=_telling(tell))


def put_back(prepared: Database, database: Database, tell: Tell) -> None:
    """Let the database say what the prepared copy says, in one transaction: at once and whole, or not at all.

    It is written through SQLite and not put in the file's place: whoever has the database open goes on with the new
    contents from their next transaction on. Raises Unavailable when others write for too long.
    """
    with (
        refusing("The database cannot be written"),
        prepared.engine.connect() as source,
        database.engine.connect() as target,
    ):
        _driver(source).backup(_driver(target), pages=PAGES, progress=_telling(tell), sleep=0.05)
        _driver(target).execute("PRAGMA wal_checkpoint(PASSIVE)")


def file_of(database: Database) -> Path:
    """Where the database is. Raises BackupRefused when it is in memory alone."""
    name = make_url(database.url).database
    if not name or name == ":memory:":
        raise BackupRefused("BOOKING_DATABASE_URL names no file.")
    return Path(name).resolve()


def _telling(tell: Tell) -> Callable[[int, int, int], None]:
    """Says how much is copied, and gives up after waiting for others for too long."""
    since = time.monotonic()

    def told(status: int, left: int, total: int) -> None:
        nonlocal since
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > since + TURN_SECONDS:
                raise Unavailable("Others write to the database all the time; nothing was changed. Try again.")
            return
        since = time.monotonic()
        tell(f"{total - left} of {total} pages")

    return told


def _driver(connection: Connection) -> Any:
    """SQLite's own connection."""
    return connection.connection.driver_connection


def _url(file: Path) -> str:
    return f"sqlite:///{file}"
