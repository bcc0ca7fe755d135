"""What can be booked."""

from dataclasses import dataclass
from datetime import timedelta

from booking.domain.ids import TreatmentTypeId
from booking.domain.time.span import TimeSpan

TICK_MINUTES = 5
"""Durations, buffers, hours and the offer grid are multiples of this."""

LONGEST_CLAIM = timedelta(hours=12)
"""No visit, buffers included, takes longer; the guards of the database rely on it."""


@dataclass(frozen=True, kw_only=True)
class TreatmentType:
    """A kind of visit: its length, what must stay free around it, and what the needles do where.

    Minutes are multiples of TICK_MINUTES. `regions` and `techniques` are words of `booking.domain.words`; a treatment
    without techniques uses no needles and asks for no licence to needle. `price` is in the smallest unit of `currency`.
    """

    id: TreatmentTypeId
    slug: str
    name: str
    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    regions: frozenset[str] = frozenset()
    techniques: frozenset[str] = frozenset()
    description: str = ""
    price: int | None = None
    currency: str | None = None
    online: bool = True
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

    def claimed(self, visit: TimeSpan) -> TimeSpan:
        """The time a visit takes from its practitioner and room: the visit and its buffers."""
        return visit.padded(self.before, self.after)
