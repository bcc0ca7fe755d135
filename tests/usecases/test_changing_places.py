"""Visits that change places: moved to another room or length, reassigned, swapped, squeezed in; and walk-ins."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.domain.appointment import Appointment
from booking.domain.errors import (
    BookingError,
    InvalidInput,
    NotBookableOnline,
    NotFound,
    NotPermitted,
    OutsideHours,
    PatientDoubleBooked,
    PatientsOverlap,
    PractitionerNotEligible,
    SlotTaken,
    StaleVersion,
)
from booking.domain.ids import PatientId, RoomId
from booking.domain.permission import Role
from booking.store import appointments, patients
from booking.store.database import Database
from booking.store.idempotency import RequestKey
from booking.usecases.audit import audit
from booking.usecases.book import BookAppointment, book
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.confirming import ConfirmVisit, confirm
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.move import MoveAppointment, move
from booking.usecases.reassign import ReassignAppointment, reassign
from booking.usecases.squeeze import Shortened, SqueezedIn, SqueezeIn, squeeze_in
from booking.usecases.swap import SwapAppointments, Swapped, swap
from booking.usecases.walk_in import WalkIn, walk_in
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.plugins.database import Clock

TEN, ELEVEN = at(TUESDAY, 10), at(TUESDAY, 11)


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    """Ada, Ben and Cy, who may not needle, and a room for each of them."""
    data = dull(ben={}, cy={"credential": []})
    data["site"][0]["room"].append({"slug": "room-3", "name": "Room 3"})
    return open_clinic(database, data)


def sound(clinic: DullClinic) -> bool:
    return clinic.database.read_now(audit, clinic.manager).violations == ()


def place_of(visit: Appointment) -> tuple[Any, ...]:
    return visit.span.start, visit.practitioner_id, visit.site_id


def moved(clinic: DullClinic, visit: Appointment, start: datetime = TEN, **more: Any) -> Appointment:
    command = MoveAppointment(appointment=visit.id, version=visit.version, start=start, **more)
    return clinic.database.write_now(move, clinic.reception, command).view.appointment


def test_visit_is_moved_to_the_room_that_is_named(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    there = moved(clinic, visit, room=clinic.rooms["room-3"])
    assert (there.room_id, there.span, there.version) == (clinic.rooms["room-3"], visit.span, 2)
    assert moved(clinic, there, room=clinic.rooms["room-3"]) == there
    clinic.book(TEN, "ben", "Sam Roe")
    with pytest.raises(SlotTaken):
        moved(clinic, there, room=clinic.rooms["room-1"])
    with pytest.raises(InvalidInput, match="does not do"):
        moved(clinic, there, room=RoomId(clinic.id))
    assert sound(clinic)


def test_visit_gets_other_minutes(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    longer = moved(clinic, visit, minutes=55)
    assert (longer.span.end - longer.span.start, longer.agreed.minutes) == (timedelta(minutes=55), 55)
    with pytest.raises(SlotTaken):
        clinic.book(at(TUESDAY, 10, 30), patient="Sam Roe", caller=clinic.reception)
    clinic.book(ELEVEN, patient="Sam Roe", caller=clinic.reception)
    with pytest.raises(SlotTaken):
        moved(clinic, longer, minutes=60)
    for minutes in (0, 7, 12 * 60):
        with pytest.raises(InvalidInput, match="multiple of 5"):
            moved(clinic, longer, minutes=minutes)
    assert sound(clinic)


def test_who_said_to_come_is_asked_again_when_the_time_is_another(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    command = ConfirmVisit(appointment=visit.id)
    confirmed = clinic.database.write_now(confirm, clinic.reception, command).appointment
    assert moved(clinic, confirmed, room=clinic.rooms["room-3"]).confirmed_at == confirmed.confirmed_at
    later = moved(clinic, clinic.database.read_now(appointments.get, clinic.id, visit.id), ELEVEN)
    assert (confirmed.confirmed_at is None, later.confirmed_at) == (False, None)


def test_patients_change_neither_room_nor_length(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    patient = clinic.caller(Role.PATIENT, appointment_id=visit.id)
    for more in ({"room": clinic.rooms["room-2"]}, {"minutes": 5}):
        command = MoveAppointment(appointment=visit.id, version=1, start=TEN, **more)
        with pytest.raises(NotBookableOnline):
            clinic.database.write_now(move, patient, command)


def test_anyone_who_is_free_gives_a_visit_that_is_moved(clinic: DullClinic) -> None:
    clinic.book(ELEVEN, "ada", "Sam Roe")
    there = moved(clinic, clinic.book(TEN).appointment, ELEVEN, anyone=True)
    assert there.practitioner_id == clinic.practitioners["ben"]
    with pytest.raises(SlotTaken):
        moved(clinic, clinic.book(at(TUESDAY, 14), patient="Ann Poe").appointment, ELEVEN, anyone=True)


def reassigned(clinic: DullClinic, visit: Appointment, to: str | None) -> Appointment:
    who = None if to is None else clinic.practitioners[to]
    command = ReassignAppointment(appointment=visit.id, version=visit.version, practitioner=who)
    return clinic.database.write_now(reassign, clinic.reception, command).appointment


def test_visit_is_reassigned_at_its_time_and_in_its_room(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    other = reassigned(clinic, visit, "ben")
    assert place_of(other) == (TEN, clinic.practitioners["ben"], visit.site_id)
    assert (other.room_id, other.sequence) == (visit.room_id, 1)
    assert place_of(reassigned(clinic, other, None)) == place_of(visit)
    assert sound(clinic)


def test_nobody_is_reassigned_to_whoever_may_not(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    with pytest.raises(PractitionerNotEligible):
        reassigned(clinic, visit, "cy")
    clinic.book(TEN, "ben", "Sam Roe")
    with pytest.raises(BookingError):
        reassigned(clinic, visit, None)
    with pytest.raises(StaleVersion):
        clinic.database.write_now(reassign, clinic.reception, ReassignAppointment(appointment=visit.id, version=7))
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    with pytest.raises(NotPermitted):
        clinic.database.write_now(reassign, ada, ReassignAppointment(appointment=visit.id, version=1))


def swapped(clinic: DullClinic, one: Appointment, other: Appointment, **more: Any) -> Swapped:
    versions = {"version": one.version, "other_version": other.version}
    command = SwapAppointments(one=one.id, other=other.id, **{**versions, **more})
    return clinic.database.write_now(swap, clinic.reception, command)


@pytest.mark.parametrize(
    ("who", "when"), [("ada", ELEVEN), ("ben", ELEVEN), ("ben", TEN), ("ada", at(TUESDAY, 10, 35))]
)
def test_two_visits_change_places(clinic: DullClinic, who: str, when: datetime) -> None:
    one, other = clinic.book(TEN).appointment, clinic.book(when, who, "Sam Roe", clinic.reception).appointment
    both = swapped(clinic, one, other)
    assert place_of(both.one.appointment) == place_of(other)
    assert place_of(both.other.appointment) == place_of(one)
    assert (both.one.patient, both.one.appointment.sequence) == (clinic_patient(clinic, one), 1)
    assert sound(clinic)


def clinic_patient(clinic: DullClinic, visit: Appointment) -> Any:
    assert visit.patient_id is not None
    return clinic.database.read_now(patients.get_many, clinic.id, [visit.patient_id])[visit.patient_id]


def test_neither_moves_when_one_of_them_cannot(clinic: DullClinic) -> None:
    one, other = clinic.book(TEN).appointment, clinic.book(ELEVEN, "ben", "Sam Roe").appointment
    longer = moved(clinic, one, minutes=40)
    clinic.book(at(TUESDAY, 11, 35), "ben", "Ann Poe", clinic.reception)
    with pytest.raises(SlotTaken):
        swapped(clinic, longer, other)
    assert sound(clinic)
    with pytest.raises(StaleVersion):
        swapped(clinic, longer, other, other_version=9)
    with pytest.raises(InvalidInput):
        swapped(clinic, longer, longer)
    gone = CancelAppointment(appointment=other.id, version=1)
    clinic.database.write_now(cancel, clinic.reception, gone)
    with pytest.raises(StaleVersion):
        swapped(clinic, longer, other, other_version=2)


def test_swap_is_done_once_under_its_key(clinic: DullClinic) -> None:
    one, other = clinic.book(TEN).appointment, clinic.book(ELEVEN, patient="Sam Roe").appointment
    key = RequestKey(identity="rita", key="1", digest="swap")
    first = swapped(clinic, one, other, request=key)
    assert swapped(clinic, one, other, request=key) == first


def squeezed(clinic: DullClinic, visit: Appointment, minutes: int, wanted: datetime, **more: Any) -> SqueezedIn:
    neighbour = Shortened(appointment=visit.id, version=visit.version, minutes=minutes, **more)
    command = SqueezeIn(contact=contact("Sam Roe"), wanted=clinic.wanted(wanted), neighbour=neighbour)
    return clinic.database.write_now(squeeze_in, clinic.reception, command)


def test_visit_is_squeezed_in_before_and_after_a_neighbour_that_gets_shorter(clinic: DullClinic) -> None:
    long = moved(clinic, clinic.book(TEN).appointment, minutes=60)
    found = squeezed(clinic, long, 25, at(TUESDAY, 10, 30))
    shorter = found.neighbour.appointment
    assert (shorter.span.start, shorter.agreed.minutes, shorter.sequence) == (TEN, 25, 2)
    assert found.booked.appointment.span.start == at(TUESDAY, 10, 30)
    later = moved(clinic, clinic.book(at(TUESDAY, 14), patient="Ann Poe").appointment, at(TUESDAY, 14), minutes=60)
    second = squeezed(clinic, later, 25, at(TUESDAY, 14), start=at(TUESDAY, 14, 35))
    assert (second.booked.appointment.span.start, second.neighbour.appointment.span.start) == (
        at(TUESDAY, 14), at(TUESDAY, 14, 35),
    )  # fmt: skip
    assert sound(clinic)


def test_nothing_is_squeezed_in_with_an_overlap_or_outside_the_neighbours_time(clinic: DullClinic) -> None:
    visit = clinic.book(TEN).appointment
    with pytest.raises(SlotTaken):
        squeezed(clinic, visit, 25, at(TUESDAY, 10, 25))
    for minutes, start in ((30, None), (35, None), (25, at(TUESDAY, 9, 55)), (25, ELEVEN)):
        with pytest.raises(InvalidInput, match="only shortened"):
            squeezed(clinic, visit, minutes, at(TUESDAY, 10, 30), start=start)
    assert clinic.database.read_now(appointments.get, clinic.id, visit.id) == visit
    assert sound(clinic)


def walked_in(clinic: DullClinic, **more: Any) -> Appointment:
    given = {"treatment_type": clinic.treatments["needling"], "site": clinic.sites["seattle"], **more}
    return clinic.database.write_now(walk_in, clinic.reception, WalkIn(name="Pat Smith", **given)).appointment


def test_walk_in_has_arrived_and_is_booked_from_the_last_five_minutes_on(clinic: DullClinic, clock: Clock) -> None:
    clock.now = at(TUESDAY, 10, 7)
    visit = walked_in(clinic)
    assert (visit.status, visit.span.start) == ("arrived", at(TUESDAY, 10, 5))
    other = walked_in(clinic)
    assert other.patient_id != visit.patient_id, "two who share a name and gave nothing else are two"
    assert {visit.practitioner_id, other.practitioner_id} == {clinic.practitioners[who] for who in ("ada", "ben")}
    with pytest.raises(SlotTaken):
        walked_in(clinic)
    assert sound(clinic)


def test_walk_in_who_is_known_is_the_same_person(clinic: DullClinic, clock: Clock) -> None:
    known = clinic.book(at(TUESDAY, 15)).appointment
    clock.now = at(TUESDAY, 10)
    assert walked_in(clinic, email=contact().email).patient_id == known.patient_id
    with pytest.raises(PatientDoubleBooked):
        walked_in(clinic, email=contact().email)


def test_walk_in_outside_hours_is_refused(clinic: DullClinic, clock: Clock) -> None:
    clock.now = at(TUESDAY, 18)
    with pytest.raises(OutsideHours):
        walked_in(clinic)
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    command = WalkIn(name="Pat", treatment_type=clinic.treatments["needling"], site=clinic.sites["seattle"])
    with pytest.raises(NotPermitted):
        clinic.database.write_now(walk_in, ada, command)


def test_who_books_for_somebody_else_is_on_record(clinic: DullClinic) -> None:
    command = BookAppointment(contact=contact(), what=clinic.wanted(TEN), booked_by="Jo Smith, her mother")
    assert clinic.database.write_now(book, clinic.public, command).appointment.booked_by == "Jo Smith, her mother"


def merged(clinic: DullClinic, gone: Appointment, kept: Appointment) -> Any:
    assert gone.patient_id is not None
    assert kept.patient_id is not None
    command = MergePatients(gone=gone.patient_id, kept=kept.patient_id)
    return clinic.database.write_now(merge_patients, clinic.reception, command)


def test_two_records_of_one_person_become_one(clinic: DullClinic) -> None:
    one = clinic.book(TEN, patient="Pat Smith").appointment
    other = clinic.book(ELEVEN, patient="Patricia Smith").appointment
    kept = merged(clinic, one, other)
    assert kept.name == "Patricia Smith"
    assert sound(clinic)
    third = clinic.book(at(TUESDAY, 14), patient="Pat Smith").appointment
    assert third.patient_id == other.patient_id
    with pytest.raises(PatientDoubleBooked):
        clinic.book(TEN, "ben", "Patricia Smith")
    assert merged(clinic, one, other) == kept
    with pytest.raises(InvalidInput):
        merged(clinic, other, one)
    with pytest.raises(InvalidInput):
        merged(clinic, one, one)
    nobody = MergePatients(gone=PatientId(clinic.id), kept=PatientId(other.id))
    with pytest.raises(NotFound):
        clinic.database.write_now(merge_patients, clinic.reception, nobody)


def test_people_who_are_treated_at_one_time_are_not_one(clinic: DullClinic) -> None:
    one = clinic.book(TEN, patient="Pat Smith").appointment
    other = clinic.book(TEN, "ben", "Patricia Smith").appointment
    with pytest.raises(PatientsOverlap) as told:
        merged(clinic, one, other)
    assert told.value.details == {"references": tuple(sorted((one.reference, other.reference)))}
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=one.id, version=1))
    merged(clinic, one, other)
    assert sound(clinic)


def test_merging_leads_on_from_one_to_the_next(clinic: DullClinic) -> None:
    first, second, third = (
        clinic.book(at(TUESDAY, hour), patient=name).appointment
        for hour, name in ((9, "Pat Smith"), (10, "Patty Smith"), (11, "Patricia Smith"))
    )
    merged(clinic, first, second)
    merged(clinic, second, third)
    assert clinic.book(at(TUESDAY, 14), patient="Pat Smith").appointment.patient_id == third.patient_id
    found = clinic.database.read_now(patients.search, clinic.id, "smith pat", 10)
    assert [one.name for one in found] == ["Patricia Smith"]
