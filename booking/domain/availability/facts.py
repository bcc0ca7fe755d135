"""What an offer is decided by: the time at one site of people, rooms and devices, as spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.eligibility import Eligibility
from booking.domain.practitioner import Practitioner
from booking.domain.room import Equipment, Room
from booking.domain.site import Site
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The time of a practitioner that a visit at this site must leave free, its buffers included.

    `claimed` by visits and holds anywhere; `ways` the time before and after claims at other sites; `away` on leave.
    """

    claimed: SpanSet = NEVER
    ways: SpanSet = NEVER
    away: SpanSet = NEVER

    @property
    def all(self) -> SpanSet:
        return self.claimed | self.ways | self.away


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A practitioner as the facts show them around a time.

    `hours` are published; `visits` and `of_treatment` count the visits that day, and those of the treatment among
    them; `booked` is the time of their visits that week.
    """

    practitioner: Practitioner
    eligibility: Eligibility
    hours: SpanSet
    taken: Taken = Taken()
    visits: int = 0
    of_treatment: int = 0
    booked: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site as the facts show it on one local day.

    A visit lies in `opening` and outside `closed`; `closing` is when the site closes that day, None if it does not open
    or nobody asked. Rooms and equipment are those of a kind the visit needs, each with its taken time.
    """

    site: Site
    day: TimeSpan
    opening: SpanSet = ALWAYS
    closed: Sequence[tuple[TimeSpan, str]] = ()
    closing: datetime | None = None
    rooms: Sequence[tuple[Room, SpanSet]] = ()
    equipment: Sequence[tuple[Equipment, SpanSet]] = ()
    has_rooms: bool = False

    @property
    def open(self) -> SpanSet:
        return self.opening - SpanSet(span for span, _why in self.closed)


def overlaps(taken: SpanSet, span: TimeSpan) -> bool:
    return any(one.overlaps(span) for one in taken)
