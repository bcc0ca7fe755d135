"""Where wall time meets instants: the only place that resolves a zone name.

Zones come from the `tzdata` package alone, whose version is pinned with the program; the machine's own copy is never
read, so that two processes cannot disagree about an instant.
"""

import zoneinfo
from datetime import MINYEAR, UTC, date, datetime, time, timedelta, timezone
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
    """The instant as the clock on the wall shows it, aware; at the ends of time, what a calendar can still show."""
    try:
        return instant.astimezone(_zone(zone))
    except OverflowError:
        return instant.replace(tzinfo=_zone(zone))


def local_date(instant: datetime, zone: ZoneName) -> date:
    return wall_time(instant, zone).date()


def begun_everywhere(instant: datetime) -> date:
    """The latest day that has begun by then on every clock of the world."""
    return instant.astimezone(_LATEST_CLOCK).date()


_LATEST_CLOCK = timezone(timedelta(hours=-12))
"""The clock that is behind all others."""


def instants(wall: datetime, zone: ZoneName) -> tuple[datetime, ...]:
    """The instants at which the clock shows the naive time `wall`: none in a gap, two in an overlap, else one.

    Raises OverflowError when such an instant lies outside of all time.
    """
    found = (_shown_at(wall, zone, fold) for fold in (0, 1))
    return tuple(dict.fromkeys(instant for instant in found if instant is not None))


def _shown_at(wall: datetime, zone: ZoneName, fold: int) -> datetime | None:
    instant = wall.replace(tzinfo=_zone(zone), fold=fold).astimezone(UTC)
    return instant if wall_time(instant, zone).replace(tzinfo=None) == wall else None


@lru_cache(maxsize=1 << 15)  # hours fall on the same minutes of the same days again and again; full it takes 9 MB
def instant_after(day: date, minute: int, zone: ZoneName) -> datetime:
    """The instant at which the clock reaches `minute` minutes past midnight of `day`; 1440 is the next midnight.

    Where the clock skips that time it is the first instant after the gap; where the time occurs twice, the first. It is
    BEGINNING or END where that instant lies outside of all time.
    """
    try:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return _shown_at(wall, zone, fold=0) or _end_of_gap(wall, zone)
    except OverflowError:
        return BEGINNING if day.year == MINYEAR else END


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


def day_start(day: date | None, zone: ZoneName) -> datetime:
    """The instant at which the local day begins; BEGINNING for None and for the calendar's first day."""
    return BEGINNING if day in (None, date.min) else instant_after(day, 0, zone)


def day_end(day: date | None, zone: ZoneName) -> datetime:
    """The instant at which the local day ends; END for None and for the calendar's last day."""
    return END if day in (None, date.max) else instant_after(day + timedelta(days=1), 0, zone)


def day_span(first: date | None, last: date | None, zone: ZoneName) -> TimeSpan:
    """The local days from `first` to `last`, both included; None, and the calendar's first and last day, are open.

    Raises ValueError when last < first, and for a day that the clock skipped altogether.
    """
    return TimeSpan(day_start(first, zone), day_end(last, zone))
