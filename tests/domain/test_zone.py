"""Wall time and instants where clocks are changed: by an hour, by half an hour, and by a whole day."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.time.span import BEGINNING, END, TimeSpan
from booking.domain.time.zone import (
    ZoneName,
    begun_everywhere,
    day_span,
    instant_after,
    instants,
    known_zones,
    local_date,
    tzdata_version,
    wall_time,
    zone_name,
)
from tests.domain.factories import APIA, LONDON, LORD_HOWE, NEW_YORK, utc

HAVANA = zone_name("America/Havana")
KATHMANDU = zone_name("Asia/Kathmandu")

WALL_TIMES = [
    # An ordinary time, the hour that is skipped, the hour that comes twice.
    (LONDON, "2027-01-14T10:00", ["2027-01-14T10:00"]),
    (LONDON, "2027-03-28T00:59", ["2027-03-28T00:59"]),
    (LONDON, "2027-03-28T01:00", []),
    (LONDON, "2027-03-28T01:59", []),
    (LONDON, "2027-03-28T02:00", ["2027-03-28T01:00"]),
    (LONDON, "2026-10-25T00:59", ["2026-10-24T23:59"]),
    (LONDON, "2026-10-25T01:00", ["2026-10-25T00:00", "2026-10-25T01:00"]),
    (LONDON, "2026-10-25T01:59", ["2026-10-25T00:59", "2026-10-25T01:59"]),
    (LONDON, "2026-10-25T02:00", ["2026-10-25T02:00"]),
    (NEW_YORK, "2027-03-14T02:30", []),
    (NEW_YORK, "2026-11-01T01:30", ["2026-11-01T05:30", "2026-11-01T06:30"]),
    # Lord Howe moves its clocks by half an hour.
    (LORD_HOWE, "2026-10-04T02:15", []),
    (LORD_HOWE, "2026-10-04T02:30", ["2026-10-03T15:30"]),
    (LORD_HOWE, "2027-04-04T01:45", ["2027-04-03T14:45", "2027-04-03T15:15"]),
    (LORD_HOWE, "2027-04-04T02:00", ["2027-04-03T15:30"]),
    # Apia left out the whole of 30 December 2011.
    (APIA, "2011-12-30T12:00", []),
    (APIA, "2011-12-31T00:00", ["2011-12-30T10:00"]),
]


@pytest.mark.parametrize(("zone", "wall", "expected"), WALL_TIMES)
def test_wall_time_is_none_one_or_two_instants(zone: ZoneName, wall: str, expected: list[str]) -> None:
    assert instants(datetime.fromisoformat(wall), zone) == tuple(utc(text) for text in expected)


FIRST_INSTANTS = [
    (LONDON, date(2027, 1, 14), 600, "2027-01-14T10:00"),
    (LONDON, date(2027, 3, 28), 90, "2027-03-28T01:00"),  # skipped: the first instant after the gap
    (LONDON, date(2026, 10, 25), 90, "2026-10-25T00:30"),  # twice: the first
    (LONDON, date(2027, 7, 1), 1440, "2027-07-01T23:00"),  # the next midnight
    (NEW_YORK, date(2027, 3, 14), 150, "2027-03-14T07:00"),
    (LORD_HOWE, date(2026, 10, 4), 135, "2026-10-03T15:30"),
    (LORD_HOWE, date(2027, 4, 4), 105, "2027-04-03T14:45"),
    (APIA, date(2011, 12, 30), 0, "2011-12-30T10:00"),
    (APIA, date(2011, 12, 30), 720, "2011-12-30T10:00"),
    (HAVANA, date(2024, 3, 10), 0, "2024-03-10T05:00"),  # midnight itself is skipped
    (HAVANA, date(2024, 11, 3), 0, "2024-11-03T04:00"),  # midnight comes twice
]


@pytest.mark.parametrize(("zone", "day", "minute", "expected"), FIRST_INSTANTS)
def test_instant_after_is_the_first_at_or_after_the_wall_time(
    zone: ZoneName, day: date, minute: int, expected: str
) -> None:
    assert instant_after(day, minute, zone) == utc(expected)


LENGTHS = [
    (LONDON, date(2027, 3, 27), 24.0),
    (LONDON, date(2027, 3, 28), 23.0),
    (LONDON, date(2026, 10, 25), 25.0),
    (NEW_YORK, date(2027, 3, 14), 23.0),
    (NEW_YORK, date(2026, 11, 1), 25.0),
    (LORD_HOWE, date(2026, 10, 4), 23.5),
    (LORD_HOWE, date(2027, 4, 4), 24.5),
    (HAVANA, date(2024, 3, 10), 23.0),
    (HAVANA, date(2024, 11, 3), 25.0),
]


@pytest.mark.parametrize(("zone", "day", "hours"), LENGTHS)
def test_day_is_as_long_as_its_clock_makes_it(zone: ZoneName, day: date, hours: float) -> None:
    assert day_span(day, day, zone).length == timedelta(hours=hours)


def test_days_follow_one_another_without_gap_or_overlap() -> None:
    for zone in (LONDON, NEW_YORK, LORD_HOWE, HAVANA):
        days = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(1096)]
        spans = [day_span(day, day, zone) for day in days]
        assert [one.end for one in spans[:-1]] == [two.start for two in spans[1:]]


def test_day_span_has_both_ends_included() -> None:
    assert day_span(date(2026, 12, 1), date(2026, 12, 15), NEW_YORK) == TimeSpan(
        utc("2026-12-01T05:00"), utc("2026-12-16T05:00")
    )


def test_day_that_never_was_ends_when_it_would_have_begun() -> None:
    assert day_span(date(2011, 12, 29), date(2011, 12, 30), APIA).end == utc("2011-12-30T10:00")
    with pytest.raises(ValueError, match="ends after it starts"):
        day_span(date(2011, 12, 30), date(2011, 12, 30), APIA)


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, APIA])
def test_open_ends_are_the_ends_of_time(zone: ZoneName) -> None:
    assert day_span(None, None, zone) == TimeSpan(BEGINNING, END)
    assert day_span(date.min, date.max, zone) == TimeSpan(BEGINNING, END)


def test_ends_of_the_calendar_can_be_asked_in_every_zone() -> None:
    for zone in sorted(known_zones()):
        name = zone_name(zone)
        assert (local_date(BEGINNING, name), local_date(END, name)) == (date.min, date.max)
        first = [instant_after(date.min, minute, name) for minute in (0, 540, 1440)]
        last = [instant_after(date.max, minute, name) for minute in (0, 540, 1440)]
        assert BEGINNING <= first[0] <= first[1] < first[2] < last[0] <= last[1] <= last[2] <= END
        assert day_span(date.min, date.min, name) == TimeSpan(BEGINNING, first[2])
        assert day_span(date.max, date.max, name) == TimeSpan(last[0], END)
        assert day_span(date.max - timedelta(days=1), date.max - timedelta(days=1), name).end == last[0]


def test_wall_time_at_the_ends_of_time_is_what_a_calendar_can_show() -> None:
    assert wall_time(BEGINNING, NEW_YORK).replace(tzinfo=UTC) == BEGINNING
    assert wall_time(END, KATHMANDU).replace(tzinfo=UTC) == END
    assert wall_time(utc("9999-12-31T23:00"), KATHMANDU).date() == date.max
    assert instant_after(date.max, 1440, NEW_YORK) == instant_after(date.max, 1380, NEW_YORK) == END
    assert instant_after(date.min, 0, KATHMANDU) == BEGINNING


def test_days_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        day_span(date(2027, 1, 2), date(2027, 1, 1), LONDON)


def test_instant_is_shown_as_the_clock_shows_it() -> None:
    assert wall_time(utc("2027-07-01T23:30"), LONDON).isoformat() == "2027-07-02T00:30:00+01:00"
    assert local_date(utc("2027-07-01T23:30"), LONDON) == date(2027, 7, 2)
    assert local_date(utc("2027-07-01T23:30"), NEW_YORK) == date(2027, 7, 1)


@pytest.mark.parametrize("text", ["", "Europe/Atlantis", "../etc/passwd", "Europe", "EUROPE/LONDON"])
def test_name_of_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a time zone"):
        zone_name(text)


def test_zones_come_from_the_package_and_not_from_the_machine() -> None:
    assert zoneinfo.TZPATH == ()
    assert tzdata_version() > "2026"
    assert datetime(2027, 1, 1, tzinfo=zoneinfo.ZoneInfo(LONDON)).utcoffset() == timedelta()
    assert datetime(2027, 1, 1, tzinfo=UTC) == instant_after(date(2027, 1, 1), 0, LONDON)


def test_day_has_begun_everywhere_once_it_has_on_the_latest_clock() -> None:
    assert begun_everywhere(utc("2026-11-24T11:59")) == date(2026, 11, 23)
    assert begun_everywhere(utc("2026-11-24T12:00")) == date(2026, 11, 24)
