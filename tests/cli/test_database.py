"""`booking migrate` and `doctor`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booking.domain.rules import parse_rules, review_due
from booking.domain.time.zone import ZoneName, instant_after, tzdata_version
from booking.rules import shipped
from booking.store import schema
from booking.store.database import Database
from booking.usecases.hold import HoldSlot, hold
from tests.cli.command import Run
from tests.clinics import DullClinic, dull, open_clinic

TIME_ZONES = f"ok      time zones: tzdata {tzdata_version()}"
DATABASE = f"ok      database: SQLite {sqlite3.sqlite_version}, revision {schema.newest()}, guards in place"


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def spoil(url: str, *statements: str) -> None:
    """Do to the database what no use case does."""
    with closing(sqlite3.connect(file_of(url))) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def clinic_at(url: str, now: datetime) -> Iterator[DullClinic]:
    """The dull clinic, its licence without end, made and opened by this clock."""
    data = dull()
    del data["practitioner"][0]["credential"][0]["valid_until"]
    database = Database(url, threads=1, clock=lambda: now)
    yield open_clinic(database, data)
    database.close_now()


def next_tuesday_at_ten(now: datetime) -> datetime:
    day = now.date() + timedelta(days=2)
    return instant_after(day + timedelta(days=(1 - day.weekday()) % 7), 600, ZoneName("America/Los_Angeles"))


def review_faults() -> list[str]:
    """What the doctor says of Washington's rules, once they should be read again."""
    rules = parse_rules(shipped()["US-WA"])
    overdue = review_due(rules, datetime.now(UTC).date())
    return [f"FAULT   the rules of US-WA were due for review on {rules.review_by}"] if overdue else []


def test_migrate_makes_a_database_and_again_leaves_it(
    run: Run, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("BOOKING_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    for _ in range(2):
        ran = run("migrate")
        assert (ran.code, ran.out, ran.err) == (0, [f"The database is at revision {schema.newest()}."], [])
    assert run("doctor").out[1] == DATABASE


def test_migrate_refuses_a_newer_database(run: Run, sqlite_url: str) -> None:
    spoil(sqlite_url, "UPDATE alembic_version SET version_num = '9999'")
    for command in ("migrate", "audit"):
        ran = run(command)
        sentence = "The database is at revision 9999, which is newer than this program: update it."
        assert (ran.code, ran.out, ran.err) == (1, [], [f"booking: {sentence}"])


def test_doctor_finds_nothing_wrong(run: Run, sqlite_url: str) -> None:
    now = datetime.now(UTC)
    with clinic_at(sqlite_url, now) as clinic:
        clinic.book(next_tuesday_at_ten(now))
    faults = review_faults()
    ran = run("doctor")
    assert ran.out == [TIME_ZONES, DATABASE, "ok      1 clinic, 1 appointment", *faults]
    assert (ran.code, ran.err) == (int(bool(faults)), [])


@pytest.mark.postgres
def test_doctor_names_the_kind_of_database(run: Run, environment: pytest.MonkeyPatch, postgres_url: str) -> None:
    environment.setenv("BOOKING_DATABASE_URL", postgres_url)
    assert run("doctor").out[1] == f"ok      database: PostgreSQL, revision {schema.newest()}, guards in place"


def test_doctor_misses_a_clinic(run: Run) -> None:
    ran = run("doctor")
    fault = "FAULT   there is no clinic yet: run `booking clinic apply FILE`"
    assert (ran.code, ran.out) == (1, [TIME_ZONES, DATABASE, fault])


def test_doctor_misses_the_migration(run: Run, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("BOOKING_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    ran = run("doctor")
    fault = f"FAULT   The database is empty, this program needs {schema.newest()}: run `booking migrate` first."
    assert (ran.code, ran.out) == (1, [TIME_ZONES, fault])


def test_doctor_misses_a_guard(run: Run, sqlite_url: str) -> None:
    spoil(sqlite_url, "DROP TRIGGER claim_guard_insert")
    ran = run("doctor")
    assert (ran.code, ran.out[1:]) == (
        1,
        ["FAULT   The database is not safe to use: the guard claim_guard_insert is missing. Run `booking migrate`."],
    )


def test_doctor_misses_the_worker(run: Run, sqlite_url: str) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    with clinic_at(sqlite_url, before) as clinic:
        wanted = clinic.wanted(next_tuesday_at_ten(before))
        clinic.database.write_now(hold, clinic.reception, HoldSlot(wanted=wanted, hold_key="somebody"))
    fault = "FAULT   1 hold expired more than 15 minutes ago: is `booking worker` running?"
    ran = run("doctor")
    assert (ran.code, ran.out[2:]) == (1, ["ok      1 clinic, 0 appointments", *review_faults(), fault])


def test_doctor_counts_what_goes_by_another_tzdata(run: Run, sqlite_url: str) -> None:
    now = datetime.now(UTC)
    with clinic_at(sqlite_url, now) as clinic:
        clinic.book(next_tuesday_at_ten(now))
    spoil(sqlite_url, "UPDATE appointment SET tzdata = '2025b'")
    fault = (
        "FAULT   1 visit and 0 absences by the clocks of another tzdata: see the findings; is `booking worker` running?"
    )
    ran = run("doctor")
    assert (ran.code, ran.out[2:]) == (1, ["ok      1 clinic, 1 appointment", *review_faults(), fault])
