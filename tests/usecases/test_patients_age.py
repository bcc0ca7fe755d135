"""A law that asks for the patient's age: every time is offered, and whoever books it says how old they are."""

from dataclasses import replace
from datetime import date

import pytest

from booking.domain.appointment import Appointment
from booking.domain.errors import PatientAge
from booking.store import patients
from booking.store.database import Database
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldRef, HoldSlot, hold
from booking.usecases.move import MoveAppointment, move
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.usecases.test_supervising import ON_SITE, adopt, starts

LAW = (
    ON_SITE.partition('[[grant]]\nid = "pta"')[0]
    + """
[[grant.require]]
id = "age"
need = "patient"
min_age = 16
phase = "assign"
say = "Patients from 16 years on"
source = ["act"]
"""
)
TEN = at(TUESDAY, 10)
SIXTEEN_THEN = date(2010, 11, 24)
TOO_YOUNG_BY_A_DAY = date(2010, 11, 25)


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    opened = open_clinic(database, dull(ben={}))
    database.write_now(adopt, opened, LAW)
    return opened


def booked(clinic: DullClinic, born: date | None, hour: int = 10, name: str = "Pat Smith") -> Appointment:
    person = replace(contact(name), born=born)
    command = BookAppointment(contact=person, what=clinic.wanted(at(TUESDAY, hour)))
    return clinic.database.write_now(book, clinic.public, command).appointment


def test_times_are_offered_whoever_asks(clinic: DullClinic) -> None:
    assert TEN in starts(clinic, "ada")
    clinic.database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(TEN), hold_key="mine"))


@pytest.mark.parametrize("born", [None, TOO_YOUNG_BY_A_DAY])
def test_who_is_too_young_or_says_no_age_is_not_booked(clinic: DullClinic, born: date | None) -> None:
    for _ in range(2):
        with pytest.raises(PatientAge) as refused:
            booked(clinic, born)
        assert refused.value.message == "Patients from 16 years on."
    held = clinic.database.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(TEN), hold_key="mine"))
    ref = HoldRef(hold=held.appointment.id, hold_key="mine")
    with pytest.raises(PatientAge):
        clinic.database.write_now(book, clinic.public, BookAppointment(contact=contact(), what=ref))


def test_who_is_old_enough_that_day_is_booked(clinic: DullClinic) -> None:
    visit = booked(clinic, SIXTEEN_THEN)
    earlier = MoveAppointment(appointment=visit.id, version=1, start=at(TUESDAY.replace(day=23), 16))
    with pytest.raises(PatientAge):
        clinic.database.write_now(move, clinic.reception, earlier)
    assert clinic.database.read_now(audit, clinic.manager).violations == ()


def test_nobody_gets_older_by_saying_so(clinic: DullClinic) -> None:
    first = booked(clinic, SIXTEEN_THEN)
    assert booked(clinic, TOO_YOUNG_BY_A_DAY, 12).patient_id == first.patient_id
    assert booked(clinic, None, 14).patient_id == first.patient_id
    assert first.patient_id is not None
    known = clinic.database.read_now(patients.get_many, clinic.id, [first.patient_id])
    assert known[first.patient_id].born == SIXTEEN_THEN


def test_law_that_comes_to_ask_for_an_age_opens_findings(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    old_enough, unknown = booked(clinic, SIXTEEN_THEN), booked(clinic, None, 12, "Sam Roe")
    database.write_now(adopt, clinic, LAW, decide=True)
    found = [(one.appointment_id, one.kind) for one in database.read_now(list_findings, clinic.reception)]
    assert found == [(unknown.id, "lost_cover")]
    assert old_enough.id != unknown.id
