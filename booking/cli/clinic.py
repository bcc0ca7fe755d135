"""`booking clinic apply` and `export`: a whole clinic in one file."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import tomli_w

from booking.cli.common import open_database, operator, plural, say, settings, the_clinic
from booking.domain.errors import InvalidInput
from booking.domain.ids import ClinicId
from booking.domain.permission import Caller, Role
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.installation import Kind
from booking.usecases.clinic_file import Applied, ApplyClinic, CoverChange, apply_clinic, export_clinic, read_clinic


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    clinic = commands.add_parser("clinic", help="apply or export the file that describes a clinic")
    inner = clinic.add_subparsers(title="commands", required=True, metavar="COMMAND")
    apply = inner.add_parser("apply", help="make the database say what the file says; twice changes nothing")
    apply.add_argument("file", type=Path, metavar="FILE")
    apply.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    apply.set_defaults(run=run_apply)
    export = inner.add_parser("export", help="write the clinic's file to the standard output")
    export.add_argument("--clinic", metavar="SLUG", help="which one, when there are several")
    export.set_defaults(run=run_export)


class _OnlyLooking(Exception):
    """Rolls the transaction back, and carries what it would have done."""

    def __init__(self, applied: Applied) -> None:
        super().__init__()
        self.applied = applied


def run_apply(arguments: argparse.Namespace) -> int:
    of = settings()
    command = ApplyClinic(file=read_clinic(_text(arguments.file)), kind=Kind.REAL, uid_domain=_domain(of.public_url))
    nobody = Caller(clinic_id=ClinicId(new_id()), role=Role.SYSTEM, channel="command line")
    with open_database(of) as database:
        try:
            applied = database.write_now(_apply, nobody, command, dry_run=arguments.dry_run)
        except _OnlyLooking as looked:
            applied = looked.applied
    _tell(applied, dry_run=arguments.dry_run)
    return 0


def _apply(tx: Transaction, caller: Caller, command: ApplyClinic, *, dry_run: bool) -> Applied:
    applied = apply_clinic(tx, caller, command)
    if dry_run:
        raise _OnlyLooking(applied)
    return applied


def _tell(applied: Applied, *, dry_run: bool) -> None:
    would = "would " if dry_run else ""
    say(*applied.changes)
    changes = plural(len(applied.changes), "change") if applied.changes else "no change"
    say(f"{changes} {'would be made' if dry_run else 'made'}.")
    _tell_cover(f"Visits that {would}lose their cover:", applied.cover.lost)
    _tell_cover(f"Visits that {would}have their cover again:", applied.cover.regained)
    if applied.at_risk:
        say(f"{plural(len(applied.at_risk), 'visit')} without cover: see the findings at the desk.")


def _tell_cover(heading: str, visits: Sequence[CoverChange]) -> None:
    if visits:
        say(heading)
    for one in visits:
        say(f"  {one.start:%Y-%m-%d %H:%M}, {one.site}: {one.practitioner}, {one.treatment}")
        say(*(f"    - {why}" for why in one.why))


def run_export(arguments: argparse.Namespace) -> int:
    with open_database(settings()) as database:
        clinic = the_clinic(database, arguments.clinic)
        data = database.read_now(export_clinic, operator(clinic))
    say(tomli_w.dumps(data).rstrip("\n"))
    return 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("file", f"{file} is not UTF-8 text.") from error
    except OSError as error:
        raise InvalidInput("file", f"{file} cannot be read: {error.strerror}.") from error


def _domain(public_url: str) -> str:
    """What the UIDs of this installation's calendar entries end with, for good."""
    return urlsplit(public_url).hostname or "localhost"
