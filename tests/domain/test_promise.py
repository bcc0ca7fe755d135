"""What was promised by the clock: which instant it is, and in which turn visits are brought there."""

from datetime import datetime, timedelta

import pytest

from booking.domain.appointment import Agreed, Appointment
from booking.domain.ids import AppointmentId
from booking.domain.lifecycle import Status
from booking.domain.promise import Promise, Shift, groups, in_turn
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, zone_name
from tests.domain.factories import SEATTLE, an_id, make_practitioner, make_site, make_treatment_type, utc

VANCOUVER, CASABLANCA = zone_name("America/Vancouver"), zone_name("Africa/Casablanca")
HOUR = timedelta(hours=1)
NONE = timedelta()
A_PROMISE = Promise(wall=datetime.fromisoformat("2026-12-01T09:00"), fold=0, zone=SEATTLE)


@pytest.mark.parametrize(
    ("zone", "wall", "fold", "instant"),
    [
        (SEATTLE, "2026-12-15T09:00", 0, "2026-12-15T17:00"),
        (VANCOUVER, "2026-12-15T09:00", 0, "2026-12-15T16:00"),
        (VANCOUVER, "2026-11-01T01:30", 0, "2026-11-01T08:30"),
        (VANCOUVER, "2026-11-01T01:30", 1, "2026-11-01T08:30"),
        (CASABLANCA, "2026-12-15T09:00", 0, "2026-12-15T09:00"),
        (SEATTLE, "2026-11-01T01:30", 0, "2026-11-01T08:30"),
        (SEATTLE, "2026-11-01T01:30", 1, "2026-11-01T09:30"),
        (SEATTLE, "2027-03-14T02:30", 0, None),
        (SEATTLE, "2027-03-14T02:30", 1, None),
    ],
)
def test_instant_of_a_promise(zone: ZoneName, wall: str, fold: int, instant: str | None) -> None:
    promise = Promise(wall=datetime.fromisoformat(wall), fold=fold, zone=zone)
    assert promise.instant() == (None if instant is None else utc(instant))


def make_visit(name: str, start: str, minutes: int = 30, buffer: int = 0) -> Appointment:
    treatment = make_treatment_type(minutes=minutes, buffer_before=buffer, buffer_after=buffer)
    begins = utc(f"2026-12-{start}")
    return Appointment(
        id=AppointmentId(an_id(name)),
        status=Status.BOOKED,
        site_id=make_site().id,
        practitioner_id=make_practitioner().id,
        room_id=None,
        patient_id=None,
        span=TimeSpan(begins, begins + timedelta(minutes=minutes)),
        zone=SEATTLE,
        agreed=Agreed.now(treatment, treatment.regions),
        version=1,
        sequence=0,
        reference=name,
    )


def make_shift(name: str, start: str, by: timedelta | None, buffer: int = 0) -> Shift:
    visit = make_visit(name, start, buffer=buffer)
    return Shift(visit=visit, promise=A_PROMISE, start=None if by is None else visit.span.start + by)


def named(shifts: list[Shift]) -> str:
    return "".join(one.visit.reference for one in shifts)


def test_hull_is_all_time_that_is_taken_before_and_after() -> None:
    for by, first, last in ((HOUR, "09:50", "11:40"), (-HOUR, "08:50", "10:40"), (None, "09:50", "10:40")):
        hull = make_shift("a", "01T10:00", by, buffer=10).hull
        assert hull == TimeSpan(utc(f"2026-12-01T{first}"), utc(f"2026-12-01T{last}"))


@pytest.mark.parametrize(
    ("by", "turn"),
    [
        ((HOUR, HOUR, HOUR), "cba"),
        ((-HOUR, -HOUR, -HOUR), "abc"),
        ((-HOUR, HOUR, None), "bac"),
        ((HOUR, None, HOUR), "cab"),
    ],
)
def test_turn_goes_against_the_shift(by: tuple[timedelta | None, ...], turn: str) -> None:
    starts = ("01T09:00", "01T09:30", "01T10:00")
    shifts = [make_shift(name, start, each) for name, start, each in zip("abc", starts, by, strict=True)]
    assert named(in_turn(shifts)) == named(in_turn(reversed(shifts))) == turn


def of(*shifts: Shift, apart: timedelta = NONE, most: int = 9) -> list[str]:
    return [named(one) for one in groups(shifts, apart, most)]


def test_groups_are_visits_that_can_meet() -> None:
    early, next_to_it = make_shift("a", "01T09:00", -HOUR), make_shift("b", "01T10:30", -HOUR)
    late = make_shift("c", "01T12:05", -HOUR)
    assert of(early, next_to_it, late) == ["ab", "c"]
    assert of(late, next_to_it, early, apart=timedelta(minutes=5)) == ["abc"]
    assert of(early, next_to_it, late, most=1) == ["a", "b", "c"]
    assert of() == []


def test_groups_come_from_the_last_on_when_visits_become_later() -> None:
    shifts = [make_shift(name, f"{day}T09:00", HOUR) for name, day in zip("abc", ("01", "02", "03"), strict=True)]
    assert of(*shifts) == ["c", "b", "a"]
    back_to_back = [
        make_shift(name, f"01T{hour}:00", HOUR) for name, hour in zip("abc", ("09", "10", "11"), strict=True)
    ]
    assert of(*back_to_back, most=2) == ["cb", "a"]


def test_a_long_visit_holds_its_group_together() -> None:
    long = make_visit("a", "01T09:00", minutes=240)
    held = Shift(visit=long, promise=A_PROMISE, start=long.span.start - HOUR)
    assert of(held, make_shift("b", "01T09:30", -HOUR), make_shift("c", "01T12:00", -HOUR)) == ["abc"]
