"""Two records of one person become one while somebody books for the one that goes."""

from threading import Thread

from booking.domain.appointment import Appointment
from booking.domain.ids import PatientId
from booking.store import appointments, diaries, patients
from booking.store.database import Database, Transaction
from booking.usecases.merging import MergePatients, merge_patients
from booking.usecases.placing import Taker, place
from tests.clinics import TUESDAY, DullClinic, at, contact, open_clinic


def merge(clinic: DullClinic, gone: PatientId, kept: PatientId) -> None:
    clinic.database.write_now(merge_patients, clinic.reception, MergePatients(gone=gone, kept=kept))


def book_meanwhile(tx: Transaction, clinic: DullClinic, merging: Thread) -> Appointment:
    """What `book` does, with time for others between looking up who comes and locking their diary."""
    diaries.lock_clinic(tx, clinic.id)
    who = patients.find_or_add(tx, clinic.id, contact("Patient 10"), tx.now())
    if not merging.is_alive() and merging.ident is None:
        merging.start()
        merging.join(0.3)
    return place(tx, clinic.public, clinic.wanted(at(TUESDAY, 11)), Taker(patient_id=who))


def test_nobody_books_for_whoever_is_merged_away_meanwhile(database: Database) -> None:
    clinic = open_clinic(database)
    kept, gone = (clinic.book(at(TUESDAY, hour), patient=f"Patient {hour}").appointment for hour in (9, 10))
    assert kept.patient_id is not None
    assert gone.patient_id is not None
    merging = Thread(target=merge, args=(clinic, gone.patient_id, kept.patient_id))
    visit = database.write_now(book_meanwhile, clinic, merging)
    merging.join()
    found = database.read_now(appointments.all_of_patient, clinic.id, kept.patient_id)
    assert {one.id for one in found} == {kept.id, gone.id, visit.id}
