"""What was over before it came here: kept as history, without a decision, since nobody here has decided it."""

from dataclasses import replace
from datetime import datetime

from booking.domain.appointment import Agreed, Appointment
from booking.domain.ids import AppointmentId, DiaryId
from booking.domain.lifecycle import Status
from booking.domain.permission import Caller
from booking.store import appointments, clinics, diaries, history, imported, patients
from booking.store.database import Transaction
from booking.store.ids import new_id
from booking.usecases.importing.model import Row
from booking.usecases.importing.said import said
from booking.usecases.placing import new_reference

ACTOR = "import"
"""Whom the history of such a visit names: what happened there, nobody did here."""


def keep(tx: Transaction, caller: Caller, row: Row, now: datetime) -> None:
    """Put the visit on file, fulfilled unless the row says otherwise; it takes nobody's time. The clinic is locked."""
    patient_id = patients.find_or_add(tx, caller.clinic_id, row.contact, now)
    touched = {DiaryId(row.practitioner.id), DiaryId(patient_id)}
    locked = diaries.lock(tx, caller.clinic_id, touched | ({DiaryId(row.room.id)} if row.room else set()))
    visit = Appointment(
        id=AppointmentId(new_id()),
        status=Status.FULFILLED if row.status is Status.BOOKED else row.status,
        site_id=row.site.id,
        practitioner_id=row.practitioner.id,
        room_id=None if row.room is None else row.room.id,
        patient_id=patient_id,
        span=row.span,
        zone=row.site.zone,
        agreed=_agreed(row),
        version=1,
        sequence=0,
        reference=new_reference(),
        is_history=True,
    )
    language = clinics.described(tx, caller.clinic_id).clinic.language
    appointments.add(tx, caller.clinic_id, visit, language, now)
    imported.mark(tx, caller.clinic_id, visit.id, row.reference, said(row), row.note)
    history.add_status(tx, caller, visit.id, visit.version, visit.status, now, actor=ACTOR)
    diaries.changed(tx, caller.clinic_id, locked, visit.status, visit.id, now, calendar=True)


def _agreed(row: Row) -> Agreed:
    """What is known of it; nobody knows which buffers and price were agreed there."""
    agreed = Agreed.now(row.treatment, row.treatment.regions if row.regions is None else row.regions)
    return replace(agreed, minutes=row.length, buffer_before=0, buffer_after=0, price=None, currency=None)
