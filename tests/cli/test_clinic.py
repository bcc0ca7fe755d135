"""`booking clinic apply` and `export`."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import tomli_w

from booking.domain.time.zone import ZoneName, instant_after
from booking.store import clinics, installation
from booking.store.database import Database
from booking.store.installation import Kind
from tests.cli.command import Run
from tests.clinics import dull, open_clinic

NO_CLINIC = "booking: There is no clinic yet: describe one in a file for `booking clinic apply`."


def test_apply_says_what_it_did_and_then_does_nothing(run: Run, dull_file: Path) -> None:
    first, second = (run("clinic", "apply", str(dull_file)) for _ in range(2))
    assert (first.code, first.out[0], first.out[-1]) == (0, "+ clinic dull", "11 changes made.")
    assert len(first.out) == 12
    assert (second.code, second.out, second.err) == (0, ["no change made."], [])


def test_dry_run_says_the_same_and_changes_nothing(run: Run, dull_file: Path) -> None:
    dry = run("clinic", "apply", "--dry-run", str(dull_file))
    assert run("clinic", "export").err == [NO_CLINIC]
    applied = run("clinic", "apply", str(dull_file))
    assert (dry.code, dry.out) == (0, [*applied.out[:-1], "11 changes would be made."])
    assert run("clinic", "apply", str(dull_file), "--dry-run").out == ["no change would be made."]


def test_dry_run_leaves_the_first_use_to_whoever_is_first(run: Run, dull_file: Path, sqlite_url: str) -> None:
    run("clinic", "apply", "--dry-run", str(dull_file))
    database = Database(sqlite_url, threads=1)
    assert database.read_now(installation.get) is None
    database.close_now()


def test_export_reads_back_without_a_change(run: Run, dull_file: Path) -> None:
    run("clinic", "apply", str(dull_file))
    exported = run("clinic", "export")
    dull_file.write_text("\n".join(exported.out))
    assert (exported.code, run("clinic", "apply", str(dull_file)).out) == (0, ["no change made."])
    assert run("clinic", "export").out == exported.out


def test_first_apply_fixes_what_calendar_entries_end_with(
    run: Run, environment: pytest.MonkeyPatch, dull_file: Path, sqlite_url: str
) -> None:
    for address in ("https://booking.dull.example", "https://elsewhere.example"):
        environment.setenv("BOOKING_PUBLIC_URL", address)
        run("clinic", "apply", str(dull_file))
    database = Database(sqlite_url, threads=1)
    found = database.read_now(installation.get)
    database.close_now()
    assert found is not None
    assert (found.kind, found.uid_domain) == (Kind.REAL, "booking.dull.example")


def test_apply_names_visits_that_lose_their_cover_and_those_that_have_it_again(
    run: Run, dull_file: Path, sqlite_url: str
) -> None:
    plain, data = dull_file.read_text(), tomllib.loads(dull_file.read_text())
    today = datetime.now(UTC).date()
    day = today + timedelta(days=7 - today.weekday())  # a Monday
    database = Database(sqlite_url, threads=1)
    clinic = open_clinic(database, data)
    clinic.book(instant_after(day, 600, ZoneName("America/Los_Angeles")), caller=clinic.reception)
    database.close_now()
    ended = today - timedelta(days=2)
    data["practitioner"][0]["credential"][0]["valid_until"] = ended
    dull_file.write_text(tomli_w.dumps(data))
    visit = f"  {day} 10:00, Seattle: Ada Byrne, Dry needling"
    why = (
        "    - A Washington licence or compact privilege in force for the whole appointment"
        f" (licence PT-1, US-WA, ended {ended})"
    )
    at_risk = "1 visit without cover: see the findings at the desk."
    dry = run("clinic", "apply", str(dull_file), "--dry-run").out[1:]
    assert dry == ["1 change would be made.", "Visits that would lose their cover:", visit, why, at_risk]
    assert run("clinic", "apply", str(dull_file)).out[1:] == [
        "1 change made.", "Visits that lose their cover:", visit, why, at_risk,
    ]  # fmt: skip
    assert run("audit").out == [
        "Dull Clinic: 1 appointment, 3 claims: no violation; 1 visit at risk, each with a finding."
    ]
    dull_file.write_text(plain)
    dry = run("clinic", "apply", str(dull_file), "--dry-run").out[1:]
    assert dry == ["1 change would be made.", "Visits that would have their cover again:", visit]
    assert run("clinic", "apply", str(dull_file)).out[2:] == ["Visits that have their cover again:", visit]


def test_each_fault_has_its_line(run: Run, tmp_path: Path) -> None:
    data = dull()
    data["clinic"]["zone"] = "Seattle"
    data["treatment"][0]["minutes"] = 33
    path = tmp_path / "clinic.toml"
    path.write_text(tomli_w.dumps(data))
    ran = run("clinic", "apply", str(path))
    assert (ran.code, ran.out) == (1, [])
    assert ran.err == [
        "booking: clinic: zone must be the name of a time zone, such as Europe/London, not 'Seattle'",
        'booking: treatment "needling": minutes and buffers must be multiples of 5',
    ]


def test_file_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Zoë"'.encode("latin-1"))
    sentences = {
        latin: f"{latin} is not UTF-8 text.",
        tmp_path / "none.toml": f"{tmp_path}/none.toml cannot be read: No such file or directory.",
        tmp_path: f"{tmp_path} cannot be read: Is a directory.",
    }
    for path, sentence in sentences.items():
        ran = run("clinic", "apply", str(path))
        assert (ran.code, ran.err) == (1, [f"booking: {sentence}"])


def test_rules_of_the_demo_are_refused(run: Run, tmp_path: Path) -> None:
    data = dull()
    data["rules"][0].update(jurisdiction="DEMO", version="2026-11-22")
    data["site"][0]["jurisdiction"] = "DEMO"
    path = tmp_path / "clinic.toml"
    path.write_text(tomli_w.dumps(data))
    ran = run("clinic", "apply", str(path))
    assert ran.err == ["booking: the DEMO rules are no law of any place; only the demo may go by them"]
    assert (ran.code, run("clinic", "export").err) == (1, [NO_CLINIC])


def test_database_of_the_demo_is_refused(run: Run, dull_file: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url, threads=1)
    open_clinic(database, kind=Kind.DEMO)
    before = database.read_now(clinics.clinics)
    ran = run("clinic", "apply", str(dull_file))
    assert ran.err == ["booking: This database holds the demo; a real clinic needs a database of its own."]
    assert (ran.code, database.read_now(clinics.clinics)) == (1, before)
    database.close_now()


def test_export_of_one_clinic_among_several(run: Run, dull_file: Path) -> None:
    run("clinic", "apply", str(dull_file))
    other = {**tomllib.loads(dull_file.read_text())}
    other["clinic"]["slug"] = "other"
    dull_file.write_text(tomli_w.dumps(other))
    run("clinic", "apply", str(dull_file))
    ran = run("clinic", "export")
    assert (ran.code, ran.err) == (1, ["booking: There are several clinics; name one with --clinic: dull, other."])
    assert tomllib.loads("\n".join(run("clinic", "export", "--clinic", "other").out))["clinic"]["slug"] == "other"
    assert run("clinic", "export", "--clinic", "none").err == ["booking: There is no such clinic."]


def test_dates_of_the_file_are_dates_in_the_export(run: Run, dull_file: Path) -> None:
    run("clinic", "apply", str(dull_file))
    exported = tomllib.loads("\n".join(run("clinic", "export").out))
    assert exported["rules"][0]["adopted_on"] == date(2026, 11, 22)
