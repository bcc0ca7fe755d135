"""Cancelling: the time is free at once, what happened stays on record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.domain.errors import AlreadyDone, IdempotencyMismatch, NotFound, NotPermitted, StaleVersion, TooShortNotice
from booking.domain.ids import AppointmentId, ClinicId
from booking.domain.lifecycle import Status
from booking.domain.permission import Role
from booking.store.database import Database
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.audit import audit
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.views.appointments import AppointmentView, get_appointment
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, at, dull, open_clinic
from tests.plugins.database import Clock


def command_for(booked: AppointmentView, **more: object) -> CancelAppointment:
    command = CancelAppointment(appointment=booked.appointment.id, version=booked.appointment.version)
    return replace(command, **more)  # type: ignore[arg-type]  # whatever the test wants to differ


def test_cancel_frees_the_time_at_once_and_keeps_the_visit(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    cancelled = database.write_now(cancel, clinic.reception, command_for(booked, reason="is ill")).appointment
    assert (cancelled.status, cancelled.version, cancelled.sequence) == (Status.CANCELLED, 2, 1)
    assert (cancelled.span, cancelled.patient_id) == (booked.appointment.span, booked.appointment.patient_id)
    assert clinic.book(at(TUESDAY, 10), patient="Someone Else").appointment.status is Status.BOOKED
    kept = database.read_now(get_appointment, clinic.reception, cancelled.id).appointment
    assert kept == cancelled
    assert database.read_now(audit, clinic.manager).violations == ()


def test_cancel_of_a_version_that_is_no_more_is_stale(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    with pytest.raises(StaleVersion) as stale:
        database.write_now(cancel, clinic.reception, command_for(booked, version=7))
    assert stale.value.details == {"current_version": 1}
    database.write_now(cancel, clinic.reception, command_for(booked))


def test_who_repeats_a_cancelling_changes_nothing_and_who_comes_later_is_told_who_did_it(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    first = database.write_now(cancel, clinic.reception, command_for(booked))
    for version in (1, 2):
        assert database.write_now(cancel, clinic.reception, command_for(booked, version=version)) == first
        with pytest.raises(AlreadyDone) as told:
            database.write_now(cancel, clinic.manager, command_for(booked, version=version))
        assert (told.value.message, told.value.details["by"]) == (
            "The reception has done that already.",
            "The reception",
        )


def test_a_patient_may_cancel_until_the_visit_starts(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    patient = clinic.caller(Role.PATIENT, appointment_id=booked.appointment.id)
    clock.now = at(TUESDAY, 10)
    with pytest.raises(TooShortNotice):
        database.write_now(cancel, patient, command_for(booked))
    clock.now -= timedelta(microseconds=1)
    assert database.write_now(cancel, patient, command_for(booked)).appointment.status is Status.CANCELLED


def test_reception_may_cancel_what_has_begun(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    booked = clinic.book(at(TUESDAY, 10))
    clock.now = at(TUESDAY, 12)
    assert sqlite.write_now(cancel, clinic.reception, command_for(booked)).appointment.status is Status.CANCELLED


def test_cancel_of_what_is_not_the_callers_is_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    mine, other = clinic.book(at(TUESDAY, 10)), clinic.book(at(TUESDAY, 12), patient="Someone Else")
    patient = clinic.caller(Role.PATIENT, appointment_id=mine.appointment.id)
    elsewhere = replace(clinic.reception, clinic_id=ClinicId(new_id()))
    nowhere = AppointmentId(new_id())
    held = sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14)), hold_key="mine"))
    for caller, command in (
        (patient, command_for(other)),
        (elsewhere, command_for(mine)),
        (clinic.reception, command_for(mine, appointment=nowhere)),
        (clinic.reception, command_for(held)),
    ):
        with pytest.raises(NotFound):
            sqlite.write_now(cancel, caller, command)
    with pytest.raises(NotPermitted):
        sqlite.write_now(cancel, clinic.public, command_for(mine))


def test_cancel_closes_what_was_found(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    licence = clinic.credentials["ada", "licence"]
    database.write_now(suspend, clinic.manager, SuspendCredential(credential=licence, reason="board order"))
    assert [one.appointment_id for one in database.read_now(list_findings, clinic.reception)] == [booked.appointment.id]
    database.write_now(cancel, clinic.reception, command_for(booked))
    assert database.read_now(list_findings, clinic.reception) == []


def test_cancel_once_under_one_key(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(TUESDAY, 10))
    request = RequestKey(identity="desk", key="k1", digest="d1")
    command = command_for(booked, request=request)
    first, again = (database.write_now(cancel, clinic.reception, command) for _ in range(2))
    assert first == again
    other = command_for(booked, request=replace(request, digest="d2"))
    with pytest.raises(IdempotencyMismatch):
        database.write_now(cancel, clinic.reception, other)
