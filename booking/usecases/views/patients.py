"""Patients as those who book for them find them: by name or contact, and with their visits."""

from dataclasses import dataclass

from booking.domain.errors import InvalidInput, NotFound
from booking.domain.ids import PatientId
from booking.domain.patient import Patient
from booking.domain.permission import Action, Caller, permit
from booking.store import appointments, patients
from booking.store.database import Transaction
from booking.usecases.views.appointments import AppointmentView, views

FEWEST_LETTERS = 2
MOST_FOUND = 20
LONGEST_QUERY = 100


@dataclass(frozen=True, kw_only=True)
class PatientRecord:
    """A person with all their visits, whatever became of them, in the order of time."""

    patient: Patient
    visits: tuple[AppointmentView, ...]


def find_patients(tx: Transaction, caller: Caller, query: str) -> list[Patient]:
    """At most MOST_FOUND whose name, e-mail address or telephone number contains each word of the query, by name.

    Raises InvalidInput for fewer than FEWEST_LETTERS letters or figures: it is a search, not a list of all patients.
    """
    permit(caller, Action.FIND_PATIENTS)
    if sum(map(str.isalnum, query)) < FEWEST_LETTERS or len(query) > LONGEST_QUERY:
        raise InvalidInput("search", f"Search for {FEWEST_LETTERS} to {LONGEST_QUERY} letters or figures.")
    return patients.search(tx, caller.clinic_id, query, MOST_FOUND)


def patient_record(tx: Transaction, caller: Caller, patient_id: PatientId) -> PatientRecord:
    """One of them. Raises NotFound, also for a record that was merged into another."""
    permit(caller, Action.FIND_PATIENTS)
    if patients.is_merged(tx, caller.clinic_id, patient_id):
        raise NotFound("patient")
    found = patients.get_many(tx, caller.clinic_id, [patient_id])[patient_id]
    visits = appointments.all_of_patient(tx, caller.clinic_id, patient_id)
    return PatientRecord(patient=found, visits=tuple(views(tx, caller.clinic_id, visits)))
