"""The replay can fail: it finds each thing that it is there for."""

from collections import Counter
from dataclasses import replace

from booking.domain.appointment import Appointment
from booking.domain.lifecycle import Status
from booking.domain.time.span import TimeSpan
from booking.store.database import Database
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.hold import HoldRef, HoldSlot, hold
from booking.usecases.move import MoveAppointment, move
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.races.life import Told
from tests.races.life_looks import changes
from tests.races.life_model import Change, last_states, replay

DAY = TimeSpan(at(TUESDAY, 0), at(TUESDAY, 23))


def told(what: str, visit: Appointment) -> Told:
    return Told(what=what, subject=visit.id, visits=(visit,))


def moved_to_ben(clinic: DullClinic, visit: Appointment) -> Appointment:
    ben = clinic.practitioners["ben"]
    command = MoveAppointment(appointment=visit.id, version=1, start=at(TUESDAY, 11), practitioner=ben)
    return clinic.database.write_now(move, clinic.reception, command).view.appointment


def wrong(made: list[Change], *several: Told) -> Counter[str]:
    return replay(made, several)[0]


def test_replay_finds_what_was_wrong(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    one, other = (clinic.book(at(TUESDAY, hour), patient=f"Patient {hour}").appointment for hour in (9, 10))
    made, booked = sqlite.read_now(changes), (told("booked", one), told("booked", other))
    assert wrong(made, *booked) == Counter()
    assert wrong(made, booked[1]) == Counter({"booked without anybody being told": 3})
    assert wrong([each for each in made if each.subject != other.id], *booked) == Counter({"lost: booked": 3})
    onto_it = told("booked", replace(other, span=one.span))
    assert wrong(made, booked[0], onto_it) == Counter({"booked: overlapping when acknowledged": 2})
    twice = wrong(made, *booked, told("cancelled", one))
    assert twice == Counter({"cancelled: a version that another change had made": 1})


def test_replay_finds_what_was_unlawful(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    visit = clinic.book(at(TUESDAY, 9)).appointment
    made, licence = sqlite.read_now(changes), clinic.credentials["ada", "licence"]
    first = next(each for each in made if each.diary == visit.practitioner_id and each.what == "booked")
    for what in ("credential_suspended", "leave_added"):
        earlier = replace(first, revision=first.revision - 1, what=what, subject=licence)
        closed = Told(what=what, subject=licence, time=DAY, version=2)
        assert wrong([*made, earlier], told("booked", visit), closed) == Counter({f"booked: in {what}": 1})
        assert wrong(made, told("booked", visit), closed) == Counter({f"lost: {what}": 1})


def test_replay_finds_moves_that_nobody_knows_of(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    one = clinic.book(at(TUESDAY, 9)).appointment
    before, there = sqlite.read_now(changes), moved_to_ben(clinic, one)
    after = sqlite.read_now(changes)
    assert wrong(after, told("booked", one), told("moved", there)) == Counter()
    assert wrong(after, told("booked", one)) == Counter({"moved without anybody being told": 4})
    assert wrong(before, told("booked", one), told("moved", there)) == Counter({"lost: moved": 4})


def test_each_version_is_told_once(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    one = clinic.book(at(TUESDAY, 9)).appointment
    there = moved_to_ben(clinic, one)
    command = CancelAppointment(appointment=one.id, version=2)
    gone = sqlite.write_now(cancel, clinic.reception, command).appointment
    all_of_it = (told("booked", one), told("moved", there), told("cancelled", gone))
    assert last_states(all_of_it) == ({one.id: gone}, Counter())
    assert last_states((all_of_it[0], all_of_it[2]))[1] == Counter({"a version that nobody was told of": 1})
    twice = (*all_of_it, told("annotated", replace(gone, status=Status.BOOKED)))
    assert replay([], twice)[0]["annotated: a version that another change had made"] == 1


def test_hold_that_was_over_is_not_booked(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    visit = clinic.book(at(TUESDAY, 9)).appointment
    held = replace(visit, status=Status.HELD, patient_id=None, version=1, expires_at=at(TUESDAY, 1))
    booked = told("booked", replace(visit, version=2))
    made = [each for each in sqlite.read_now(changes) if each.subject == visit.id]
    before = [replace(each, revision=0, what="held") for each in made if each.diary != visit.patient_id]
    late = [replace(each, at=at(TUESDAY, 2)) for each in made]
    lives = replace(told("held", held), key="key")
    assert wrong([*before, *made], lives, booked) == Counter()
    assert wrong([*before, *late], lives, booked) == Counter({"booked: a hold that was gone": 2})


def test_hold_that_gave_another_up_may_come_to_the_diaries_of_that_one_later(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    first, second = (
        sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, hour), who), hold_key="mine"))
        for who, hour in (("ben", 9), ("ada", 10))
    )
    command = BookAppointment(contact=contact(), what=HoldRef(hold=second.appointment.id, hold_key="mine"))
    booked = sqlite.write_now(book, clinic.public, command).appointment
    ben = MoveAppointment(
        appointment=booked.id, version=2, start=at(TUESDAY, 11), practitioner=clinic.practitioners["ben"]
    )
    there = sqlite.write_now(move, clinic.reception, ben).view.appointment
    holds = (replace(told("held", one.appointment), key="mine") for one in (first, second))
    assert wrong(sqlite.read_now(changes), *holds, told("booked", booked), told("moved", there)) == Counter()
