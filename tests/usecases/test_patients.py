"""Patients as those who book for them find them."""

import pytest

from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import PatientId
from booking.store.database import Database
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.views.patients import MOST_FOUND, find_patients, patient_record
from tests.clinics import TUESDAY, DullClinic, at, open_clinic


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    return open_clinic(database)


def found(clinic: DullClinic, query: str) -> list[str]:
    return [one.name for one in clinic.database.read_now(find_patients, clinic.reception, query)]


def test_patients_are_found_by_parts_of_name_and_contact(clinic: DullClinic) -> None:
    for hour, name in ((9, "Pat Smith"), (10, "Sam Smithers"), (11, "Kim Doe")):
        clinic.book(at(TUESDAY, hour), patient=name, caller=clinic.reception)
    assert found(clinic, "smith") == ["Pat Smith", "Sam Smithers"]
    assert found(clinic, "SAM smith") == ["Sam Smithers"]
    assert found(clinic, "kim.doe@") == ["Kim Doe"]
    assert found(clinic, "%%aa") == []


@pytest.mark.parametrize("query", ["", "a", " a ", "%_", "a" * 101])
def test_too_little_and_too_much_to_search_for_is_refused(clinic: DullClinic, query: str) -> None:
    with pytest.raises(InvalidInput):
        found(clinic, query)


def test_no_more_than_so_many_are_found(clinic: DullClinic) -> None:
    for number in range(MOST_FOUND + 1):
        day, hour = divmod(number, 8)
        clinic.book(at(TUESDAY.replace(day=24 + day), 9 + hour), patient=f"Pat Smith {number:02}")
    assert found(clinic, "smith") == [f"Pat Smith {number:02}" for number in range(MOST_FOUND)]


def test_record_has_all_visits_and_is_gone_once_it_is_merged(clinic: DullClinic) -> None:
    one, other = clinic.book(at(TUESDAY, 10)).appointment, clinic.book(at(TUESDAY, 11), patient="Pat").appointment
    assert one.patient_id is not None
    assert other.patient_id is not None
    command = MergePatients(gone=other.patient_id, kept=one.patient_id)
    clinic.database.write_now(merge_patients, clinic.reception, command)
    record = clinic.database.read_now(patient_record, clinic.reception, one.patient_id)
    assert (record.patient.name, [seen.appointment.id for seen in record.visits]) == ("Pat Smith", [one.id, other.id])
    for nobody in (other.patient_id, PatientId(clinic.id)):
        with pytest.raises(NotFound):
            clinic.database.read_now(patient_record, clinic.reception, nobody)
