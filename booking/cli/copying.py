"""`booking copy`: all that a database holds into another one, such as from SQLite to PostgreSQL."""

import argparse
import time
from pathlib import Path

from booking.cli.audit import audit_clinic
from booking.cli.common import interruptible, open_database, plural, say, settings, telling
from booking.domain.errors import DatabaseRefused
from booking.settings import Settings, SettingsInvalid, from_env
from booking.store import copying, schema
from booking.store.database import Database
from booking.store.opening import opened
from booking.usecases.views.catalogue import all_clinics


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    copy = commands.add_parser(
        "copy",
        help="copy the whole database into another one, SQLite to PostgreSQL or back",
        description="Copy all that the database of BOOKING_DATABASE_URL holds, as it is at one moment, into another"
        " that is migrated and empty: all of it or nothing. Then audit what has arrived.",
    )
    copy.add_argument("--to", required=True, metavar="URL", help="the other database, better without its password")
    copy.add_argument("--to-password-file", type=Path, metavar="FILE", help="a file with the password for it")
    copy.set_defaults(run=run_copy)


def run_copy(arguments: argparse.Namespace) -> int:
    """1 when the audit of the copy finds a violation."""
    began = time.monotonic()
    of, to = settings(), _target(arguments)
    with interruptible(), open_database(of) as source, opened(to.database_url) as target:
        _ensure_servable(target)
        copied = copying.copy(source, target, telling())
        rows, tables = sum(copied.values()), sum(number > 0 for number in copied.values())
        took = time.monotonic() - began
        say(f"{plural(rows, 'row')} of {plural(tables, 'table')} copied in {took:.1f} seconds.")
        worst = max((audit_clinic(target, clinic) for clinic in target.read_now(all_clinics)), default=0)
    say("The worker does nothing on the copy. Once that is the database in use, run there: booking worker --resume")
    return worst


def _target(arguments: argparse.Namespace) -> Settings:
    """The other database as the environment would name it, so that it is read the same way."""
    environment = {"BOOKING_DATABASE_URL": arguments.to}
    if arguments.to_password_file is not None:
        environment["BOOKING_DATABASE_PASSWORD_FILE"] = str(arguments.to_password_file)
    try:
        return from_env(environment)
    except SettingsInvalid as error:
        said = error.message.replace("BOOKING_DATABASE_PASSWORD_FILE", "--to-password-file")
        raise SettingsInvalid(said.replace("BOOKING_DATABASE_URL", "--to")) from error


def _ensure_servable(target: Database) -> None:
    try:
        schema.ensure_servable(target)
    except DatabaseRefused as refusal:
        raise DatabaseRefused(f"What is copied into: {refusal.message}") from refusal
