"""Timetables equal the sweep, which walks along the minutes of the same clinics as plain data."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from booking.domain.ids import PractitionerId, SiteId
from booking.domain.schedule import Closure, ExtraHours, Hours, Timetable, WeeklyHours
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, instant_after
from tests.oracle.places import WEEK, Place, extra_at, hours_at, leave, pieces
from tests.oracle.states import BEGINNING, END, ZONES, Situation, situation
from tests.oracle.wall import DAY, MIDNIGHT, STEP, changes, days, minutes, reached, ticks

SITE = SiteId(UUID(int=1))


@pytest.mark.parametrize("zone", ZONES)
def test_clock_reaches_each_minute_when_the_sweep_says(zone: str) -> None:
    near = {day + number * DAY for day in changes(zone, BEGINNING, END) for number in (-1, 0, 1)} | {BEGINNING}
    for day in near:
        for minute in range(0, MIDNIGHT + 1, 5):
            assert instant_after(day, minute, ZoneName(zone)) == reached(day, minute, zone), (day, minute)


@pytest.mark.parametrize("seed", range(0, 48, 4))
def test_timetable_equals_the_sweep(seed: int) -> None:
    for one in (situation(number) for number in range(seed, seed + 4)):
        for site in one.clinic["site"]:
            place, table = Place(clinic=one.clinic, site=site), timetable(one.clinic, site)
            for person in one.clinic["practitioner"]:
                there = table.there(who(person), one.first, one.last)
                assert walked(place, person, one) == there, (one.seed, site["slug"], person["slug"])
            for day in days(one.first, one.last):
                assert table.closing(day) == place.closing(day), (one.seed, site["slug"], day)


@pytest.mark.parametrize("seed", range(12))
def test_leave_is_by_all_clocks(seed: int) -> None:
    one = situation(seed)
    for person in one.clinic["practitioner"]:
        zones = [
            ZoneName(site["zone"]) for site in one.clinic["site"] if hours_at(person, site) or extra_at(person, site)
        ]
        away = SpanSet(span for stretch in person["leave"] for span in local(stretch).over(zones))
        assert SpanSet(TimeSpan(*span) for span in leave(one.clinic, person)) == away, seed


def walked(place: Place, person: dict[str, Any], one: Situation) -> SpanSet:
    """The five minutes at which the person is there, on the days asked for."""
    every = ((tick, tick + STEP) for tick in ticks(one.first, one.last, place.zone))
    return SpanSet(TimeSpan(*five) for five in every if place.is_there(person, five))


def timetable(clinic: dict[str, Any], site: dict[str, Any]) -> Timetable:
    chosen = site.get("holidays")
    shut = [
        *((None, one) for one in clinic["clinic"].get("closure", [])),
        *((SITE, one) for one in site.get("closure", [])),
    ]
    return Timetable(
        zone=ZoneName(site["zone"]),
        opening=Hours(weekly=tuple(weekly(site.get("hours", []))), extra=tuple(extra(site.get("extra", [])))),
        closures=tuple(Closure(site_id=where, days=local(one)) for where, one in shut),
        holidays=None if chosen is None else public_holidays(chosen),
        people={
            who(one): Hours(weekly=tuple(weekly(hours_at(one, site))), extra=tuple(extra(extra_at(one, site))))
            for one in clinic["practitioner"]
        },
    )


def weekly(listed: list[dict[str, Any]]) -> Iterator[WeeklyHours]:
    for one in listed:
        for day in one["days"]:
            for start, end in pieces(one):
                yield WeeklyHours(
                    practitioner_id=None,
                    site_id=SITE,
                    weekday=WEEK.index(day),
                    start_minute=start,
                    end_minute=end,
                    valid_from=one.get("valid_from"),
                    valid_until=one.get("valid_until"),
                    every_weeks=one.get("every_weeks", 1),
                    week_of=one.get("week_of"),
                )


def extra(listed: list[dict[str, Any]]) -> Iterator[ExtraHours]:
    for one in listed:
        yield ExtraHours(
            practitioner_id=None,
            site_id=SITE,
            day=one["date"],
            start_minute=minutes(one["from"]),
            end_minute=minutes(one["to"]),
        )


def local(one: dict[str, Any]) -> LocalSpan:
    return LocalSpan(
        first=one["first"],
        last=one["last"],
        start_minute=minutes(one["from"]) if "from" in one else None,
        end_minute=minutes(one["to"]) if "to" in one else None,
    )


def public_holidays(chosen: dict[str, Any]) -> PublicHolidays:
    kept = chosen["open"]
    return PublicHolidays(
        country=chosen["country"],
        region=chosen["region"],
        open_on=frozenset(one for one in kept if isinstance(one, date)),
        open_names=frozenset(one for one in kept if isinstance(one, str)),
    )


def who(person: dict[str, Any]) -> PractitionerId:
    return PractitionerId(uuid5(SITE, person["slug"]))
