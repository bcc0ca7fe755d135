"""That the patient will come: said by themselves through their link, or to reception on the telephone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.errors import StaleVersion, TooShortNotice
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller
from booking.store import appointments, diaries, history
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view


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

    def act() -> tuple[AppointmentView, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        confirmed = _confirm(tx, caller, command)
        return view(tx, caller.clinic_id, confirmed), {"appointment": str(confirmed.id)}

    def again(record: Mapping[str, Any]) -> AppointmentView:
        appointment_id = AppointmentId(UUID(record["appointment"]))
        return view(tx, caller.clinic_id, appointments.get(tx, caller.clinic_id, appointment_id))

    return once(tx, caller.clinic_id, command.request, act, again)


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
