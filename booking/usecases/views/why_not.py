"""Why a time is not offered, or cannot be had at all: everything that stands in the way, for staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking.domain.availability.obstacles import Kind, Obstacle, Visit, of_person, of_site, of_time
from booking.domain.errors import NotFound
from booking.domain.ids import DiaryId, PatientId
from booking.domain.permission import Action, Caller, owns, permit
from booking.domain.practitioner import Practitioner
from booking.domain.site import Site
from booking.domain.time.span import TimeSpan
from booking.domain.treatment import TreatmentType
from booking.store import patients
from booking.store.database import Transaction
from booking.usecases import offering
from booking.usecases.gathering import Around, gather
from booking.usecases.offering import Offer
from booking.usecases.placing import Wanted, patient_obstacles, visit_of
from booking.usecases.taken_by import TakenBy, Takers, takers

_FITS = frozenset(
    {Kind.NOT_ONLINE, Kind.PAST, Kind.NOTICE, Kind.SAME_DAY, Kind.HORIZON, Kind.DAY_FULL, Kind.GAP}
    | {Kind.PATIENT_CLAIMED, Kind.SPACING}
)
"""What can stand in the way of a visit that fits; of one that does not, nobody asks what gaps it leaves."""


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """Why `wanted` cannot be had; with `patient`, why this one cannot have it."""

    wanted: Wanted
    patient: PatientId | None = None


@dataclass(frozen=True, kw_only=True)
class InTheWay:
    """An obstacle in words for staff, and what is known of who takes the time."""

    obstacle: Obstacle
    taken_by: tuple[TakenBy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonExplained:
    """What stands in the way of a visit with this practitioner, besides what does with anybody.

    It is open when nothing does that binds whoever books.
    """

    practitioner: Practitioner
    in_the_way: tuple[InTheWay, ...]
    open_to_patients: bool
    open_to_staff: bool


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What stands in the way of a visit with anybody, and of one with each of `people`, by name."""

    visit: TimeSpan
    site: Site
    treatment: TreatmentType
    in_the_way: tuple[InTheWay, ...]
    people: tuple[PersonExplained, ...]

    @property
    def offered_to_patients(self) -> bool:
        return any(one.open_to_patients for one in self.people)

    @property
    def bookable_by_staff(self) -> bool:
        return any(one.open_to_staff for one in self.people)


def explain_slot(tx: Transaction, caller: Caller, query: WhyNot) -> Explained:
    """Everything in the way, with the practitioner that is named or with everybody at the site.

    Practitioners may ask about themselves, and about a patient whoever may book for one. Raises NotPermitted, NotFound,
    and InvalidInput for a time at which no visit can start.
    """
    wanted, named = query.wanted, query.wanted.practitioner
    permit(caller, Action.EXPLAIN_SLOT, own=named is not None and owns(caller, named))
    if query.patient is not None:
        permit(caller, Action.BOOK)
    offer = offering.load(tx, caller, wanted.treatment_type, wanted.regions)
    site, visit = offer.site(wanted.site), visit_of(wanted.start, offer)
    people = offer.about.people_at(site.id) if named is None else [offer.practitioner(named)]
    around = Around(site=site, visit=visit.span, claimed=visit.claimed, now=tx.now())
    found = gather(tx, offer, people, around)
    common = [
        *of_time(visit, site, around.now),
        *of_site(visit, found.place),
        *_of_patient(tx, offer, visit, query.patient, around.now),
        *(() if people else [Obstacle(kind=Kind.HOURS, sentence=f"Nobody works at {site.name}.")]),
    ]
    each = {one.practitioner: list(of_person(visit, found.place, one)) for one in found.candidates}
    known = takers(tx, offer.about, around, [*common, *(one for mine in each.values() for one in mine)], caller)
    return Explained(
        visit=visit.span,
        site=site,
        treatment=offer.treatment,
        in_the_way=tuple(_told(visit, one, known) for one in common),
        people=tuple(
            _person(visit, who, common, each[who], known) for who in sorted(each, key=lambda one: (one.name, one.id))
        ),
    )


def _of_patient(
    tx: Transaction, offer: Offer, visit: Visit, patient: PatientId | None, now: datetime
) -> Iterable[Obstacle]:
    if patient is None:
        return
    if patient not in patients.get_many(tx, offer.about.clinic.id, [patient]):
        raise NotFound("patient")
    for one in patient_obstacles(tx, offer, visit, patient, now):
        is_taken = one.kind is Kind.PATIENT_CLAIMED
        yield replace(one, diaries=frozenset({DiaryId(patient)})) if is_taken else one


def _person(
    visit: Visit, who: Practitioner, common: Sequence[Obstacle], mine: Sequence[Obstacle], known: Takers
) -> PersonExplained:
    both = [*common, *mine]
    fits = all(one.kind in _FITS for one in both)
    return PersonExplained(
        practitioner=who,
        in_the_way=tuple(_told(visit, one, known, who.name) for one in mine if fits or one.kind is not Kind.GAP),
        open_to_patients=not both,
        open_to_staff=all(one.only_patients for one in both),
    )


def _told(visit: Visit, one: Obstacle, known: Takers, name: str = "") -> InTheWay:
    """With a sentence for the desk where the obstacle's own is one for patients."""
    sentences = {
        Kind.NOTICE: f"Patients book at least {visit.policy.notice_minutes} minutes ahead.",
        Kind.SAME_DAY: "Patients can no longer book a visit of the same day.",
        Kind.CLAIMED: f"{name} is taken at that time.",
    }
    return InTheWay(obstacle=replace(one, sentence=sentences.get(one.kind, one.sentence)), taken_by=known.of(one))
