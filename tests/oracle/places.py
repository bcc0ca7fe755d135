"""When sites are open and people are there, by the clinic's file alone; nothing of `booking` is imported."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

import holidays

from tests.oracle.wall import DAY, MIDNIGHT, STEP, Stretch, days, inside, meet, minutes, reached, stretch, wall

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Pieces = list[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """A site of a clinic. What it has worked out for a day it keeps."""

    clinic: dict[str, Any]
    site: dict[str, Any]
    _hours: dict[tuple[str, date], list[Stretch]] = field(default_factory=dict)
    _opening: dict[date, list[Stretch]] = field(default_factory=dict)
    _holidays: dict[date, list[Stretch]] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        zone: str = self.site["zone"]
        return zone

    def is_there(self, person: dict[str, Any], span: Stretch) -> bool:
        """Whether the person is there all the while, and the site open."""
        return inside(span, [one for day in self.days(span) for one in self.hours(person, day)]) and self.is_open(span)

    def is_open(self, span: Stretch) -> bool:
        """Whether the site is open all the while, as far as its hours, the closures and the holidays go."""
        near = self.days(span)
        if self.has_hours and not inside(span, [one for day in near for one in self.opening(day)]):
            return False
        shut = [*self.closed, *(one for day in near for one in self.holiday(day))]
        return not any(meet(span, one) for one in shut)

    def closing(self, day: date) -> datetime | None:
        """When the site closes at the end of its local day, past midnight if it stays open; None if it never opens."""
        begin, tick, end = (reached(one, 0, self.zone) for one in (day, day + DAY, day + 2 * DAY))
        while tick > begin and not self.is_in_use((tick - STEP, tick)):
            tick -= STEP
        while begin < tick < end and self.is_in_use((tick, tick + STEP)):
            tick += STEP
        return tick if tick > begin else None

    def is_in_use(self, span: Stretch) -> bool:
        """Whether it is open; one without hours of its own is when anybody is there."""
        return self.is_open(span) if self.has_hours else self.anybody_is_there(span)

    def anybody_is_there(self, span: Stretch) -> bool:
        return any(self.is_there(one, span) for one in self.clinic["practitioner"])

    @cached_property
    def has_hours(self) -> bool:
        return bool(self.site.get("hours") or self.site.get("extra"))

    @cached_property
    def closed(self) -> list[Stretch]:
        every = [*self.clinic["clinic"].get("closure", []), *self.site.get("closure", [])]
        return [span for one in every for span in dated(one, self.zone)]

    def hours(self, person: dict[str, Any], day: date) -> list[Stretch]:
        key = (person["slug"], day)
        if key not in self._hours:
            weekly, extra = hours_at(person, self.site), extra_at(person, self.site)
            self._hours[key] = list(hours_on(weekly, extra, day, self.zone))
        return self._hours[key]

    def opening(self, day: date) -> list[Stretch]:
        if day not in self._opening:
            weekly, extra = self.site.get("hours", []), self.site.get("extra", [])
            self._opening[day] = list(hours_on(weekly, extra, day, self.zone))
        return self._opening[day]

    def holiday(self, day: date) -> list[Stretch]:
        """The whole day, if it is a public holiday on which the site is closed."""
        if day not in self._holidays:
            is_shut = is_holiday(self.site, day)
            self._holidays[day] = stretch(day, 0, day, MIDNIGHT, self.zone) if is_shut else []
        return self._holidays[day]

    def days(self, span: Stretch) -> list[date]:
        """The local days it touches."""
        last = span[1] - timedelta(seconds=1)
        return list(days(wall(span[0], self.zone).date(), wall(last, self.zone).date()))


def hours_at(person: dict[str, Any], site: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in person.get("hours", []) if one["site"] == site["slug"]]


def extra_at(person: dict[str, Any], site: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in person.get("extra", []) if one["site"] == site["slug"]]


def hours_on(weekly: list[dict[str, Any]], extra: list[dict[str, Any]], day: date, zone: str) -> Iterator[Stretch]:
    """The stretches of that day."""
    for one in weekly:
        if holds_on(one, day):
            for start, end in pieces(one):
                yield from stretch(day, start, day, end, zone)
    for one in extra:
        if one["date"] == day:
            yield from stretch(day, minutes(one["from"]), day, minutes(one["to"]), zone)


def holds_on(hours: dict[str, Any], day: date) -> bool:
    if WEEK[day.weekday()] not in hours["days"]:
        return False
    if not hours.get("valid_from", date.min) <= day <= hours.get("valid_until", date.max):
        return False
    every: int = hours.get("every_weeks", 1)
    return every == 1 or (monday(day) - monday(hours["week_of"])).days % (7 * every) == 0


def monday(day: date) -> date:
    return day - day.weekday() * DAY


def pieces(hours: dict[str, Any]) -> Pieces:
    """What is left of the stretch between its breaks, in minutes of the day."""
    left = [(minutes(hours["from"]), minutes(hours["to"]))]
    for one in hours.get("breaks", []):
        begin, end = minutes(one["from"]), minutes(one["to"])
        left = [part for start, stop in left for part in ((start, min(stop, begin)), (max(start, end), stop))]
    return [(start, stop) for start, stop in left if start < stop]


def dated(one: dict[str, Any], zone: str) -> list[Stretch]:
    """A closure, or leave, by the clock of a zone: one stretch."""
    start, end = minutes(one.get("from", "00:00")), minutes(one.get("to", "24:00"))
    return stretch(one["first"], start, one["last"], end, zone)


def leave(clinic: dict[str, Any], person: dict[str, Any]) -> list[Stretch]:
    """By the clocks of all sites at which the person has hours: from the earliest beginning to the latest end."""
    zones = [site["zone"] for site in clinic["site"] if hours_at(person, site) or extra_at(person, site)]
    found = []
    for one in person.get("leave", []):
        spans = [span for zone in zones for span in dated(one, zone)]
        if spans:
            found.append((min(start for start, _end in spans), max(end for _start, end in spans)))
    return found


def is_holiday(site: dict[str, Any], day: date) -> bool:
    """Whether the site is closed for one of the day's holidays."""
    chosen = site.get("holidays")
    if chosen is None:
        return False
    open_on = chosen.get("open", [])
    kept = [
        name
        for name in of_year(chosen["country"], chosen.get("region"), day.year).get(day, ())
        if name not in open_on and name.removesuffix(" (observed)") not in open_on
    ]
    return bool(kept) and day not in open_on


@cache
def of_year(country: str, region: str | None, year: int) -> dict[date, list[str]]:
    found = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    return {day: found.get_list(day) for day in found}
