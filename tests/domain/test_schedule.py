"""Published hours become open time by the site's clock, whatever the clock does."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from booking.domain.schedule import ExtraHours, Hours, WeeklyHours
from booking.domain.time.span import END, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName
from tests.domain.factories import LONDON, LORD_HOWE, NEW_YORK, make_extra, make_hours, utc

MONDAY, TUESDAY, SUNDAY = 0, 1, 6


def spans(*pairs: tuple[str, str]) -> SpanSet:
    return SpanSet(TimeSpan(utc(start), utc(end)) for start, end in pairs)


def open_time(hours: list[WeeklyHours], first: date, last: date, zone: ZoneName) -> SpanSet:
    return Hours(weekly=tuple(hours)).on(first, last, zone)


def test_hours_come_on_their_weekday_within_the_days_asked_for() -> None:
    hours = [make_hours(MONDAY, 9, 12), make_hours(MONDAY, 13, 17), make_hours(TUESDAY, 10, 11)]
    assert open_time(hours, date(2027, 1, 11), date(2027, 1, 18), LONDON) == spans(
        ("2027-01-11T09:00", "2027-01-11T12:00"),
        ("2027-01-11T13:00", "2027-01-11T17:00"),
        ("2027-01-12T10:00", "2027-01-12T11:00"),
        ("2027-01-18T09:00", "2027-01-18T12:00"),
        ("2027-01-18T13:00", "2027-01-18T17:00"),
    )


def test_stretches_that_touch_or_overlap_are_one() -> None:
    hours = [make_hours(MONDAY, 9, 12), make_hours(MONDAY, 12, 14), make_hours(MONDAY, 13, 15)]
    assert open_time(hours, date(2027, 1, 11), date(2027, 1, 11), LONDON) == spans(
        ("2027-01-11T09:00", "2027-01-11T15:00")
    )


def test_hours_to_midnight_join_those_after_it() -> None:
    hours = [make_hours(MONDAY, 22, 24), make_hours(TUESDAY, 0, 2)]
    assert open_time(hours, date(2027, 1, 11), date(2027, 1, 12), LONDON) == spans(
        ("2027-01-11T22:00", "2027-01-12T02:00")
    )


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, {11, 18, 25}),
        (date(2027, 1, 18), None, {18, 25}),
        (None, date(2027, 1, 18), {11, 18}),
        (date(2027, 1, 18), date(2027, 1, 18), {18}),
        (date(2027, 1, 19), date(2027, 1, 24), set()),
    ],
)
def test_hours_hold_from_their_first_day_to_their_last(
    first: date | None, last: date | None, expected: set[int]
) -> None:
    hours = [make_hours(MONDAY, 9, 10, valid_from=first, valid_until=last)]
    found = open_time(hours, date(2027, 1, 11), date(2027, 1, 25), LONDON)
    assert {span.start.day for span in found} == expected


CHANGES = [
    # The same wall time before and after the clocks change.
    (LONDON, make_hours(SUNDAY, 9, 17), date(2027, 3, 28), ("2027-03-28T08:00", "2027-03-28T16:00")),
    (LONDON, make_hours(SUNDAY, 9, 17), date(2026, 10, 25), ("2026-10-25T09:00", "2026-10-25T17:00")),
    # Hours across the change are an hour shorter or longer.
    (LONDON, make_hours(SUNDAY, 0, 4), date(2027, 3, 28), ("2027-03-28T00:00", "2027-03-28T03:00")),
    (LONDON, make_hours(SUNDAY, 0, 4), date(2026, 10, 25), ("2026-10-24T23:00", "2026-10-25T04:00")),
    (NEW_YORK, make_hours(SUNDAY, 1, 4), date(2027, 3, 14), ("2027-03-14T06:00", "2027-03-14T08:00")),
    (LORD_HOWE, make_hours(SUNDAY, 1, 4), date(2026, 10, 4), ("2026-10-03T14:30", "2026-10-03T17:00")),
    # Hours that end in the gap end where it begins.
    (
        LONDON,
        make_hours(SUNDAY, 0, 4, end_minute=90),
        date(2027, 3, 28),
        ("2027-03-28T00:00", "2027-03-28T01:00"),
    ),
]


@pytest.mark.parametrize(("zone", "hours", "day", "expected"), CHANGES)
def test_hours_follow_the_wall_clock_over_a_change(
    zone: ZoneName, hours: WeeklyHours, day: date, expected: tuple[str, str]
) -> None:
    assert open_time([hours], day, day, zone) == spans(expected)


def test_hours_inside_the_skipped_hour_do_not_happen() -> None:
    assert open_time([make_hours(SUNDAY, 1, 2)], date(2027, 3, 28), date(2027, 3, 28), LONDON) == NEVER


def test_no_hours_and_no_days_are_no_time() -> None:
    assert open_time([], date(2027, 1, 11), date(2027, 1, 25), LONDON) == NEVER
    assert open_time([make_hours(MONDAY, 9, 17)], date(2027, 1, 12), date(2027, 1, 11), LONDON) == NEVER
    assert [bool(hours) for hours in (Hours(), Hours(weekly=(make_hours(MONDAY, 9, 17),)))] == [False, True]
    assert bool(Hours(extra=(make_extra(date(2027, 1, 11), 0, 60),)))


ALTERNATING = [
    # 31 December 2026 is a Thursday; the year has 53 weeks, so that the number of a week would not do.
    (2, date(2026, 12, 21), [date(2026, 12, 24), date(2027, 1, 7), date(2027, 1, 21)]),
    (2, date(2026, 12, 27), [date(2026, 12, 24), date(2027, 1, 7), date(2027, 1, 21)]),  # the Sunday of that week
    (2, date(2026, 12, 28), [date(2026, 12, 17), date(2026, 12, 31), date(2027, 1, 14)]),
    (3, date(2026, 12, 17), [date(2026, 12, 17), date(2027, 1, 7)]),
    (4, date(2031, 1, 2), [date(2027, 1, 7)]),  # long before that week too
    (1, None, [date(2026, 12, 17) + timedelta(weeks=number) for number in range(6)]),
    (1, date(2026, 12, 21), [date(2026, 12, 17) + timedelta(weeks=number) for number in range(6)]),
]


@pytest.mark.parametrize(("every", "week_of", "expected"), ALTERNATING)
def test_hours_that_skip_weeks_hold_in_every_so_many(every: int, week_of: date | None, expected: list[date]) -> None:
    hours = make_hours(3, 9, 10, every_weeks=every, week_of=week_of)
    found = open_time([hours], date(2026, 12, 14), date(2027, 1, 27), LONDON)
    assert [span.start.date() for span in found] == expected


def test_weeks_are_counted_without_an_end_and_end_with_the_hours() -> None:
    start, every = date(2026, 1, 5), 3
    hours = make_hours(MONDAY, 9, 10, every_weeks=every, week_of=date(2027, 6, 16), valid_until=date(2028, 1, 1))
    held = [day for day in (start + timedelta(days=number) for number in range(900)) if hours.applies_on(day)]
    assert {later - sooner for sooner, later in pairwise(held)} == {timedelta(weeks=every)}
    assert date(2027, 6, 14) in held
    assert held[-1] == date(2027, 12, 20)


@pytest.mark.parametrize(("every", "week_of"), [(2, None), (0, date(2027, 1, 4)), (-1, date(2027, 1, 4))])
def test_hours_that_skip_weeks_must_say_which(every: int, week_of: date | None) -> None:
    with pytest.raises(ValueError, match="need a day in a week"):
        make_hours(MONDAY, 9, 10, every_weeks=every, week_of=week_of)


EXTRA = [
    ([], [make_extra(date(2027, 1, 16), 600, 660)], [("2027-01-16T10:00", "2027-01-16T11:00")]),
    # They join the hours of the week, twice the same or touching.
    (
        [make_hours(MONDAY, 9, 12)],
        [make_extra(date(2027, 1, 11), 720, 780), make_extra(date(2027, 1, 11), 720, 780)],
        [("2027-01-11T09:00", "2027-01-11T13:00")],
    ),
    (
        [make_hours(MONDAY, 9, 12, valid_until=date(2027, 1, 10))],
        [make_extra(date(2027, 1, 11), 0, 30), make_extra(date(2027, 1, 17), 1410, 1440)],
        [("2027-01-11T00:00", "2027-01-11T00:30"), ("2027-01-17T23:30", "2027-01-18T00:00")],
    ),
    # On other days than those asked for they do not count.
    ([], [make_extra(date(2027, 1, 10), 600, 660), make_extra(date(2027, 1, 18), 600, 660)], []),
]


@pytest.mark.parametrize(("weekly", "extra", "expected"), EXTRA)
def test_extra_hours_are_added_to_the_hours_of_the_week(
    weekly: list[WeeklyHours], extra: list[ExtraHours], expected: list[tuple[str, str]]
) -> None:
    hours = Hours(weekly=tuple(weekly), extra=tuple(extra))
    assert hours.on(date(2027, 1, 11), date(2027, 1, 17), LONDON) == spans(*expected)


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, LORD_HOWE])
def test_hours_at_the_ends_of_the_calendar_end_with_time(zone: ZoneName) -> None:
    hours = Hours(weekly=tuple(make_hours(weekday, 0, 24) for weekday in range(7)))
    assert hours.on(date.max - timedelta(days=2), date.max, zone).spans[-1].end == END
    assert hours.on(date.min, date(1, 1, 3), zone).spans[0].start <= utc("0001-01-01T12:00")
