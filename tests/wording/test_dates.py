from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName
from booking.wording import dates
from tests.domain.factories import LONDON, LORD_HOWE, SEATTLE, utc

TUESDAY = date(2026, 11, 24)


def test_day_has_its_year_unless_it_is_this_one() -> None:
    assert dates.day(TUESDAY) == "Tuesday 24 November 2026"
    assert dates.day(TUESDAY, date(2026, 1, 1)) == "Tuesday 24 November"
    assert dates.day(date(2027, 1, 3), TUESDAY) == "Sunday 3 January 2027"


def test_short_day_fits_a_table() -> None:
    assert dates.short_day(TUESDAY) == "24 Nov 2026"


def test_month_has_its_year() -> None:
    assert dates.month(TUESDAY) == "November 2026"
    assert dates.short_month(TUESDAY) == "Nov 2026"


def test_days_within_a_text_are_said_plainly() -> None:
    assert dates.plain("ended 2026-11-24; starts 2027-01-01.") == "ended 24 Nov 2026; starts 1 Jan 2027."
    for text in ("WSR 24-11-160", "number 12026-11-24", "2026-13-01"):
        assert dates.plain(text) == text


def test_weekdays_are_counted_from_monday() -> None:
    assert [dates.weekday(number) for number in (0, 1, 6)] == ["Monday", "Tuesday", "Sunday"]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-24T08:00", "Morning"),
        ("2026-11-24T19:55", "Morning"),
        ("2026-11-24T20:00", "Afternoon"),
        ("2026-11-25T00:55", "Afternoon"),
        ("2026-11-25T01:00", "Evening"),
        ("2026-11-25T07:55", "Evening"),
    ],
)
def test_part_of_day_is_that_of_the_place(instant: str, said: str) -> None:
    assert dates.part_of_day(utc(instant), SEATTLE) == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-24T19:00", "11:00 am"),
        ("2026-11-24T20:00", "12 noon"),
        ("2026-11-24T20:05", "12:05 pm"),
        ("2026-11-25T01:30", "5:30 pm"),
        ("2026-11-25T08:00", "12 midnight"),
        ("2026-11-25T08:15", "12:15 am"),
    ],
)
def test_clock_is_that_of_the_place(instant: str, said: str) -> None:
    assert dates.clock(utc(instant), SEATTLE) == said


@pytest.mark.parametrize(
    ("instant", "zone", "said"),
    [
        ("2026-11-01T07:30", SEATTLE, "12:30 am"),
        ("2026-11-01T08:30", SEATTLE, "1:30 am PDT"),
        ("2026-11-01T09:30", SEATTLE, "1:30 am PST"),
        ("2026-11-01T10:00", SEATTLE, "2:00 am"),
        ("2026-10-25T00:30", LONDON, "1:30 am BST"),
        ("2026-10-25T01:30", LONDON, "1:30 am GMT"),
        ("2027-04-03T14:45", LORD_HOWE, "1:45 am UTC+11:00"),
        ("2027-04-03T15:15", LORD_HOWE, "1:45 am UTC+10:30"),
    ],
)
def test_clock_in_the_hour_that_comes_twice_names_the_zone(instant: str, zone: ZoneName, said: str) -> None:
    assert dates.clock(utc(instant), zone) == said


def test_times_of_a_visit_over_midnight_say_so() -> None:
    late = TimeSpan(utc("2026-11-25T07:30"), utc("2026-11-25T08:15"))
    assert dates.times(late, SEATTLE) == "11:30 pm to 12:15 am the next day"


def test_moment_and_visit_are_a_day_and_its_times() -> None:
    span = TimeSpan(utc("2026-11-24T19:00"), utc("2026-11-24T19:45"))
    assert dates.moment(span.start, SEATTLE) == "Tuesday 24 November 2026, 11:00 am"
    assert dates.visit(span, SEATTLE, TUESDAY) == "Tuesday 24 November, 11:00 am to 11:45 am"


def test_place_of_a_zone_is_its_city() -> None:
    assert dates.place_of(SEATTLE) == "Los Angeles time"
    assert dates.place_of(ZoneName("UTC")) == "UTC time"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (90, "1 hour 30 minutes")],
)
def test_minutes_become_hours(count: int, said: str) -> None:
    assert dates.minutes(count) == said


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (None, "no end date"),
        (TUESDAY + timedelta(days=20), "20 days left"),
        (TUESDAY + timedelta(days=1), "1 day left"),
        (TUESDAY, "last day today"),
        (TUESDAY - timedelta(days=1), "ended 1 day ago"),
    ],
)
def test_days_left_count_from_today(until: date | None, said: str) -> None:
    assert dates.days_left(until, TUESDAY) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_ago_takes_the_largest_unit(passed: timedelta, said: str) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert dates.ago(now - passed, now) == said
