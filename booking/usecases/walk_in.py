"""Somebody stands at the desk without an appointment: booked from now on, and arrived, in one step."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from booking.domain.appointment import Appointment
from booking.domain.ids import PractitionerId, SiteId, TreatmentTypeId
from booking.domain.lifecycle import Status
from booking.domain.patient import Contact
from booking.domain.permission import Action, Caller, permit
from booking.domain.treatment import TICK_MINUTES
from booking.store import diaries, patients
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.lifecycle import put
from booking.usecases.on_visit import on_visit
from booking.usecases.placing import Taker, Wanted, place
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.slots import SlotList, alternatives

_TICK = timedelta(minutes=TICK_MINUTES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """Treat this person now, by this practitioner or by whoever may and can. Only the name must be known."""

    name: str
    treatment_type: TreatmentTypeId
    site: SiteId
    practitioner: PractitionerId | None = None
    email: str | None = None
    phone: str | None = None
    born: date | None = None
    request: RequestKey | None = None


def walk_in(tx: Transaction, caller: Caller, command: WalkIn) -> AppointmentView:
    """The visit, arrived, from the five minutes that have begun. Raises whatever speaks against booking it."""
    permit(caller, Action.CHECK_IN)
    permit(caller, Action.BOOK)

    def change() -> Appointment:
        now = tx.now()
        anonymous = None if command.email or command.phone else str(new_id())
        reached = {"email": command.email, "phone": command.phone}
        person = Contact(name=command.name, **reached, born=command.born, walk_in=anonymous)
        patient_id = patients.find_or_add(tx, caller.clinic_id, person, now)
        booked = place(tx, caller, _wanted(command, now), Taker(patient_id=patient_id))
        locked = diaries.lock(tx, caller.clinic_id, booked.diaries)
        return put(tx, caller, booked, replace(booked, status=Status.ARRIVED), locked, tx.now())

    return on_visit(tx, caller, command.request, change)


def times_to_come_back(tx: Transaction, caller: Caller, command: WalkIn) -> SlotList:
    """The next free times for whoever cannot be treated now."""
    permit(caller, Action.BOOK)
    return alternatives(tx, caller, _wanted(command, tx.now()))


def _wanted(command: WalkIn, now: datetime) -> Wanted:
    return Wanted(
        treatment_type=command.treatment_type,
        site=command.site,
        practitioner=command.practitioner,
        start=now - (now - _EPOCH) % _TICK,
    )
