"""What several operations answer with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from booking.api.fields import Answer, Instant, Line
from booking.domain.lifecycle import Status
from booking.domain.patient import Patient
from booking.domain.permission import Caller
from booking.domain.time.zone import ZoneName, wall_time
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.slots import SlotList


class SlotAnswer(Answer):
    """A time that can be booked, by the clock of its site."""

    start: Instant
    end: Instant
    site: UUID
    practitioner: UUID


class PatientAnswer(Answer):
    id: UUID
    name: Line
    email: str | None
    phone: str | None


class AppointmentAnswer(Answer):
    """A visit. From `room` to `note` all is null for whoever is not staff.

    `supervisor` is the practitioner whom the law wants in the room; null where it wants nobody there. `confirmed_at` is
    when the patient said to come, `ended_at` when a fulfilled visit was over; `booked_by` names whoever booked for the
    patient.
    """

    id: UUID
    reference: str
    status: Status
    version: int
    start: Instant
    end: Instant
    zone: str
    site: UUID
    practitioner: UUID
    treatment_type: UUID
    treatment_name: str
    regions: list[str]
    price: int | None
    currency: str | None
    confirmed_at: Instant | None = None
    ended_at: Instant | None = None
    room: UUID | None = None
    equipment: list[UUID] | None = None
    supervisor: UUID | None = None
    patient: PatientAnswer | None = None
    booked_by: str | None = None
    at_risk: bool | None = None
    note: str | None = None


def local(instant: datetime, zone: ZoneName) -> str:
    """The instant in RFC 3339, with the offset of the clock there."""
    return wall_time(instant, zone).isoformat()


def slots_of(listed: SlotList) -> list[SlotAnswer]:
    return [
        SlotAnswer(
            start=local(slot.span.start, listed.sites[slot.site_id].zone),
            end=local(slot.span.end, listed.sites[slot.site_id].zone),
            site=slot.site_id,
            practitioner=slot.practitioner_id,
        )
        for slot in listed.slots
    ]


def appointment_of(seen: AppointmentView, caller: Caller) -> AppointmentAnswer:
    """The visit with what this caller may see of it."""
    return AppointmentAnswer(**appointment_fields(seen, caller))


def appointment_fields(seen: AppointmentView, caller: Caller) -> dict[str, Any]:
    visit = seen.appointment
    fields = {
        "id": visit.id,
        "reference": visit.reference,
        "status": visit.status,
        "version": visit.version,
        "start": local(visit.span.start, visit.zone),
        "end": local(visit.span.end, visit.zone),
        "zone": visit.zone,
        "site": visit.site_id,
        "practitioner": visit.practitioner_id,
        "treatment_type": visit.agreed.treatment_type_id,
        "treatment_name": visit.agreed.treatment_name,
        "regions": sorted(visit.agreed.regions),
        "price": visit.agreed.price,
        "currency": visit.agreed.currency,
        "confirmed_at": None if visit.confirmed_at is None else local(visit.confirmed_at, visit.zone),
        "ended_at": None if visit.ended_at is None else local(visit.ended_at, visit.zone),
    }
    things = {"room": visit.room_id, "equipment": sorted(visit.equipment_ids), "supervisor": visit.supervisor_id}
    person = {"patient": _patient(seen), "booked_by": visit.booked_by}
    for_staff = {**things, **person, "at_risk": seen.at_risk, "note": visit.note}
    return {**fields, **(for_staff if caller.is_staff else {})}


def patient_of(patient: Patient) -> PatientAnswer:
    return PatientAnswer(id=patient.id, name=patient.name, email=patient.email, phone=patient.phone)


def _patient(seen: AppointmentView) -> PatientAnswer | None:
    return None if seen.patient is None else patient_of(seen.patient)
