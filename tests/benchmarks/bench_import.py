"""How many rows a second are imported: visits to come and history, one row in twenty at fault, on both databases.

`--rows N` makes the file smaller or larger than 10,000 rows.
"""

import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from booking.domain.permission import Role
from booking.domain.time.zone import wall_time
from booking.http.fields import contact
from booking.usecases.importing import ImportAppointments, Line, Outcome, Source, import_appointments, open_csv
from tests.benchmarks.bench_core import databases, timed, working_days
from tests.benchmarks.figures import Figure, Report
from tests.clinics import SEATTLE_ZONE, DullClinic, dull, open_clinic

ROWS, PEOPLE, FAULTY_EACH = 10_000, 25, 20
HEADER = "reference,start,site,practitioner,treatment,patient_name,patient_email\n"
YEAR = timedelta(days=364)


def rows() -> Iterator[str]:
    """By turns a visit to come and one of last year, everybody's hours filled one after the other."""
    number = 0
    for day in working_days():
        for hour in range(9, 16):
            for person in range(PEOPLE):
                for start in (day + timedelta(hours=hour), day + timedelta(hours=hour) - YEAR):
                    number += 1
                    told = f"{wall_time(start, SEATTLE_ZONE):%Y-%m-%d %H:%M}"
                    treatment = "needling" if number % FAULTY_EACH else "needing"
                    who = f"Patient {number % 4000},p{number % 4000}@example.org"
                    yield f"R-{number},{told},seattle,person-{person},{treatment},{who}\n"


def bench_import(report: Report, kind: str, clinic: DullClinic, source: Source, *, dry_run: bool = False) -> None:
    def each(line: Line) -> None:
        if line.outcome is Outcome.REFUSED:
            refused.append(line.reason)

    refused: list[str] = []
    command = ImportAppointments(source=source, contact=contact, dry_run=dry_run)
    sample = timed(lambda: import_appointments(clinic.database, clinic.caller(Role.SYSTEM), command, each))
    rate = source.size / sample.wall
    what = "rows a second, dry run" if dry_run else "rows a second"
    report.add(Figure(case=kind, what=what, rounds=source.size, least=rate, median=rate, unit="a second"))
    report.say(f"  {len(refused)} refused, for {len(set(refused))} reasons")


def main() -> None:
    wanted = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS
    report = Report(name="import")
    report.title(f"import of {wanted} rows")
    people: dict[str, dict[str, object]] = {f"person-{number}": {} for number in range(PEOPLE)}
    with tempfile.TemporaryDirectory() as folder, databases() as opened:
        file = Path(folder) / "visits.csv"
        with file.open("w", encoding="utf-8") as text:
            text.write(HEADER)
            text.writelines(islice(rows(), wanted))
        for kind, database in opened.items():
            data = dull(**people)
            data["site"][0]["room"] = [{"slug": f"room-{n}", "name": f"Room {n}"} for n in range(PEOPLE)]
            clinic = open_clinic(database, data)
            report.say(f" {kind}")
            bench_import(report, kind, clinic, open_csv(file), dry_run=True)
            bench_import(report, kind, clinic, open_csv(file))
            report.say("  once more")
            bench_import(report, kind, clinic, open_csv(file))
    report.say(f"  at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB of memory")
    report.close()


if __name__ == "__main__":
    main()
