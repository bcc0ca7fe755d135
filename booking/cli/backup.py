"""`booking backup` and `restore`: the whole database in one file, and back."""

import argparse
import os
import sys
import time
from pathlib import Path

from booking.cli.common import interruptible, open_database, plural, say, settings, telling
from booking.domain.errors import InvalidInput
from booking.http.context import SLUG_SECONDS
from booking.settings import Settings
from booking.store import backup_client, backup_postgresql, backup_sqlite
from booking.store.backup import BackupRefused, Contents, Format, contents, format_of, put_when_whole
from booking.store.backup_client import Client
from booking.store.database import Database

CLIENT = "BOOKING_POSTGRESQL_CLIENT"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser(
        "backup",
        help="write the whole database into one file, while it is in use",
        description="Write the whole database into one file, as it is at one moment, while it is in use. The file is"
        " checked before it has its name. It holds health data: keep it as safe as the database.",
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--force", action="store_true", help="write over a file of that name")
    _add_client(backup)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser(
        "restore",
        help="put a backup into the database, all of it or nothing",
        description="Put a backup into the database that BOOKING_DATABASE_URL names, all of it or nothing. Running"
        " servers go on with it at once. The worker rests until `booking worker --resume`.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="even if the database holds a clinic, which is lost")
    restore.add_argument("--yes", action="store_true", help="do not ask before replacing it")
    _add_client(restore)
    restore.set_defaults(run=run_restore)


def _add_client(parser: argparse.ArgumentParser) -> None:
    folder = os.environ.get(CLIENT)
    parser.add_argument(
        "--client",
        type=Path,
        metavar="DIR",
        default=Path(folder) if folder else None,
        help=f"where PostgreSQL's pg_dump and pg_restore are (default: {CLIENT}, then PATH); not needed with SQLite",
    )


def run_backup(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    with interruptible(), open_database(settings(), servable=False) as database:
        if database.read_now(contents) is None:
            raise BackupRefused("The database has never been used; there is nothing to back up.")
        with put_when_whole(arguments.file, force=arguments.force) as part:
            revision = _save(database, part, arguments.client)
    size = arguments.file.stat().st_size / 1_000_000
    say(f"{arguments.file}: {size:.1f} MB, revision {revision}, in {time.monotonic() - began:.1f} seconds.")
    return 0


def _save(database: Database, part: Path, folder: Path | None) -> str:
    tell = telling()
    if database.is_sqlite:
        return backup_sqlite.save(database, part, tell)
    client = backup_client.find_client(folder, database.read_now(backup_postgresql.server_major))
    return backup_postgresql.save(database, part, client, tell)


def run_restore(arguments: argparse.Namespace) -> int:
    of = settings()
    format_ = format_of(arguments.file)
    _ensure_same_kind(of, arguments.file, format_)
    with interruptible(), open_database(of, servable=False) as database:
        before = database.read_now(contents)
        if before is not None and before.clinics and not arguments.replace:
            raise BackupRefused(f"The database holds {_told(before)}; --replace puts the backup in their place.")
        restore = _restore_sqlite if format_ is Format.SQLITE else _restore_postgresql
        held = restore(database, before, arguments)
    time.sleep(SLUG_SECONDS)  # so that no server answers by what it knew before, once this is said
    say(
        f"The database holds {_told(held)}, as they were at the backup.",
        "Everybody has to sign in again. Nothing is sent or tidied until you have looked at it and run:",
        "    booking worker --resume",
    )
    return 0


def _ensure_same_kind(of: Settings, file: Path, format_: Format) -> None:
    kind = Format.SQLITE if of.database_url.startswith("sqlite") else Format.POSTGRESQL
    if kind is not format_:
        raise BackupRefused(
            f"{file} is a backup of a {format_} database, and BOOKING_DATABASE_URL names one of {kind}: restore it"
            " into a database of its own kind; `booking copy` carries that over to the other."
        )


def _restore_sqlite(database: Database, before: Contents | None, arguments: argparse.Namespace) -> Contents:
    tell = telling()
    with backup_sqlite.prepared(database, arguments.file, before, tell) as (copy, held):
        _confirm(before, arguments)
        backup_sqlite.put_back(copy, database, tell)
    return held


def _restore_postgresql(database: Database, before: Contents | None, arguments: argparse.Namespace) -> Contents:
    client: Client = backup_client.find_client(arguments.client)
    backup_postgresql.check(arguments.file, client)
    _confirm(before, arguments)
    return backup_postgresql.put_back(database, arguments.file, client, before, telling())


def _confirm(before: Contents | None, arguments: argparse.Namespace) -> None:
    """Raises InvalidInput unless there is nothing to lose, or losing it is agreed to."""
    if before is None or not before.clinics:
        return
    say(f"This replaces what the database holds, {_told(before)}, by {arguments.file}.")
    if arguments.yes:
        return
    sys.stdout.write("Type replace to go on: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != "replace":
        raise InvalidInput("answer", "Nothing was changed.")


def _told(held: Contents) -> str:
    names = ", ".join(held.clinics) or "no clinic"
    return f"{names} with {plural(held.appointments, 'appointment')}"
