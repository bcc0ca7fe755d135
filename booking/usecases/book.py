"""Booking a visit, from a hold or directly."""

from dataclasses import dataclass, replace

from booking.domain.appointment import Appointment
from booking.domain.conflict import UNSUITED, is_unsuited
from booking.domain.errors import HoldExpired
from booking.domain.ids import DiaryId, PatientId
from booking.domain.patient import Contact
from booking.domain.permission import Action, Caller, permit
from booking.domain.treatment import Suits
from booking.store import appointments, claims, clinics, diaries, findings, patients
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.asking_again import ask_again
from booking.usecases.cover import recheck_supervised
from booking.usecases.hold import HoldRef, lock_hold
from booking.usecases.on_visit import on_visit
from booking.usecases.placing import Taker, Wanted, first_status, place
from booking.usecases.recording import record_booked
from booking.usecases.views.appointments import AppointmentView


@dataclass(frozen=True, kw_only=True)
class BookAppointment:
    """Book for this person what is held, or what is wanted; `booked_by` names whoever else does it for them."""

    contact: Contact
    what: HoldRef | Wanted
    booked_by: str | None = None
    request: RequestKey | None = None


def book(tx: Transaction, caller: Caller, command: BookAppointment) -> AppointmentView:
    """Book the visit, or raise the refusal that says why not; nothing is half done."""
    permit(caller, Action.BOOK, own=True)

    def change() -> Appointment:
        patient_id = patients.find_or_add(tx, caller.clinic_id, command.contact, tx.now())
        if isinstance(command.what, HoldRef):
            booked = _book_held(tx, caller, command.what, patient_id, command.booked_by)
        else:
            booked = place(tx, caller, command.what, Taker(patient_id=patient_id, booked_by=command.booked_by))
        _note_unsuited(tx, caller, booked, patient_id)
        return booked

    return on_visit(tx, caller, command.request, change)


def _note_unsuited(tx: Transaction, caller: Caller, booked: Appointment, patient_id: PatientId) -> None:
    """Reception looks at it afterwards: a refusal would tell a stranger who is a patient here."""
    about = clinics.described(tx, caller.clinic_id)
    suits = about.treatment_types[booked.agreed.treatment_type_id].suits
    if suits is Suits.ALL:
        return
    before = appointments.has_been_here(tx, caller.clinic_id, patient_id, booked.span.start)
    if is_unsuited(suits, was_here_before=before):
        findings.open_one(tx, caller.clinic_id, booked.id, UNSUITED, {"suits": suits.value}, tx.now())


def _book_held(
    tx: Transaction, caller: Caller, ref: HoldRef, patient_id: PatientId, booked_by: str | None
) -> Appointment:
    """Turn the hold into a visit: its time is never free in between. Law, hours and leave are asked again."""
    held, locked = lock_hold(tx, caller, ref, DiaryId(patient_id))
    now = tx.now()
    if not held.is_live_hold(now):
        raise HoldExpired
    if claims.set_expiry(tx, caller.clinic_id, held.id, None) != len(held.diaries):
        raise HoldExpired
    treatment = clinics.described(tx, caller.clinic_id).treatment_types[held.agreed.treatment_type_id]
    booked = replace(
        held,
        status=first_status(caller, treatment),
        patient_id=patient_id,
        booked_by=booked_by,
        expires_at=None,
        held_since=None,
        version=held.version + 1,
    )
    possible = ask_again(tx, caller, booked, now)
    record_booked(tx, caller, possible.site, possible.candidate, booked, now)
    claims.drop_expired(tx, caller.clinic_id, [DiaryId(patient_id)], now)
    claims.insert_for(tx, caller.clinic_id, booked, [DiaryId(patient_id)])
    appointments.update_from(tx, caller.clinic_id, held, booked, now, hold_key=None)
    recheck_supervised(tx, caller.clinic_id, now, [booked.practitioner_id])
    diaries.changed(tx, caller.clinic_id, locked, booked.status, booked.id, now, calendar=True)
    return booked
