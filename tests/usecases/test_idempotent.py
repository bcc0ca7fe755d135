"""One effect, however often and however much at once it is asked for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from booking.domain.errors import BookingError, IdempotencyMismatch, StillRunning
from booking.store import database as protocols
from booking.store.database import Database, Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.idempotent import once
from booking.usecases.sweeping import sweep
from booking.usecases.views.appointments import DayQuery, list_appointments
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

REQUEST = RequestKey(identity="public", key="k1", digest="d1")
TIMES = 20


def booking(clinic: DullClinic, request: RequestKey = REQUEST) -> BookAppointment:
    return BookAppointment(contact=contact(), what=clinic.wanted(at(TUESDAY, 10)), request=request)


def test_the_same_request_twenty_times_at_once_has_one_effect_and_one_answer(database: Database) -> None:
    clinic = open_clinic(database)
    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(lambda _: database.write_now(book, clinic.public, booking(clinic)), range(TIMES)))
    assert answers == [answers[0]] * TIMES
    booked = database.read_now(list_appointments, clinic.reception, DayQuery(first=TUESDAY, last=TUESDAY))
    assert [one.appointment for one in booked] == [answers[0].appointment]
    assert database.read_now(audit, clinic.manager).violations == ()


def test_different_keys_of_one_wish_at_once_have_one_effect(database: Database) -> None:
    clinic = open_clinic(database)

    def attempt(number: int) -> str:
        try:
            database.write_now(book, clinic.public, booking(clinic, replace(REQUEST, key=f"k{number}")))
        except BookingError as refusal:
            return refusal.code
        return "booked"

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(attempt, range(TIMES)))
    assert sorted(answers) == ["booked", *["patient-double-booked"] * (TIMES - 1)]


def test_request_whose_first_is_still_running_is_told_so(
    postgres_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 2_000 <= protocols.LOCK_TIMEOUT_MS <= 4_000
    monkeypatch.setattr(protocols, "LOCK_TIMEOUT_MS", 300)
    database = Database(postgres_url, clock=clock)
    clinic = open_clinic(database)
    begun, end = threading.Event(), threading.Event()

    def slowly(tx: Transaction) -> None:
        book(tx, clinic.public, booking(clinic))
        begun.set()
        end.wait(20)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(database.write_now, slowly)
        begun.wait()
        began = time.monotonic()
        with pytest.raises(StillRunning):
            database.write_now(book, clinic.public, booking(clinic))
        waited = time.monotonic() - began
        end.set()
        first.result()
    assert 0.3 <= waited < 10
    assert database.write_now(book, clinic.public, booking(clinic)).appointment.span.start == at(TUESDAY, 10)
    database.close_now()


def test_request_that_waits_for_its_first_gets_the_same_answer(database: Database) -> None:
    clinic = open_clinic(database)
    begun = threading.Event()

    def slowly(tx: Transaction) -> object:
        booked = book(tx, clinic.public, booking(clinic))
        begun.set()
        time.sleep(0.3)
        return booked

    with ThreadPoolExecutor() as pool:
        first = pool.submit(database.write_now, slowly)
        begun.wait()
        assert database.write_now(book, clinic.public, booking(clinic)) == first.result()


def test_request_that_waits_for_a_first_that_fails_is_carried_out(database: Database) -> None:
    clinic = open_clinic(database)
    begun = threading.Event()

    def fail(tx: Transaction) -> None:
        book(tx, clinic.public, booking(clinic))
        begun.set()
        time.sleep(0.3)
        raise LookupError

    with ThreadPoolExecutor() as pool:
        first = pool.submit(database.write_now, fail)
        begun.wait()
        assert database.write_now(book, clinic.public, booking(clinic)).appointment.version == 1
        with pytest.raises(LookupError):
            first.result()


def test_another_request_under_the_key_is_refused_at_the_same_moment_too(database: Database) -> None:
    clinic = open_clinic(database)
    other = replace(booking(clinic), request=replace(REQUEST, digest="d2"))
    meeting = threading.Barrier(2)

    def attempt(command: BookAppointment) -> str:
        meeting.wait()
        try:
            database.write_now(book, clinic.public, command)
        except IdempotencyMismatch as refusal:
            return refusal.code
        return "booked"

    with ThreadPoolExecutor() as pool:
        answers = sorted(pool.map(attempt, (booking(clinic), other)))
    assert answers == ["booked", "idempotency-mismatch"]


def test_key_is_kept_two_days(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    ran: list[int] = []

    def act() -> tuple[int, dict[str, int]]:
        ran.append(1)
        return len(ran), {"number": len(ran)}

    def ask(tx: Transaction) -> int:
        return once(tx, clinic.id, REQUEST, act, lambda record: int(record["number"]))

    assert [database.write_now(ask), database.write_now(ask)] == [1, 1]
    clock.now += timedelta(hours=47, minutes=59)
    assert (database.write_now(sweep).idempotency_keys, database.write_now(ask)) == (0, 1)
    clock.advance(minutes=1)
    assert (database.write_now(sweep).idempotency_keys, database.write_now(ask)) == (1, 2)


def test_keys_of_one_clinic_mean_nothing_in_another(sqlite: Database) -> None:
    one = open_clinic(sqlite)
    data = dull()
    data["clinic"]["slug"] = "another"
    other = open_clinic(sqlite, data)
    first = sqlite.write_now(book, one.public, booking(one))
    second = sqlite.write_now(book, other.public, booking(other))
    assert first.appointment.id != second.appointment.id


def test_hold_again_under_one_key_is_the_same_hold(database: Database) -> None:
    clinic = open_clinic(database)
    command = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10)), hold_key="mine", request=REQUEST)
    first, again = (database.write_now(hold, clinic.public, command) for _ in range(2))
    assert first == again
