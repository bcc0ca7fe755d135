"""What can be booked, and what a visit of it needs."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from booking.domain.ids import TreatmentTypeId
from booking.domain.time.span import TimeSpan

TICK_MINUTES = 5
"""Durations, buffers, hours and the offer grid are multiples of this."""

LONGEST_CLAIM = timedelta(hours=12)
"""No visit, buffers included, takes longer; the guards of the database rely on it."""


ANY_ROOM = "any"
"""As a treatment's room: any one of its site, and none where the site has no rooms."""

NO_ROOM = "none"
"""As a treatment's room: it needs none."""


class Suits(StrEnum):
    """For which patients a treatment is meant."""

    ALL = "all"
    NEW = "new"
    RETURNING = "returning"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a visit needs besides its practitioner: a room, one device of each kind, and time before closing.

    `room` is ANY_ROOM, NO_ROOM, or the kind of room. The visit ends at least `ends_before_closing` minutes before the
    site closes that day.
    """

    room: str = ANY_ROOM
    equipment: frozenset[str] = frozenset()
    ends_before_closing: int = 0


@dataclass(frozen=True, kw_only=True)
class Needling:
    """What of a treatment the law asks about: where the needles go, how, on which sides, and whether on their own."""

    regions: frozenset[str]
    techniques: frozenset[str]
    sides: frozenset[str] = frozenset()
    adjunct: bool = False


@dataclass(frozen=True, kw_only=True)
class TreatmentType:
    """A kind of visit: its length, what must stay free around it, and what the needles do where.

    Minutes are multiples of TICK_MINUTES. `regions` and `techniques` are words of `booking.domain.words`; a treatment
    without techniques uses no needles and asks for no licence to needle. `sides` are the sides of the body it is given
    to, as far as that is known beforehand; `adjunct` is a treatment that is only given with another. `price` is in the
    smallest unit of `currency`. What patients book `on_request` waits until somebody accepts it. They may book at most
    `daily_limit` visits of it with one practitioner on one local day.
    """

    id: TreatmentTypeId
    slug: str
    name: str
    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    regions: frozenset[str] = frozenset()
    techniques: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    adjunct: bool = False
    description: str = ""
    needs: Needs = Needs()
    daily_limit: int | None = None
    suits: Suits = Suits.ALL
    price: int | None = None
    currency: str | None = None
    online: bool = True
    on_request: bool = False
    active: bool = True
    version: int = 1

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def before(self) -> timedelta:
        return timedelta(minutes=self.buffer_before)

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.buffer_after)

    def needling(self, regions: frozenset[str]) -> Needling:
        """What the law asks about when it is given in these regions."""
        return Needling(regions=regions, techniques=self.techniques, sides=self.sides, adjunct=self.adjunct)

    def claimed(self, visit: TimeSpan) -> TimeSpan:
        """The time a visit takes from its practitioner and room: the visit and its buffers."""
        return visit.padded(self.before, self.after)
