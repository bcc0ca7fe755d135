"""Published hours become open time by the site's clock, whatever the clock does."""

from datetime import date

import pytest

from booking.domain.schedule import WeeklyHours, open_time
from booking.domain.time.span import NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName
from tests.domain.factories import LONDON, LORD_HOWE, NEW_YORK, make_hours, utc

MONDAY, TUESDAY, SUNDAY = 0, 1, 6


def spans(*pairs: tuple[str, str]) -> SpanSet:
    return SpanSet(TimeSpan(utc(start), utc(end)) for start, end in pairs)


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
