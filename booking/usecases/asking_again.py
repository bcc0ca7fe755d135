"""Asking everything again of a visit whose time is known: when it is booked from a hold, accepted, or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.assignment import choose, first_refusal
from booking.domain.availability.facts import Candidate, Place
from booking.domain.availability.obstacles import (
    Obstacle,
    Visit,
    of_opening,
    of_own_supervisor,
    of_own_things,
    of_person,
)
from booking.domain.errors import PractitionerNotEligible
from booking.domain.ids import DiaryId
from booking.domain.permission import Caller
from booking.domain.site import Site
from booking.store import clinics
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.gathering import Around, gather
from booking.usecases.placing import for_the_eyes_of, patient_obstacles, visit_of, with_choice
from booking.usecases.supervising import supervisors_at


@dataclass(frozen=True, kw_only=True)
class Possible:
    """Where and by whom the visit can be given, and the visit with what it takes for that."""

    site: Site
    candidate: Candidate
    visit: Appointment


def ask_again(tx: Transaction, caller: Caller, visit: Appointment, now: datetime) -> Possible:
    """Raises the refusal when it can no longer be given as it is, by law, hours, absences or anybody's other visits.

    The time of asking was judged when the time was first taken. `who_matters` must be locked.
    """
    asked = _facts(tx, visit, caller, now)
    obstacles = [
        *asked.patient,
        *of_person(asked.wanted, asked.place, asked.candidate),
        *of_own_supervisor(asked.wanted, asked.candidate, visit),
        *of_opening(asked.wanted, asked.place),
        *of_own_things(asked.wanted, asked.place, visit),
    ]
    refusal = first_refusal(obstacles, staff=True)
    if refusal is not None:
        raise for_the_eyes_of(caller, refusal)
    return Possible(site=asked.site, candidate=asked.candidate, visit=visit)


def take_again(tx: Transaction, caller: Caller, visit: Appointment, now: datetime) -> Possible:
    """The same, with another room, device or supervisor where the visit's own is taken now.

    All of those that would do must be locked.
    """
    asked = _facts(tx, visit, caller, now)
    refusal = first_refusal(asked.patient, staff=True)
    if refusal is not None:
        raise refusal
    try:
        choice = choose(asked.wanted, asked.place, [asked.candidate], staff=True, kept=visit.diaries)
    except PractitionerNotEligible as error:
        raise for_the_eyes_of(caller, error) from error
    return Possible(site=asked.site, candidate=asked.candidate, visit=with_choice(visit, choice))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    site: Site
    wanted: Visit
    place: Place
    candidate: Candidate
    patient: Sequence[Obstacle]


def _facts(tx: Transaction, visit: Appointment, caller: Caller, now: datetime) -> _Asked:
    offer = offering.agreed(tx, caller, visit)
    site, practitioner = offer.site(visit.site_id), offer.practitioner(visit.practitioner_id)
    wanted = visit_of(visit.span.start, offer)
    around = Around(site=site, visit=visit.span, claimed=visit.claimed, now=now, but=visit.id)
    found = gather(tx, offer, [practitioner], around)
    patient = [] if visit.patient_id is None else patient_obstacles(tx, offer, wanted, visit.patient_id, now, visit.id)
    return _Asked(site=site, wanted=wanted, place=found.place, candidate=found.candidates[0], patient=patient)


def who_matters(tx: Transaction, visit: Appointment, caller: Caller) -> frozenset[DiaryId]:
    """Everybody and everything that decides it: what it takes, and whoever might supervise it."""
    about = clinics.described(tx, caller.clinic_id)
    could = supervisors_at(about, about.sites[visit.site_id], [about.practitioners[visit.practitioner_id]])
    return visit.diaries | {DiaryId(one.id) for one in could}
