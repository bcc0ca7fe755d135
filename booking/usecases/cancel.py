"""Cancelling a visit: its time is free again at once, its history stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment, Status, ensure_follows
from booking.domain.errors import StaleVersion, TooShortNotice
from booking.domain.ids import AppointmentId
from booking.domain.permission import Action, Caller, Role
from booking.store import appointments, claims, diaries, findings, history
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.cover import recheck_supervised
from booking.usecases.idempotent import once
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Cancel the visit as it was at `version`."""

    appointment: AppointmentId
    version: int
    reason: str | None = None
    request: RequestKey | None = None


def cancel(tx: Transaction, caller: Caller, command: CancelAppointment) -> AppointmentView:
    """Raises StaleVersion when it changed meanwhile or is cancelled; a patient may cancel until the visit starts."""

    def act() -> tuple[AppointmentView, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        cancelled = _cancel(tx, caller, command)
        return view(tx, caller.clinic_id, cancelled), {"appointment": str(cancelled.id)}

    def again(record: Mapping[str, Any]) -> AppointmentView:
        appointment_id = AppointmentId(UUID(record["appointment"]))
        return view(tx, caller.clinic_id, appointments.get(tx, caller.clinic_id, appointment_id))

    return once(tx, caller.clinic_id, command.request, act, again)


def _cancel(tx: Transaction, caller: Caller, command: CancelAppointment) -> Appointment:
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.CANCEL, seen)
    locked = diaries.lock(tx, caller.clinic_id, seen.diaries)
    current, now = appointments.get(tx, caller.clinic_id, command.appointment), tx.now()
    if current.version != command.version or current.diaries != seen.diaries:
        raise StaleVersion(current.version)
    ensure_follows(current.status, Status.CANCELLED, current.version)
    if caller.role is Role.PATIENT and now >= current.span.start:
        raise TooShortNotice("The appointment has begun; please call us.")
    cancelled = replace(current, status=Status.CANCELLED, version=current.version + 1, sequence=current.sequence + 1)
    appointments.update_from(
        tx, caller.clinic_id, current, cancelled, now, cancelled_at=now, cancel_reason=command.reason
    )
    claims.release(tx, caller.clinic_id, cancelled.id)
    history.add_status(tx, caller, cancelled.id, cancelled.version, cancelled.status, now, command.reason)
    findings.close(tx, caller.clinic_id, cancelled.id, now)
    recheck_supervised(tx, caller.clinic_id, now, [current.practitioner_id])
    diaries.changed(tx, caller.clinic_id, locked, cancelled.status, cancelled.id, now, calendar=True)
    return cancelled
