"""The days of a search at one site, as ticks: when they begin, where the grid lies, what published hours are."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from booking.domain.schedule import Hours, Timetable
from booking.domain.slot import on_grid
from booking.domain.time.span import SpanSet
from booking.domain.time.ticks import Window, tick_at, tick_from
from booking.domain.time.zone import ZoneName, day_span, wall_time
from booking.domain.treatment import TICK_MINUTES

DAY = 24 * 60 // TICK_MINUTES


@dataclass(frozen=True, slots=True)
class Day:
    """A local day from `start` until just before `end`, in ticks of its window.

    It is plain when its clock runs evenly, so that minute m of the day is m minutes after its start.
    """

    date: date
    start: int
    end: int
    plain: bool


@dataclass(frozen=True, eq=False)  # made once for the same days: identity is equality
class Frame:
    """A search from day to day: the window holds those days and one more on either side."""

    zone: ZoneName
    window: Window
    days: tuple[Day, ...]
    grid: int
    midnights: int

    @property
    def asked(self) -> tuple[Day, ...]:
        return self.days[1:-1]


@lru_cache(maxsize=256)
def frame_of(first: date, last: date, zone: ZoneName, grid_minutes: int) -> Frame:
    """The frame of the local days from `first` to `last`, both included; starts lie on its grid, on these days."""
    one = timedelta(days=1)
    window = Window.around(day_span(first - one, last + one, zone))
    days = tuple(_day(first + offset * one, zone, window) for offset in range(-1, (last - first).days + 2))
    grid = 0
    for day in days[1:-1]:
        grid |= _grid(day, zone, window, grid_minutes)
    midnights = sum(1 << day.start for day in days)
    return Frame(zone=zone, window=window, days=days, grid=grid, midnights=midnights)


def hours_mask(hours: Hours, frame: Frame) -> int:
    """When somebody with these hours is there, in the frame's window."""
    found = 0
    for day in frame.days:
        if day.plain:
            for one in hours.of_day(day.date):
                found |= _pattern(one.start_minute, one.end_minute) << day.start
        else:
            found |= frame.window.inside(hours.on(day.date, day.date, frame.zone))
    return found


def open_mask(timetable: Timetable, frame: Frame) -> int:
    """When a visit may take place as far as the site goes."""
    opening = hours_mask(timetable.opening, frame) if timetable.opening else frame.window.all
    first, last = frame.days[0].date, frame.days[-1].date
    return opening & ~frame.window.touched(span for span, _why in timetable.closed(first, last))


def before_closing(opening: int, frame: Frame, minutes: int, length: int) -> int:
    """The starts of something so many ticks long that ends so many minutes before the site closes on its day.

    `opening` is when the site is open. It closes at the end of the last stretch of the day.
    """
    found = 0
    for day in frame.asked:
        today = (opening >> day.start) & ((1 << day.end - day.start) - 1)
        if today:
            end = _end_of_run(opening, day.start + today.bit_length() - 1)
            last = min(end - minutes // TICK_MINUTES - length, day.end - 1)
            found |= (1 << max(last + 1, day.start)) - (1 << day.start)
    return found


def _end_of_run(mask: int, tick: int) -> int:
    """The first tick after `tick`, which is set, that is not."""
    rest = mask >> tick
    return tick + (rest ^ (rest + 1)).bit_length() - 1


@lru_cache(maxsize=4096)
def _pattern(start_minute: int, end_minute: int) -> int:
    start, end = -(-start_minute // TICK_MINUTES), end_minute // TICK_MINUTES
    return (1 << end) - (1 << start) if start < end else 0


def _day(day: date, zone: ZoneName, window: Window) -> Day:
    span = day_span(day, day, zone)
    start, end = tick_from(span.start) - window.first, tick_from(span.end) - window.first
    offsets = {wall_time(span.start + timedelta(hours=hour), zone).utcoffset() for hour in range(24)}
    plain = end - start == DAY and len(offsets) == 1 and span.start == window.span.start + timedelta(minutes=5) * start
    return Day(date=day, start=start, end=end, plain=plain)


def _grid(day: Day, zone: ZoneName, window: Window, grid_minutes: int) -> int:
    step = grid_minutes // TICK_MINUTES
    if day.plain:
        return _comb(step) << day.start
    starts = on_grid(SpanSet([day_span(day.date, day.date, zone)]), zone, grid_minutes)
    return sum(1 << tick_at(start) - window.first for start in starts)


@lru_cache(maxsize=16)
def _comb(step: int) -> int:
    return sum(1 << tick for tick in range(0, DAY, step))
