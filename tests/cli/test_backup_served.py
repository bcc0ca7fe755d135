"""Backups put back under a running server, which answers from what was restored at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from booking.http.tokens import digest
from booking.store.database import Transaction
from booking.usecases.cancel import CancelAppointment, cancel
from tests.cli.command import Run
from tests.cli.test_backup import KINDS, ensure_clean, filled, live, names, opened, restore
from tests.cli.test_database import next_tuesday_at_ten
from tests.clinics import DullClinic, open_clinic
from tests.plugins.server import serving
from tests.store.whole import empty_tables, everything, fill

__all__ = ["KINDS", "live"]

TOKEN = "of-ada-in-tests"


@contextmanager
def client(url: str) -> Iterator[httpx.Client]:
    with serving(url) as served, httpx.Client(base_url=served.url, trust_env=False, timeout=30) as asking:
        yield asking


def ten() -> datetime:
    return next_tuesday_at_ten(datetime.now(UTC))


def slots(asking: httpx.Client, clinic: DullClinic) -> httpx.Response:
    day = ten().date().isoformat()
    asked = {"treatment_type": str(clinic.treatments["needling"]), "from": day, "to": day}
    return asking.get("/api/v1/clinics/dull/slots", params=asked)


def feed(asking: httpx.Client, **headers: str) -> httpx.Response:
    return asking.get(f"/feeds/{TOKEN}.ics", headers=headers)


def test_running_server_answers_from_what_was_restored(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with opened(live) as database:
        clinic = fill(database, ten(), digest(TOKEN))
        with client(live) as asking:
            assert run("backup", str(tmp_path / "file")).code == 0
            before, calendar = slots(asking, clinic), feed(asking)
            assert (before.status_code, calendar.status_code) == (200, 200)
            visit = clinic.book(ten() + timedelta(hours=4), patient="After The Backup").appointment
            assert slots(asking, clinic).content != before.content
            later = feed(asking)
            assert later.content != calendar.content
            environment.setattr("booking.cli.backup.SLUG_SECONDS", 1.0)
            assert restore(run, tmp_path / "file").code == 0
            assert slots(asking, clinic).json() == before.json()
            for tag in (calendar.headers["etag"], later.headers["etag"]):
                again = feed(asking, **{"if-none-match": tag})
                assert (again.status_code, again.content) == (200, calendar.content)
            assert asking.get("/book/dull", follow_redirects=True).status_code == 200
            # the revisions that were seen before come again, and stand for something else
            clinic.book(ten() + timedelta(hours=1), patient="After The Restore")
            assert slots(asking, clinic).content not in (before.content, later.content)
            assert feed(asking, **{"if-none-match": later.headers["etag"]}).status_code == 200
    assert [row["id"] for row in everything(live)["appointment"] if row["id"] == visit.id] == []
    ensure_clean(run)


def test_another_clinic_of_the_same_name_is_served_after_the_restore(
    run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    with opened(live) as database:
        open_clinic(database)
        assert run("backup", str(tmp_path / "file")).code == 0
        first = everything(live)["clinic"][0]["id"]
        database.write_now(empty_tables)  # as a machine that was set up anew
        other = open_clinic(database)
        with client(live) as asking:
            assert treatments(asking) == {str(other.treatments["needling"])}
            environment.setattr("booking.cli.backup.SLUG_SECONDS", 1.0)
            assert restore(run, tmp_path / "file").code == 0
            restored = everything(live)
            assert (restored["clinic"][0]["id"], first == other.id) == (first, False)
            assert treatments(asking) == {str(row["id"]) for row in restored["treatment_type"]}


def treatments(asking: httpx.Client) -> set[str]:
    answer = asking.get("/api/v1/clinics/dull/treatment-types")
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, Any]]] = answer.json()
    return {one["id"] for rows in found.values() for one in rows}


def test_nobody_who_reads_meanwhile_sees_half_of_it(run: Run, live: str, tmp_path: Path) -> None:
    """The clinic, and its free times of before or after, in every answer; PostgreSQL may ask to try again."""
    with filled(live) as clinic, client(live) as asking:
        run("backup", str(tmp_path / "file"))
        before = slots(asking, clinic).content
        clinic.book(ten() + timedelta(hours=4), patient="After The Backup")
        now = slots(asking, clinic).content
        over, answers = threading.Event(), list[httpx.Response]()

        def keep_asking() -> None:
            while not over.is_set():
                answers.append(slots(asking, clinic))

        readers = [threading.Thread(target=keep_asking) for _ in range(3)]
        for reader in readers:
            reader.start()
        codes = [restore(run, tmp_path / "file").code for _ in range(3)]
        over.set()
        for reader in readers:
            reader.join()
        assert slots(asking, clinic).content == before
    assert codes == [0, 0, 0]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert {answer.content for answer in answers if answer.status_code == 200} == {now, before}


def test_restore_waits_for_who_writes(run: Run, live: str, tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    """A writer that is in the middle of something finishes, and is then undone as a whole."""
    environment.setattr("booking.store.backup_postgresql.LOCK_MILLISECONDS", 100)
    with filled(live) as clinic:
        run("backup", str(tmp_path / "file"))
        begun, at_last = threading.Event(), threading.Event()

        def tell(how_far: str) -> None:
            if how_far in ("checking", "putting it in place"):
                at_last.set()

        environment.setattr("booking.cli.backup.telling", lambda: tell)
        visit = next(row for row in everything(live)["appointment"] if row["status"] == "booked")

        def write(tx: Transaction) -> None:
            cancel(tx, clinic.reception, CancelAppointment(appointment=visit["id"], version=visit["version"]))
            begun.set()
            at_last.wait()
            time.sleep(0.5)

        with opened(live) as other:
            writer = threading.Thread(target=other.write_now, args=(write,))
            writer.start()
            begun.wait()
            assert restore(run, tmp_path / "file").code == 0
            writer.join()
    found = next(row for row in everything(live)["appointment"] if row["id"] == visit["id"])
    assert (found["status"], names(tmp_path).count("file")) == ("booked", 1)
    ensure_clean(run)
