"""Days and times as people say them, always by the clock of the place where the visit is."""

import re
from datetime import date, datetime, timedelta

from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, instants, local_date, wall_time

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(value: date, today: date | None = None) -> str:
    """`Monday 23 November 2026`; without the year when it is that of `today`."""
    text = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return text if today is not None and today.year == value.year else f"{text} {value.year}"


def short_day(value: date) -> str:
    """`23 Nov 2026`, for tables."""
    return f"{value.day} {_MONTHS[value.month - 1][:3]} {value.year}"


def plain(text: str) -> str:
    """The text with every day that is written as `2026-11-23` said as `23 Nov 2026`."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", _short, text)


def _short(found: re.Match[str]) -> str:
    try:
        return short_day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def clock(instant: datetime, zone: ZoneName) -> str:
    """`11:05 am`, `12 noon`, `12 midnight`; in the hour that comes twice in autumn with its zone, `1:30 am PDT`."""
    wall = wall_time(instant, zone)
    half = "am" if wall.hour < 12 else "pm"
    text = f"{wall.hour % 12 or 12}:{wall.minute:02d} {half}"
    if (wall.hour % 12, wall.minute) == (0, 0):
        text = "12 noon" if wall.hour else "12 midnight"
    return f"{text} {_abbreviation(wall)}" if _comes_twice(wall, zone) else text


def times(span: TimeSpan, zone: ZoneName) -> str:
    """`11:00 am to 11:45 am`, and `… the next day` where it ends then."""
    text = f"{clock(span.start, zone)} to {clock(span.end, zone)}"
    later = local_date(span.end, zone) > local_date(span.start, zone)
    return f"{text} the next day" if later else text


def moment(instant: datetime, zone: ZoneName, today: date | None = None) -> str:
    """`Monday 23 November 2026, 11:05 am`; without the year when it is that of `today`."""
    return f"{day(local_date(instant, zone), today)}, {clock(instant, zone)}"


def visit(span: TimeSpan, zone: ZoneName, today: date | None = None) -> str:
    """`Monday 23 November 2026, 11:00 am to 11:45 am`; without the year when it is that of `today`."""
    return f"{day(local_date(span.start, zone), today)}, {times(span, zone)}"


def month(value: date) -> str:
    """`November 2026`."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """`Nov 2026`, for scales."""
    return f"{_MONTHS[value.month - 1][:3]} {value.year}"


def weekday(number: int) -> str:
    """`Monday` for 0, as Python counts them."""
    return _DAYS[number]


def part_of_day(instant: datetime, zone: ZoneName) -> str:
    """`Morning`, from noon on `Afternoon`, from five on `Evening`."""
    hour = wall_time(instant, zone).hour
    return "Morning" if hour < 12 else "Afternoon" if hour < 17 else "Evening"


def place_of(zone: ZoneName) -> str:
    """The zone by the place it is named for: `Los Angeles time`."""
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def minutes(count: int) -> str:
    """`45 minutes`, `1 hour`, `1 hour 30 minutes`."""
    hours, rest = divmod(count, 60)
    parts = (number(hours, "hour") if hours else "", number(rest, "minute") if rest else "")
    return " ".join(filter(None, parts)) or "0 minutes"


def number(count: int, noun: str) -> str:
    """`1 visit`, `2 visits`: for nouns that take an s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def days_left(until: date | None, today: date) -> str:
    """How long something lasts whose last day is `until`: `20 days left`, `last day today`, `ended 3 days ago`."""
    if until is None:
        return "no end date"
    left = (until - today).days
    if left < 0:
        return f"ended {number(-left, 'day')} ago"
    return f"{number(left, 'day')} left" if left else "last day today"


def ago(then: datetime, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`."""
    passed = max(now - then, timedelta())
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{number(int(passed / timedelta(minutes=1)), 'minute')} ago"
    if passed < timedelta(days=1):
        return f"{number(int(passed / timedelta(hours=1)), 'hour')} ago"
    return f"{number(passed.days, 'day')} ago"


def _comes_twice(wall: datetime, zone: ZoneName) -> bool:
    return len(instants(wall.replace(tzinfo=None), zone)) > 1


def _abbreviation(wall: datetime) -> str:
    """`PDT`, or `UTC+10:30` where the zone has no letters for it."""
    name = wall.tzname() or ""
    offset = f"{wall:%z}"
    return name if name.isalpha() else f"UTC{offset[:3]}:{offset[3:5]}"
