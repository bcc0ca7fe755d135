"""That the patient will come: said by themselves through their link, or to reception on the telephone."""

from dataclasses import dataclass, replace

from booking.domain.appointment import Appointment
from booking.domain.errors import StaleVersion, TooShortNotice
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller
from booking.store import appointments, diaries, history
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.on_visit import on_visit
from booking.usecases.views.appointments import AppointmentView, ensure_may_see


@dataclass(frozen=True, kw_only=True)
class ConfirmVisit:
    """The patient comes to the visit as it was at `version`; None is as it is, for whoever sees only its time."""

    appointment: AppointmentId
    version: int | None = None
    request: RequestKey | None = None


def confirm(tx: Transaction, caller: Caller, command: ConfirmVisit) -> AppointmentView:
    """Only a booked visit that has not begun is confirmed, and once: who repeats it changes nothing.

    Raises StaleVersion when it changed meanwhile or is not booked, and TooShortNotice when it has begun.
    """
    return on_visit(tx, caller, command.request, lambda: _confirm(tx, caller, command))


def _confirm(tx: Transaction, caller: Caller, command: ConfirmVisit) -> Appointment:
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.CONFIRM, seen)
    locked = diaries.lock(tx, caller.clinic_id, seen.diaries)
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    if current.status is Status.BOOKED and current.confirmed_at is not None:
        return current
    is_other = current.diaries != seen.diaries or command.version not in {None, current.version}
    if current.status is not Status.BOOKED or is_other:
        raise StaleVersion(current.version)
    if now >= current.span.start:
        raise TooShortNotice("The appointment has begun.")
    after = replace(current, confirmed_at=now, version=current.version + 1)
    appointments.update_from(tx, caller.clinic_id, current, after, now)
    history.add_audit(tx, caller, "appointment_confirmed", after.id, now, version=after.version)
    touched = {diary: locked[diary] for diary in after.diaries}
    diaries.changed(tx, caller.clinic_id, touched, "confirmed", after.id, now)
    return after
