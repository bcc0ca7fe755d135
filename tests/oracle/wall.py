"""Wall clocks for the sweep, told a second time: by walking along the line of instants until the clock shows it.

Nothing of `booking` is imported here, nor in `tests.oracle.places` and `tests.oracle.sweep`.
"""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

zoneinfo.reset_tzpath(to=())

STEP = timedelta(minutes=5)
DAY = timedelta(days=1)
MIDNIGHT = 24 * 60

Stretch = tuple[datetime, datetime]
"""From an instant until another, which is no longer in it."""


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


@lru_cache(maxsize=1 << 16)  # the same instants are asked for by every rule
def wall(instant: datetime, zone: str) -> datetime:
    """What the clock shows, naive."""
    return instant.astimezone(_zone(zone)).replace(tzinfo=None)


@cache
def reached(day: date, minute: int, zone: str) -> datetime:
    """The first instant at which the clock shows that minute of that day, or a later time if it skips it."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    instant = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while wall(instant, zone) < wanted - timedelta(hours=2):  # no clock is moved so far
        instant += timedelta(hours=1)
    while wall(instant, zone) < wanted:
        instant += STEP
    return instant


def minutes(text: str) -> int:
    """`"09:30"` in minutes after midnight."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def stretch(day: date, start: int, last: date, end: int, zone: str) -> list[Stretch]:
    """From a minute of a day to a minute of another; nothing when the clock skips all of it."""
    begin, finish = reached(day, start, zone), reached(last, end, zone)
    return [(begin, finish)] if begin < finish else []


def days(first: date, last: date) -> Iterator[date]:
    yield from (first + number * DAY for number in range((last - first).days + 1))


def ticks(first: date, last: date, zone: str) -> Iterator[datetime]:
    """Every fifth minute of the local days, both included."""
    instant, end = reached(first, 0, zone), reached(last, MIDNIGHT, zone)
    while instant < end:
        yield instant
        instant += STEP


def meet(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def inside(whole: Stretch, stretches: list[Stretch]) -> bool:
    """Whether all of it lies in the stretches, which may overlap."""
    done, end = whole
    while done < end:
        further = [until for start, until in stretches if start <= done < until]
        if not further:
            return False
        done = max(further)
    return True


@cache
def changes(zone: str, first: date, last: date) -> tuple[date, ...]:
    """The local days on which the clock is moved."""
    near = [day for day in days(first, last) if ahead(day - DAY, zone) != ahead(day + DAY, zone)]
    return tuple(
        day for day in near if reached(day, MIDNIGHT, zone) - reached(day, 0, zone) != timedelta(minutes=MIDNIGHT)
    )


def ahead(day: date, zone: str) -> timedelta:
    """How far the clock is ahead of UTC at noon, in UTC, of that day."""
    noon = datetime.combine(day, time(12))
    return wall(noon.replace(tzinfo=UTC), zone) - noon
