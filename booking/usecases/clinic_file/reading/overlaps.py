"""Weekly hours that somebody has twice over: at one site, on one day, at one time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from math import lcm

from booking.usecases.clinic_file.model import HoursFile
from booking.usecases.clinic_file.notation import DAYS

Numbered = tuple[int, HoursFile]
"""A stretch, and which entry of the file it is of."""


def overlaps(numbered: Sequence[Numbered], *, told_where: bool) -> Iterator[str]:
    """A sentence for each two entries that overlap; for each entry one other is named at least."""
    together, found = defaultdict[tuple[str, int], list[Numbered]](list), defaultdict[tuple[int, int], set[int]](set)
    for n, one in numbered:
        together[one.site, one.weekday].append((n, one))
    for (_, weekday), some in together.items():
        for pair in _meeting(some):
            found[pair].add(weekday)
    sites = {n: one.site for n, one in numbered}
    for (first, second), weekdays in sorted(found.items()):
        days = ", ".join(DAYS[one] for one in sorted(weekdays))
        yield f"hours {first} and hours {second} overlap on {days}" + (f" at {sites[first]}" if told_where else "")


def _meeting(numbered: Iterable[Numbered]) -> Iterator[tuple[int, int]]:
    """Of a weekday, each entry with the first that it meets among those that held already when it began to hold."""
    holding: list[Numbered] = []
    for n, one in sorted(numbered, key=lambda each: _begins(each[1])):
        holding = [(m, other) for m, other in holding if _ends(other) >= _begins(one)]
        met = next((m for m, other in holding if _meet(one, other)), None)
        if met is not None:
            yield min(n, met), max(n, met)
        holding.append((n, one))


def _meet(one: HoursFile, other: HoursFile) -> bool:
    """Whether there is a day on which both hold at the same time."""
    if one.start_minute >= other.end_minute or other.start_minute >= one.end_minute:
        return False
    first, last = max(_begins(one), _begins(other)), min(_ends(one), _ends(other))
    start = _week(first)
    weeks = range(start, start + lcm(one.every_weeks, other.every_weeks) + 1)  # one more, as the first is cut short
    days = ((week, week * 7 + one.weekday + 1) for week in weeks)
    return any(first <= day <= last and _holds(one, week) and _holds(other, week) for week, day in days)


def _holds(one: HoursFile, week: int) -> bool:
    return one.week_of is None or (week - _week(one.week_of.toordinal())) % one.every_weeks == 0


def _week(ordinal: int) -> int:
    """Weeks since the Monday with which the calendar begins, whose ordinal is 1."""
    return (ordinal - 1) // 7


def _begins(one: HoursFile) -> int:
    return (one.valid_from or date.min).toordinal()


def _ends(one: HoursFile) -> int:
    return (one.valid_until or date.max).toordinal()
