"""`booking migrate` and `doctor`: the state of the database."""

import argparse
import sqlite3
from datetime import timedelta

from booking.cli.common import open_database, plural, say, settings
from booking.domain.errors import DatabaseRefused, Unavailable
from booking.domain.time.zone import tzdata_version
from booking.store import schema
from booking.store.database import Database
from booking.usecases.doctor import Health, health


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser("migrate", help="bring the database to this program's form").set_defaults(run=run_migrate)
    commands.add_parser("doctor", help="say whether all is well; exit 1 if not").set_defaults(run=run_doctor)


def run_migrate(_arguments: argparse.Namespace) -> int:
    with open_database(settings(), servable=False) as database:
        say(f"The database is at revision {schema.migrate(database)}.")
    return 0


def run_doctor(_arguments: argparse.Namespace) -> int:
    """One line for each thing looked at; 1 when one of them is at fault."""
    say(f"ok      time zones: tzdata {tzdata_version()}")
    try:
        with open_database(settings()) as database:
            kind = "SQLite " + sqlite3.sqlite_version if database.is_sqlite else "PostgreSQL"
            say(f"ok      database: {kind}, revision {schema.newest()}, guards in place")
            faults = _complaints(database)
    except (DatabaseRefused, Unavailable) as refusal:
        faults = [refusal.message]
    for fault in faults:
        say(f"FAULT   {fault}")
    return 1 if faults else 0


def _complaints(database: Database) -> list[str]:
    found: Health = database.read_now(health)
    if not found.clinics:
        return ["there is no clinic yet: run `booking clinic apply FILE`"]
    say(f"ok      {plural(found.clinics, 'clinic')}, {plural(found.appointments, 'appointment')}")
    faults = [f"the rules of {name} were due for review on {day}" for name, day in found.rules_overdue]
    if found.rests_since is not None:
        when = found.rests_since.isoformat(timespec="seconds")
        faults.append(f"the database was restored or copied at {when}: look at it, then run `booking worker --resume`")
    if found.holds_overdue:
        since = f"expired more than {found.overdue_after // timedelta(minutes=1)} minutes ago"
        faults.append(f"{plural(found.holds_overdue, 'hold')} {since}: is `booking worker` running?")
    if found.elsewhere.visits or found.elsewhere.absences:
        rows = f"{plural(found.elsewhere.visits, 'visit')} and {plural(found.elsewhere.absences, 'absence')}"
        faults.append(f"{rows} by the clocks of another tzdata: see the findings; is `booking worker` running?")
    return faults
