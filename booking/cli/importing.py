"""`booking import appointments`: what another system has exported, as CSV or ICS."""

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from booking.cli.calendars import open_calendar
from booking.cli.common import interruptible, open_database, operator, plural, say, settings, telling, the_clinic
from booking.domain.errors import InvalidInput
from booking.http.fields import contact
from booking.usecases.importing import (
    Counts,
    ImportAppointments,
    ImportInvalid,
    Line,
    Outcome,
    RawRow,
    Source,
    import_appointments,
    open_csv,
    quoted,
)

_SAME_FOR_ALL = ("site", "practitioner", "treatment")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""

_SAID = {
    Outcome.BOOKED: "booked",
    Outcome.MOVED: "moved",
    Outcome.CANCELLED: "cancelled",
    Outcome.RECORDED: "recorded as done or missed",
    Outcome.HISTORY: "kept as history",
    Outcome.ALREADY: "already there",
    Outcome.REFUSED: "refused",
}


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bring = commands.add_parser("import", help="import what another system has exported")
    inner = bring.add_subparsers(title="commands", required=True, metavar="COMMAND")
    visits = inner.add_parser(
        "appointments",
        help="import appointments from CSV or ICS; twice changes nothing",
        description="Import appointments from CSV or ICS. What is to come is booked as anybody would book it, and"
        " refused where the law, hours, rooms or other visits do not allow it; what is over is kept as history. Twice"
        " changes nothing. Exit code 0: all rows are there; 1: some were refused; 2: the file cannot be read.",
    )
    visits.add_argument("file", type=Path, metavar="FILE")
    visits.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    visits.add_argument("--report", type=Path, metavar="FILE", help="write the refused rows there too, as CSV")
    visits.add_argument("--clinic", metavar="SLUG", help="which one, when there are several")
    for name in _SAME_FOR_ALL:
        visits.add_argument(f"--{name}", metavar="NAME", help=f"the {name} of all rows, whatever the file says")
    visits.set_defaults(run=run_import)


def run_import(arguments: argparse.Namespace) -> int:
    given = {name: value for name in _SAME_FOR_ALL if (value := getattr(arguments, name)) is not None}
    try:
        source = _opened(arguments.file, frozenset(given))
    except ImportInvalid as invalid:
        for fault in invalid.details["faults"]:
            sys.stderr.write(f"booking: {fault}\n")
        return 2
    with interruptible(), open_database(settings()) as database, _reporting(arguments.report, arguments.file) as report:
        clinic = the_clinic(database, arguments.clinic)
        command = ImportAppointments(
            source=_With(source=source, given=given), contact=contact, dry_run=arguments.dry_run
        )
        each = _Telling(size=source.size, report=report)
        counts = import_appointments(database, operator(clinic), command, each)
    _tell(counts, dry_run=arguments.dry_run)
    return 1 if counts.refused else 0


@dataclass(frozen=True, kw_only=True)
class _With:
    """A file, with what is given for all of its rows."""

    source: Source
    given: Mapping[str, str]

    @property
    def size(self) -> int:
        return self.source.size

    @property
    def digest(self) -> str:
        return self.source.digest

    def rows(self) -> Iterator[RawRow]:
        for one in self.source.rows():
            yield RawRow(number=one.number, values={**one.values, **self.given}, people=one.people, problem=one.problem)


@dataclass(kw_only=True)
class _Telling:
    """Says each refused row, and how far it is."""

    size: int
    report: Any
    done: int = 0
    tell: Any = field(default_factory=telling)

    def __call__(self, line: Line) -> None:
        self.done += 1
        self.tell(f"{self.done} of {plural(self.size, 'row')}")
        if line.outcome is Outcome.REFUSED:
            say(f"row {line.number}, {_shown(line.reference)}: {line.reason}")
            self.report([line.number, line.reference, line.reason])


def _shown(reference: str) -> str:
    if not reference:
        return "without a reference"
    said = quoted(reference)
    return reference if said == f"'{reference}'" else said


def _opened(file: Path, given: frozenset[str]) -> Source:
    return open_calendar(file) if file.suffix.lower() in {".ics", ".ical"} else open_csv(file, given)


@contextmanager
def _reporting(file: Path | None, source: Path) -> Iterator[Any]:
    """Writes rows into the file, if there is one, so that no spreadsheet takes a cell for a formula."""
    if file is None:
        yield lambda _cells: None
        return
    if file.exists() and file.samefile(source):
        raise InvalidInput("report", f"{file} is what is to be imported.")
    try:
        text = file.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InvalidInput("report", f"{file} cannot be written: {error.strerror}.") from error
    with text:
        writer = csv.writer(text)
        writer.writerow(["row", "reference", "reason"])
        yield lambda cells: writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> str:
    said = str(cell)
    return f"'{said}" if said.startswith(_FORMULAS) else said


def _tell(counts: Counts, *, dry_run: bool) -> None:
    told = ", ".join(f"{counts.of[one]} {_SAID[one]}" for one in Outcome if counts.of[one])
    would = " would be" if dry_run and told else ""
    say(f"{plural(counts.rows, 'row')}{would}: {told or 'nothing to do'}.")
