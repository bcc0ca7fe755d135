"""Giving a visit to another practitioner at its own time."""

from dataclasses import dataclass

from booking.domain.appointment import Appointment
from booking.domain.ids import AppointmentId, PractitionerId
from booking.domain.permission import Action, Caller
from booking.store import appointments
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.move import MoveAppointment, other_times
from booking.usecases.on_visit import on_visit
from booking.usecases.relocating import Target, relocate
from booking.usecases.views.appointments import AppointmentView, ensure_may_see
from booking.usecases.views.slots import SlotList


@dataclass(frozen=True, kw_only=True)
class ReassignAppointment:
    """Let this practitioner give the visit, as it was at `version`; without one, any other who may and can."""

    appointment: AppointmentId
    version: int
    practitioner: PractitionerId | None = None
    request: RequestKey | None = None


def reassign(tx: Transaction, caller: Caller, command: ReassignAppointment) -> AppointmentView:
    """The visit with its new practitioner; the room stays where it can. Raises whatever speaks against it."""

    def change() -> Appointment:
        seen = appointments.get(tx, caller.clinic_id, command.appointment)
        ensure_may_see(caller, Action.REASSIGN, seen)
        target = Target(
            start=seen.span.start,
            practitioner=command.practitioner,
            anyone=command.practitioner is None,
            but=seen.practitioner_id,
        )
        return relocate(tx, caller, command.appointment, command.version, target)

    return on_visit(tx, caller, command.request, change)


def other_times_with(tx: Transaction, caller: Caller, command: ReassignAppointment) -> SlotList:
    """The free times nearest to that of the visit, if it can be with whoever was to give it."""
    visit = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.REASSIGN, visit)
    moving = MoveAppointment(
        appointment=visit.id,
        version=command.version,
        start=visit.span.start,
        practitioner=command.practitioner,
        anyone=command.practitioner is None,
    )
    return other_times(tx, caller, moving)
