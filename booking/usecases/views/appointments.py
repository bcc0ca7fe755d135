"""Appointments as people see them: names beside the facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from booking.domain.appointment import Appointment
from booking.domain.conflict import ALL
from booking.domain.errors import NotFound
from booking.domain.ids import AppointmentId, ClinicId, PractitionerId, SiteId
from booking.domain.lifecycle import Status
from booking.domain.patient import Patient
from booking.domain.permission import Action, Caller, Reach, owns, permit, reach_of
from booking.domain.practitioner import Practitioner
from booking.domain.promise import CLOCK_CHANGED
from booking.domain.room import Equipment, Room
from booking.domain.site import Site
from booking.domain.time.zone import day_span
from booking.store import appointments, clinics, findings, patients
from booking.store.database import Transaction


@dataclass(frozen=True, kw_only=True)
class AppointmentView:
    """A visit with everything a page or an answer shows of it.

    `supervisor` is the colleague who is to be in the room. It is `at_risk` when its practitioner lost their cover, and
    `in_the_way` when leave, a closure or hours are, or when it is not at the time that the patient was told.
    """

    appointment: Appointment
    site: Site
    practitioner: Practitioner
    room: Room | None
    equipment: tuple[Equipment, ...]
    patient: Patient | None
    supervisor: Practitioner | None = None
    at_risk: bool = False
    in_the_way: bool = False


def view(tx: Transaction, clinic_id: ClinicId, appointment: Appointment) -> AppointmentView:
    return views(tx, clinic_id, [appointment])[0]


def get_appointment(tx: Transaction, caller: Caller, appointment_id: AppointmentId) -> AppointmentView:
    """One visit. Raises NotFound for one that is not the caller's to see, as for one that is not there."""
    appointment = appointments.get(tx, caller.clinic_id, appointment_id)
    ensure_may_see(caller, Action.SEE_APPOINTMENT, appointment)
    return view(tx, caller.clinic_id, appointment)


def ensure_may_see(caller: Caller, action: Action, appointment: Appointment) -> None:
    """Raises NotFound when the visit is not the caller's, and NotPermitted when the role may not do this at all.

    Whoever supervises a visit sees it, and does nothing else to it.
    """
    own = caller.appointment_id == appointment.id or owns(caller, appointment.practitioner_id)
    if action is Action.SEE_APPOINTMENT:
        own = own or (appointment.supervisor_id is not None and owns(caller, appointment.supervisor_id))
    if appointment.status is Status.HELD or (reach_of(caller, action) is Reach.OWN and not own):
        raise NotFound("appointment")
    permit(caller, action, own=own)


@dataclass(frozen=True, kw_only=True)
class DayQuery:
    """The local days from `first` to `last` at a site, or at all sites; of one practitioner or of all.

    A practitioner's are also those that they supervise in the room.
    """

    first: date
    last: date
    site: SiteId | None = None
    practitioner: PractitionerId | None = None


def list_appointments(tx: Transaction, caller: Caller, query: DayQuery) -> list[AppointmentView]:
    """The visits that start on these days, cancelled ones too, in the order of time; a practitioner sees their own."""
    permit(caller, Action.LIST_APPOINTMENTS, own=True)
    practitioner = query.practitioner
    if reach_of(caller, Action.LIST_APPOINTMENTS) is Reach.OWN:
        practitioner = caller.practitioner_id
        if practitioner is None:
            return []
    sites = clinics.described(tx, caller.clinic_id).sites
    if query.site is not None and query.site not in sites:
        raise NotFound("site")
    wanted = [site for site in sites.values() if query.site in {None, site.id}]
    found: list[Appointment] = []
    for site in wanted:
        window = day_span(query.first, query.last, site.zone)
        found += appointments.starting_in(tx, caller.clinic_id, site.id, window, practitioner)
    return views(tx, caller.clinic_id, sorted(found, key=lambda one: (one.span.start, one.id)))


def views(tx: Transaction, clinic_id: ClinicId, visits: Iterable[Appointment]) -> list[AppointmentView]:
    """The visits with what is shown of them, in their order."""
    listed = list(visits)
    about = clinics.described(tx, clinic_id)
    known = patients.get_many(tx, clinic_id, {one.patient_id for one in listed if one.patient_id is not None})
    found = findings.still_open(tx, clinic_id, findings.About(kinds={*ALL, CLOCK_CHANGED}))
    at_risk = {one.appointment_id for one in found if one.kind == findings.LOST_COVER}
    in_the_way = {one.appointment_id for one in found if one.kind != findings.LOST_COVER}
    return [
        AppointmentView(
            appointment=one,
            site=about.sites[one.site_id],
            practitioner=about.practitioners[one.practitioner_id],
            room=None if one.room_id is None else about.rooms[one.room_id],
            equipment=tuple(about.equipment[device] for device in sorted(one.equipment_ids)),
            patient=None if one.patient_id is None else known.get(one.patient_id),
            supervisor=None if one.supervisor_id is None else about.practitioners[one.supervisor_id],
            at_risk=one.id in at_risk,
            in_the_way=one.id in in_the_way,
        )
        for one in listed
    ]
