"""Changing a visit once, however often it is asked for."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId
from booking.domain.permission import Caller
from booking.store import appointments, diaries
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.idempotent import once
from booking.usecases.views.appointments import AppointmentView, view


def on_visit(
    tx: Transaction, caller: Caller, request: RequestKey | None, change: Callable[[], Appointment]
) -> AppointmentView:
    """The visit as `change` leaves it, which runs under the clinic's lock; asked again, the same visit as it is now."""

    def act() -> tuple[AppointmentView, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        visit = change()
        return view(tx, caller.clinic_id, visit), {"appointment": str(visit.id)}

    def again(record: Mapping[str, Any]) -> AppointmentView:
        appointment_id = AppointmentId(UUID(record["appointment"]))
        return view(tx, caller.clinic_id, appointments.get(tx, caller.clinic_id, appointment_id))

    return once(tx, caller.clinic_id, request, act, again)
