"""Reading hours, breaks, closures and leave: what they mean, and each that makes no sense by its place."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.ids import SiteId
from booking.domain.schedule import WeeklyHours
from booking.domain.time.local import LocalSpan
from booking.store.ids import new_id
from booking.usecases.clinic_file import read_clinic
from booking.usecases.clinic_file.model import AbsenceFile, ExtraFile, HoursFile
from booking.usecases.clinic_file.reading.overlaps import overlaps
from tests.usecases.test_clinic_file_reading import PLAIN, faults_of

ADA = 'practitioner "ada"'
SITE = 'site "missoula"'
DEVICE = '[[site.equipment]]\nslug = "stim"\nname = "Stimulator"\nkind = "stimulator"\n'


def hours(days: str = "sat", start: str = "09:00", end: str = "12:00", more: str = "") -> str:
    listed = ", ".join(f'"{day}"' for day in days.split())
    return f'[[practitioner.hours]]\nsite = "missoula"\ndays = [{listed}]\nfrom = "{start}"\nto = "{end}"\n{more}\n'


def own_hours(days: str, more: str = "") -> str:
    return hours(days, more=more).replace("practitioner", "site").replace('site = "missoula"\n', "")


def extra(day: str = "2027-02-06", start: str = "09:00", end: str = "12:00") -> str:
    return f'[[practitioner.extra]]\nsite = "missoula"\ndate = {day}\nfrom = "{start}"\nto = "{end}"\n'


def own_extra(day: str = "2027-02-06", start: str = "09:00", end: str = "12:00") -> str:
    return extra(day, start, end).replace("practitioner", "site").replace('site = "missoula"\n', "")


def away(of: str, days: str, **minutes: str) -> str:
    first, last = days.split()
    more = "".join(f'{key} = "{value}"\n' for key, value in minutes.items())
    return f"[[{of}]]\nfirst = {first}\nlast = {last}\n{more}"


ONE_DAY = "2027-05-03 2027-05-03"
SPRING = "2027-03-14 2027-03-14"  # in Denver the clock goes from 02:00 to 03:00

FAULTS: list[tuple[str, str]] = [
    # what is taken out of hours
    (
        hours(more='breaks = [{ from = "08:00", to = "09:30" }]'),
        f"{ADA}, hours 2, breaks 1: it lies outside the hours",
    ),
    (
        hours(more='breaks = [{ from = "11:00", to = "12:05" }]'),
        f"{ADA}, hours 2, breaks 1: it lies outside the hours",
    ),
    (hours(more='breaks = [{ from = "10:00", to = "10:00" }]'), f"{ADA}, hours 2, breaks 1: from must be before to"),
    (hours(more='breaks = [{ from = "10:00" }]'), f"{ADA}, hours 2, breaks 1: to is missing"),
    (
        hours(more='breaks = [{ from = "10:02", to = "10:30" }]'),
        f"{ADA}, hours 2, breaks 1: from must be a multiple of 5 minutes",
    ),
    (
        hours(more='breaks = [{ from = "10:00", to = "10:30", paid = true }]'),
        f"{ADA}, hours 2, breaks 1: unknown key: 'paid'",
    ),
    (hours(more='breaks = ["10:00"]'), f"{ADA}, hours 2: breaks must be a list of tables"),
    (
        hours(
            more='breaks = [{ from = "10:30", to = "11:00" }, { from = "09:30", to = "11:30" }, '
            '{ from = "11:00", to = "11:15" }]'
        ),
        f"{ADA}, hours 2: breaks 1 and breaks 2 overlap\n{ADA}, hours 2: breaks 2 and breaks 3 overlap",
    ),
    (
        hours(more='breaks = [{ from = "09:00", to = "10:30" }, { from = "10:30", to = "12:00" }]'),
        f"{ADA}, hours 2: its breaks leave nothing of the hours",
    ),
    # every so many weeks
    (hours(more="every_weeks = 0"), f"{ADA}, hours 2: every_weeks must be from 1 to 12"),
    (hours(more="every_weeks = 13\nweek_of = 2026-12-05"), f"{ADA}, hours 2: every_weeks must be from 1 to 12"),
    (
        hours(more="every_weeks = 2"),
        (f"{ADA}, hours 2: every_weeks of 2 or more needs week_of, a day in a week in which they hold, and 1 has none"),
    ),
    (
        hours(more="week_of = 2026-12-05"),
        (f"{ADA}, hours 2: every_weeks of 2 or more needs week_of, a day in a week in which they hold, and 1 has none"),
    ),
    (
        hours(more="every_weeks = 2\nweek_of = 2200-01-01"),
        f"{ADA}, hours 2: week_of must be a day from 1970-01-01 to 2199-12-31",
    ),
    # hours twice over
    (hours("fri sat mon", "17:25", "18:00"), f"{ADA}: hours 1 and hours 2 overlap on mon, fri at missoula"),
    (
        hours() + hours(more='breaks = [{ from = "09:05", to = "11:00" }]'),
        f"{ADA}: hours 2 and hours 3 overlap on sat at missoula",
    ),
    (own_hours("mon tue") + own_hours("tue"), f"{SITE}: hours 1 and hours 2 overlap on tue"),
    (extra() + extra(start="11:55", end="13:00"), f"{ADA}: extra 1 and extra 2 overlap"),
    (
        (extra() + extra(start="11:55", end="13:00"))
        .replace("practitioner", "site")
        .replace('site = "missoula"\n', ""),
        f"{SITE}: extra 1 and extra 2 overlap",
    ),
    # hours of single days
    (extra(start="12:00"), f"{ADA}, extra 1: from must be before to"),
    (extra().replace("date = 2027-02-06\n", ""), f"{ADA}, extra 1: date is missing"),
    (extra("2200-01-01"), f"{ADA}, extra 1: date must be a day from 1970-01-01 to 2199-12-31"),
    (extra() + "note = 1", f"{ADA}, extra 1: unknown key: 'note'"),
    (
        extra().replace('"missoula"', '"butte"'),
        f"{ADA}: extra hours at 'butte', which is no site of this file",
    ),
    (
        extra("2027-03-14", "02:00", "03:00"),
        f"{ADA}, extra from 2027-03-14 02:00 to 2027-03-14 03:00: the clock skips all of it",
    ),
    (
        own_extra("2027-03-14", "02:30", "02:45"),
        f"{SITE}, extra from 2027-03-14 02:30 to 2027-03-14 02:45: the clock skips all of it",
    ),
]

AWAY = {
    "clinic.closure": "clinic, closure",
    "site.closure": f"{SITE}, closure",
    "site.room.closure": f'{SITE}, room "larch", closure',
    "site.equipment.closure": f'{SITE}, equipment "stim", closure',
    "practitioner.leave": f"{ADA}, leave",
}

AWAY_FAULTS: list[tuple[str, str]] = [
    (away("", "2027-05-03 2027-05-02"), " {n}: last is before first"),
    (away("", "2027-05-03 2200-01-01"), " {n}: last must be a day from 1970-01-01 to 2199-12-31"),
    (away("", "1969-12-31 2027-05-03"), " {n}: first must be a day from 1970-01-01 to 2199-12-31"),
    (away("", ONE_DAY, **{"from": "10:00", "to": "10:00"}), " {n}: from must be before to"),
    (away("", ONE_DAY, **{"from": "24:00"}), " {n}: from must be before to"),
    (away("", ONE_DAY, to="00:00"), " {n}: from must be before to"),
    (away("", "2027-05-03 2027-05-04", **{"from": "24:00", "to": "00:00"}), " {n}: from must be before to"),
    (away("", ONE_DAY, to="10:07"), " {n}: to must be a multiple of 5 minutes"),
    (away("", ONE_DAY, reason="one\\ntwo"), " {n}: reason must be one line without control characters"),
    (away("", ONE_DAY, raeson="ill"), " {n}: unknown key: 'raeson'"),
    (away("", ONE_DAY).replace("last = 2027-05-03\n", ""), " {n}: last is missing"),
    (
        away("", SPRING, **{"from": "02:00", "to": "03:00"}),
        " from 2027-03-14 02:00 to 2027-03-14 03:00: the clock skips all of it",
    ),
]


@pytest.mark.parametrize(("more", "faults"), FAULTS)
def test_fault_of_hours_is_named_with_its_place(more: str, faults: str) -> None:
    assert faults_of(PLAIN + more) == faults.split("\n")


@pytest.mark.parametrize("of", AWAY)
@pytest.mark.parametrize(("more", "fault"), AWAY_FAULTS)
def test_fault_of_an_absence_is_named_with_its_place(of: str, more: str, fault: str) -> None:
    number = 2 if of == "practitioner.leave" else 1
    assert faults_of(PLAIN + DEVICE + more.replace("[[]]", f"[[{of}]]")) == [AWAY[of] + fault.format(n=number)]


@pytest.mark.parametrize(
    "more",
    [
        hours("fri", "17:30", "18:00"),
        hours("sat") + hours("sat", "12:00", "13:00"),
        hours("sat", more="valid_until = 2027-01-31") + hours("sat", more="valid_from = 2027-02-01"),
        hours("sat", more="every_weeks = 2\nweek_of = 2026-12-05")
        + hours("sat", more="every_weeks = 2\nweek_of = 2026-12-12"),
        hours("sat", more='breaks = [{ from = "10:00", to = "11:00" }]') + hours("sat", "10:00", "11:00"),
        extra() + extra(start="12:00", end="13:00") + extra("2027-02-07"),
        own_hours("mon") + own_hours("tue"),
        away("practitioner.leave", "2027-01-05 2027-01-20"),
        away("site.closure", "2027-03-14 2027-03-14", to="03:00"),
        away("site.closure", "2027-05-03 2027-05-04", **{"from": "18:00", "to": "09:00"}),
    ],
)
def test_what_only_touches_or_may_overlap_is_allowed(more: str) -> None:
    read_clinic(PLAIN + more)


def test_breaks_cut_hours_into_pieces() -> None:
    breaks = '{ from = "15:00", to = "15:15" }, { from = "12:00", to = "12:30" }, { from = "12:30", to = "12:45" }'
    read = read_clinic(PLAIN + hours("sat sun", "12:00", "16:00", f"breaks = [{breaks}]")).practitioners[0].hours[2:]
    minutes = [(one.weekday, one.start_minute, one.end_minute) for one in read]
    assert minutes == [(day, start, end) for day in (5, 6) for start, end in ((765, 900), (915, 960))]


def test_hours_may_hold_every_so_many_weeks() -> None:
    sat = read_clinic(PLAIN + hours(more="every_weeks = 3\nweek_of = 2026-12-02")).practitioners[0].hours[-1]
    assert (sat.every_weeks, sat.week_of) == (3, date(2026, 12, 2))


def test_sites_have_hours_of_their_own() -> None:
    site = read_clinic(PLAIN + own_hours("sat") + own_extra()).sites[0]
    assert site.hours == (
        HoursFile(
            site="missoula",
            weekday=5,
            start_minute=540,
            end_minute=720,
            valid_from=None,
            valid_until=None,
            every_weeks=1,
            week_of=None,
        ),
    )
    assert site.extra == (ExtraFile(site="missoula", day=date(2027, 2, 6), start_minute=540, end_minute=720),)


@pytest.mark.parametrize("of", AWAY)
def test_absence_goes_from_a_time_of_its_first_day_to_one_of_its_last(of: str) -> None:
    one = away(of, "2027-05-03 2027-05-04", **{"from": "18:00", "to": "09:00"}) + 'reason = "painting"\n'
    file = read_clinic(PLAIN + DEVICE + one + one)
    site, ada = file.sites[0], file.practitioners[0]
    found = {
        "clinic.closure": file.clinic.closures,
        "site.closure": site.closures,
        "site.room.closure": site.rooms[0].closures,
        "site.equipment.closure": site.equipment[0].closures,
        "practitioner.leave": ada.leave[1:],
    }
    days = LocalSpan(first=date(2027, 5, 3), last=date(2027, 5, 4), start_minute=1080, end_minute=540)
    assert {key for key, each in found.items() if each == (AbsenceFile(days=days, reason="painting"),)} == {of}


def test_clinics_closure_is_skipped_only_where_every_clock_skips_it() -> None:
    """In Phoenix no clock is changed."""
    phoenix = PLAIN[PLAIN.index("[[site]]") : PLAIN.index("[[treatment]]")].replace("Denver", "Phoenix")
    skipped = away("clinic.closure", SPRING, **{"from": "02:00", "to": "03:00"})
    read_clinic(PLAIN + phoenix.replace("missoula", "yuma").replace("larch", "palm") + skipped)


# Hours twice over, against looking at each day.

SITE_ID = SiteId(new_id())
START = date(2026, 12, 7)
DAYS = st.dates(START, START + timedelta(weeks=30))


@st.composite
def stretches(draw: st.DrawFn) -> HoursFile:
    start = draw(st.integers(0, 3))
    every = draw(st.integers(1, 12))
    return HoursFile(
        site="missoula",
        weekday=draw(st.integers(0, 1)),
        start_minute=start,
        end_minute=draw(st.integers(start + 1, 4)),
        valid_from=draw(st.none() | DAYS),
        valid_until=draw(st.none() | DAYS),
        every_weeks=every,
        week_of=None if every == 1 else draw(DAYS),
    )


def holds(one: HoursFile, day: date) -> bool:
    values = {name: value for name, value in vars(one).items() if name != "site"}
    return WeeklyHours(practitioner_id=None, site_id=SITE_ID, **values).applies_on(day)


def meet(one: HoursFile, other: HoursFile) -> bool:
    """By looking at each week: before and after all days that are named more than it takes any two to come together."""
    if one.start_minute >= other.end_minute or other.start_minute >= one.end_minute:
        return False
    weekdays = {one.weekday, other.weekday}
    days = (START + timedelta(weeks=week, days=day) for day in weekdays for week in range(-11 * 12, 31 + 11 * 12))
    return any(holds(one, day) and holds(other, day) for day in days)


@settings(max_examples=150, deadline=None)
@given(stretches(), stretches())
def test_two_entries_overlap_when_there_is_such_a_day(one: HoursFile, other: HoursFile) -> None:
    assert bool(list(overlaps([(1, one), (2, other)], told_where=True))) == meet(one, other)


@settings(max_examples=50, deadline=None)
@given(st.lists(stretches(), min_size=2, max_size=5))
def test_overlap_among_many_is_found(found: list[HoursFile]) -> None:
    any_meet = any(meet(one, other) for n, one in enumerate(found) for other in found[:n])
    assert bool(list(overlaps(list(enumerate(found, 1)), told_where=True))) == any_meet


def test_ten_thousand_stretches_are_compared_at_once() -> None:
    """A rota of two centuries, each week on its own."""
    weeks = [date(2000, 1, 3) + timedelta(weeks=number) for number in range(10_001)]
    rota = [
        HoursFile(
            site="missoula",
            weekday=0,
            start_minute=540,
            end_minute=720,
            valid_from=monday,
            valid_until=after - timedelta(days=1),
            every_weeks=1,
            week_of=None,
        )
        for monday, after in pairwise(weeks)
    ]
    assert list(overlaps(list(enumerate(rota)), told_where=True)) == []
