"""Everything that stands in the way of a visit at some time: booking refuses with the first, staff may see all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from booking.domain.appointment import Appointment
from booking.domain.availability.facts import Candidate, Place, overlaps
from booking.domain.availability.starts import before_closing, groups
from booking.domain.availability.tidiness import leaves_gap
from booking.domain.eligibility import Reason
from booking.domain.errors import (
    BeyondHorizon,
    BookingError,
    NotBookableOnline,
    NotOffered,
    OutsideHours,
    PatientAge,
    PatientDoubleBooked,
    PractitionerNotEligible,
    SlotTaken,
    TooClose,
    TooShortNotice,
)
from booking.domain.ids import DiaryId
from booking.domain.policy import BookingPolicy
from booking.domain.site import Site
from booking.domain.slot import is_on_grid
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import instant_after, local_date
from booking.domain.treatment import TICK_MINUTES, TreatmentType
from booking.domain.words import with_implied


class Kind(StrEnum):
    """What stands in the way."""

    NOT_ONLINE = "not_online"
    GRID = "grid"
    PAST = "past"
    NOTICE = "notice"
    SAME_DAY = "same_day"
    HORIZON = "horizon"
    NOT_ELIGIBLE = "not_eligible"
    PATIENT_AGE = "patient_age"
    SITE_CLOSED = "site_closed"
    HOURS = "hours"
    CLOSING = "closing"
    AWAY = "away"
    CLAIMED = "claimed"
    WAY = "way"
    DAY_FULL = "day_full"
    GAP = "gap"
    NO_ROOM = "no_room"
    NO_EQUIPMENT = "no_equipment"
    PATIENT_CLAIMED = "patient_claimed"
    SPACING = "spacing"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing in the way, in a sentence; `only_patients` says that staff are not bound by it.

    `diaries` are of whom, or of the things one of which, would have to be free; `other` is the visit that is too close.
    """

    kind: Kind
    sentence: str
    only_patients: bool = False
    reasons: Sequence[Reason] = field(default=())
    diaries: frozenset[DiaryId] = frozenset()
    other: Appointment | None = None

    def refusal(self) -> BookingError:
        """The error that refuses a visit because of it."""
        if self.kind is Kind.NOT_ELIGIBLE:
            return PractitionerNotEligible(self.sentence, self.reasons)
        if self.kind is Kind.PATIENT_CLAIMED:
            return PatientDoubleBooked()
        return _REFUSALS[self.kind](self.sentence)


_TINY = timedelta(microseconds=1)

_REFUSALS: dict[Kind, type[BookingError]] = {
    Kind.NOT_ONLINE: NotBookableOnline,
    Kind.GRID: OutsideHours,
    Kind.PAST: TooShortNotice,
    Kind.NOTICE: TooShortNotice,
    Kind.SAME_DAY: TooShortNotice,
    Kind.HORIZON: BeyondHorizon,
    Kind.SITE_CLOSED: OutsideHours,
    Kind.HOURS: OutsideHours,
    Kind.CLOSING: OutsideHours,
    Kind.PATIENT_AGE: PatientAge,
    Kind.AWAY: SlotTaken,
    Kind.CLAIMED: SlotTaken,
    Kind.WAY: SlotTaken,
    Kind.DAY_FULL: NotOffered,
    Kind.GAP: NotOffered,
    Kind.NO_ROOM: SlotTaken,
    Kind.NO_EQUIPMENT: SlotTaken,
    Kind.SPACING: TooClose,
}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit as it is wanted: when, what, and the policy that binds whoever books it."""

    span: TimeSpan
    treatment: TreatmentType
    policy: BookingPolicy

    @property
    def claimed(self) -> TimeSpan:
        return self.treatment.claimed(self.span)


def of_time(visit: Visit, site: Site, now: datetime) -> Iterator[Obstacle]:
    """What is booked online at all, the time of asking and the grid have against it."""
    policy, start, today = visit.policy, visit.span.start, local_date(now, site.zone)
    if not visit.treatment.online:
        sentence = f"{visit.treatment.name} is booked through reception."
        yield Obstacle(kind=Kind.NOT_ONLINE, sentence=sentence, only_patients=True)
    if not is_on_grid(start, site.zone, TICK_MINUTES):
        yield Obstacle(kind=Kind.GRID, sentence=f"Visits start at multiples of {TICK_MINUTES} minutes.")
    elif not is_on_grid(start, site.zone, policy.grid_minutes):
        sentence = f"Visits start at multiples of {policy.grid_minutes} minutes."
        yield Obstacle(kind=Kind.GRID, sentence=sentence, only_patients=True)
    if local_date(start, site.zone) < today:
        yield Obstacle(kind=Kind.PAST, sentence="That day is past.")
    if start < now + policy.notice:
        sentence = f"A visit is booked at least {policy.notice_minutes} minutes ahead; please call us."
        yield Obstacle(kind=Kind.NOTICE, sentence=sentence, only_patients=True)
    if local_date(start, site.zone) == today and is_too_late_for_today(policy, site, now):
        sentence = "A visit of the same day can no longer be booked online; please call us."
        yield Obstacle(kind=Kind.SAME_DAY, sentence=sentence, only_patients=True)
    if start > now + policy.horizon:
        sentence = f"Visits can be booked up to {policy.horizon_days} days ahead."
        yield Obstacle(kind=Kind.HORIZON, sentence=sentence, only_patients=True)


def is_too_late_for_today(policy: BookingPolicy, site: Site, now: datetime) -> bool:
    """Whether patients can no longer book a visit of this local day."""
    if policy.same_day_until is None:
        return False
    return now >= instant_after(local_date(now, site.zone), policy.same_day_until, site.zone)


def of_site(visit: Visit, place: Place) -> Iterator[Obstacle]:
    """What the site's opening, its rooms and its equipment have against it."""
    yield from of_opening(visit, place)
    yield from _of_things(visit, place)


