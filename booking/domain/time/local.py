"""Stretches of local time: from an hour of one day to an hour of another, by whichever clock hangs there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from booking.domain.time.span import NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, day_end, day_start, instant_after


@dataclass(frozen=True, kw_only=True)
class LocalSpan:
    """From `start_minute` of the day `first` until `end_minute` of the day `last`, minutes counting from midnight.

    None is the midnight at which the first day begins, or the one at which the last day ends.
    """

    first: date
    last: date
    start_minute: int | None = None
    end_minute: int | None = None

    def span(self, zone: ZoneName) -> SpanSet:
        """The time it is in that zone: nothing if the clock skips all of it."""
        early, late = self.start_minute, self.end_minute
        start = day_start(self.first, zone) if early is None else instant_after(self.first, early, zone)
        end = day_end(self.last, zone) if late is None else instant_after(self.last, late, zone)
        return SpanSet([TimeSpan(start, end)]) if start < end else NEVER

    def over(self, zones: Collection[ZoneName]) -> SpanSet:
        """From its earliest beginning in any of the zones to its latest end: what somebody at home in all is away."""
        spans = [span for zone in zones for span in self.span(zone)]
        if not spans:
            return NEVER
        return SpanSet([TimeSpan(min(one.start for one in spans), max(one.end for one in spans))])
