"""Published hours, and how they become open time."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, instant_after

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class WeeklyHours:
    """One stretch of a week at a site, by the site's clock: of a practitioner, or of the site itself when None.

    `weekday` is 0 for Monday; minutes count from midnight, 1440 being the next one. The days of `valid_from` and
    `valid_until` are included; None is open. With `every_weeks` above 1 it holds in every so many weeks, which begin
    on Mondays, one of them being the week of the day `week_of`. Raises ValueError when that day is then missing.
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

    def __post_init__(self) -> None:
        if self.every_weeks < 1 or (self.every_weeks > 1 and self.week_of is None):
            raise ValueError("hours that skip weeks need a day in a week in which they hold")

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


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Published hours of somebody, or of a site: weekly ones, and those of single days."""

    weekly: tuple[WeeklyHours, ...] = ()
    extra: tuple[ExtraHours, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weekly or self.extra)

    def on(self, first: date, last: date, zone: ZoneName) -> SpanSet:
        """The time of these hours on the local days from `first` to `last`, both included."""
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return SpanSet(span for day in days for one in self.of_day(day) for span in _on(day, one, zone))

    def of_day(self, day: date) -> Iterator[WeeklyHours | ExtraHours]:
        """The stretches of that local day."""
        yield from (one for one in self._by_weekday.get(day.weekday(), ()) if one.applies_on(day))
        yield from self._by_day.get(day, ())

    @cached_property
    def _by_weekday(self) -> Mapping[int, list[WeeklyHours]]:
        return _grouped((one.weekday, one) for one in self.weekly)

    @cached_property
    def _by_day(self) -> Mapping[date, list[ExtraHours]]:
        return _grouped((one.day, one) for one in self.extra)


NO_HOURS = Hours()


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, list[V]]:
    groups = defaultdict[K, list[V]](list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _on(day: date, hours: WeeklyHours | ExtraHours, zone: ZoneName) -> Iterator[TimeSpan]:
    start, end = instant_after(day, hours.start_minute, zone), instant_after(day, hours.end_minute, zone)
    if start < end:  # a stretch that lies in the hour the clock skips does not exist that day
        yield TimeSpan(start, end)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
