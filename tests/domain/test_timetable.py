"""When a site is open and closes, and who is there: hours, closures and holidays together."""

from datetime import date, timedelta
from time import process_time
from typing import Any

import pytest

from booking.domain.ids import PractitionerId
from booking.domain.schedule import Closure, Hours, Timetable, closed_time
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.time.span import ALWAYS, END, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import day_end, zone_name
from tests.domain.factories import APIA, LONDON, NEW_YORK, an_id, make_extra, make_hours, make_site, utc

MONDAY, TUESDAY = date(2027, 1, 11), date(2027, 1, 12)
ADA, BEN = PractitionerId(an_id("ada")), PractitionerId(an_id("ben"))
EVERY_DAY = Hours(weekly=tuple(make_hours(weekday, 9, 17) for weekday in range(7)))


def make_timetable(**changes: Any) -> Timetable:
    """A site in London where Ada treats from 8 to 18 every day."""
    people = {ADA: Hours(weekly=tuple(make_hours(weekday, 8, 18) for weekday in range(7)))}
    return Timetable(**{"zone": LONDON, "people": people, **changes})


def make_closure(first: date, last: date | None = None, **changes: Any) -> Closure:
    days = LocalSpan(first=first, last=last or first, **changes)
    return Closure(site_id=make_site().id, days=days, reason="painting")


def one_span(start: str, end: str) -> TimeSpan:
    return TimeSpan(utc(start), utc(end))


def spans(*pairs: tuple[str, str]) -> SpanSet:
    return SpanSet(one_span(start, end) for start, end in pairs)


def test_visits_lie_in_opening_hours_and_in_the_persons_own() -> None:
    table = make_timetable(opening=EVERY_DAY)
    assert table.hours(ADA, MONDAY, MONDAY) == spans(("2027-01-11T08:00", "2027-01-11T18:00"))
    assert table.there(ADA, MONDAY, MONDAY) == table.open(MONDAY, MONDAY)
    assert table.open(MONDAY, TUESDAY) == spans(
        ("2027-01-11T09:00", "2027-01-11T17:00"), ("2027-01-12T09:00", "2027-01-12T17:00")
    )
    assert table.there(BEN, MONDAY, TUESDAY) == NEVER


def test_site_without_opening_hours_is_shut_only_by_closures() -> None:
    table = make_timetable(closures=(make_closure(TUESDAY),))
    assert make_timetable().open(MONDAY, TUESDAY) == make_timetable().opening_time(MONDAY, TUESDAY) == ALWAYS
    assert table.open(MONDAY, TUESDAY) == ALWAYS - spans(("2027-01-12T00:00", "2027-01-13T00:00"))
    assert table.there(ADA, MONDAY, TUESDAY) == spans(("2027-01-11T08:00", "2027-01-11T18:00"))
    assert table.opening_time(MONDAY, TUESDAY) == ALWAYS


def test_extra_hours_open_a_site_on_a_day_it_is_not() -> None:
    opening = Hours(weekly=(make_hours(0, 9, 17),), extra=(make_extra(TUESDAY, 600, 660),))
    table = make_timetable(opening=opening)
    assert table.there(ADA, TUESDAY, date(2027, 1, 17)) == spans(("2027-01-12T10:00", "2027-01-12T11:00"))


def test_closures_are_given_with_their_reasons_when_they_touch_the_days() -> None:
    noon = make_closure(date(2027, 1, 8), MONDAY, start_minute=720, end_minute=600)
    nameless = Closure(site_id=None, days=LocalSpan(first=TUESDAY, last=TUESDAY))
    later = make_closure(date(2027, 1, 13))
    earlier = make_closure(date(2027, 1, 10))
    table = make_timetable(closures=(later, nameless, noon, earlier))
    assert table.closed(MONDAY, TUESDAY) == [
        (one_span("2027-01-08T12:00", "2027-01-11T10:00"), "painting"),
        (one_span("2027-01-12T00:00", "2027-01-13T00:00"), "closed"),
    ]
    assert table.open(MONDAY, MONDAY) == ALWAYS - spans(("2027-01-08T12:00", "2027-01-11T10:00"))


def test_closures_found_are_all_that_touch_the_days() -> None:
    # Some hundred of many lengths, in no order, so that long ones reach over many short ones.
    lengths = [
        (number * 7919 % 365, number * 104729 % 400 if number % 10 == 0 else number % 4) for number in range(150)
    ]
    starts = [(date(2027, 1, 1) + timedelta(days=first), length) for first, length in lengths]
    closures = tuple(make_closure(first, first + timedelta(days=length)) for first, length in starts)
    table = make_timetable(closures=closures)
    for offset in range(-5, 400, 3):
        first = date(2027, 1, 1) + timedelta(days=offset)
        last = first + timedelta(days=offset % 5)
        expected = closed_time(closures, None, first, last, LONDON)
        assert sorted(table.closed(first, last)) == sorted(expected)


def test_public_holiday_closes_the_local_day() -> None:
    washington = PublicHolidays(country="US", region="WA", open_names=frozenset({"Veterans Day"}))
    table = make_timetable(zone=zone_name("America/Los_Angeles"), holidays=washington)
    assert table.closed(date(2027, 11, 8), date(2027, 11, 25)) == [
        (one_span("2027-11-25T08:00", "2027-11-26T08:00"), "Thanksgiving Day")
    ]
    assert table.there(ADA, date(2027, 11, 25), date(2027, 11, 25)) == NEVER
    assert table.there(ADA, date(2027, 11, 24), date(2027, 11, 26)) == spans(("2027-11-24T16:00", "2027-11-25T02:00"))