def of_opening(visit: Visit, place: Place) -> Iterator[Obstacle]:
    """What the site's opening has against it."""
    closed = next((why for span, why in place.closed if span.overlaps(visit.span)), None)
    if closed is not None:
        yield Obstacle(kind=Kind.SITE_CLOSED, sentence=f"{place.site.name} is closed at that time ({closed}).")
    elif not place.opening.covers(visit.span):
        yield Obstacle(kind=Kind.SITE_CLOSED, sentence=f"{place.site.name} is closed at that time.")
    if not before_closing(place, visit.treatment).covers(TimeSpan(visit.span.start, visit.span.start + _TINY)):
        minutes = visit.treatment.needs.ends_before_closing
        sentence = f"{visit.treatment.name} ends at least {minutes} minutes before {place.site.name} closes."
        yield Obstacle(kind=Kind.CLOSING, sentence=sentence)


def of_own_things(visit: Visit, place: Place, own: Appointment) -> Iterator[Obstacle]:
    """What the room and the devices that the visit has already have against it."""
    rooms = {room.id: taken for room, taken in place.rooms}
    devices = {device.id: taken for device, taken in place.equipment}
    if own.room_id is not None and not _is_free(rooms.get(own.room_id), visit.claimed):
        yield Obstacle(kind=Kind.NO_ROOM, sentence="The room is not free at that time.")
    if not all(_is_free(devices.get(one), visit.claimed) for one in own.equipment_ids):
        yield Obstacle(kind=Kind.NO_EQUIPMENT, sentence="The equipment is not free at that time.")


def of_own_supervisor(visit: Visit, candidate: Candidate, own: Appointment) -> Iterator[Obstacle]:
    """What the law has against the visit with the supervisor it has already, or without one."""
    could = candidate.eligibility.direct_supervisors(visit.span)
    if could and own.supervisor_id not in {one.practitioner.id for one in could}:
        sentence = f"The colleague who was to be in the room with {candidate.practitioner.name} cannot be there."
        yield Obstacle(kind=Kind.NOT_ELIGIBLE, sentence=sentence)


def _is_free(taken: SpanSet | None, span: TimeSpan) -> bool:
    """Whether it is in use there, and nobody else has it."""
    return taken is not None and not overlaps(taken, span)


