"""Expired holds: free to everybody at once, tidied away later by a sweeper that waits for nobody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select, text

from booking.domain.appointment import Appointment
from booking.domain.ids import DiaryId
from booking.store import claims
from booking.store.database import Database, Transaction
from booking.store.tables import AppointmentRow, ClaimRow, table
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.sweeping import sweep
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock


def held(clinic: DullClinic, hour: int, who: str = "ada", key: str = "mine") -> Appointment:
    command = HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour), who), hold_key=key)
    return clinic.database.write_now(hold, clinic.public, command).appointment


def rows(database: Database) -> tuple[int, int]:
    """How many appointments and how many claims there are."""

    def count(tx: Transaction) -> tuple[int, int]:
        counted = (select(func.count()).select_from(table(model)) for model in (AppointmentRow, ClaimRow))
        appointments, claimed = (int(tx.connection.execute(query).scalar_one()) for query in counted)
        return appointments, claimed

    return database.read_now(count)


def test_sweep_waits_a_minute_beyond_the_expiry(database: Database, clock: Clock) -> None:
    """So that nobody whose transaction read the clock earlier finds a time free that was held by that clock."""
    clinic = open_clinic(database)
    held(clinic, 10)
    clock.advance(minutes=10, seconds=59)
    assert (database.write_now(sweep).holds, rows(database)) == (0, (1, 2))
    clock.advance(seconds=1)
    assert (database.write_now(sweep).holds, rows(database)) == (1, (0, 0))


def test_sweep_leaves_visits_and_holds_that_last(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database, dull(ben={}))
    clinic.book(at(TUESDAY, 10))
    held(clinic, 12, key="over")
    clock.advance(minutes=9)
    held(clinic, 14, "ben", key="lasts")
    clock.advance(minutes=3)
    assert (database.write_now(sweep).holds, rows(database)) == (1, (2, 5))


def test_sweep_raises_no_revision(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    held(clinic, 10)
    changes = select(func.count()).select_from(text("diary_change"))
    before = database.read_now(lambda tx: tx.connection.execute(changes).scalar_one())
    clock.advance(minutes=20)
    database.write_now(sweep)
    assert database.read_now(lambda tx: tx.connection.execute(changes).scalar_one()) == before


def test_sweep_goes_on_where_its_limit_ended(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    for hour in (9, 10, 11):
        held(clinic, hour, key=f"key {hour}")
    clock.advance(minutes=20)
    swept = [database.write_now(claims.sweep, clock.now, 3) for _ in range(4)]
    assert (sum(swept), rows(database)) == (3, (0, 0))


def test_sweep_skips_what_somebody_has_locked(postgresql: Database, clock: Clock) -> None:
    clinic = open_clinic(postgresql, dull(ben={}))
    locked, done = threading.Event(), threading.Event()
    mine = held(clinic, 10)
    held(clinic, 12, "ben", key="other")
    clock.advance(minutes=20)

    def keep(tx: Transaction) -> None:
        claims.drop_expired(tx, clinic.id, [DiaryId(mine.practitioner_id)], clock.now)
        locked.set()
        done.wait(5)

    with ThreadPoolExecutor() as pool:
        keeping = pool.submit(postgresql.write_now, keep)
        locked.wait()
        assert postgresql.write_now(sweep).holds == 1
        done.set()
        keeping.result()
    assert postgresql.write_now(sweep).holds == 1
    assert rows(postgresql) == (0, 0)


def test_whoever_needs_the_time_of_an_expired_hold_takes_it_before_the_sweeper(
    database: Database, clock: Clock
) -> None:
    clinic = open_clinic(database)
    held(clinic, 10)
    clock.now += timedelta(minutes=10)
    clinic.book(at(TUESDAY, 10, 15))
    assert rows(database) == (2, 3)
    clock.advance(minutes=2)
    database.write_now(sweep)
    assert rows(database) == (1, 3)
