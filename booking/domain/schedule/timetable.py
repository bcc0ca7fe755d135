"""The timetable of one site: when it is open, when it closes, and who is there when."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from booking.domain.ids import PractitionerId
from booking.domain.schedule.closures import Closure, closed_time
from booking.domain.schedule.hours import NO_HOURS, Hours
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import ALWAYS, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """What is published for a site. Days are local; a site without opening hours of its own is shut only by closures.

    `closures` are those of the site and of the whole clinic, `people` the hours of everybody who treats there.
    """

    zone: ZoneName
    opening: Hours = NO_HOURS
    closures: tuple[Closure, ...] = ()
    holidays: PublicHolidays | None = None
    people: Mapping[PractitionerId, Hours] = field(default_factory=dict)

    def closed(self, first: date, last: date) -> list[tuple[TimeSpan, str]]:
        """The closures and holidays that touch these days, each with its reason."""
        return closed_time(self._closures(first, last), self.holidays, first, last, self.zone)

    def open(self, first: date, last: date) -> SpanSet:
        """When a visit may take place as far as the site goes; it may be more than these days."""
        return self.opening_time(first, last) - self._shut(first, last)

    def opening_time(self, first: date, last: date) -> SpanSet:
        """The site's opening hours on these days, whether it is closed or not; always, where it has none."""
        return self.opening.on(first, last, self.zone) if self.opening else ALWAYS

    def hours(self, who: PractitionerId, first: date, last: date) -> SpanSet:
        """The practitioner's hours there on these days, whether the site is open or not."""
        return self.people.get(who, NO_HOURS).on(first, last, self.zone)

    def there(self, who: PractitionerId, first: date, last: date) -> SpanSet:
        """When the practitioner is there and the site is open, on these days."""
        return self.hours(who, first, last) & self.open(first, last)

    def closing(self, day: date) -> datetime | None:
        """The end of the last stretch in which the site is open that day, past midnight too; None if it is not.

        A site without opening hours closes when the last person's hours end, leave left aside.
        """
        until = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
        published = [self.opening] if self.opening else self.people.values()
        hours = SpanSet(span for one in published for span in one.on(day, until, self.zone))
        ends = [
            span.end
            for span in hours - self._shut(day, until)
            for today in LocalSpan(first=day, last=day).span(self.zone)
            if span.overlaps(today)
        ]
        return max(ends, default=None)

    def _shut(self, first: date, last: date) -> SpanSet:
        return SpanSet(span for span, _why in self.closed(first, last))

    def _closures(self, first: date, last: date) -> Sequence[Closure]:
        """Those that may touch these days: of many closures a search must not look at each."""
        ordered, latest = self._by_first_day
        return ordered[bisect_left(latest, first) : bisect_right(ordered, last, key=lambda one: one.days.first)]

    @cached_property
    def _by_first_day(self) -> tuple[list[Closure], list[date]]:
        """The closures in the order of their first days, and up to each the latest last day so far."""
        ordered = sorted(self.closures, key=lambda one: one.days.first)
        return ordered, list(accumulate((one.days.last for one in ordered), max))
