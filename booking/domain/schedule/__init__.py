"""When a site is open and when somebody is there: published hours and what departs from them."""

from booking.domain.schedule.closures import Closure, closed_time
from booking.domain.schedule.hours import ExtraHours, WeeklyHours, open_time
from booking.domain.schedule.timetable import Hours, Timetable

__all__ = ["Closure", "ExtraHours", "Hours", "Timetable", "WeeklyHours", "closed_time", "open_time"]
