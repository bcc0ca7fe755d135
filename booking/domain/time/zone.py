"""Where wall time meets instants: the only place that resolves a zone name.

Zones come from the `tzdata` package alone, whose version is pinned with the program; the machine's own copy is never
read, so that two processes cannot disagree about an instant.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NewType

import tzdata

from booking.domain.time.span import BEGINNING, END, TimeSpan

ZoneName = NewType("ZoneName", str)

zoneinfo.reset_tzpath(to=())


def tzdata_version() -> str:
    """The release of the time zone database in use, such as `2026f`."""
    return tzdata.IANA_VERSION


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def zone_name(text: str) -> ZoneName:
    """`text` as the name of a known zone. Raises ValueError when there is none."""
    if text not in known_zones():
        raise ValueError(f"{text!r} is not the name of a time zone, such as 'Europe/London'")
    return ZoneName(text)


@cache
def _zone(name: ZoneName) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


def wall_time(instant: datetime, zone: ZoneName) -> datetime:
    """The instant as the clock on the wall shows it, aware."""
    return instant.astimezone(_zone(zone))


def local_date(instant: datetime, zone: ZoneName) -> date:
    return wall_time(instant, zone).date()


def instants(wall: datetime, zone: ZoneName) -> tuple[datetime, ...]:
    """The instants at which the clock shows the naive time `wall`: none in a gap, two in an overlap, else one."""
    found = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=_zone(zone), fold=fold).astimezone(UTC)
        if wall_time(instant, zone).replace(tzinfo=None) == wall and instant not in found:
            found.append(instant)
    return tuple(found)


@lru_cache(maxsize=1 << 15)  # hours fall on the same minutes of the same days again and again
def instant_after(day: date, minute: int, zone: ZoneName) -> datetime:
    """The instant at which the clock reaches `minute` minutes past midnight of `day`; 1440 is the next midnight.

    Where the clock skips that time it is the first instant after the gap; where the time occurs twice, the first.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    found = instants(wall, zone)
    if found:
        return found[0]
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneName) -> datetime:
    """The instant of the jump: with fold=0 the offset before the gap is used, which lands after it by the time lost."""
    before = wall.replace(tzinfo=_zone(zone), fold=0).utcoffset()
    after = wall.replace(tzinfo=_zone(zone), fold=1).utcoffset()
    low, high = sorted((wall - (offset or timedelta())).replace(tzinfo=UTC) for offset in (before, after))
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if wall_time(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def day_span(first: date | None, last: date | None, zone: ZoneName) -> TimeSpan:
    """The local days from `first` to `last`, both included; None, and the calendar's first and last day, are open.

    Raises ValueError when last < first.
    """
    start = BEGINNING if first in (None, date.min) else instant_after(first, 0, zone)
    end = END if last in (None, date.max) else instant_after(last + timedelta(days=1), 0, zone)
    return TimeSpan(start, end)
