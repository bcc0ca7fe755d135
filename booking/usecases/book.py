"""Booking a visit, from a hold or directly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment, Status, ensure_follows
from booking.domain.assignment import Candidate
from booking.domain.errors import HoldExpired, PatientDoubleBooked
from booking.domain.ids import AppointmentId, DiaryId, PatientId
from booking.domain.patient import Contact
from booking.domain.permission import Action, Caller, permit
from booking.domain.time.span import SpanSet
from booking.store import appointments, claims, diaries, patients
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases import offering
from booking.usecases.hold import HoldRef, lock_hold
from booking.usecases.idempotent import once
from booking.usecases.placing import Taker, Wanted, for_the_eyes_of, place
from booking.usecases.recording import record_booked
from booking.usecases.views.appointments import AppointmentView, view


@dataclass(frozen=True, kw_only=True)
class BookAppointment:
    """Book for this person what is held, or what is wanted."""

    contact: Contact
    what: HoldRef | Wanted
    request: RequestKey | None = None


def book(tx: Transaction, caller: Caller, command: BookAppointment) -> AppointmentView:
    """Book the visit, or raise the refusal that says why not; nothing is half done."""
    permit(caller, Action.BOOK, own=True)

    def act() -> tuple[AppointmentView, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        patient_id = patients.find_or_add(tx, caller.clinic_id, command.contact, tx.now())
        if isinstance(command.what, HoldRef):
            booked = _book_held(tx, caller, command.what, patient_id)
        else:
            booked = place(tx, caller, command.what, Taker(patient_id=patient_id))
        return view(tx, caller.clinic_id, booked), {"appointment": str(booked.id)}

    def again(record: Mapping[str, Any]) -> AppointmentView:
        appointment_id = AppointmentId(UUID(record["appointment"]))
        return view(tx, caller.clinic_id, appointments.get(tx, caller.clinic_id, appointment_id))

    return once(tx, caller.clinic_id, command.request, act, again)


def _book_held(tx: Transaction, caller: Caller, ref: HoldRef, patient_id: PatientId) -> Appointment:
    """Turn the hold into a visit: its time is never free in between. Law, hours and leave are asked again."""
    held, locked = lock_hold(tx, caller, ref, DiaryId(patient_id))
    now = tx.now()
    if not held.is_live_hold(now):
        raise HoldExpired
    ensure_follows(held.status, Status.BOOKED, held.version)
    if claims.taken(tx, caller.clinic_id, [DiaryId(patient_id)], held.span, now):
        raise PatientDoubleBooked
    if claims.set_expiry(tx, caller.clinic_id, held.id, None) != len(held.diaries):
        raise HoldExpired
    booked = replace(
        held,
        status=Status.BOOKED,
        patient_id=patient_id,
        expires_at=None,
        held_since=None,
        version=held.version + 1,
    )
    claims.drop_expired(tx, caller.clinic_id, [DiaryId(patient_id)], now)
    claims.insert_for(tx, caller.clinic_id, booked, [DiaryId(patient_id)])
    appointments.update_from(tx, caller.clinic_id, held, booked, now, hold_key=None)
    _ask_again(tx, caller, booked, now)
    diaries.changed(tx, caller.clinic_id, locked, booked.status, booked.id, now, calendar=True)
    return booked


def _ask_again(tx: Transaction, caller: Caller, booked: Appointment, now: datetime) -> None:
    """Raises the refusal when what was held can no longer be given, by law or by the practitioner's calendar.

    Else records why it may.
    """
    offer = offering.agreed(tx, caller, booked)
    site, practitioner = offer.site(booked.site_id), offer.practitioner(booked.practitioner_id)
    busy = claims.busy(tx, caller.clinic_id, booked.diaries, booked.claimed)
    candidate = Candidate(
        practitioner=practitioner,
        eligibility=offer.eligibility(practitioner, site),
        there=offer.there(practitioner, site, booked.claimed),
        taken=SpanSet(span for spans in busy.values() for span in spans),
    )
    refusal = candidate.refusal(booked.span, booked.claimed)
    if refusal is not None:
        raise for_the_eyes_of(caller, refusal)
    record_booked(tx, caller, offer, site, candidate, booked, now)
