"""Searching by ticks: where the visits of a treatment can start, for one person at one site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from booking.domain.availability.frame import Frame
from booking.domain.policy import BookingPolicy
from booking.domain.time.span import SpanSet
from booking.domain.time.ticks import filled, runs, ticks_of
from booking.domain.treatment import TICK_MINUTES, TreatmentType


@dataclass(frozen=True, slots=True)
class Lengths:
    """A treatment in ticks: the visit, the buffers around it, and all of it together."""

    visit: int
    before: int
    after: int

    @classmethod
    def of(cls, treatment: TreatmentType) -> "Lengths":
        return cls(ticks_of(treatment.length), ticks_of(treatment.before), ticks_of(treatment.after))

    @property
    def whole(self) -> int:
        return self.before + self.visit + self.after


def fitting(taken: int, frame: Frame, lengths: Lengths) -> int:
    """The starts of visits that, with their buffers, leave alone what is taken of a person, room or device."""
    return runs(~taken & frame.window.all, lengths.whole) << lengths.before


def any_of(taken: Iterable[int], frame: Frame, lengths: Lengths) -> int:
    """The starts at which one of several rooms or devices is free throughout."""
    found = 0
    for one in taken:
        found |= fitting(one, frame, lengths)
    return found


def starts_of(*, there: int, lawful: int, taken: int, allowed: int, frame: Frame, lengths: Lengths) -> int:
    """The starts on the grid at which the person is there and free; `lawful` and `allowed` are starts, not time."""
    return runs(there, lengths.visit) & lawful & fitting(taken, frame, lengths) & allowed & frame.grid


def lawful_starts(alternatives: Iterable[SpanSet], frame: Frame, lengths: Lengths) -> int:
    """The starts of visits that lie wholly in one of these."""
    found = 0
    for spans in alternatives:
        found |= runs(frame.window.inside(spans), lengths.visit)
    return found


def tidy(starts: int, free: int, frame: Frame, lengths: Lengths, policy: BookingPolicy) -> int:
    """The starts that leave no useless gap in the person's free time; of stretches without any, all starts."""
    if not policy.smallest_gap_minutes:
        return starts
    smallest = policy.smallest_gap_minutes // TICK_MINUTES
    firsts = (free & ~(free << 1)) | (free & frame.midnights)
    lasts = (free & ~(free >> 1)) | (free & (frame.midnights >> 1))
    early = _steps(firsts, free & ~firsts, lengths.before, lengths.before + smallest, up=True)
    tail = lengths.visit + lengths.after - 1
    late = _steps(lasts, free & ~lasts, tail, tail + smallest, up=False)
    good = starts & ~early & ~late
    return good | (starts & ~filled(good, free, firsts))


def _steps(seeds: int, passable: int, above: int, below: int, *, up: bool) -> int:
    """What is reached from the seeds by more than `above` and fewer than `below` steps over passable ticks."""
    found = 0
    for step in range(1, below):
        seeds = (seeds << 1 if up else seeds >> 1) & passable
        if step > above:
            found |= seeds
    return found


def without_days(starts: int, frame: Frame, full: Sequence[int]) -> int:
    """The starts on other days than those at these places among the days asked for."""
    for place in full:
        day = frame.asked[place]
        starts &= ~((1 << day.end) - (1 << day.start))
    return starts
