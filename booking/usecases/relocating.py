"""Giving a visit another place in the day: what may be touched, what decides it, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.assignment import choose, first_refusal
from booking.domain.availability.obstacles import of_time
from booking.domain.conflict import ALL
from booking.domain.errors import (
    NotBookableOnline,
    NotFound,
    PractitionerNotEligible,
    StaleVersion,
    TooShortNotice,
)
from booking.domain.ids import AppointmentId, ClinicId, DiaryId, PractitionerId, RoomId, SiteId
from booking.domain.lifecycle import Status
from booking.domain.permission import Action, Caller, Role
from booking.domain.practitioner import Practitioner
from booking.domain.promise import CLOCK_CHANGED
from booking.domain.site import Site
from booking.store import appointments, claims, clinics, diaries, findings
from booking.store.database import Transaction
from booking.store.diaries import Revisions
from booking.usecases import gathering, offering
from booking.usecases.cover import recheck_supervised
from booking.usecases.gathering import Around, gather
from booking.usecases.offering import Offer
from booking.usecases.placing import (
    Decided,
    for_the_eyes_of,
    in_room,
    lasting,
    patient_obstacles,
    visit_of,
    with_choice,
)
from booking.usecases.recording import record_moved
from booking.usecases.supervising import supervisors_at
from booking.usecases.views.appointments import ensure_may_see


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a visit is to be; what is None stays as it is. With `anyone` whoever may and can gives it, except `but`."""

    start: datetime
    practitioner: PractitionerId | None = None
    site: SiteId | None = None
    anyone: bool = False
    but: PractitionerId | None = None
    room: RoomId | None = None
    minutes: int | None = None


def relocate(tx: Transaction, caller: Caller, appointment: AppointmentId, version: int, target: Target) -> Appointment:
    """The visit, which was at `version`, as it is then; unchanged when it is there. A refusal leaves nothing written.

    The clinic's lock must be held.
    """
    seen = appointments.get(tx, caller.clinic_id, appointment)
    ensure_may_see(caller, Action.MOVE, seen)
    locked = diaries.lock(tx, caller.clinic_id, might_be_touched(tx, caller.clinic_id, seen, target))
    current = ensure_movable_still(tx, caller, seen, version)
    now = tx.now()
    doubted = findings.is_open(tx, caller.clinic_id, current.id, CLOCK_CHANGED)
    if _is_there(current, target) and not doubted:
        return current
    decided = decide(tx, caller, current, target, now)
    return write(tx, caller, current, decided, locked, now, doubted=doubted)


def ensure_movable_still(tx: Transaction, caller: Caller, seen: Appointment, version: int) -> Appointment:
    """The visit as it is under its locks. Raises StaleVersion, and TooShortNotice for a patient once it has begun."""
    current = appointments.get(tx, caller.clinic_id, seen.id)
    is_other = current.version != version or current.diaries != seen.diaries
    if is_other or current.status not in {Status.REQUESTED, Status.BOOKED}:
        raise StaleVersion(current.version)
    if caller.role is Role.PATIENT and tx.now() >= current.span.start:
        raise TooShortNotice("The appointment has begun; please call us.")
    return current


def write(
    tx: Transaction,
    caller: Caller,
    current: Appointment,
    decided: Decided,
    locked: Revisions,
    now: datetime,
    *,
    doubted: bool = False,
) -> Appointment:
    """Put the visit there, with its claims, the decision and the record of the move."""
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


_SETTLED = frozenset({CLOCK_CHANGED, *(kind.value for kind in ALL)})
"""The kinds of findings that whatever lets a visit be moved speaks against."""


def might_be_touched(
    tx: Transaction, clinic_id: ClinicId, visit: Appointment, target: Target | None = None
) -> set[DiaryId]:
    """The diaries of the visit, and all that it might take instead; known without a lock but the clinic's."""
    about, needs = clinics.described(tx, clinic_id), visit.agreed.needs
    there = visit.site_id if target is None or target.site is None else target.site
    at = about.sites.get(there)
    if at is None:
        raise NotFound("site")
    rooms = gathering.diaries_of(gathering.rooms_for(about, there, needs))
    devices = gathering.diaries_of(gathering.equipment_for(about, there, needs))
    who = visit.practitioner_id if target is None or target.practitioner is None else target.practitioner
    named = about.practitioners.get(who)
    people = [] if named is None else [named]
    if target is not None and target.anyone:
        people += about.people_at(there)
    people += supervisors_at(about, at, people)
    return {*gathering.diaries_of(people), *rooms, *devices, *visit.diaries}


def decide(tx: Transaction, caller: Caller, visit: Appointment, target: Target, now: datetime) -> Decided:
    """A place for the visit as the target wants it; changes nothing. Raises the refusal."""
    offer = lasting(offering.agreed(tx, caller, visit), target.minutes)
    if not offer.treatment.online and not caller.is_staff:
        raise NotBookableOnline(f"{offer.treatment.name} is moved through reception.")
    site = offer.site(target.site or visit.site_id)
    people = _people(offer, visit, target, site)
    wanted = visit_of(target.start, offer)
    obstacles = [] if caller.role is Role.SYSTEM else list(of_time(wanted, site, now))
    if visit.patient_id is not None:
        obstacles += patient_obstacles(tx, offer, wanted, visit.patient_id, now, visit.id)
    refusal = first_refusal(obstacles, staff=caller.is_staff)
    if refusal is not None:
        raise refusal
    around = Around(site=site, visit=wanted.span, claimed=wanted.claimed, now=now, but=visit.id)
    found = gather(tx, offer, people, around)
    try:
        choice = choose(
            wanted, in_room(found.place, target.room), found.candidates, staff=caller.is_staff, kept=visit.diaries
        )
    except PractitionerNotEligible as error:
        raise for_the_eyes_of(caller, error) from error
    return Decided(offer=offer, site=site, visit=wanted, choice=choice)


def _people(offer: Offer, visit: Appointment, target: Target, site: Site) -> Sequence[Practitioner]:
    if target.anyone:
        return [one for one in offer.about.people_at(site.id) if one.id != target.but]
    return [offer.practitioner(target.practitioner or visit.practitioner_id)]


def _is_there(visit: Appointment, target: Target) -> bool:
    return (
        visit.span.start == target.start
        and not target.anyone
        and target.practitioner in {None, visit.practitioner_id}
        and target.site in {None, visit.site_id}
        and target.room in {None, visit.room_id}
        and target.minutes in {None, visit.agreed.minutes}
    )


def _moved(visit: Appointment, decided: Decided) -> Appointment:
    return replace(
        with_choice(visit, decided.choice),
        agreed=replace(visit.agreed, minutes=decided.offer.treatment.minutes),
        site_id=decided.site.id,
        span=decided.visit.span,
        zone=decided.site.zone,
        version=visit.version + 1,
        sequence=visit.sequence + 1,
        confirmed_at=visit.confirmed_at if decided.visit.span.start == visit.span.start else None,
    )
