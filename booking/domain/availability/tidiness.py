"""Times that leave no useless gap in somebody's day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.domain.availability.facts import Candidate, Place
from booking.domain.availability.starts import conditions, free_starts
from booking.domain.policy import BookingPolicy
from booking.domain.slot import on_grid
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.treatment import TreatmentType


def stretches(candidate: Candidate, place: Place) -> SpanSet:
    """The time of the day at which the candidate is there and nothing is in the way."""
    return (candidate.hours & place.open & SpanSet([place.day])) - candidate.taken.all


def is_tidy(start: datetime, stretch: TimeSpan, treatment: TreatmentType, smallest: timedelta) -> bool:
    """Whether the visit and its buffers leave nothing of the stretch before and after it, or enough to be of use."""
    before = start - treatment.before - stretch.start
    after = stretch.end - (start + treatment.length + treatment.after)
    return all(gap <= timedelta() or gap >= smallest for gap in (before, after))


def leaves_gap(
    start: datetime, candidate: Candidate, place: Place, treatment: TreatmentType, policy: BookingPolicy
) -> bool:
    """Whether a visit at `start` leaves a useless gap although another time in the same stretch would leave none."""
    if not policy.smallest_gap_minutes:
        return False
    stretch = next((one for one in stretches(candidate, place) if one.start <= start < one.end), None)
    if stretch is None or is_tidy(start, stretch, treatment, policy.smallest_gap):
        return False
    possible = free_starts(conditions(candidate, place, treatment), treatment) & SpanSet([stretch])
    others: Iterable[datetime] = on_grid(possible, place.site.zone, policy.grid_minutes)
    return any(is_tidy(other, stretch, treatment, policy.smallest_gap) for other in others)
