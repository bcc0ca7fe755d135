"""Free times from afar: who has the first one, which days have any, and how many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from booking.domain.availability.frame import Day
from booking.domain.ids import PractitionerId, SiteId
from booking.domain.permission import Caller
from booking.domain.time.ticks import instant_of
from booking.domain.time.zone import local_date
from booking.store.database import Transaction
from booking.usecases.searching import PersonStarts
from booking.usecases.views.slots import Asked, FreeTimes, SlotList, SlotQuery, Sought, find_times

WINDOW_DAYS = 31
STAFF_DAYS = 370
"""Staff, whom no horizon binds, look so many days ahead."""


@dataclass(frozen=True, kw_only=True)
class Outlook(Sought):
    """What is sought from a local day on, or from today."""

    first: date | None = None


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """At how many different times of a local day a visit can start, and how many slots that makes with everybody."""

    date: date
    site_id: SiteId
    starts: int
    slots: int


@dataclass(frozen=True, kw_only=True)
class FirstDays:
    """The first days that have any slot, one for each start at each site; `later` is the next such day, if any."""

    listed: SlotList
    later: date | None


def next_slots(tx: Transaction, caller: Caller, query: Outlook) -> SlotList:
    """The first slot of each practitioner at each site, in the order of time.

    Patients are told what lies within the clinic's horizon, staff of the next 370 days.
    """
    asked = Asked(tx, caller, query)
    found: dict[tuple[SiteId, PractitionerId], PersonStarts] = {}
    everybody = {(site.id, one.id) for site in asked.sites for one in asked.people(site)}
    for first, last in _windows(asked, query.first):
        for one in asked.find(first, last, but=found).people:
            found[one.site.id, one.practitioner_id] = replace(one, mask=one.mask & -one.mask)
        if found.keys() == everybody:
            break
    return FreeTimes(people=tuple(found.values()), offer=asked.offer).listed


def first_days(tx: Transaction, caller: Caller, query: Outlook, count: int) -> FirstDays:
    """The slots of so many days, of those who are free at one time that of the first by id.

    Looks as far ahead as `next_slots`.
    """
    asked = Asked(tx, caller, query)
    people: list[PersonStarts] = []
    found: set[date] = set()
    later: date | None = None
    for first, last in _windows(asked, query.first):
        free = asked.find(first, last)
        for day in sorted({day for one in free.people for day, _starts in _days(one)}):
            if len(found) < count:
                found.add(day)
            else:
                later = later or day
        people += _one_for_each_start(_on(one, found) for one in free.people)
        if later is not None:
            break
    return FirstDays(listed=FreeTimes(people=tuple(people), offer=asked.offer).listed, later=later)


def count_slots(tx: Transaction, caller: Caller, query: SlotQuery) -> list[DayCount]:
    """The days that have any slot, by date and then by site."""
    return counted(find_times(tx, caller, query))


def counted(found: FreeTimes) -> list[DayCount]:
    """The same of what was found."""
    starts: dict[tuple[date, SiteId], int] = {}
    slots: dict[tuple[date, SiteId], int] = {}
    for one in found.people:
        for day, mask in _days(one):
            key = (day, one.site.id)
            starts[key] = starts.get(key, 0) | mask
            slots[key] = slots.get(key, 0) + mask.bit_count()
    return [
        DayCount(date=day, site_id=site_id, starts=starts[day, site_id].bit_count(), slots=slots[day, site_id])
        for day, site_id in sorted(starts)
    ]


def _windows(asked: Asked, first: date | None) -> Iterator[tuple[date, date]]:
    """The days from `first` on, 31 at a time, while anything can be booked."""
    bounds = [(site.zone, *bounds) for site, bounds in zip(asked.sites, asked.bounds, strict=True)]
    if not bounds:
        return
    opens = min(local_date(instant_of(low), zone) for zone, low, _high in bounds)
    closes = max(local_date(instant_of(high - 1), zone) for zone, _low, high in bounds)
    day = max(first or opens, opens)
    if asked.caller.is_staff:
        closes = min(closes, day + timedelta(days=STAFF_DAYS - 1))
    while day <= closes:
        last = min(day + timedelta(days=WINDOW_DAYS - 1), closes)
        yield day, last
        day = last + timedelta(days=1)


def _days(one: PersonStarts) -> Iterator[tuple[date, int]]:
    """The local days that have any start, each with its starts from its own beginning on."""
    for day in one.frame.asked:
        mask = (one.mask & _ticks(day)) >> day.start
        if mask:
            yield day.date, mask


def _one_for_each_start(people: Iterable[PersonStarts]) -> Iterator[PersonStarts]:
    """Each start with the first who is free then; all searched the same days."""
    seen: dict[SiteId, int] = {}
    for one in sorted(people, key=lambda one: one.practitioner_id):
        before = seen.get(one.site.id, 0)
        seen[one.site.id] = before | one.mask
        yield replace(one, mask=one.mask & ~before)


def _on(one: PersonStarts, days: set[date]) -> PersonStarts:
    """The same on these days alone."""
    kept = sum(_ticks(day) for day in one.frame.asked if day.date in days)
    return replace(one, mask=one.mask & kept)


def _ticks(day: Day) -> int:
    return (1 << day.end) - (1 << day.start)
