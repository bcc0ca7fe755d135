"""Visits that came from another system: found by what that calls them, with what it said of them last."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, func, literal, select, update

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId, ClinicId
from booking.store.appointments import as_appointment
from booking.store.database import Transaction
from booking.store.tables import AppointmentRow, table

_appointment = table(AppointmentRow)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The visit as it is here, and the salted digests of what was said of it when it was imported last."""

    visit: Appointment
    said: Mapping[str, str]


def lock(tx: Transaction, clinic_id: ClinicId, reference: str) -> None:
    """Keep others from importing what the other system calls so; after the clinic's lock, and before any diary.

    On SQLite the transaction itself is the lock. References share a few locks, since a server has room for only so many
    and a dry run keeps all that it takes.
    """
    if tx.connection.dialect.name == "sqlite":
        return
    clinic = int.from_bytes(clinic_id.bytes[12:], "big", signed=True)  # of the random half
    shared = hashlib.blake2b(reference.encode(), digest_size=1).digest()[0]
    keys = (literal(key, Integer) for key in (clinic, shared))
    tx.connection.execute(select(func.pg_advisory_xact_lock(*keys)))


def find(tx: Transaction, clinic_id: ClinicId, reference: str) -> Imported | None:
    """The visit that the other system calls so."""
    query = select(_appointment).where(
        _appointment.c.clinic_id == clinic_id, _appointment.c.external_reference == reference
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Imported(visit=as_appointment(row), said=row.imported_as or {})


def mark(
    tx: Transaction, clinic_id: ClinicId, visit: AppointmentId, reference: str, said: Mapping[str, str], note: str
) -> None:
    """Keep what the other system calls the visit, which no other is called, what it says of it now, and its note."""
    this = (_appointment.c.clinic_id == clinic_id) & (_appointment.c.id == visit)
    values = {"external_reference": reference, "imported_as": said, "note": note}
    tx.connection.execute(update(_appointment).where(this).values(values))
