"""`booking import appointments`."""

import csv
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booking.store.database import Database
from booking.store.installation import Kind
from booking.usecases.clinic_file import ApplyClinic, apply_clinic, read_clinic
from tests.cli.command import Run
from tests.clinics import SYSTEM_NOWHERE, find_clinic
from tests.sources import ROOT
from tests.usecases.importing import Importer, count, csv_text, row

TODAY = datetime.now(UTC).date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
LAST_WEEK = MONDAY - timedelta(days=14)


@pytest.fixture
def clinic(run: Run, dull_file: Path) -> None:
    """The dull clinic, in the database of the command line."""
    run("clinic", "apply", str(dull_file))


def written(path: Path, *rows: Mapping[str, str]) -> str:
    path.write_text(csv_text(*(dict(one) for one in rows)), encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("clinic")
def test_import_says_what_it_did_and_then_that_it_is_there(run: Run, tmp_path: Path) -> None:
    file = written(
        tmp_path / "visits.csv",
        row(start=f"{MONDAY} 10:00"),
        row(reference="A-2", start=f"{LAST_WEEK} 10:00"),
        row(reference="A-3", start=f"{MONDAY} 10:15", patient_email="other@example.org"),
        row(reference="", site="nowhere"),
    )
    refused = [
        "row 5, without a reference: The reference is missing. There is no site 'nowhere'; there are: seattle.",
        "row 4, A-3: That time has just been taken.",
    ]
    dry, first, again = (run("import", "appointments", file, *more) for more in (["--dry-run"], [], []))
    assert (dry.code, dry.out) == (1, [*refused, "4 rows would be: 1 booked, 1 kept as history, 2 refused."])
    assert (first.code, first.out) == (1, [*refused, "4 rows: 1 booked, 1 kept as history, 2 refused."])
    assert (again.code, again.out) == (1, [*refused, "4 rows: 2 already there, 2 refused."])
    assert run("audit").out == ["Dull Clinic: 2 appointments, 3 claims: no violation."]


@pytest.mark.usefixtures("clinic")
def test_exit_code_says_whether_all_rows_are_there(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "visits.csv", row(start=f"{MONDAY} 10:00"))
    assert [run("import", "appointments", file).code for _ in range(2)] == [0, 0]
    assert run("import", "appointments", written(tmp_path / "none.csv")).out == ["0 rows: nothing to do."]


@pytest.mark.usefixtures("clinic")
def test_file_that_cannot_be_read_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("reference,start,site,practitioner,treatment,doctor\nA-1,x,x,x,x,x\n")
    ran = run("import", "appointments", str(path))
    assert (ran.code, ran.out, len(ran.err)) == (2, [], 2)
    assert ran.err[0] == f"booking: {path}: the column patient_name is missing."
    calendar = tmp_path / "visits.ics"
    calendar.write_text("BEGIN:VCALENDAR\n")
    ran = run("import", "appointments", str(calendar))
    said = f"booking: {calendar} cannot be read: it ends inside a VCALENDAR: some of it is missing."
    assert (ran.code, ran.out, ran.err) == (2, [], [said])


@pytest.mark.usefixtures("clinic")
def test_report_holds_the_refused_rows_and_no_formulas(run: Run, tmp_path: Path) -> None:
    file = written(
        tmp_path / "visits.csv",
        row(reference="=HYPERLINK(1)", site="nowhere"),
        row(reference="A-2", site='quoted "x", y'),
    )
    report = tmp_path / "refused.csv"
    assert run("import", "appointments", file, "--report", str(report)).code == 1
    assert list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines())) == [
        ["row", "reference", "reason"],
        ["2", "'=HYPERLINK(1)", "There is no site 'nowhere'; there are: seattle."],
        ["3", "A-2", "There is no site 'quoted \"x\", y'; there are: seattle."],
    ]


@pytest.mark.usefixtures("clinic")
def test_report_that_cannot_be_written_is_told_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "visits.csv", row(start=f"{MONDAY} 10:00"))
    ran = run("import", "appointments", file, "--report", str(tmp_path))
    assert (ran.code, ran.err) == (1, [f"booking: {tmp_path} cannot be written: Is a directory."])
    onto_itself = run("import", "appointments", file, "--report", file)
    assert (onto_itself.code, onto_itself.err) == (1, [f"booking: {file} is what is to be imported."])
    assert run("import", "appointments", file).out == ["1 row: 1 booked."]


