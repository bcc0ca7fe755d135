"""Patients of a clinic, matched by name and contact, never across clinics."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from booking.domain.errors import NotFound
from booking.domain.ids import ClinicId, DiaryId, PatientId
from booking.domain.patient import Contact, Patient
from booking.store import diaries
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.store.tables import DiaryRow, PatientRow, table
from booking.store.types import Id

_patient = table(PatientRow)
_diary = table(DiaryRow)


def find_or_add(tx: Transaction, clinic_id: ClinicId, contact: Contact, now: datetime) -> PatientId:
    """The patient this contact means, put on file if new. Asked before any diary is locked.

    Two who add the same patient at once wait for each other here, while neither holds a diary.
    """
    found = _find(tx, clinic_id, contact)
    if found is not None:
        _note_birthday(tx, clinic_id, found, contact)
        return found
    patient_id = PatientId(new_id())
    diaries.add(tx, clinic_id, [DiaryId(patient_id)], "patient")
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    values = {"clinic_id": clinic_id, "id": patient_id, "match_key": contact.match_key, "created_at": now}
    person = {"name": contact.name, "email": contact.email, "phone": contact.phone, "born": contact.born}
    statement = dialect.insert(_patient).values(**values, **person).on_conflict_do_nothing(index_elements=_MATCH)
    if tx.connection.execute(statement.returning(_patient.c.id)).scalar() is not None:
        return patient_id
    tx.connection.execute(_diary.delete().where(_diary.c.clinic_id == clinic_id, _diary.c.id == patient_id))
    winner = _find(tx, clinic_id, contact)
    assert winner is not None  # noqa: S101 -- it is there: its key refused ours
    _note_birthday(tx, clinic_id, winner, contact)
    return winner


def _note_birthday(tx: Transaction, clinic_id: ClinicId, patient_id: PatientId, contact: Contact) -> None:
    """What is on file stays: nobody gets older by saying so."""
    if contact.born is not None:
        unknown = (_patient.c.clinic_id == clinic_id) & (_patient.c.id == patient_id) & _patient.c.born.is_(None)
        tx.connection.execute(update(_patient).where(unknown).values(born=contact.born))


def get_many(tx: Transaction, clinic_id: ClinicId, ids: Collection[PatientId]) -> dict[PatientId, Patient]:
    if not ids:
        return {}
    query = select(_patient).where(_patient.c.clinic_id == clinic_id, _patient.c.id.in_(sorted(ids)))
    return {PatientId(row.id): as_patient(row) for row in tx.connection.execute(query)}


def as_patient(row: Row[Any]) -> Patient:
    return Patient(id=PatientId(row.id), name=row.name, email=row.email, phone=row.phone, born=row.born)


def merge(tx: Transaction, clinic_id: ClinicId, gone: PatientId, kept: PatientId) -> None:
    """From now on whoever is found as `gone` is `kept`, who also takes over the ways to be reached that are missing."""
    mine = _patient.c.clinic_id == clinic_id
    led_here = (_patient.c.id == gone) | (_patient.c.merged_into_id == gone)
    tx.connection.execute(update(_patient).where(mine, led_here).values(merged_into_id=kept))
    other = tx.connection.execute(select(_patient).where(mine, _patient.c.id == gone)).one()
    taken_over = {
        "email": func.coalesce(_patient.c.email, other.email),
        "phone": func.coalesce(_patient.c.phone, other.phone),
        "born": func.coalesce(_patient.c.born, other.born),
    }
    tx.connection.execute(update(_patient).where(mine, _patient.c.id == kept).values(**taken_over))


def is_merged(tx: Transaction, clinic_id: ClinicId, patient_id: PatientId) -> bool:
    """Whether the patient was merged into another. Raises NotFound."""
    query = select(_patient.c.id, _patient.c.merged_into_id)
    row = tx.connection.execute(
        query.where(_patient.c.clinic_id == clinic_id, _patient.c.id == patient_id)
    ).one_or_none()
    if row is None:
        raise NotFound("patient")
    return row.merged_into_id is not None


def search(tx: Transaction, clinic_id: ClinicId, words: str, most: int) -> list[Patient]:
    """Patients whose name, e-mail address or telephone number contains each of the words, by name."""
    query = select(_patient).where(_patient.c.clinic_id == clinic_id, _patient.c.merged_into_id.is_(None))
    for word in words.split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in _REACHED)))
    rows = tx.connection.execute(query.order_by(_patient.c.name, _patient.c.id).limit(most))
    return [as_patient(row) for row in rows]


_REACHED = (_patient.c.name, _patient.c.email, _patient.c.phone)

_MATCH = ["clinic_id", "match_key"]


def _find(tx: Transaction, clinic_id: ClinicId, contact: Contact) -> PatientId | None:
    query = select(func.coalesce(_patient.c.merged_into_id, _patient.c.id, type_=Id())).where(
        _patient.c.clinic_id == clinic_id, _patient.c.match_key == contact.match_key
    )
    found = tx.connection.execute(query).scalar()
    return None if found is None else PatientId(found)
