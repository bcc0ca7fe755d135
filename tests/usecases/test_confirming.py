"""That the patient will come: said once, while the visit lies ahead."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from booking.domain.errors import StaleVersion, TooShortNotice
from booking.domain.permission import Role
from booking.store.database import Database
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.views.appointments import AppointmentView
from tests.clinics import TUESDAY, at, open_clinic
from tests.plugins.database import MONDAY, Clock
from tests.usecases.test_revisions import only, raised

AUDITED = "SELECT actor, detail FROM audit WHERE action = :action"


def of(booked: AppointmentView, version: int | None = None) -> ConfirmVisit:
    return ConfirmVisit(appointment=booked.appointment.id, version=version)


def test_patient_confirms_once_and_the_desk_sees_it(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    patient = clinic.caller(Role.PATIENT, appointment_id=booked.appointment.id)
    changes = raised(clinic, lambda: database.write_now(confirm, patient, of(booked)))
    assert changes == only(("ada", "room-1", "Pat Smith"), 0, "confirmed")
    clock.advance(minutes=5)
    again = database.write_now(confirm, clinic.reception, of(booked, version=1)).appointment
    assert (again.confirmed_at, again.version, again.sequence) == (MONDAY, 2, 0)
    (row,) = database.read_now(lambda tx: tx.connection.execute(text(AUDITED), {"action": "appointment_confirmed"}))
    assert row.actor == "patient"


def test_only_what_is_booked_and_lies_ahead_is_confirmed(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    booked, other = clinic.book(at(TUESDAY, 10)), clinic.book(at(TUESDAY, 11), patient="Sam Reed")
    clock.now = at(TUESDAY, 10)
    with pytest.raises(TooShortNotice):
        sqlite.write_now(confirm, clinic.reception, of(booked))
    clock.now -= timedelta(microseconds=1)
    assert sqlite.write_now(confirm, clinic.reception, of(booked)).appointment.confirmed_at == clock.now
    sqlite.write_now(cancel, clinic.reception, CancelAppointment(appointment=other.appointment.id, version=1))
    with pytest.raises(StaleVersion):
        sqlite.write_now(confirm, clinic.reception, of(other))


def test_confirming_of_another_version_is_stale(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(StaleVersion) as stale:
        sqlite.write_now(confirm, clinic.reception, of(clinic.book(at(TUESDAY, 10)), version=2))
    assert stale.value.details == {"current_version": 1}
