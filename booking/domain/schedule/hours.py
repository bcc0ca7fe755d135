"""Published hours, and how they become open time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, instant_after


@dataclass(frozen=True, kw_only=True)
class WeeklyHours:
    """One stretch of a week at a site, by the site's clock: of a practitioner, or of the site itself when None.

    `weekday` is 0 for Monday; minutes count from midnight, 1440 being the next one. The days of `valid_from` and
    `valid_until` are included; None is open. With `every_weeks` above 1 it holds in every so many weeks, which begin
    on Mondays, one of them being the week of the day `week_of`.
    """

    practitioner_id: PractitionerId | None
    site_id: SiteId
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None
    every_weeks: int = 1
    week_of: date | None = None

    def applies_on(self, day: date) -> bool:
        if day.weekday() != self.weekday or (self.valid_from is not None and day < self.valid_from):
            return False
        return (self.valid_until is None or day <= self.valid_until) and self._week_applies(day)

    def _week_applies(self, day: date) -> bool:
        if self.every_weeks == 1 or self.week_of is None:
            return True
        return (_monday(day) - _monday(self.week_of)).days // 7 % self.every_weeks == 0


@dataclass(frozen=True, kw_only=True)
class ExtraHours:
    """A stretch of one day beside the weekly hours: of a practitioner at a site, or of the site itself when None."""

    practitioner_id: PractitionerId | None
    site_id: SiteId
    day: date
    start_minute: int
    end_minute: int


def open_time(
    weekly: Iterable[WeeklyHours], extra: Iterable[ExtraHours], first: date, last: date, zone: ZoneName
) -> SpanSet:
    """The time of these hours on the local days from `first` to `last`, both included."""
    stretches, dated = tuple(weekly), defaultdict[date, list[tuple[int, int]]](list)
    for one in extra:
        dated[one.day].append((one.start_minute, one.end_minute))
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return SpanSet(span for day in days for span in _on(day, _minutes(stretches, dated.get(day, ()), day), zone))


def _minutes(weekly: Iterable[WeeklyHours], dated: Collection[tuple[int, int]], day: date) -> Iterator[tuple[int, int]]:
    yield from ((one.start_minute, one.end_minute) for one in weekly if one.applies_on(day))
    yield from dated


def _on(day: date, minutes: Iterable[tuple[int, int]], zone: ZoneName) -> Iterator[TimeSpan]:
    for start_minute, end_minute in minutes:
        start, end = instant_after(day, start_minute, zone), instant_after(day, end_minute, zone)
        if start < end:  # a stretch that lies in the hour the clock skips does not exist that day
            yield TimeSpan(start, end)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
