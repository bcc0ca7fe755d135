"""What stands in the way of a visit, in words for the desk."""

from datetime import date, datetime, timedelta

from booking.domain.availability.obstacles import Kind
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_span, local_date
from booking.wording import dates

_LABELS = {
    Kind.NOT_ONLINE: "Online",
    Kind.GRID: "Minutes",
    Kind.PAST: "Past",
    Kind.NOTICE: "Notice",
    Kind.SAME_DAY: "Same day",
    Kind.HORIZON: "Too far ahead",
    Kind.NOT_ELIGIBLE: "The law",
    Kind.PATIENT_AGE: "Age",
    Kind.SITE_CLOSED: "Closed",
    Kind.HOURS: "Hours",
    Kind.CLOSING: "Closing",
    Kind.AWAY: "Away",
    Kind.CLAIMED: "Taken",
    Kind.WAY: "Travel",
    Kind.DAY_FULL: "Full day",
    Kind.GAP: "Gap",
    Kind.NO_ROOM: "Room",
    Kind.NO_EQUIPMENT: "Equipment",
    Kind.PATIENT_CLAIMED: "Patient",
    Kind.SPACING: "Too close",
}
_TAKERS = {"visit": "Visit", "hold": "Hold", "leave": "Leave", "closed": "Closed"}


def label(kind: Kind) -> str:
    """A word or two for what it is about: `Taken`, `Hours`."""
    return _LABELS[kind]


def taker(kind: str) -> str:
    """What takes the time, by its kind: `Visit`, `Leave`."""
    return _TAKERS.get(kind, kind.capitalize())


def stretch(span: TimeSpan, zone: ZoneName, day: date) -> str:
    """When it is, seen from a local day: `10:00 am to 10:30 am`, `all day`, `24 Nov 2026 to 28 Nov 2026, 12 noon`."""
    whole = day_span(day, day, zone)
    if span == whole:
        return "all day"
    if whole.covers(span):
        return dates.times(span, zone)
    return f"{_moment(span.start, zone, timedelta())} to {_moment(span.end, zone, _TINY)}"


def _moment(instant: datetime, zone: ZoneName, earlier: timedelta) -> str:
    """Without its clock at midnight, when it begins a day, or, so much earlier, ends one."""
    day = local_date(instant - earlier, zone)
    is_edge = instant in {day_span(day, day, zone).start, day_span(day, day, zone).end}
    return dates.short_day(day) if is_edge else f"{dates.short_day(day)}, {dates.clock(instant, zone)}"


_TINY = timedelta(microseconds=1)
