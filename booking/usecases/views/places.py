"""Where else a visit could be: other rooms, colleagues, and the visits with which it could change places."""

from dataclasses import dataclass

from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller
from booking.domain.practitioner import Practitioner
from booking.domain.room import Room
from booking.domain.time.zone import local_date
from booking.store import appointments, clinics
from booking.store.database import Transaction
from booking.usecases.gathering import rooms_for
from booking.usecases.views.appointments import AppointmentView, DayQuery, ensure_may_see, list_appointments, view

_MOVABLE = {Status.REQUESTED, Status.BOOKED}


@dataclass(frozen=True, kw_only=True)
class Places:
    """A visit, and what could be asked for it; whether that can be is decided when it is asked for.

    `colleagues` work at its site, `others` are the visits of its day there.
    """

    visit: AppointmentView
    colleagues: tuple[Practitioner, ...]
    others: tuple[AppointmentView, ...]

    @property
    def may_change(self) -> bool:
        return self.visit.appointment.status in _MOVABLE


def rooms_that_do(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> tuple[Room, ...]:
    """The rooms of its site to which a visit could be moved. Raises as `move` does for whoever may not."""
    visit = appointments.get(tx, caller.clinic_id, appointment_id)
    ensure_may_see(caller, Action.MOVE, visit)
    return tuple(rooms_for(clinics.described(tx, caller.clinic_id), visit.site_id, visit.agreed.needs))


def places(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> Places:
    """Raises NotFound, and NotPermitted for whoever may not give visits to others."""
    visit = appointments.get(tx, caller.clinic_id, appointment_id)
    ensure_may_see(caller, Action.REASSIGN, visit)
    about, day = clinics.described(tx, caller.clinic_id), local_date(visit.span.start, visit.zone)
    same_day = list_appointments(tx, caller, DayQuery(first=day, last=day, site=visit.site_id))
    others = [one for one in same_day if one.appointment.status in _MOVABLE and one.appointment.id != visit.id]
    return Places(
        visit=view(tx, caller.clinic_id, visit),
        colleagues=tuple(one for one in about.people_at(visit.site_id) if one.id != visit.practitioner_id),
        others=tuple(others),
    )
