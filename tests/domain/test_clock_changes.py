"""Around every change of clocks of three years, held against a table of each minute made from the zone files alone."""

import importlib.resources
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest

from booking.domain.schedule import Hours
from booking.domain.slot import is_on_grid, on_grid
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, day_span, instant_after, instants, wall_time
from tests.domain.factories import make_extra, make_hours, utc

CHANGES = {  # how many there are from 2026 to 2028, by the database whose version is pinned
    "Europe/London": 6,
    "America/New_York": 6,
    "Australia/Lord_Howe": 6,
    "Africa/Casablanca": 3,
    "America/Vancouver": 1,
    "Asia/Kathmandu": 0,
    "Africa/Cairo": 6,  # at midnight
    "America/Santiago": 6,
}
ORDINARY = date(2026, 12, 15)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@cache
def clock(zone: str) -> ZoneInfo:
    """Read from its file, so that the program's own reading of zones is not taken on trust."""
    with importlib.resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file)


def shown(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(clock(zone)).replace(tzinfo=None)


@cache
def change_days(zone: str) -> list[date]:
    """The local days on which the distance to UTC changes."""
    start = utc("2026-01-01T00:00")
    hours = [start + number * HOUR for number in range(3 * 365 * 24)]
    walls = [(hour, shown(hour, zone)) for hour in hours]
    return [two.date() for (_, one), (_, two) in pairwise(walls) if two - one != HOUR]


@dataclass(frozen=True)
class Around:
    """A local day and its neighbours: each instant that begins a minute of theirs, with what the clock shows then."""

    zone: ZoneName
    day: date
    table: list[tuple[datetime, datetime]]

    @property
    def days(self) -> list[date]:
        return [self.day - DAY, self.day, self.day + DAY]

    @property
    def span(self) -> TimeSpan:
        return TimeSpan(self.table[0][0], self.table[-1][0] + MINUTE)

    def minutes_of(self, day: date) -> list[datetime]:
        return [instant for instant, wall in self.table if wall.date() == day]

    @cached_property
    def reaching(self) -> list[list[datetime]]:
        """For each day, and each minute from 0 to 1440, the first instant at which the clock is that far or farther."""
        latest = list(accumulate((wall for _, wall in self.table), max))
        instants = [*(instant for instant, _ in self.table), self.span.end]
        midnights = [datetime.combine(day, time()) for day in self.days]
        return [
            [instants[bisect_left(latest, midnight + minute * MINUTE)] for minute in range(1441)]
            for midnight in midnights
        ]


@cache
def around(zone: str, day: date) -> Around:
    start = datetime.combine(day - DAY, time(), UTC) - 14 * HOUR
    every = ((instant, shown(instant, zone)) for instant in (start + number * MINUTE for number in range(100 * 60)))
    table = [(instant, wall) for instant, wall in every if abs(wall.date() - day) <= DAY]
    return Around(ZoneName(zone), day, table)


PLACES = [(zone, day) for zone in CHANGES for day in (*change_days(zone), ORDINARY)]
at_every_change = pytest.mark.parametrize(
    "seen", [pytest.param(place, id=f"{place[0]} {place[1]}") for place in PLACES]
)


@pytest.mark.parametrize(("zone", "number"), CHANGES.items())
def test_changes_are_those_of_the_pinned_database(zone: str, number: int) -> None:
    assert len(change_days(zone)) == number


def test_vancouver_no_longer_changes_its_clocks() -> None:
    assert wall_time(utc("2026-12-15T20:00"), ZoneName("America/Vancouver")).isoformat() == "2026-12-15T13:00:00-07:00"


@at_every_change
def test_wall_times_are_those_instants_at_which_they_are_shown(seen: tuple[str, date]) -> None:
    near = around(*seen)
    by_wall = defaultdict[datetime, list[datetime]](list)
    for instant, wall in near.table:
        by_wall[wall].append(instant)
    walls = [datetime.combine(near.day, time()) + number * MINUTE for number in range(1440)]
    assert [list(instants(wall, near.zone)) for wall in walls] == [by_wall.get(wall, []) for wall in walls]


@at_every_change
def test_time_of_day_is_reached_once(seen: tuple[str, date]) -> None:
    near = around(*seen)
    assert [instant_after(near.day, minute, near.zone) for minute in range(1441)] == near.reaching[1]


@at_every_change
def test_days_hold_the_minutes_that_the_clock_shows_on_them(seen: tuple[str, date]) -> None:
    near = around(*seen)
    for day in near.days:
        minutes = near.minutes_of(day)
        assert day_span(day, day, near.zone) == TimeSpan(minutes[0], minutes[-1] + MINUTE)
    lengths = [day_span(day, day, near.zone).length / HOUR for day in near.days]
    changed = near.table[-1][1] - near.table[0][1] - (near.table[-1][0] - near.table[0][0])
    assert lengths == [24, 24 - changed / HOUR, 24]


@at_every_change
def test_hours_begin_and_end_when_the_clock_says_so(seen: tuple[str, date]) -> None:
    near = around(*seen)
    reaching = near.reaching
    for minute, length in [*((minute, 45) for minute in range(0, 240, 15)), (0, 1440), (100, 60), (1380, 60)]:
        hours = Hours(extra=tuple(make_extra(day, minute, minute + length) for day in near.days))
        edges = [(reached[minute], reached[minute + length]) for reached in reaching]
        expected = SpanSet(TimeSpan(start, end) for start, end in edges if start < end)
        assert hours.on(near.days[0], near.days[-1], near.zone) == expected


@at_every_change
def test_weekly_hours_keep_their_wall_time_on_both_sides(seen: tuple[str, date]) -> None:
    near = around(*seen)
    hours = Hours(weekly=tuple(make_hours(weekday, 9, 17) for weekday in range(7)))
    found = hours.on(near.days[0], near.days[-1], near.zone)
    walls = [(shown(span.start, near.zone), shown(span.end, near.zone)) for span in found]
    assert walls == [(datetime.combine(day, time(9)), datetime.combine(day, time(17))) for day in near.days]


@at_every_change
def test_grid_lies_in_wall_time(seen: tuple[str, date]) -> None:
    near = around(*seen)
    minutes = near.minutes_of(near.day)
    for grid in (10, 15, 60):
        expected = [instant for instant, wall in near.table if wall.minute % grid == 0]
        assert list(on_grid(SpanSet([near.span]), near.zone, grid)) == expected
        assert {one for one in minutes if is_on_grid(one, near.zone, grid)} == {*expected}.intersection(minutes)


def test_start_between_two_minutes_is_followed_by_the_next_on_the_grid() -> None:
    span = TimeSpan(utc("2027-01-14T09:00") + MINUTE / 2, utc("2027-01-14T09:31"))
    found = [start.time() for start in on_grid(SpanSet([span]), ZoneName("Asia/Kathmandu"), 15)]
    assert found == [time(9, 15), time(9, 30)]
    assert not is_on_grid(utc("2027-01-14T09:15") + MINUTE / 60, ZoneName("Asia/Kathmandu"), 5)


def test_time_that_a_clock_skips_is_no_hours_and_no_start() -> None:
    near = around("Europe/London", date(2027, 3, 28))
    skipped = make_extra(near.day, 60, 120)
    assert not Hours(extra=(skipped,)).on(near.day, near.day, near.zone)
    walls = [shown(start, near.zone).time() for start in on_grid(SpanSet([near.span]), near.zone, 15)]
    assert walls.count(time(0, 45)) == walls.count(time(2)) == 3
    assert walls.count(time(1)) == walls.count(time(1, 45)) == 2


def test_hour_that_comes_twice_has_two_starts_of_each_name() -> None:
    near = around("Europe/London", date(2026, 10, 25))
    starts = list(on_grid(SpanSet([day_span(near.day, near.day, near.zone)]), near.zone, 15))
    assert len(starts) == 25 * 4
    half_past_one = [start for start in starts if shown(start, near.zone).time() == time(1, 30)]
    assert half_past_one == [utc("2026-10-25T00:30"), utc("2026-10-25T01:30")]
    assert tuple(half_past_one) == instants(datetime.combine(near.day, time(1, 30)), near.zone)
