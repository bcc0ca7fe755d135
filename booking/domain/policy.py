"""What a clinic allows patients to do by themselves."""

from dataclasses import dataclass
from datetime import timedelta

HOLD = timedelta(minutes=10)
LONGEST_HOLD = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class BookingPolicy:
    """Limits for online booking; reception is not bound by `notice` and `horizon`.

    `grid_minutes` divides an hour and is laid in the site's wall time; `notice` is the least time before a visit;
    `horizon_days` how far ahead a visit may start.
    """

    grid_minutes: int = 15
    notice_minutes: int = 120
    horizon_days: int = 60

    @property
    def notice(self) -> timedelta:
        return timedelta(minutes=self.notice_minutes)

    @property
    def horizon(self) -> timedelta:
        return timedelta(days=self.horizon_days)
