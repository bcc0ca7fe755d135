"""What became of a visit, as staff and as its patient are told it."""

from booking.domain.ids import StaffId
from booking.domain.lifecycle import Status, Step
from booking.domain.permission import Caller, Role
from booking.store.database import Database
from booking.store.ids import new_id
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.lifecycle import TakeStep, take_step
from booking.usecases.staff import AddStaff, add_staff
from booking.usecases.undoing import UndoStep, undo
from booking.usecases.views.history import Entry, visit_history
from tests.clinics import DullClinic, at, open_clinic
from tests.plugins.database import MONDAY, Clock

TODAY = MONDAY.date()


def rita(clinic: DullClinic) -> Caller:
    command = AddStaff(login="rita", name="Rita", role=Role.RECEPTION, password_hash="none")
    member = clinic.database.write_now(add_staff, clinic.manager, command)
    return clinic.caller(Role.RECEPTION, staff_id=member.id)


def test_entries_say_who_when_why_and_what_is_taken_back(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    visit, desk = clinic.book(at(TODAY, 10)).appointment.id, rita(clinic)
    clock.advance(minutes=5)
    database.write_now(take_step, desk, TakeStep(appointment=visit, version=1, step=Step.CHECK_IN, reason="early"))
    told = database.read_now(visit_history, desk, visit)
    booked = Entry(number=1, status=Status.BOOKED, at=MONDAY, by="The patient, online")
    arrived = Entry(number=2, status=Status.ARRIVED, at=clock.now, by="Rita", reason="early")
    assert (told.entries, told.undoable) == ((booked, arrived), arrived)
    database.write_now(undo, desk, UndoStep(appointment=visit, version=2))
    told = database.read_now(visit_history, desk, visit)
    back = Entry(number=3, status=Status.BOOKED, at=clock.now, by="Rita", undoes=2)
    assert (told.entries, told.undoable) == ((booked, arrived, back), None)


def test_first_entry_cannot_be_taken_back(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    visit = clinic.book(at(TODAY, 10)).appointment.id
    assert sqlite.read_now(visit_history, clinic.reception, visit).undoable is None


def test_patient_is_told_neither_who_nor_why_and_takes_back_only_what_they_did(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    mine, other = (clinic.book(at(TODAY, hour), patient=who).appointment.id for hour, who in ((10, "A B"), (12, "C D")))
    for caller, visit, may in (
        (clinic.caller(Role.PATIENT, appointment_id=mine), mine, True),
        (clinic.reception, other, False),
    ):
        sqlite.write_now(cancel, caller, CancelAppointment(appointment=visit, version=1, reason="is ill"))
        patient = clinic.caller(Role.PATIENT, appointment_id=visit)
        told = sqlite.read_now(visit_history, patient, visit)
        assert [(one.status, one.by, one.reason) for one in told.entries] == [
            (Status.BOOKED, None, None),
            (Status.CANCELLED, None, None),
        ]
        assert (told.undoable is not None) is may


def test_only_whoever_may_take_the_step_may_take_it_back(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"], staff_id=StaffId(new_id()))
    visit = clinic.book(at(TODAY, 10)).appointment.id
    sqlite.write_now(cancel, clinic.reception, CancelAppointment(appointment=visit, version=1))
    found = [sqlite.read_now(visit_history, caller, visit).undoable for caller in (ada, clinic.reception)]
    assert [one is not None for one in found] == [False, True]
