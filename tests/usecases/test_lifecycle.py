"""Steps in the life of a visit: what each leads to, gives back and leaves on record; and one step back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.domain.appointment import Appointment
from booking.domain.errors import (
    AlreadyDone,
    NotFound,
    NothingToUndo,
    NotPermitted,
    PractitionerNotEligible,
    SlotTaken,
    StaleVersion,
    TooEarly,
)
from booking.domain.ids import AppointmentId, StaffId
from booking.domain.lifecycle import Step
from booking.domain.permission import Caller, Role
from booking.domain.time.local import LocalSpan
from booking.store import appointments, history
from booking.store.database import Database
from booking.store.idempotency import RequestKey
from booking.usecases.absences import AddLeave, add_leave
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldRef, HoldSlot, hold
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.move import MoveAppointment, move
from booking.usecases.staff import AddStaff, add_staff
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

TEN = at(TUESDAY, 10)


def step(clinic: DullClinic, visit: Appointment, which: str, caller: Caller | None = None, **more: Any) -> Appointment:
    command = TakeStep(appointment=visit.id, step=Step(which), **{"version": visit.version, **more})
    return clinic.database.write_now(take_step, caller or clinic.reception, command).appointment


def back(clinic: DullClinic, visit: Appointment, caller: Caller | None = None, **more: Any) -> Appointment:
    command = UndoStep(appointment=visit.id, **{"version": visit.version, **more})
    return clinic.database.write_now(undo, caller or clinic.reception, command).appointment


def entries(clinic: DullClinic, visit: Appointment) -> list[tuple[str, int | None]]:
    found = clinic.database.read_now(history.of_visit, clinic.id, visit.id)
    return [(one.status.value, one.undoes) for one in found]


def sound(clinic: DullClinic) -> bool:
    return clinic.database.read_now(audit, clinic.manager).violations == ()


def person(clinic: DullClinic, login: str) -> Caller:
    """A receptionist of her own."""
    command = AddStaff(login=login, name=login.title(), role=Role.RECEPTION, password_hash="x", practitioner=None)
    staff = clinic.database.write_now(add_staff, clinic.manager, command)
    return clinic.caller(Role.RECEPTION, staff_id=StaffId(staff.id))


@pytest.fixture
def clinic(database: Database, clock: Clock) -> DullClinic:
    """It is ten past ten on Tuesday, and nothing has begun."""
    opened = open_clinic(database, dull(ben={}))
    clock.now = TEN - timedelta(days=1)
    return opened


def booked(clinic: DullClinic, clock: Clock, now: datetime = TEN, start: datetime = TEN) -> Appointment:
    """A visit that was booked the day before; it is `now`."""
    visit = clinic.book(start).appointment
    clock.now = now
    return visit


def test_visit_from_arrival_to_its_end(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock)
    arrived = step(clinic, visit, "check_in")
    begun = step(clinic, arrived, "start")
    clock.advance(minutes=40)
    done = step(clinic, begun, "complete")
    assert [one.status for one in (arrived, begun, done)] == ["arrived", "in_treatment", "fulfilled"]
    assert (done.version, done.sequence, done.ended_at) == (4, 0, clock.now)
    assert entries(clinic, visit) == [("booked", None), ("arrived", None), ("in_treatment", None), ("fulfilled", None)]
    assert sound(clinic)


def test_nobody_arrives_the_day_before_or_is_missed_before_the_start(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock, at(TUESDAY, 0) - timedelta(minutes=1))
    for which in ("check_in", "start"):
        with pytest.raises(TooEarly):
            step(clinic, visit, which)
    clock.now = at(TUESDAY, 9, 59)
    with pytest.raises(TooEarly):
        step(clinic, visit, "record_no_show")
    assert step(clinic, visit, "check_in").status == "arrived"


@pytest.mark.parametrize(("minutes", "free_from"), [(1, 10), (11, 20), (15, 20), (29, None), (30, None), (45, None)])
def test_visit_that_ends_early_gives_back_the_rest(
    clinic: DullClinic, clock: Clock, minutes: int, free_from: int | None
) -> None:
    """Half an hour and five minutes after it; on the five minutes, and the buffer stays."""
    visit = booked(clinic, clock)
    begun = step(clinic, visit, "start")
    clock.advance(minutes=minutes)
    done = step(clinic, begun, "complete")
    assert sound(clinic)
    if free_from is None:
        with pytest.raises(SlotTaken):
            clinic.book(at(TUESDAY, 10, 30), patient="Sam Roe", caller=clinic.reception)
        clinic.book(at(TUESDAY, 10, 35), patient="Sam Roe", caller=clinic.reception)
        assert back(clinic, done).status == "in_treatment"
        return
    clinic.book(at(TUESDAY, 10, free_from), patient="Sam Roe", caller=clinic.reception)
    assert sound(clinic)
    with pytest.raises(SlotTaken):
        back(clinic, done)


def test_missed_visit_gives_its_time_back_until_that_is_undone(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock)
    missed = step(clinic, visit, "record_no_show")
    assert (missed.status, missed.sequence) == ("no_show", 1)
    assert sound(clinic)
    there = back(clinic, missed)
    assert (there.status, there.version, there.sequence) == ("booked", 3, 2)
    assert entries(clinic, visit) == [("booked", None), ("no_show", None), ("booked", 2)]
    assert sound(clinic)
    missed = step(clinic, there, "record_no_show")
    taken = clinic.book(at(TUESDAY, 10, 5), patient="Sam Roe", caller=clinic.reception).appointment
    with pytest.raises(SlotTaken) as told:
        back(clinic, missed)
    assert told.value.message == f"That time has been given to {taken.reference} meanwhile."
    assert sound(clinic)


@pytest.mark.parametrize("how", ["cancel", "enter_in_error"])
def test_what_was_called_off_is_taken_back_with_its_time(clinic: DullClinic, clock: Clock, how: str) -> None:
    visit = booked(clinic, clock, TEN - timedelta(hours=20))
    off = step(clinic, visit, how, reason="Rang")
    room = clinic.book(TEN, "ben", "Sam Roe").appointment.room_id
    there = back(clinic, off)
    assert (room, there.status, there.span) == (visit.room_id, "booked", visit.span)
    assert there.room_id not in {room, None}
    assert sound(clinic)


def test_what_was_called_off_is_not_taken_back_when_it_is_no_longer_lawful(clinic: DullClinic, clock: Clock) -> None:
    off = step(clinic, booked(clinic, clock, TEN - timedelta(hours=20)), "cancel")
    licence = clinic.credentials["ada", "licence"]
    clinic.database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board"))
    with pytest.raises(PractitionerNotEligible):
        back(clinic, off)
    assert sound(clinic)


def test_findings_of_a_visit_that_was_called_off_come_back_with_it(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock, TEN - timedelta(hours=20))
    off = step(clinic, visit, "cancel")
    days = LocalSpan(first=TUESDAY, last=TUESDAY, start_minute=600, end_minute=660)
    command = AddLeave(practitioner=clinic.practitioners["ben"], days=days)
    clinic.database.write_now(add_leave, clinic.manager, command)
    assert clinic.database.read_now(list_findings, clinic.reception) == []
    back(clinic, off)
    assert clinic.database.read_now(list_findings, clinic.reception) == []


def test_time_that_is_over_is_taken_back_whatever_has_changed(clinic: DullClinic, clock: Clock) -> None:
    missed = step(clinic, booked(clinic, clock), "record_no_show")
    clock.advance(hours=3)
    licence = clinic.credentials["ada", "licence"]
    clinic.database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board"))
    there = back(clinic, missed)
    assert step(clinic, there, "start").status == "in_treatment"
    assert sound(clinic)


def test_only_the_last_step_can_be_undone_and_only_once(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock)
    with pytest.raises(NothingToUndo):
        back(clinic, visit)
    there = back(clinic, step(clinic, step(clinic, visit, "check_in"), "start"))
    assert there.status == "arrived"
    with pytest.raises(NothingToUndo):
        back(clinic, there)
    assert back(clinic, step(clinic, there, "start")).status == "arrived"


def test_repeating_a_step_changes_nothing_and_another_is_told_who_did_it(clinic: DullClinic, clock: Clock) -> None:
    rita, rose = person(clinic, "rita"), person(clinic, "rose")
    visit = booked(clinic, clock)
    arrived = step(clinic, visit, "check_in", rita)
    assert step(clinic, visit, "check_in", rita) == arrived
    with pytest.raises(AlreadyDone) as told:
        step(clinic, visit, "check_in", rose)
    assert (told.value.message, told.value.details["at"]) == ("Rita has done that already.", clock.now)
    undone = back(clinic, arrived, rita)
    assert back(clinic, arrived, rita) == undone
    with pytest.raises(StaleVersion):
        back(clinic, arrived, rose)
    assert len(entries(clinic, visit)) == 3


def test_step_is_taken_once_under_its_key(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock)
    key = RequestKey(identity="rita", key="1", digest="check in")
    first = step(clinic, visit, "check_in", request=key)
    begun = step(clinic, first, "start")
    assert step(clinic, visit, "check_in", request=key) == begun
    again = RequestKey(identity="rita", key="2", digest="undo")
    undone = back(clinic, begun, request=again)
    assert back(clinic, begun, request=again) == undone


def test_steps_need_the_version_they_are_based_on(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock, TEN - timedelta(hours=20))
    later = MoveAppointment(appointment=visit.id, version=1, start=at(TUESDAY, 11))
    clinic.database.write_now(move, clinic.reception, later)
    clock.now = at(TUESDAY, 11)
    for which in ("check_in", "start", "record_no_show", "cancel", "enter_in_error"):
        with pytest.raises(StaleVersion):
            step(clinic, visit, which)


def test_practitioners_take_steps_with_their_own_visits_alone(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock)
    ada, ben = (clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners[who]) for who in ("ada", "ben"))
    with pytest.raises(NotFound):
        step(clinic, visit, "start", ben)
    begun = step(clinic, visit, "start", ada)
    with pytest.raises(NotFound):
        back(clinic, begun, ben)
    with pytest.raises(NotPermitted):
        step(clinic, begun, "enter_in_error", ada)
    wrong = step(clinic, begun, "enter_in_error")
    with pytest.raises(NotPermitted):
        back(clinic, wrong, ada)


def test_patient_takes_back_only_what_they_did_themselves(clinic: DullClinic, clock: Clock) -> None:
    visit = booked(clinic, clock, TEN - timedelta(hours=20))
    patient = clinic.caller(Role.PATIENT, appointment_id=visit.id)
    command = CancelAppointment(appointment=visit.id, version=1)
    off = clinic.database.write_now(cancel, patient, command).appointment
    there = back(clinic, off, patient)
    assert there.status == "booked"
    off = step(clinic, there, "cancel")
    with pytest.raises(NotPermitted):
        back(clinic, off, patient)


def requests(database: Database) -> DullClinic:
    data = dull()
    data["treatment"][0]["on_request"] = True
    return open_clinic(database, data)


def test_what_is_given_on_request_waits_until_it_is_accepted(database: Database) -> None:
    clinic = requests(database)
    direct = clinic.book(TEN).appointment
    held = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 12)), hold_key="mine")
    ref = HoldRef(hold=database.write_now(hold, clinic.public, held).appointment.id, hold_key="mine")
    command = BookAppointment(contact=contact("Sam Roe"), what=ref)
    from_hold = database.write_now(book, clinic.public, command).appointment
    by_reception = clinic.book(at(TUESDAY, 14), patient="Ann Poe", caller=clinic.reception).appointment
    assert [one.status for one in (direct, from_hold, by_reception)] == ["requested", "requested", "booked"]
    with pytest.raises(SlotTaken):
        clinic.book(TEN, patient="Cat Lee")
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    accepted = step(clinic, direct, "accept", ada)
    assert (accepted.status, accepted.sequence) == ("booked", 1)
    declined = step(clinic, from_hold, "decline", ada, reason="Not at that time")
    assert declined.status == "cancelled"
    assert back(clinic, declined, ada).status == "requested"
    assert back(clinic, accepted, ada).status == "requested"
    assert sound(clinic)


def test_request_is_accepted_only_while_it_is_lawful(database: Database) -> None:
    clinic = requests(database)
    visit = clinic.book(TEN).appointment
    licence = clinic.credentials["ada", "licence"]
    lost = database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board"))
    assert lost.at_risk == (visit.id,)
    with pytest.raises(PractitionerNotEligible):
        step(clinic, visit, "accept")
    assert database.read_now(appointments.get, clinic.id, AppointmentId(visit.id)).status == "requested"
