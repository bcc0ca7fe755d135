"""VTIMEZONE components (RFC 5545 3.6.5) of the pinned tzdata package.

Most zones repeat two changes each year, and the last line of their TZif file (RFC 9636 3.3) says which: those become
two RRULEs, the only form that every calendar program reads well. The others are listed change by change.
"""

import importlib.resources
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from booking.domain.time.zone import ZoneName, wall_time, zone_name
from booking.ical.text import fold

_DAY = timedelta(days=1)
_RULE = re.compile(r"M(?P<month>\d+)\.(?P<week>\d)\.(?P<weekday>\d)(?:/(?P<time>[-+]?[\d:]+))?")
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_SHORTEST_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, kw_only=True)
class _State:
    """What the clocks of a zone show at some time."""

    offset: timedelta
    daylight: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class _Change:
    """A change of the clocks: `onset` is the wall time it happens at, read from the clock it ends."""

    onset: datetime
    before: _State
    after: _State


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """`Mm.w.d/time` of a POSIX TZ string: the w-th (5: last) weekday d of a month, and a time from its midnight on.

    The time may lie before that day (down to -167 hours) or after it (up to 167 hours).
    """

    month: int
    week: int
    weekday: int
    time: timedelta

    def onset(self, year: int) -> datetime:
        first = datetime(year, self.month, 1)  # noqa: DTZ001 -- wall time of the zone
        day = first + _DAY * ((self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1))
        return (day if day.month == self.month else day - 7 * _DAY) + self.time

    def recurrence(self) -> str | None:
        """The RRULE of the onsets; None if they need not stay within the month."""
        days_later = self.time // _DAY
        if not days_later:
            week = -1 if self.week == 5 else self.week
            return f"FREQ=YEARLY;BYDAY={week}{_WEEKDAYS[self.weekday]};BYMONTH={self.month}"
        if self.week == 5 and self.month == 2:
            return None
        length = _SHORTEST_MONTH[self.month - 1]
        first_day = (length - 6 if self.week == 5 else 7 * self.week - 6) + days_later
        if first_day < 1 or first_day + 6 > length:
            return None
        days = ",".join(str(day) for day in range(first_day, first_day + 7))
        weekday = _WEEKDAYS[(self.weekday + days_later) % 7]
        return f"FREQ=YEARLY;BYDAY={weekday};BYMONTHDAY={days};BYMONTH={self.month}"


def vtimezone(zone: str, first: date, last: date) -> bytes:
    """The VTIMEZONE of an IANA zone, right at every instant of the years from `first` to `last`.

    The same for all days of a year, so that it does not alter a feed from day to day.
    Raises ValueError for a zone that tzdata does not have.
    """
    return _vtimezone(zone, first.year, last.year)


@lru_cache(maxsize=512)
def _vtimezone(zone: str, first_year: int, last_year: int) -> bytes:
    name = zone_name(zone)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    changes = list(_changes(name, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)))
    observances = _yearly(changes, _rules(name), last_year - first_year + 1) or _listed(_state(name, start), changes)
    return b"".join([b"BEGIN:VTIMEZONE\r\n", fold(f"TZID:{zone}"), *observances, b"END:VTIMEZONE\r\n"])


def _state(zone: ZoneName, instant: datetime) -> _State:
    local = wall_time(instant, zone)
    return _State(
        offset=local.utcoffset() or timedelta(),
        daylight=(local.dst() or timedelta()) > timedelta(),
        name=local.tzname() or "",
    )


def _changes(zone: ZoneName, start: datetime, end: datetime) -> Iterator[_Change]:
    """All changes of the clocks between two UTC instants; no zone ever changed them twice in a day."""
    before = _state(zone, start)
    while start < end:
        after = _state(zone, start + _DAY)
        if after != before:
            onset = _first_instant(zone, start, after).replace(tzinfo=None) + before.offset
            yield _Change(onset=onset, before=before, after=after)
        start, before = start + _DAY, after


def _first_instant(zone: ZoneName, day: datetime, state: _State) -> datetime:
    low, high = 0, 86400
    while high - low > 1:
        middle = (low + high) // 2
        reached = _state(zone, day + timedelta(seconds=middle)) == state
        low, high = (low, middle) if reached else (middle, high)
    return day + timedelta(seconds=high)


def _rules(zone: ZoneName) -> list[_Rule]:
    """The two yearly changes in the last line of a TZif file; none if it has none, or names days in another way."""
    tzif = importlib.resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    footer = tzif.rsplit(b"\n", 2)[1].decode("ascii")
    matches = [_RULE.fullmatch(part) for part in footer.split(",")[1:]]
    return [
        _Rule(
            month=int(match["month"]),
            week=int(match["week"]),
            weekday=int(match["weekday"]),
            time=_time(match["time"] or "2"),
        )
        for match in matches
        if match
    ]


def _time(text: str) -> timedelta:
    hours, minutes, seconds = [*text.lstrip("+-").split(":"), "0", "0"][:3]
    span = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -span if text.startswith("-") else span


def _yearly(changes: Sequence[_Change], rules: Sequence[_Rule], years: int) -> list[bytes] | None:
    """Recurring observances, if the rules and nothing but the rules make all changes of all these years."""
    observances = []
    for rule in rules:
        obeying = [change for change in changes if rule.onset(change.onset.year) == change.onset]
        recurrence = rule.recurrence()
        if not recurrence or len(obeying) != years or len({(change.before, change.after) for change in obeying}) > 1:
            return None
        yearly = replace(obeying[0], onset=rule.onset(1970))
        # Irish law calls the winter the exception; calendar programs expect the summer to be it.
        summer = yearly.after.offset > yearly.before.offset
        observances.append(_observance(yearly, daylight=summer, recurrence=recurrence))
    return observances if len(changes) == years * len(rules) else None


def _listed(first: _State, changes: Sequence[_Change]) -> list[bytes]:
    """The observance in force at the beginning, then one for each change.

    An RDATE for changes that are alike would be shorter, but ical.js reads one of its dates and forgets the DTSTART.
    """
    beginning = _Change(onset=datetime(1970, 1, 1), before=first, after=first)  # noqa: DTZ001 -- wall time of the zone
    return [_observance(change, daylight=change.after.daylight) for change in (beginning, *changes)]


def _observance(change: _Change, *, daylight: bool, recurrence: str = "") -> bytes:
    kind = "DAYLIGHT" if daylight else "STANDARD"
    lines = (
        f"BEGIN:{kind}",
        f"DTSTART:{change.onset:%Y%m%dT%H%M%S}",
        f"RRULE:{recurrence}" if recurrence else "",
        f"TZNAME:{change.after.name}",
        f"TZOFFSETFROM:{_offset(change.before.offset)}",
        f"TZOFFSETTO:{_offset(change.after.offset)}",
        f"END:{kind}",
    )
    return b"".join(fold(line) for line in lines if line)


def _offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