@pytest.mark.usefixtures("clinic")
def test_what_a_file_says_does_nothing_to_the_terminal(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "visits.csv", row(reference="\x1b[2J", site="\x1b[31m" + "x" * 100))
    (line, _) = run("import", "appointments", file).out
    assert line.startswith(
        "row 2, '\\x1b[2J': A reference is one line of at most 255 characters. There is no site '\\x1b[31mxxx"
    )
    assert "xxx…'; there are: seattle." in line


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:one@there.example
DTSTART:{day}T100000
DURATION:PT30M
SUMMARY:Pat
ATTENDEE;CN=Ada Byrne:mailto:ada@there.example
ATTENDEE;CN=Pat Smith:mailto:pat@example.org
END:VEVENT
BEGIN:VEVENT
UID:two@there.example
DTSTART:{day}T110000
RRULE:FREQ=WEEKLY
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.usefixtures("clinic")
def test_calendar_is_imported_with_what_is_given_for_all(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "visits.ics"
    file.write_text(CALENDAR.format(day=f"{MONDAY:%Y%m%d}"))
    repeats = "row 2, two@there.example: The entry repeats: write each visit as an entry of its own."
    given = ("--site", "seattle", "--treatment", "needling")
    assert run("import", "appointments", str(file), *given).out == [repeats, "2 rows: 1 booked, 1 refused."]
    assert run("import", "appointments", str(file), *given).out == [repeats, "2 rows: 1 already there, 1 refused."]
    without = run("import", "appointments", str(file))
    assert without.out[0] == (
        "row 1, one@there.example: The site is missing. There is no treatment 'Pat'; there are: needling."
    )
    assert run("audit").code == 0


@pytest.mark.usefixtures("clinic")
def test_killed_import_is_completed_by_the_next(
    run: Run, environment: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path
) -> None:
    slots = [(MONDAY + timedelta(days=n % 5), 9 * 60 + n // 5 * 35) for n in range(65)]
    visits = [
        row(reference=f"V-{n}", start=f"{day} {minute // 60:02}:{minute % 60:02}")
        for n, (day, minute) in enumerate(slots)
    ]
    past = [row(reference=f"P-{n}", start=f"{LAST_WEEK} {n % 24:02}:00") for n in range(35)]
    file = written(tmp_path / "visits.csv", *visits, *past)
    database = Database(sqlite_url, threads=1)
    done = 0
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "booking", "import", "appointments", file], cwd=ROOT, stdout=subprocess.DEVNULL,
            env={**os.environ, "BOOKING_DATABASE_URL": sqlite_url},
        )  # fmt: skip
        done = wait_for(database, done + 10)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert run("audit").code == 0
    ran = run("import", "appointments", file)
    assert (ran.code, ran.out[0].partition(":")[0]) == (0, "100 rows")
    assert (0, run("import", "appointments", file).out) == (0, ["100 rows: 100 already there."])
    assert wait_for(database, 100) == 100
    database.close_now()
    assert run("audit").out == ["Dull Clinic: 100 appointments, 195 claims: no violation."]


def wait_for(database: Database, number: int) -> int:
    """Wait until there are so many appointments, and answer how many there are."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = count(database, "appointment")
        if found >= number:
            return found
        time.sleep(0.01)
    pytest.fail("the import does nothing")


def test_example_of_the_document_is_imported(sqlite: Database, tmp_path: Path) -> None:
    text = (ROOT / "examples" / "clinic.toml").read_text(encoding="utf-8")
    command = ApplyClinic(file=read_clinic(text), kind=Kind.REAL, uid_domain="clinic.example")
    clinic = find_clinic(sqlite, sqlite.write_now(apply_clinic, SYSTEM_NOWHERE, command).clinic_id)
    document = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```csv\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    bring = Importer(clinic=clinic, folder=tmp_path)
    bring(*csv.DictReader(example.splitlines()))
    assert [(one.outcome.value, one.reason) for one in bring.lines] == [
        ("booked", ""), ("booked", ""), ("history", ""), ("history", ""), ("history", ""),
    ]  # fmt: skip
    assert bring.violations() == []
