"""Why a time is not offered."""

from typing import Literal
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from booking.api.answers import local
from booking.api.eligibility import ReasonAnswer, Start, reason_of
from booking.api.fields import Answer, Instant, Regions
from booking.api.operations import open_to
from booking.domain.ids import PatientId, PractitionerId, SiteId, TreatmentTypeId
from booking.domain.permission import Caller
from booking.domain.time.zone import ZoneName
from booking.http.access import Access
from booking.http.context import Context
from booking.http.fields import instant
from booking.usecases.placing import Wanted
from booking.usecases.taken_by import TakenBy
from booking.usecases.views.why_not import Explained, InTheWay, PersonExplained, WhyNot, explain_slot


class TakenByAnswer(Answer):
    """What takes the time: a `visit`, a `hold` until `until`, `leave`, or that a room or device is `closed`.

    `whose` names the person, room or device whose time it is; it is null for the patient's own. `appointment` and
    `reference` are told to whoever may see the visit. `supervises` names the colleague who gives the visit, where
    whose time it is only is to be in the room.
    """

    kind: str
    whose: str | None
    start: Instant
    end: Instant
    appointment: UUID | None
    reference: str | None
    until: Instant | None
    supervises: str | None


class ObstacleAnswer(Answer):
    """One thing in the way; more kinds may come.

    `not_online`, `grid`, `past`, `notice`, `same_day`, `horizon`: when and how it is booked; `site_closed`, `closing`:
    the site; `not_eligible`: the law, with `reasons`; `hours`, `away`, `claimed`, `way`, `day_full`, `gap`: the
    practitioner; `no_room`, `no_equipment`: things; `patient_claimed`, `spacing`: the patient's other visits. What
    `binds` only patients does not keep the desk from booking.
    """

    kind: str
    sentence: str
    binds: Literal["everyone", "patients"]
    reasons: list[ReasonAnswer]
    taken_by: list[TakenByAnswer]


class PersonAnswer(Answer):
    """What stands in the way with this practitioner, besides what does with anybody."""

    practitioner: UUID
    offered_to_patients: bool
    bookable_by_staff: bool
    obstacles: list[ObstacleAnswer]


class WhyNotAnswer(Answer):
    """`obstacles` stand in the way with anybody, those of `people` with each of them.

    It is offered, or bookable, when it is so with any of the people.
    """

    site: UUID
    treatment_type: UUID
    start: Instant
    end: Instant
    offered_to_patients: bool
    bookable_by_staff: bool
    obstacles: list[ObstacleAnswer]
    people: list[PersonAnswer]


@get(
    "/slots/why",
    operation_id="explainSlot",
    summary="Everything that stands in the way of a visit at some time",
    opt=open_to(Access.STAFF),
)
async def explain(
    context: NamedDependency[Context],
    caller: NamedDependency[Caller],
    treatment_type: FromQuery[UUID],
    site: FromQuery[UUID],
    start: Start,
    practitioner: FromQuery[UUID | None] = None,
    regions: FromQuery[Regions | None] = None,
    patient: FromQuery[UUID | None] = None,
) -> WhyNotAnswer:
    wanted = Wanted(
        treatment_type=TreatmentTypeId(treatment_type),
        site=SiteId(site),
        start=instant(start, "start"),
        practitioner=None if practitioner is None else PractitionerId(practitioner),
        regions=None if regions is None else frozenset(regions),
    )
    query = WhyNot(wanted=wanted, patient=None if patient is None else PatientId(patient))
    return _answer(await context.database.read(explain_slot, caller, query))


def _answer(found: Explained) -> WhyNotAnswer:
    zone = found.site.zone
    return WhyNotAnswer(
        site=found.site.id,
        treatment_type=found.treatment.id,
        start=local(found.visit.start, zone),
        end=local(found.visit.end, zone),
        offered_to_patients=found.offered_to_patients,
        bookable_by_staff=found.bookable_by_staff,
        obstacles=[_obstacle(one, zone) for one in found.in_the_way],
        people=[_person(one, zone) for one in found.people],
    )


def _person(one: PersonExplained, zone: ZoneName) -> PersonAnswer:
    return PersonAnswer(
        practitioner=one.practitioner.id,
        offered_to_patients=one.open_to_patients,
        bookable_by_staff=one.open_to_staff,
        obstacles=[_obstacle(found, zone) for found in one.in_the_way],
    )


def _obstacle(one: InTheWay, zone: ZoneName) -> ObstacleAnswer:
    return ObstacleAnswer(
        kind=one.obstacle.kind.value,
        sentence=one.obstacle.sentence,
        binds="patients" if one.obstacle.only_patients else "everyone",
        reasons=[reason_of(reason) for reason in one.obstacle.reasons],
        taken_by=[_taken_by(taker, zone) for taker in one.taken_by],
    )


def _taken_by(one: TakenBy, zone: ZoneName) -> TakenByAnswer:
    return TakenByAnswer(
        kind=one.kind,
        whose=one.whose,
        start=local(one.span.start, zone),
        end=local(one.span.end, zone),
        appointment=one.visit,
        reference=one.reference,
        until=None if one.until is None else local(one.until, zone),
        supervises=one.supervises,
    )
