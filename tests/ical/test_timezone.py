import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, tzinfo

import icalendar
import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # it has no types
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.domain.time.zone import instants, known_zones, wall_time, zone_name
from booking.ical.timezone import _Rule, vtimezone

TODAY = date(2026, 11, 25)
FIRST, LAST = date(2025, 11, 25), date(2029, 11, 25)

# Half-hour and quarter-hour offsets, half-hour and two-hour summer times, summer time that is the law's winter, changes
# the day before or after the weekday the law names, midnight changes, Ramadan, changes of law in the window.
NASTY = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "America/Vancouver",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
)


def judge_of(component: bytes) -> tzinfo:
    read = icalendar.Timezone.from_ical(component)
    assert isinstance(read, icalendar.Timezone)
    judge: tzinfo = read.to_tz(lookup_tzid=False)
    return judge


def wall_times(first: date, last: date, step: timedelta) -> list[datetime]:
    start = datetime.combine(first, datetime.min.time())
    return [start + step * number for number in range((last - first) // step)]


def offsets_by_judge(component: bytes, walls: list[datetime]) -> list[timedelta | None]:
    judge = judge_of(component)
    return [wall.replace(tzinfo=judge).utcoffset() for wall in walls]


def differing(zone: str, walls: list[datetime], offsets: list[timedelta | None]) -> list[datetime]:
    """The wall times of one meaning for which the offsets are not those of the zone."""
    name = zone_name(zone)
    meant = [instants(wall, name) for wall in walls]
    return [
        wall
        for wall, found, offset in zip(walls, meant, offsets, strict=True)
        if len(found) == 1 and wall_time(found[0], name).utcoffset() != offset
    ]


@pytest.mark.parametrize("zone", NASTY)
def test_vtimezone_of_a_nasty_zone_gives_the_offset_of_every_sampled_time(zone: str) -> None:
    walls = wall_times(FIRST, LAST, timedelta(hours=29, minutes=10))
    assert differing(zone, walls, offsets_by_judge(vtimezone(zone, FIRST, LAST), walls)) == []


@pytest.mark.parametrize("zone", NASTY)
def test_vtimezone_of_a_nasty_zone_is_right_around_each_change(zone: str) -> None:
    name = zone_name(zone)
    days = wall_times(FIRST, LAST, timedelta(days=1))
    turns = [day for day in days if offset_at(day, zone) != offset_at(day + timedelta(days=1), zone)]
    walls = [turn + timedelta(minutes=10 * number) for turn in turns for number in range(-60, 210)]
    assert differing(name, walls, offsets_by_judge(vtimezone(zone, FIRST, LAST), walls)) == []


def offset_at(day: datetime, zone: str) -> timedelta | None:
    return wall_time(day.replace(tzinfo=UTC), zone_name(zone)).utcoffset()


def test_vtimezone_of_every_zone_gives_the_offset_of_sampled_times() -> None:
    alike = defaultdict(list)
    for zone in sorted(known_zones()):
        alike[re.sub(rb"TZID:.*?\r\n(?! )", b"", vtimezone(zone, FIRST, LAST), flags=re.DOTALL)].append(zone)
    walls = wall_times(FIRST, LAST, timedelta(hours=97))
    faults = {}
    for body, zones in alike.items():
        offsets = offsets_by_judge(body.replace(b"BEGIN:VTIMEZONE\r\n", b"BEGIN:VTIMEZONE\r\nTZID:judged\r\n"), walls)
        faults.update({zone: found for zone in zones if (found := differing(zone, walls, offsets))})
    assert faults == {}


def test_vtimezone_of_a_zone_with_a_rule_does_not_depend_on_the_window() -> None:
    components = {vtimezone("Europe/Berlin", date(year, 3, 1), date(year + 3, 6, 1)) for year in range(2000, 2040)}
    assert len(components) == 1


def test_vtimezone_is_the_same_on_all_days_of_a_year() -> None:
    assert vtimezone("Africa/Cairo", date(2026, 1, 1), date(2027, 1, 1)) == vtimezone(
        "Africa/Cairo", date(2026, 12, 31), date(2027, 12, 31)
    )


def test_vtimezone_of_a_zone_with_a_rule_recurs() -> None:
    recurring = {
        zone: re.findall(r"RRULE:(.*)\r\n", vtimezone(zone, date(2027, 1, 1), date(2029, 1, 1)).decode())
        for zone in ("Asia/Jerusalem", "America/Nuuk", "America/Santiago")
    }
    assert recurring == {
        "Asia/Jerusalem": [
            "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3",
            "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        ],
        "America/Nuuk": [
            "FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3",
            "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        ],
        "America/Santiago": [
            "FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8;BYMONTH=9",
            "FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=2,3,4,5,6,7,8;BYMONTH=4",
        ],
    }


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("America/New_York", date(2005, 1, 1), date(2009, 1, 1)),
        ("Europe/Berlin", date(1976, 1, 1), date(1983, 1, 1)),
        ("Europe/Istanbul", date(2014, 1, 1), date(2018, 1, 1)),
        ("America/Sao_Paulo", date(2016, 1, 1), date(2021, 1, 1)),
        ("Pacific/Apia", date(2009, 1, 1), date(2013, 1, 1)),
        ("Asia/Pyongyang", date(2014, 1, 1), date(2019, 1, 1)),
        ("America/Indiana/Petersburg", date(2007, 1, 1), date(2008, 12, 31)),  # the same days, in another zone
        ("Africa/Monrovia", date(1970, 1, 1), date(1973, 1, 1)),  # 44 minutes and 30 seconds behind
        ("Africa/Cairo", date(2028, 1, 1), date(2031, 1, 1)),  # the day after October's last Thursday: 1 November 2030
        ("Asia/Gaza", date(2044, 1, 1), date(2047, 1, 1)),  # the yearly changes, and two more around Ramadan
    ],
)
def test_vtimezone_of_what_no_rule_says_lists_every_change(zone: str, first: date, last: date) -> None:
    component = vtimezone(zone, first, last)
    walls = wall_times(first, last, timedelta(hours=29))
    assert (b"RRULE" in component, differing(zone, walls, offsets_by_judge(component, walls))) == (False, [])


@settings(deadline=None)
@example(2, 5, 0, -1)
@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 6), st.integers(-167, 167))
def test_recurrence_of_a_rule_meets_the_onset_of_every_year(month: int, week: int, weekday: int, hours: int) -> None:
    rule = _Rule(month=month, week=week, weekday=weekday, time=timedelta(hours=hours))
    onsets = [rule.onset(year) for year in range(1970, 2100)]
    recurrence = rule.recurrence()
    if recurrence is None:
        assert {onset.month for onset in onsets} != {month} or (month, week) == (2, 5)
    else:
        assert list(rrulestr(recurrence, dtstart=onsets[0]).xafter(onsets[0], count=len(onsets), inc=True)) == onsets


def test_vtimezone_of_a_zone_without_changes_is_one_offset() -> None:
    assert vtimezone("Asia/Kathmandu", TODAY, TODAY).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Kathmandu",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:+0545",
        "TZOFFSETFROM:+0545",
        "TZOFFSETTO:+0545",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize(
    "zone", ["Europe/Bonn", "", "../zones", "/etc/localtime", "Europe/Berlin\r\nX:y", "europe/berlin"]
)
def test_vtimezone_of_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a time zone"):
        vtimezone(zone, FIRST, LAST)
