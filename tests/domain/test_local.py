"""A stretch from an hour of one day to an hour of another, by one clock or by several."""

from datetime import date

import pytest

from booking.domain.time.local import LocalSpan
from booking.domain.time.span import ALWAYS, BEGINNING, END, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import ZoneName, zone_name
from tests.domain.factories import APIA, LONDON, LORD_HOWE, NEW_YORK, utc

KATHMANDU = zone_name("Asia/Kathmandu")
CAIRO = zone_name("Africa/Cairo")


def one_span(start: str, end: str) -> SpanSet:
    return SpanSet([TimeSpan(utc(start), utc(end))])


SPANS = [
    # Whole days, one and several.
    (LONDON, date(2027, 7, 1), date(2027, 7, 1), None, None, ("2027-06-30T23:00", "2027-07-01T23:00")),
    (NEW_YORK, date(2026, 12, 24), date(2027, 1, 3), None, None, ("2026-12-24T05:00", "2027-01-04T05:00")),
    # From noon of one day until nine of another, as one stretch.
    (LONDON, date(2027, 1, 14), date(2027, 1, 18), 720, 540, ("2027-01-14T12:00", "2027-01-18T09:00")),
    (LONDON, date(2027, 1, 14), date(2027, 1, 14), 720, None, ("2027-01-14T12:00", "2027-01-15T00:00")),
    (LONDON, date(2027, 1, 14), date(2027, 1, 14), None, 720, ("2027-01-14T00:00", "2027-01-14T12:00")),
    (LONDON, date(2027, 1, 14), date(2027, 1, 14), 0, 1440, ("2027-01-14T00:00", "2027-01-15T00:00")),
    # Over a change of clocks, and an edge in the time that is skipped or comes twice.
    (LONDON, date(2027, 3, 28), date(2027, 3, 28), None, None, ("2027-03-28T00:00", "2027-03-28T23:00")),
    (LONDON, date(2027, 3, 28), date(2027, 3, 28), 90, 180, ("2027-03-28T01:00", "2027-03-28T02:00")),
    (LONDON, date(2026, 10, 25), date(2026, 10, 25), 90, 150, ("2026-10-25T00:30", "2026-10-25T02:30")),
    (LORD_HOWE, date(2026, 10, 4), date(2026, 10, 4), 0, 150, ("2026-10-03T13:30", "2026-10-03T15:30")),
    (CAIRO, date(2027, 4, 30), date(2027, 4, 30), 0, 120, ("2027-04-29T22:00", "2027-04-29T23:00")),
]


@pytest.mark.parametrize(("zone", "first", "last", "start_minute", "end_minute", "expected"), SPANS)
def test_stretch_of_local_time_is_one_span(
    zone: ZoneName,
    first: date,
    last: date,
    start_minute: int | None,
    end_minute: int | None,
    expected: tuple[str, str],
) -> None:
    local = LocalSpan(first=first, last=last, start_minute=start_minute, end_minute=end_minute)
    assert local.span(zone) == one_span(*expected)


NOTHING = [
    (LONDON, date(2027, 3, 28), 60, 120),  # the hour that is skipped
    (LONDON, date(2027, 3, 28), 75, 90),
    (APIA, date(2011, 12, 30), None, None),  # the day that was left out
    (APIA, date(2011, 12, 30), 540, 1020),
    (LONDON, date(2027, 1, 14), 540, 540),
    (LONDON, date(2027, 1, 14), 1440, None),
]


@pytest.mark.parametrize(("zone", "day", "start_minute", "end_minute"), NOTHING)
def test_stretch_without_time_is_none(
    zone: ZoneName, day: date, start_minute: int | None, end_minute: int | None
) -> None:
    assert LocalSpan(first=day, last=day, start_minute=start_minute, end_minute=end_minute).span(zone) == NEVER


def test_stretch_to_the_ends_of_the_calendar_has_no_end() -> None:
    for zone in (LONDON, NEW_YORK, KATHMANDU):
        assert LocalSpan(first=date.min, last=date.max).span(zone) == ALWAYS
        assert LocalSpan(first=date.min, last=date.max, start_minute=0, end_minute=1440).span(zone).spans[0].end == END
    assert LocalSpan(first=date(2027, 1, 14), last=date.max, end_minute=1440).over([LONDON, NEW_YORK]) == SpanSet(
        [TimeSpan(utc("2027-01-14T00:00"), END)]
    )
    assert LocalSpan(first=date.min, last=date.min, start_minute=0).span(KATHMANDU).spans[0].start == BEGINNING


def test_stretch_over_several_zones_is_from_the_earliest_to_the_latest() -> None:
    days = LocalSpan(first=date(2027, 7, 1), last=date(2027, 7, 2))
    assert days.over([NEW_YORK, LONDON]) == one_span("2027-06-30T23:00", "2027-07-03T04:00")
    assert days.over([KATHMANDU, LONDON, NEW_YORK]) == one_span("2027-06-30T18:15", "2027-07-03T04:00")
    morning = LocalSpan(first=date(2027, 7, 1), last=date(2027, 7, 1), start_minute=540, end_minute=720)
    assert morning.over([LONDON, NEW_YORK]) == one_span("2027-07-01T08:00", "2027-07-01T16:00")
    assert morning.over([LONDON]) == morning.span(LONDON)
    assert morning.over([]) == NEVER


def test_zone_whose_clock_skips_it_adds_nothing() -> None:
    skipped = LocalSpan(first=date(2011, 12, 30), last=date(2011, 12, 30))
    assert skipped.over([APIA, LONDON]) == skipped.span(LONDON)
    assert skipped.over([APIA]) == NEVER
