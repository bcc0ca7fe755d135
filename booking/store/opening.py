"""Opening a database by its address, for whoever must be told plainly why that cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DBAPIError

from booking.domain.errors import DatabaseRefused
from booking.store.database import Database


@contextmanager
def opened(url: str, *, threads: int = 2) -> Iterator[Database]:
    """The database, closed afterwards. Raises DatabaseRefused when it cannot be reached, or is none."""
    database = _known(url, threads)
    try:
        _ensure_there(database)
        yield database
    finally:
        database.close_now()


def _known(url: str, threads: int) -> Database:
    try:
        return Database(url, threads=threads)
    except ArgumentError as error:
        raise DatabaseRefused("BOOKING_DATABASE_URL is no address of a database.") from error
    except ModuleNotFoundError as error:
        raise DatabaseRefused(f"This kind of database needs the package {error.name}, which is missing.") from error


def _ensure_there(database: Database) -> None:
    try:
        with database.engine.connect():
            return
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise DatabaseRefused(f"The database cannot be opened: {why}.") from error
