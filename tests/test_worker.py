"""The worker: what is due is done, and an idle one keeps nobody waiting."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from booking.store import anchors, installation
from booking.store.anchors import Elsewhere
from booking.store.database import Database
from booking.usecases import sealing
from booking.usecases.hold import HoldSlot, hold
from booking.worker import work
from tests.clinics import TUESDAY, at, open_clinic
from tests.plugins.database import Clock


class Once(threading.Event):
    """Tells the worker to stop as soon as it has nothing more to do."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 -- the base's signature
        self.set()
        return True


def writes(database: Database) -> list[dict[str, Any]]:
    """The transactions that may write, as they begin."""
    found: list[dict[str, Any]] = []

    def note(connection: Connection) -> None:
        options = dict(connection.get_execution_options())
        if options.get("write"):
            found.append(options)

    event.listen(database.engine, "begin", note)
    return found


def test_idle_worker_only_reads(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="mine"))
    work(database, Once())  # it seals
    written = writes(database)
    work(database, Once())
    assert written == []


def test_worker_seals_what_waits(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    assert database.read_now(sealing.due) == [clinic.id]
    caplog.set_level("INFO", "booking.worker")
    work(database, Once())
    assert database.read_now(sealing.due) == []
    assert f"sealed 6 rows of clinic {clinic.id}, seal 1" in caplog.messages


def test_worker_rests_where_something_was_restored(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    clinic = open_clinic(database)
    clinic.book(at(TUESDAY, 10))
    database.write_now(installation.begin_anew)
    written = writes(database)
    work(database, Once())
    since = "2026-11-23T16:00:00+00:00"
    says = f"resting: the database was restored or copied at {since}; look at it, then run `booking worker --resume`"
    assert (written, database.read_now(sealing.due), says in caplog.messages) == ([], [clinic.id], True)
    assert [database.write_now(installation.resume) for _ in range(2)] == [True, False]
    work(database, Once())
    assert database.read_now(sealing.due) == []


def test_worker_tidies_what_is_over(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="mine"))
    work(database, Once())  # it seals
    clock.advance(minutes=12)
    written = writes(database)
    for _ in range(2):
        work(database, Once())
    assert len(written) == 1
    assert database.read_now(lambda tx: tx.connection.execute(text("SELECT count(*) FROM appointment")).scalar()) == 0


def test_worker_follows_the_clocks(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    clinic = open_clinic(database)
    for number in range(2):
        clinic.book(at(TUESDAY + timedelta(days=number), 10), patient=f"Patient {number}")
    database.write_now(lambda tx: tx.connection.execute(text("UPDATE appointment SET tzdata = '2025b'")))
    assert database.read_now(anchors.count) == Elsewhere(visits=2, absences=0)
    caplog.set_level("INFO", "booking.worker")
    work(database, Once())
    assert database.read_now(anchors.count) == Elsewhere(visits=0, absences=0)
    assert [one for one in caplog.messages if "0 visits moved, 0 could not be, 2 are right" in one] != []
