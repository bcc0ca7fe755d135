"""Locks and revisions: who waits for whom, and what a change without a lock comes to."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPICursor

from booking.domain.errors import NotFound, StaleVersion
from booking.domain.ids import DiaryId
from booking.store import diaries, patients
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from tests.clinics import DullClinic, contact, dull, open_clinic
from tests.plugins.database import Clock

PAUSE = 0.2  # seconds in which another thread gets to where it has to wait


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as threads:
        yield threads


class Keeper:
    """Has a clinic's lock, in a transaction of its own, until it is told to end."""

    def __init__(self, pool: ThreadPoolExecutor, clinic: DullClinic, *, exclusive: bool) -> None:
        self.has_it, self.end = threading.Event(), threading.Event()
        self.done: Future[None] = pool.submit(clinic.database.write_now, self._keep, clinic, exclusive=exclusive)

    def _keep(self, tx: Transaction, clinic: DullClinic, *, exclusive: bool) -> None:
        diaries.lock_clinic(tx, clinic.id, exclusive=exclusive)
        self.has_it.set()
        self.end.wait(10)

    def waits(self) -> bool:
        return not self.has_it.wait(PAUSE)

    def finish(self) -> None:
        self.end.set()
        self.done.result()


def test_clinic_is_shared_by_visits_and_had_alone_by_whoever_changes_it(
    postgresql: Database, pool: ThreadPoolExecutor
) -> None:
    clinic = open_clinic(postgresql)
    visits = [Keeper(pool, clinic, exclusive=False) for _ in range(2)]
    assert [one.waits() for one in visits] == [False, False]
    change = Keeper(pool, clinic, exclusive=True)
    assert change.waits()
    for one in visits:
        one.finish()
    assert change.has_it.wait(5)
    late = Keeper(pool, clinic, exclusive=False)
    assert late.waits()
    change.finish()
    assert late.has_it.wait(5)
    late.finish()


def test_whoever_changes_a_clinic_is_not_passed_by_visits_that_come_later(
    postgresql: Database, pool: ThreadPoolExecutor
) -> None:
    clinic = open_clinic(postgresql)
    first = Keeper(pool, clinic, exclusive=False)
    assert not first.waits()
    change = Keeper(pool, clinic, exclusive=True)
    assert change.waits()
    later = Keeper(pool, clinic, exclusive=False)
    assert later.waits()
    first.finish()
    assert change.has_it.wait(5)
    assert later.waits()
    change.finish()
    later.finish()


def test_clinics_do_not_wait_for_each_other(postgresql: Database, pool: ThreadPoolExecutor) -> None:
    data = dull()
    data["clinic"]["slug"] = "another"
    both = [Keeper(pool, one, exclusive=True) for one in (open_clinic(postgresql), open_clinic(postgresql, data))]
    assert [one.waits() for one in both] == [False, False]
    for one in both:
        one.finish()


def test_lock_takes_all_diaries_in_one_statement_in_their_order(postgresql: Database) -> None:
    clinic = open_clinic(postgresql, dull(ben={}))
    said: list[str] = []

    def note(
        conn: Connection,
        cursor: DBAPICursor,
        statement: str,
        parameters: object,
        context: object,
        executemany: bool,  # noqa: FBT001 -- the event's signature
    ) -> None:
        said.append(statement)

    wanted = [DiaryId(one) for one in (*clinic.rooms.values(), *clinic.practitioners.values())]
    event.listen(postgresql.engine, "before_cursor_execute", note)
    locked = postgresql.write_now(diaries.lock, clinic.id, [*wanted, *wanted])
    event.remove(postgresql.engine, "before_cursor_execute", note)
    assert set(locked) == set(wanted)
    assert len(said) == 1
    assert said[0].endswith("ORDER BY diary.id FOR NO KEY UPDATE")


def test_lock_of_an_unknown_diary_is_not_found(database: Database) -> None:
    clinic = open_clinic(database)
    with pytest.raises(NotFound):
        database.write_now(diaries.lock, clinic.id, [DiaryId(clinic.practitioners["ada"]), DiaryId(new_id())])


def test_change_without_the_lock_is_refused_by_its_key(database: Database, clock: Clock) -> None:
    """The second guard: the new revision is the one that was read plus one."""
    clinic = open_clinic(database)
    ada = DiaryId(clinic.practitioners["ada"])
    stale = database.write_now(diaries.lock, clinic.id, [ada])
    database.write_now(diaries.changed, clinic.id, stale, "first", clinic.id, clock.now)
    with pytest.raises(StaleVersion):
        database.write_now(diaries.changed, clinic.id, stale, "second", clinic.id, clock.now)
    assert database.write_now(diaries.lock, clinic.id, [ada])[ada] == stale[ada] + 1


def test_the_same_new_patient_by_many_at_once_is_one_patient(
    database: Database, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    clinic = open_clinic(database)
    meeting = threading.Barrier(8)

    def arrive(_number: int) -> object:
        meeting.wait()
        return database.write_now(find_slowly)

    def find_slowly(tx: Transaction) -> object:
        found = patients.find_or_add(tx, clinic.id, contact(), clock.now)
        time.sleep(0.02)
        return found

    found = list(pool.map(arrive, range(8)))
    assert found == [found[0]] * 8
    kinds = text("SELECT count(*) FROM diary WHERE kind = 'patient'")
    assert database.read_now(lambda tx: tx.connection.execute(kinds).scalar_one()) == 1


def test_new_patients_crosswise_end_without_a_deadlock(
    postgresql: Database, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    """Who waits for a patient has no diary yet, so nobody who has one waits for it."""
    clinic = open_clinic(postgresql)
    everybody = [DiaryId(one) for one in (*clinic.practitioners.values(), *clinic.rooms.values())]
    runs: list[int] = []

    def visit(tx: Transaction, number: int) -> None:
        runs.append(number)
        patient = patients.find_or_add(tx, clinic.id, contact(f"Patient {number % 3}"), clock.now)
        diaries.lock(tx, clinic.id, [DiaryId(patient), *everybody])

    list(pool.map(lambda number: postgresql.write_now(visit, number), range(60)))
    assert len(runs) == 60
