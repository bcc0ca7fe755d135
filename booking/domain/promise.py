"""The promise of a visit: the time on the wall. It stays when a zone's rules change; the instant follows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.appointment import Appointment
from booking.domain.time.span import BEGINNING, TimeSpan, shifted
from booking.domain.time.zone import ZoneName, instants

CLOCK_CHANGED = "clock_changed"
"""The kind of the finding about a visit that is not at the time its patient was told, and cannot be moved there."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """The naive time `wall` in `zone`; with `fold` 1 the later of two instants that the clock shows alike."""

    wall: datetime
    fold: int
    zone: ZoneName

    def instant(self) -> datetime | None:
        """When that is by the rules as they are known now; None if the clock skips it."""
        found = instants(self.wall, self.zone)
        return found[min(self.fold, len(found) - 1)] if found else None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A visit whose clock shows another time than was promised; `start` is when it should be, if there is such a time.

    `hull` is all the time that it takes now or would take then.
    """

    visit: Appointment
    promise: Promise
    start: datetime | None

    @property
    def by(self) -> timedelta:
        """How much later it should be; nothing where there is no such time."""
        return timedelta() if self.start is None else self.start - self.visit.span.start

    @property
    def hull(self) -> TimeSpan:
        now, by = self.visit.claimed, self.by
        return TimeSpan(min(now.start, now.start + by), max(now.end, now.end + by))


def in_turn(shifts: Iterable[Shift]) -> list[Shift]:
    """So that none is in the way of the next: those that become later from the last on, the others from the first."""
    ordered = sorted(shifts, key=lambda one: (one.visit.span.start, one.visit.id))
    later = [one for one in ordered if one.by > timedelta()]
    return [*reversed(later), *(one for one in ordered if one.by <= timedelta())]


def groups(shifts: Iterable[Shift], apart: timedelta, most: int) -> Iterator[list[Shift]]:
    """Those that might be in one another's way together, in turn, but at most so many; `apart` parts two groups.

    The groups come in turn, too: from the last on when the first of all visits becomes later.
    """
    found: list[list[Shift]] = []
    end = BEGINNING
    for one in sorted(shifts, key=lambda one: (one.hull.start, one.visit.id)):
        if not found or one.hull.start > shifted(end, apart):
            found.append([])
        found[-1].append(one)
        end = max(end, one.hull.end)
    backwards = bool(found) and found[0][0].by > timedelta()
    for group in reversed(found) if backwards else found:
        turn = in_turn(group)
        yield from (turn[first : first + most] for first in range(0, len(turn), most))