def _of_things(visit: Visit, place: Place) -> Iterator[Obstacle]:
    needed = groups(place, visit.treatment)
    kinds = sorted(visit.treatment.needs.equipment)
    rooms = needed[: len(needed) - len(kinds)]
    if rooms and not _one_is_free(rooms[0], visit.claimed):
        ids = frozenset(DiaryId(room.id) for room, _taken in place.rooms)
        sentence = "No room is free at that time." if ids else f"{place.site.name} has no room for this treatment."
        yield Obstacle(kind=Kind.NO_ROOM, sentence=sentence, diaries=ids)
    for kind, group in zip(kinds, needed[len(rooms) :], strict=True):
        if not _one_is_free(group, visit.claimed):
            words = kind.replace("-", " ").replace("_", " ")
            ids = frozenset(DiaryId(device.id) for device, _taken in place.equipment if device.kind == kind)
            sentence = f"No {words} is free at that time." if ids else f"{place.site.name} has no {words}."
            yield Obstacle(kind=Kind.NO_EQUIPMENT, sentence=sentence, diaries=ids)


def _one_is_free(group: Sequence[SpanSet], span: TimeSpan) -> bool:
    return any(not overlaps(taken, span) for taken in group)


def of_person(visit: Visit, place: Place, candidate: Candidate) -> Iterator[Obstacle]:
    """What the law and the practitioner's hours and calendar have against it; the law comes first."""
    name, diaries = candidate.practitioner.name, frozenset({DiaryId(candidate.practitioner.id)})
    reasons = candidate.eligibility.reasons(visit.span)
    if age := candidate.eligibility.age_alone(visit.span):
        yield Obstacle(kind=Kind.PATIENT_AGE, sentence=f"{age}.", reasons=reasons)
    elif reasons:
        sentence = f"{name} may not give this treatment there at that time."
        yield Obstacle(kind=Kind.NOT_ELIGIBLE, sentence=sentence, reasons=reasons)
    elif candidate.eligibility.direct_supervisors(visit.span) == ():
        sentence = f"No one colleague is free to be in the room with {name} for the whole visit."
        yield Obstacle(kind=Kind.NOT_ELIGIBLE, sentence=sentence)
    if not candidate.hours.covers(visit.span):
        yield Obstacle(kind=Kind.HOURS, sentence=f"{name} is not there at that time.")
    if overlaps(candidate.taken.away, visit.claimed):
        yield Obstacle(kind=Kind.AWAY, sentence=f"{name} is not available at that time.", diaries=diaries)
    if overlaps(candidate.taken.claimed, visit.claimed):
        yield Obstacle(kind=Kind.CLAIMED, sentence="That time has just been taken.", diaries=diaries)
    elif overlaps(candidate.taken.ways, visit.claimed):
        sentence = f"{name} is on the way from or to another site at that time."
        yield Obstacle(kind=Kind.WAY, sentence=sentence, diaries=diaries)
    yield from _of_day(visit, place, candidate)


def _of_day(visit: Visit, place: Place, candidate: Candidate) -> Iterator[Obstacle]:
    name = candidate.practitioner.name
    limits = (
        (candidate.practitioner.daily_limit, candidate.visits),
        (visit.treatment.daily_limit, candidate.of_treatment),
    )
    if any(limit is not None and count >= limit for limit, count in limits):
        yield Obstacle(kind=Kind.DAY_FULL, sentence=f"The day of {name} is full.", only_patients=True)
    if leaves_gap(visit.span.start, candidate, place, visit.treatment, visit.policy):
        sentence = "That time would leave a gap that nobody can use; another time close to it is free."
        yield Obstacle(kind=Kind.GAP, sentence=sentence, only_patients=True)


def of_patient(
    visit: Visit, regions: frozenset[str], claimed: SpanSet, others: Sequence[Appointment]
) -> Iterator[Obstacle]:
    """What the patient's other visits have against it: `claimed` is their time, `others` those close by."""
    if overlaps(claimed, visit.span):
        yield Obstacle(kind=Kind.PATIENT_CLAIMED, sentence="This person has another appointment at that time.")
    spacing, mine = visit.policy.region_spacing, with_implied(regions)
    if not spacing or not visit.treatment.techniques:
        return
    around = visit.span.padded(spacing, spacing)
    for one in others:
        needled = with_implied(one.agreed.regions) if one.agreed.techniques else frozenset()
        if one.span.overlaps(around) and needled & mine:
            hours = visit.policy.region_spacing_hours
            sentence = f"Two visits with needles to one part of the body are at least {hours} hours apart."
            yield Obstacle(kind=Kind.SPACING, sentence=sentence, other=one)
            return
