"""Published hours, and how they become open time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, instant_after


@dataclass(frozen=True, kw_only=True)
class WeeklyHours:
    """One stretch of a practitioner's week at a site, by the site's clock.

    `weekday` is 0 for Monday; minutes count from midnight, 1440 being the next one. The days of `valid_from` and
    `valid_until` are included; None is open.
    """

    practitioner_id: PractitionerId
    site_id: SiteId
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None

    def applies_on(self, day: date) -> bool:
        starts = self.valid_from is None or self.valid_from <= day
        return starts and (self.valid_until is None or day <= self.valid_until) and day.weekday() == self.weekday


def open_time(hours: Iterable[WeeklyHours], first: date, last: date, zone: ZoneName) -> SpanSet:
    """When somebody with these hours is there on the local days from `first` to `last`, both included."""
    weekly = tuple(hours)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return SpanSet(
        span for day in days for stretch in weekly if stretch.applies_on(day) for span in _on(stretch, day, zone)
    )


def _on(stretch: WeeklyHours, day: date, zone: ZoneName) -> Iterable[TimeSpan]:
    start = instant_after(day, stretch.start_minute, zone)
    end = instant_after(day, stretch.end_minute, zone)
    if start < end:  # a stretch that lies in the hour the clock skips does not exist that day
        yield TimeSpan(start, end)
