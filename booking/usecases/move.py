"""Moving a visit to another time, practitioner or site: decided as a new one is, and at no moment without a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from booking.domain.appointment import Appointment
from booking.domain.assignment import Choice, choose, first_refusal
from booking.domain.availability.obstacles import Visit, of_time
from booking.domain.conflict import ALL
from booking.domain.errors import NotBookableOnline, PractitionerNotEligible, StaleVersion, TooShortNotice
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, PractitionerId, SiteId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller, Role
from booking.domain.promise import CLOCK_CHANGED
from booking.domain.site import Site
from booking.store import appointments, claims, clinics, diaries, findings
from booking.store.database import Transaction
from booking.store.idempotency import RequestKey
from booking.usecases import gathering, offering
from booking.usecases.cover import recheck_supervised
from booking.usecases.gathering import Around, gather
from booking.usecases.idempotent import once
from booking.usecases.offering import Offer
from booking.usecases.placing import Wanted, for_the_eyes_of, patient_obstacles, visit_of, with_choice
from booking.usecases.recording import record_moved
from booking.usecases.supervising import supervisors_at
from booking.usecases.views.appointments import AppointmentView, ensure_may_see, view
from booking.usecases.views.slots import SlotList, alternatives


@dataclass(frozen=True, kw_only=True)
class MoveAppointment:
    """Move the visit, as it was at `version`, to `start` in UTC; its practitioner and its site stay unless named."""

    appointment: AppointmentId
    version: int
    start: datetime
    practitioner: PractitionerId | None = None
    site: SiteId | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """The visit as it is now; `changed` is False when all was so already."""

    view: AppointmentView
    changed: bool


@dataclass(frozen=True, kw_only=True)
class _Decided:
    offer: Offer
    site: Site
    visit: Visit
    choice: Choice


def move(tx: Transaction, caller: Caller, command: MoveAppointment) -> Moved:
    """Move it, or raise the refusal that says why not; what was agreed beside the time stays agreed.

    Raises StaleVersion when it changed meanwhile or is cancelled. A patient may move a visit until it starts, to a time
    that patients may book.
    """

    def act() -> tuple[Moved, Mapping[str, Any]]:
        diaries.lock_clinic(tx, caller.clinic_id)
        visit = relocate(tx, caller, command)
        changed = visit.version != command.version
        seen = view(tx, caller.clinic_id, visit)
        return Moved(view=seen, changed=changed), {"appointment": str(visit.id), "changed": changed}

    def again(record: Mapping[str, Any]) -> Moved:
        visit = appointments.get(tx, caller.clinic_id, AppointmentId(UUID(record["appointment"])))
        return Moved(view=view(tx, caller.clinic_id, visit), changed=record["changed"])

    return once(tx, caller.clinic_id, command.request, act, again)


def relocate(tx: Transaction, caller: Caller, command: MoveAppointment) -> Appointment:
    """The same, for whoever holds the clinic's lock. A refusal leaves nothing written."""
    current, locked = _lock(tx, caller, command)
    now = tx.now()
    if caller.role is Role.PATIENT and now >= current.span.start:
        raise TooShortNotice("The appointment has begun; please call us.")
    doubted = findings.is_open(tx, caller.clinic_id, current.id, CLOCK_CHANGED)
    if _is_there(current, command) and not doubted:
        return current
    decided = _decide(tx, caller, current, command, now)
    moved = _moved(current, decided)
    claims.drop_expired(tx, caller.clinic_id, moved.diaries, now)
    claims.release(tx, caller.clinic_id, moved.id)
    claims.insert_for(tx, caller.clinic_id, moved, moved.diaries)
    promise = appointments.promise_of(moved) if doubted else {}  # now it is said again, at whatever time
    appointments.update_from(tx, caller.clinic_id, current, moved, now, **promise)
    record_moved(tx, caller, decided.site, decided.choice.candidate, current, moved, now)
    findings.close(tx, caller.clinic_id, moved.id, now, _SETTLED)
    recheck_supervised(tx, caller.clinic_id, now, [current.practitioner_id, moved.practitioner_id])
    touched = {diary: locked[diary] for diary in current.diaries | moved.diaries}
    diaries.changed(tx, caller.clinic_id, touched, "moved", moved.id, now, calendar=True)
    return moved


