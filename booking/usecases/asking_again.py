"""Asking everything again of a visit whose time is known: when it is booked from a hold, accepted, or taken back."""

from dataclasses import dataclass
from datetime import datetime

from booking.domain.appointment import Appointment
from booking.domain.assignment import first_refusal
from booking.domain.availability.facts import Candidate
from booking.domain.availability.obstacles import of_opening, of_own_supervisor, of_own_things, of_person
from booking.domain.ids import DiaryId
from booking.domain.permission import Caller
from booking.domain.site import Site
from booking.store import clinics
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.gathering import Around, gather
from booking.usecases.placing import for_the_eyes_of, patient_obstacles, visit_of
from booking.usecases.supervising import supervisors_at


@dataclass(frozen=True, kw_only=True)
class Possible:
    """Where and by whom a visit can be given, as it is on record."""

    site: Site
    candidate: Candidate


def ask_again(tx: Transaction, caller: Caller, visit: Appointment, now: datetime) -> Possible:
    """Raises the refusal when it can no longer be given, by law, hours, absences or anybody's other visits.

    The time of asking was judged when the time was first taken. `who_matters` must be locked.
    """
    offer = offering.agreed(tx, caller, visit)
    site, practitioner = offer.site(visit.site_id), offer.practitioner(visit.practitioner_id)
    wanted = visit_of(visit.span.start, offer)
    around = Around(site=site, visit=visit.span, claimed=visit.claimed, now=now, but=visit.id)
    found = gather(tx, offer, [practitioner], around)
    candidate = found.candidates[0]
    patient = [] if visit.patient_id is None else patient_obstacles(tx, offer, wanted, visit.patient_id, now, visit.id)
    obstacles = [
        *patient,
        *of_person(wanted, found.place, candidate),
        *of_own_supervisor(wanted, candidate, visit),
        *of_opening(wanted, found.place),
        *of_own_things(wanted, found.place, visit),
    ]
    refusal = first_refusal(obstacles, staff=True)
    if refusal is not None:
        raise for_the_eyes_of(caller, refusal)
    return Possible(site=site, candidate=candidate)


def who_matters(tx: Transaction, visit: Appointment, caller: Caller) -> frozenset[DiaryId]:
    """Everybody and everything that decides it: what it takes, and whoever might supervise it."""
    about = clinics.described(tx, caller.clinic_id)
    could = supervisors_at(about, about.sites[visit.site_id], [about.practitioners[visit.practitioner_id]])
    return visit.diaries | {DiaryId(one.id) for one in could}