CLOSINGS = [
    ((), "2027-01-11T17:00"),
    ((make_closure(MONDAY, start_minute=840),), "2027-01-11T14:00"),  # closed in the afternoon
    ((make_closure(MONDAY, start_minute=720, end_minute=780),), "2027-01-11T17:00"),  # over noon only
    ((make_closure(MONDAY, end_minute=780),), "2027-01-11T17:00"),
    ((make_closure(MONDAY, TUESDAY, start_minute=960, end_minute=600),), "2027-01-11T16:00"),
    ((make_closure(MONDAY),), None),
    ((make_closure(MONDAY, start_minute=0, end_minute=1020),), None),
    ((make_closure(date(2027, 1, 1), date.max),), None),
]


@pytest.mark.parametrize(("closures", "expected"), CLOSINGS)
def test_site_closes_when_it_is_last_open_that_day(closures: tuple[Closure, ...], expected: str | None) -> None:
    table = make_timetable(opening=EVERY_DAY, closures=closures)
    assert table.closing(MONDAY) == (None if expected is None else utc(expected))


def test_site_does_not_close_on_a_day_it_does_not_open() -> None:
    table = make_timetable(opening=Hours(weekly=(make_hours(0, 9, 12), make_hours(0, 13, 17))))
    assert table.closing(MONDAY) == utc("2027-01-11T17:00")
    assert table.closing(TUESDAY) is None
    england = PublicHolidays(country="GB", region="ENG")
    assert make_timetable(opening=EVERY_DAY, holidays=england).closing(date(2027, 3, 29)) is None
    assert make_timetable(holidays=england).closing(date(2027, 3, 29)) is None


def test_site_without_opening_hours_closes_after_its_last_person() -> None:
    people = {
        ADA: Hours(weekly=(make_hours(0, 8, 12),)),
        BEN: Hours(weekly=(make_hours(1, 8, 12),), extra=(make_extra(MONDAY, 780, 1170),)),
    }
    table = make_timetable(people=people)
    assert table.closing(MONDAY) == utc("2027-01-11T19:30")
    assert table.closing(TUESDAY) == utc("2027-01-12T12:00")
    assert table.closing(date(2027, 1, 13)) is None
    assert make_timetable(people=people, closures=(make_closure(MONDAY, start_minute=1080),)).closing(MONDAY) == utc(
        "2027-01-11T18:00"
    )
    assert make_timetable(people={}).closing(MONDAY) is None


def test_site_open_past_midnight_closes_then() -> None:
    night = (make_hours(0, 20, 24), make_hours(1, 0, 2), make_hours(1, 9, 17))
    table = make_timetable(opening=Hours(weekly=night))
    assert table.closing(MONDAY) == utc("2027-01-12T02:00")
    assert table.closing(TUESDAY) == utc("2027-01-12T17:00")


def test_closing_keeps_the_sites_wall_time() -> None:
    table = make_timetable(zone=NEW_YORK, opening=EVERY_DAY)
    assert table.closing(date(2027, 3, 13)) == utc("2027-03-13T22:00")
    assert table.closing(date(2027, 3, 14)) == utc("2027-03-14T21:00")


def test_day_that_the_clock_skipped_is_no_day() -> None:
    samoa = PublicHolidays(country="WS")
    table = make_timetable(zone=APIA, opening=EVERY_DAY, holidays=samoa, closures=(make_closure(date(2011, 12, 30)),))
    assert table.closing(date(2011, 12, 30)) is None
    assert table.closed(date(2011, 12, 30), date(2011, 12, 30)) == []
    assert table.open(date(2011, 12, 30), date(2011, 12, 30)) == NEVER


def test_ends_of_the_calendar_are_no_trouble() -> None:
    closed = make_closure(date(9999, 12, 30), date.max, start_minute=0, end_minute=1440)
    whole = make_timetable(closures=(closed, make_closure(date.min)), holidays=PublicHolidays(country="DK"))
    assert whole.open(date(9999, 12, 31), date.max).spans[-1].end == utc("9999-12-30T00:00")
    assert whole.open(date.min, date.min) == SpanSet([TimeSpan(day_end(date.min, LONDON), END)])
    for zone in (LONDON, NEW_YORK, zone_name("Asia/Kathmandu")):
        open_daily = make_timetable(zone=zone, opening=EVERY_DAY)
        assert all(open_daily.closing(day) for day in (date.min, date.max))
        assert open_daily.there(ADA, date.max, date.max) == open_daily.open(date.max, date.max)
        assert (ALWAYS - open_daily.open(date.max, date.max)).spans[-1].end <= END


def crowded(days: list[date]) -> Timetable:
    """It is closed over noon and open later on each of these days."""
    closures = tuple(make_closure(day, start_minute=720, end_minute=780) for day in days)
    extra = tuple(make_extra(day, 1020, 1080) for day in days)
    return make_timetable(closures=closures, people={ADA: Hours(weekly=EVERY_DAY.weekly, extra=extra)})


def seconds_to_ask(table: Timetable, days: list[date]) -> float:
    table.there(ADA, days[0], days[-1])
    started = process_time()
    for day in days:
        table.there(ADA, day, day)
        assert table.closing(day) == utc(f"{day}T18:00")
    return process_time() - started


def test_many_closures_and_extra_hours_cost_no_more_than_a_few() -> None:
    days = [MONDAY + timedelta(days=number) for number in range(10_000)]
    few, many = crowded(days[:60]), crowded(days)
    assert len(many.there(ADA, days[0], days[59]).spans) == 2 * 60
    # With a look at every one of them it takes some thirty times as long.
    assert min(seconds_to_ask(many, days[:60]) for _ in range(3)) < 4 * seconds_to_ask(few, days[:60])
