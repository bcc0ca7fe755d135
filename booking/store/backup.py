"""Backups: files that hold a whole database of one kind, and what both kinds have in common."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, delete, func, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from booking.domain.errors import BookingError, DatabaseRefused
from booking.store import guards, installation, schema
from booking.store.database import Transaction
from booking.store.installation import Kind
from booking.store.tables import AppointmentRow, ClinicRow, SessionRow, table

Tell = Callable[[str], object]
"""Is told, again and again, how far the work is."""

_clinic, _appointment, _session = table(ClinicRow), table(AppointmentRow), table(SessionRow)


class BackupRefused(BookingError):
    """A backup cannot be made, or this file cannot be restored; the sentence says why, and nothing is changed."""

    code = "backup-refused"


class Format(StrEnum):
    """Of which kind of database a backup is: a SQLite file, or an archive of pg_dump's custom format."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


_BEGINNINGS = {b"SQLite format 3\0": Format.SQLITE, b"PGDMP": Format.POSTGRESQL}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a database holds, in short: the clinics by their names, and how many visits there are."""

    kind: Kind
    clinics: tuple[str, ...]
    appointments: int


def format_of(file: Path) -> Format:
    """Raises BackupRefused when the file cannot be read, or is no backup."""
    try:
        with file.open("rb") as opened:
            beginning = opened.read(16)
    except OSError as error:
        raise BackupRefused(f"{file} cannot be read: {error.strerror}.") from error
    for sign, found in _BEGINNINGS.items():
        if beginning.startswith(sign):
            return found
    raise BackupRefused(f"{file} is no backup: neither a SQLite database nor an archive of pg_dump.")


def ensure_known(file: Path, revision: str | None) -> str:
    """The revision. Raises BackupRefused unless it is one that this program has, or had."""
    if revision is None:
        raise BackupRefused(f"{file} is no backup of this program's database.")
    if not schema.is_known(revision):
        raise BackupRefused(f"{file} is at revision {revision}, which is newer than this program: update it.")
    return revision


@contextmanager
def put_when_whole(file: Path, *, force: bool) -> Iterator[Path]:
    """A new file beside `file`, for nobody else to read, which takes its place when all has gone well.

    Otherwise it is removed, and `file` is as it was. Raises BackupRefused when there is such a file already, unless
    `force` is given, and when nothing can be written there.
    """
    _ensure_free(file, force=force)
    with refusing(f"{file} cannot be written"):
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".partial", dir=file.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with refusing(f"{file} cannot be written"):
            _flush(part)
            _ensure_free(file, force=force)
            part.replace(file)
        with suppress(OSError):  # not every file system can be asked to put a folder on the disk
            _flush(file.parent)
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink(missing_ok=True)


def _ensure_free(file: Path, *, force: bool) -> None:
    if file.is_dir():
        raise BackupRefused(f"{file} is a folder; name a file in it.")
    if not force and file.exists():
        raise BackupRefused(f"{file} is there already; --force writes over it.")


def _flush(path: Path) -> None:
    """Until it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """What the system or a database says against it is told in a sentence, without the values that it shows."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(f"{what}: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise BackupRefused(f"{what}: {error}.") from error
    except DBAPIError as error:
        raise BackupRefused(f"{what}: {str(error.orig).partition(chr(10))[0]}.") from error


def make_guards(connection: Connection) -> None:
    """Let the guards stand over rows that were put there without them. Raises BackupRefused when those break them."""
    try:
        guards.create(connection)
    except IntegrityError as error:
        raise BackupRefused(f"What it holds cannot be: {str(error.orig).partition(chr(10))[0]}.") from error


def contents(tx: Transaction) -> Contents | None:
    """What is there, at whatever revision; None when the database was never used."""
    if schema.revision(tx.connection) is None:
        if inspect(tx.connection).get_table_names() and tx.connection.dialect.name == "sqlite":
            raise DatabaseRefused("The database is another program's; name a file of its own in BOOKING_DATABASE_URL.")
        return None
    schema.ensure_not_newer(tx.connection)
    found = installation.get(tx)
    if found is None:
        return None
    visits = select(func.count()).select_from(_appointment).where(_appointment.c.status != "held")
    return Contents(
        kind=found.kind,
        clinics=tuple(tx.connection.execute(select(_clinic.c.name).order_by(_clinic.c.slug)).scalars()),
        appointments=tx.connection.execute(visits).scalar_one(),
    )


def begin_anew(tx: Transaction, before: Contents | None) -> None:
    """What was restored is of another epoch, its worker rests, and everybody signs in again.

    Sessions and what they may do can have ended since the backup. Raises BackupRefused when it is a demo, and was none
    before, or the other way round.
    """
    found = installation.get(tx)
    if found is not None and before is not None and before.clinics and found.kind is not before.kind:
        raise BackupRefused(
            f"The backup holds {installation.HOLDS[found.kind]}, and the database {installation.HOLDS[before.kind]}."
        )
    installation.begin_anew(tx)
    tx.connection.execute(delete(_session))
