"""Patients of a clinic, matched by name and contact, never across clinics."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from booking.domain.ids import ClinicId, DiaryId, PatientId
from booking.domain.patient import Contact, Patient
from booking.store import diaries
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import DiaryRow, PatientRow, table

_patient = table(PatientRow)
_diary = table(DiaryRow)


def find_or_add(tx: Transaction, clinic_id: ClinicId, contact: Contact, now: datetime) -> PatientId:
    """The patient this contact means, put on file if new. Asked before any diary is locked.

    Two who add the same patient at once wait for each other here, while neither holds a diary.
    """
    found = _find(tx, clinic_id, contact)
    if found is not None:
        return found
    patient_id = PatientId(new_id())
    diaries.add(tx, clinic_id, [DiaryId(patient_id)], "patient")
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    values = {"clinic_id": clinic_id, "id": patient_id, "match_key": contact.match_key, "created_at": now}
    person = {"name": contact.name, "email": contact.email, "phone": contact.phone}
    statement = dialect.insert(_patient).values(**values, **person).on_conflict_do_nothing(index_elements=_MATCH)
    if tx.connection.execute(statement.returning(_patient.c.id)).scalar() is not None:
        return patient_id
    tx.connection.execute(_diary.delete().where(_diary.c.clinic_id == clinic_id, _diary.c.id == patient_id))
    winner = _find(tx, clinic_id, contact)
    assert winner is not None  # noqa: S101 -- it is there: its key refused ours
    return winner


def get_many(tx: Transaction, clinic_id: ClinicId, ids: Collection[PatientId]) -> dict[PatientId, Patient]:
    if not ids:
        return {}
    query = select(_patient).where(_patient.c.clinic_id == clinic_id, _patient.c.id.in_(sorted(ids)))
    return {
        PatientId(row.id): Patient(id=PatientId(row.id), name=row.name, email=row.email, phone=row.phone)
        for row in tx.connection.execute(query)
    }


_MATCH = ["clinic_id", "match_key"]


def _find(tx: Transaction, clinic_id: ClinicId, contact: Contact) -> PatientId | None:
    query = select(_patient.c.id).where(_patient.c.clinic_id == clinic_id, _patient.c.match_key == contact.match_key)
    found = tx.connection.execute(query).scalar()
    return None if found is None else PatientId(found)
