"""Cancelling a visit: its time is free again at once, its history stays."""

from dataclasses import dataclass, replace

from booking.domain.appointment import Appointment
from booking.domain.errors import TooShortNotice
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status, Step, ensure_possible
from booking.domain.permission import Action, Caller, Role
from booking.store import appointments, diaries
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.lifecycle import ensure_own_deed, ensure_unchanged, put
from booking.usecases.on_visit import on_visit
from booking.usecases.views.appointments import AppointmentView, ensure_may_see


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Cancel the visit as it was at `version`."""

    appointment: AppointmentId
    version: int
    reason: str | None = None
    request: RequestKey | None = None


def cancel(tx: Transaction, caller: Caller, command: CancelAppointment) -> AppointmentView:
    """Raises StaleVersion when it changed meanwhile or is cancelled; a patient may cancel until the visit starts."""
    return on_visit(tx, caller, command.request, lambda: _cancel(tx, caller, command))


def _cancel(tx: Transaction, caller: Caller, command: CancelAppointment) -> Appointment:
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.CANCEL, seen)
    locked = diaries.lock(tx, caller.clinic_id, seen.diaries)
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    if current.status is Status.CANCELLED:
        ensure_own_deed(tx, caller, current)
        return current
    ensure_unchanged(current, seen, command.version)
    ensure_possible(Step.CANCEL, current.status, current.span, current.zone, version=current.version, now=now)
    if caller.role is Role.PATIENT and now >= current.span.start:
        raise TooShortNotice("The appointment has begun; please call us.")
    return put(tx, caller, current, replace(current, status=Status.CANCELLED), locked, now, reason=command.reason)
