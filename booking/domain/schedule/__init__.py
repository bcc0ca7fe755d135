"""When a site is open and when somebody is there: published hours and what departs from them."""

from booking.domain.schedule.closures import Closure, closed_time
from booking.domain.schedule.hours import NO_HOURS, ExtraHours, Hours, WeeklyHours
from booking.domain.schedule.timetable import Timetable

__all__ = ["NO_HOURS", "Closure", "ExtraHours", "Hours", "Timetable", "WeeklyHours", "closed_time"]