def _lock(tx: Transaction, caller: Caller, command: MoveAppointment) -> tuple[Appointment, diaries.Revisions]:
    """Lock everybody the visit leaves and everybody it might take, in one statement; the visit as it is then.

    Raises StaleVersion.
    """
    seen = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.MOVE, seen)
    touched = might_be_touched(tx, caller.clinic_id, seen, command.site, command.practitioner)
    locked = diaries.lock(tx, caller.clinic_id, touched)
    current = appointments.get(tx, caller.clinic_id, command.appointment)
    is_other = current.version != command.version or current.diaries != seen.diaries
    if is_other or current.status not in {Status.REQUESTED, Status.BOOKED}:
        raise StaleVersion(current.version)
    return current, locked


_SETTLED = frozenset({CLOCK_CHANGED, *(kind.value for kind in ALL)})
"""The kinds of findings that whatever lets a visit be moved speaks against."""


def ensure_movable(tx: Transaction, caller: Caller, visit: Appointment, command: MoveAppointment) -> None:
    """Raises the refusal that moving it now would meet; changes nothing and locks nothing."""
    _decide(tx, caller, visit, command, tx.now())


def might_be_touched(
    tx: Transaction,
    clinic_id: ClinicId,
    visit: Appointment,
    site: SiteId | None = None,
    practitioner: PractitionerId | None = None,
) -> set[DiaryId]:
    """The diaries of the visit, and all that it might take instead; known without a lock but the clinic's."""
    about, needs, there = clinics.described(tx, clinic_id), visit.agreed.needs, site or visit.site_id
    rooms = gathering.diaries_of(gathering.rooms_for(about, there, needs))
    devices = gathering.diaries_of(gathering.equipment_for(about, there, needs))
    who = about.practitioners.get(practitioner or visit.practitioner_id)
    at = about.sites.get(there)
    people = [] if who is None else [who]
    people += [] if at is None else supervisors_at(about, at, people)
    return {*gathering.diaries_of(people), *rooms, *devices, *visit.diaries}


def other_times(tx: Transaction, caller: Caller, command: MoveAppointment) -> SlotList:
    """The free times nearest to the one that was wanted, as if the visit were not where it is."""
    visit = appointments.get(tx, caller.clinic_id, command.appointment)
    ensure_may_see(caller, Action.MOVE, visit)
    wanted = Wanted(
        treatment_type=visit.agreed.treatment_type_id,
        site=command.site or visit.site_id,
        start=command.start,
        practitioner=command.practitioner or visit.practitioner_id,
    )
    return alternatives(tx, caller, wanted, moves=visit)


def _is_there(visit: Appointment, command: MoveAppointment) -> bool:
    return (
        visit.span.start == command.start
        and command.practitioner in {None, visit.practitioner_id}
        and command.site in {None, visit.site_id}
    )


def _decide(tx: Transaction, caller: Caller, visit: Appointment, command: MoveAppointment, now: datetime) -> _Decided:
    offer = offering.agreed(tx, caller, visit)
    if not offer.treatment.online and not caller.is_staff:
        raise NotBookableOnline(f"{offer.treatment.name} is moved through reception.")
    site = offer.site(command.site or visit.site_id)
    practitioner = offer.practitioner(command.practitioner or visit.practitioner_id)
    wanted = visit_of(command.start, offer)
    obstacles = [] if caller.role is Role.SYSTEM else list(of_time(wanted, site, now))
    if visit.patient_id is not None:
        obstacles += patient_obstacles(tx, offer, wanted, visit.patient_id, now, visit.id)
    refusal = first_refusal(obstacles, staff=caller.is_staff)
    if refusal is not None:
        raise refusal
    around = Around(site=site, visit=wanted.span, claimed=wanted.claimed, now=now, but=visit.id)
    found = gather(tx, offer, [practitioner], around)
    try:
        choice = choose(wanted, found.place, found.candidates, staff=caller.is_staff, kept=visit.diaries)
    except PractitionerNotEligible as error:
        raise for_the_eyes_of(caller, error) from error
    return _Decided(offer=offer, site=site, visit=wanted, choice=choice)


def _moved(visit: Appointment, decided: _Decided) -> Appointment:
    return replace(
        with_choice(visit, decided.choice),
        site_id=decided.site.id,
        span=decided.visit.span,
        zone=decided.site.zone,
        version=visit.version + 1,
        sequence=visit.sequence + 1,
    )
