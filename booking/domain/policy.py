"""What a clinic allows patients to do by themselves."""

from dataclasses import dataclass
from datetime import timedelta

HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class BookingPolicy:
    """Limits for online booking; only `region_spacing` and `travel_minutes` bind reception too.

    `grid_minutes` divides an hour and is laid in the site's wall time; `notice` is the least time before a visit;
    `horizon_days` how far ahead a visit may start. From `same_day_until` on, in minutes after midnight at the site, no
    visit of the same day is booked. Where other times are left in the same stretch of free time, none is offered that
    leaves a gap below `smallest_gap_minutes`. Two needling visits of one patient to one region are
    `region_spacing_hours` apart, from the end of the one to the start of the other. Between two claims at different
    sites a practitioner has `travel_minutes`, where the pair of sites has no other time of its own.
    """

    grid_minutes: int = 15
    notice_minutes: int = 120
    horizon_days: int = 60
    same_day_until: int | None = None
    smallest_gap_minutes: int = 0
    region_spacing_hours: int = 0
    travel_minutes: int = 0

    @property
    def notice(self) -> timedelta:
        return timedelta(minutes=self.notice_minutes)

    @property
    def horizon(self) -> timedelta:
        return timedelta(days=self.horizon_days)

    @property
    def smallest_gap(self) -> timedelta:
        return timedelta(minutes=self.smallest_gap_minutes)

    @property
    def region_spacing(self) -> timedelta:
        return timedelta(hours=self.region_spacing_hours)
