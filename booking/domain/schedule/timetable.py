"""The timetable of one site: when it is open, when it closes, and who is there when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from booking.domain.ids import PractitionerId
from booking.domain.schedule.closures import Closure, closed_time
from booking.domain.schedule.hours import ExtraHours, WeeklyHours, open_time
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.span import ALWAYS, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, day_span


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Published hours of somebody, or of a site: weekly ones, and those of single days."""

    weekly: tuple[WeeklyHours, ...] = ()
    extra: tuple[ExtraHours, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weekly or self.extra)

    def on(self, first: date, last: date, zone: ZoneName) -> SpanSet:
        return open_time(self.weekly, self.extra, first, last, zone)


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """What is published for a site. Days are local; a site without opening hours of its own is shut only by closures.

    `closures` are those of the site and of the whole clinic, `people` the hours of everybody who treats there.
    """

    zone: ZoneName
    opening: Hours = Hours()
    closures: tuple[Closure, ...] = ()
    holidays: PublicHolidays | None = None
    people: Mapping[PractitionerId, Hours] = field(default_factory=dict)

    def closed(self, first: date, last: date) -> list[tuple[TimeSpan, str]]:
        """The closures and holidays that touch these days, each with its reason."""
        return closed_time(self.closures, self.holidays, first, last, self.zone)

    def open(self, first: date, last: date) -> SpanSet:
        """When a visit may take place as far as the site goes; it may be more than these days."""
        opening = self.opening.on(first, last, self.zone) if self.opening else ALWAYS
        return opening - SpanSet(span for span, _why in self.closed(first, last))

    def there(self, who: PractitionerId, first: date, last: date) -> SpanSet:
        """When the practitioner is there and the site is open, on these days."""
        return self.people.get(who, Hours()).on(first, last, self.zone) & self.open(first, last)

    def closing(self, day: date) -> datetime | None:
        """The end of the last stretch of the day in which the site is open: None when it is not.

        A site without opening hours closes when the last person's hours end, leave left aside.
        """
        if self.opening:
            spans = [*self.open(day, day)]
        else:
            spans = [span for who in self.people for span in self.there(who, day, day)]
        today = SpanSet(spans) & SpanSet([day_span(day, day, self.zone)])
        return today.spans[-1].end if today else None
