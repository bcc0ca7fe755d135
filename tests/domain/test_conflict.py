"""What speaks against a booked visit: each kind alone, at its edges, and told in plain facts."""

from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.appointment import Agreed, Appointment
from booking.domain.conflict import ALL, Away, Conflict, Detail, Facts, conflicts
from booking.domain.eligibility import evaluate
from booking.domain.ids import AppointmentId, DiaryId, EquipmentId, PatientId
from booking.domain.lifecycle import Status
from booking.domain.room import Equipment
from booking.domain.schedule import Closure, ExtraHours, Hours, Timetable, WeeklyHours
from booking.domain.time.holidays import PublicHolidays
from booking.domain.time.local import LocalSpan
from booking.domain.treatment import Needs
from tests.domain.factories import (
    SEATTLE,
    an_id,
    make_ask,
    make_credential,
    make_hours,
    make_practitioner,
    make_room,
    make_site,
    make_treatment_type,
    visit,
)

TUESDAY = date(2026, 11, 24)
WEEK = [make_hours(weekday, 9, 17) for weekday in range(7)]
ADA = DiaryId(make_practitioner().id)
DEVICE = Equipment(
    id=EquipmentId(an_id("device")), site_id=make_site().id, slug="device", name="Stimulator", kind="stimulator"
)


def booked(day: date = TUESDAY, hour: int = 10, minutes: int = 30, **changes: Any) -> Appointment:
    """A visit of Ada's in Seattle, with five minutes before it and ten after."""
    needs = Needs(ends_before_closing=changes.pop("ends_before_closing", 0))
    treatment = make_treatment_type(
        minutes=minutes, buffer_before=5, buffer_after=10, techniques=frozenset(), needs=needs
    )
    plain = {
        "id": AppointmentId(an_id("appointment")),
        "status": Status.BOOKED,
        "site_id": make_site().id,
        "practitioner_id": make_practitioner().id,
        "room_id": make_room().id,
        "patient_id": PatientId(an_id("patient")),
        "span": visit(day, hour=hour, minutes=minutes),
        "zone": SEATTLE,
        "agreed": Agreed.now(treatment, treatment.regions),
        "version": 1,
        "sequence": 0,
        "reference": "DN-7K2M4PQR",
    }
    return Appointment(**{**plain, **changes})


def make_facts(*weekly: WeeklyHours, table: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Ada is there from nine to five each day, and may do what needs no needle; nothing is in the way."""
    people = {make_practitioner().id: Hours(weekly=weekly or tuple(WEEK))}
    plain = {
        "practitioner": make_practitioner(),
        "eligibility": evaluate(None, make_ask(techniques=frozenset())),
        "site": make_site(),
        "timetable": Timetable(**{"zone": SEATTLE, "people": people, **(table or {})}),
        "things": (make_room(), DEVICE),
    }
    return Facts(**{**plain, **changes})


def away(diary: DiaryId, days: LocalSpan, reason: str = "") -> dict[DiaryId, list[Away]]:
    return {diary: [Away(days=days, span=days.span(SEATTLE).spans[0], reason=reason)]}


def on(start: int | None = None, end: int | None = None, first: date = TUESDAY, last: date = TUESDAY) -> LocalSpan:
    return LocalSpan(first=first, last=last, start_minute=start, end_minute=end)


def told(name: str, reason: str = "", **days: str | None) -> Detail:
    plain = {"name": name, "first": "2026-11-24", "last": "2026-11-24", "from": None, "to": None, "reason": reason}
    return {**plain, **days}


def kinds(visit: Appointment, facts: Facts) -> set[Conflict]:
    return set(conflicts(visit, facts))


def test_nothing_speaks_against_a_visit_that_fits() -> None:
    assert conflicts(booked(), make_facts()) == {}


def test_law_speaks_against_it_with_its_reasons() -> None:
    needled = evaluate(None, make_ask(make_credential()))
    found = conflicts(booked(), make_facts(eligibility=needled))
    assert [reason["rule"] for reason in found[Conflict.LOST_COVER]["reasons"]] == ["scope.unknown"]


def test_leave_speaks_against_it_without_saying_why() -> None:
    found = conflicts(booked(), make_facts(away=away(ADA, on(), "surgery")))
    assert found == {Conflict.IN_LEAVE: {"away": [told("Ada Byrne")]}}
    half = conflicts(booked(), make_facts(away=away(ADA, on(540, 720))))
    assert half == {Conflict.IN_LEAVE: {"away": [told("Ada Byrne", **{"from": "09:00", "to": "12:00"})]}}


@pytest.mark.parametrize(
    ("start", "end", "meets"), [(540, 595, False), (540, 600, True), (640, 700, False), (635, 700, True)]
)
def test_buffers_must_be_free_of_leave_and_of_closed_rooms(start: int, end: int, meets: bool) -> None:  # noqa: FBT001 -- a parameter
    for diary, kind in ((ADA, Conflict.IN_LEAVE), (DiaryId(make_room().id), Conflict.ROOM_CLOSED)):
        assert kinds(booked(), make_facts(away=away(diary, on(start, end)))) == ({kind} if meets else set())


def test_closed_room_and_device_are_told_by_name() -> None:
    closed = away(DiaryId(make_room().id), on(), "painting") | away(DiaryId(DEVICE.id), on(600, 630))
    assert conflicts(booked(), make_facts(away=closed)) == {
        Conflict.ROOM_CLOSED: {
            "closed": [told("Room 1", "painting"), told("Stimulator", **{"from": "10:00", "to": "10:30"})]
        }
    }


def test_room_that_is_no_longer_in_use_is_closed_for_good() -> None:
    found = conflicts(booked(), make_facts(things=(make_room(active=False),)))
    assert found == {Conflict.ROOM_CLOSED: {"closed": [told("Room 1", first=None, last=None)]}}


def test_absence_of_somebody_else_is_nothing_to_it() -> None:
    assert kinds(booked(), make_facts(away=away(DiaryId(an_id("ben")), on()))) == set()


def closed(*closures: LocalSpan, **more: Any) -> dict[str, Any]:
    return {"closures": tuple(Closure(site_id=None, days=one, reason="training") for one in closures), **more}


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [(None, None, True), (540, 600, False), (540, 605, True), (630, 700, False), (625, 700, True)],
)
def test_closure_speaks_against_the_visit_itself(start: int | None, end: int | None, meets: bool) -> None:  # noqa: FBT001 -- a parameter
    found = conflicts(booked(), make_facts(table=closed(on(start, end))))
    assert set(found) == ({Conflict.SITE_CLOSED} if meets else set())


def test_closure_is_told_with_the_days_and_the_reason_it_was_said_for() -> None:
    span = on(780, None, TUESDAY - timedelta(days=1), TUESDAY)
    found = conflicts(booked(), make_facts(table=closed(span)))
    days = {"first": "2026-11-23", "from": "13:00"}
    assert found == {Conflict.SITE_CLOSED: {"closed": [told("Pine Street", "training", **days)]}}


def test_holiday_is_told_by_its_name() -> None:
    thursday = date(2026, 11, 26)
    holidays = PublicHolidays(country="US", region="WA")
    found = conflicts(booked(thursday), make_facts(table={"holidays": holidays}))
    days = {"first": "2026-11-26", "last": "2026-11-26"}
    assert found == {Conflict.SITE_CLOSED: {"closed": [told("Pine Street", "Thanksgiving Day", **days)]}}
    open_then = PublicHolidays(country="US", region="WA", open_on=frozenset({thursday}))
    assert kinds(booked(thursday), make_facts(table={"holidays": open_then})) == set()


def test_visit_until_midnight_has_nothing_to_do_with_the_day_that_begins_then() -> None:
    wednesday = date(2026, 11, 25)
    table = {"holidays": PublicHolidays(country="US", region="WA")}
    nights = Hours(weekly=(make_hours(2, 22, 24), make_hours(3, 0, 2)))
    facts = make_facts(table={**table, "people": {make_practitioner().id: nights}})
    assert kinds(booked(wednesday, hour=23, minutes=60), facts) == set()
    assert kinds(booked(wednesday, hour=23, minutes=65), facts) == {Conflict.SITE_CLOSED}


def test_site_that_is_no_longer_in_use_is_closed_for_good() -> None:
    found = conflicts(booked(), make_facts(site=make_site(active=False)))
    assert found == {Conflict.SITE_CLOSED: {"closed": [told("Pine Street", first=None, last=None)]}}


def test_visit_outside_the_published_hours_is_told_what_they_are() -> None:
    found = conflicts(booked(hour=12), make_facts(make_hours(1, 9, 12), make_hours(1, 13, 17)))
    hours = [{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "17:00"}]
    assert found == {Conflict.OUTSIDE_HOURS: {"name": "Ada Byrne", "hours": hours, "ends_by": None}}


def test_hours_must_hold_the_visit_and_need_not_hold_its_buffers() -> None:
    assert kinds(booked(hour=9), make_facts()) == set()
    assert kinds(booked(hour=16, minutes=60), make_facts()) == set()
    assert kinds(booked(hour=16, minutes=65), make_facts()) == {Conflict.OUTSIDE_HOURS}


def test_hours_are_those_of_the_person_within_those_of_the_site() -> None:
    opening = Hours(weekly=(make_hours(1, 11, 24, practitioner_id=None),))
    found = conflicts(booked(), make_facts(table={"opening": opening}))
    hours = [{"from": "11:00", "to": "17:00"}]
    assert found == {Conflict.OUTSIDE_HOURS: {"name": "Ada Byrne", "hours": hours, "ends_by": None}}


def test_somebody_who_no_longer_treats_has_no_hours() -> None:
    found = conflicts(booked(), make_facts(table={"people": {}}))
    assert found == {Conflict.OUTSIDE_HOURS: {"name": "Ada Byrne", "hours": [], "ends_by": None}}


def test_visit_over_midnight_is_held_by_the_hours_of_both_days() -> None:
    nights = (make_hours(1, 22, 24), make_hours(2, 0, 2))
    over = booked(hour=23, minutes=120)
    assert kinds(over, make_facts(*nights)) == set()
    found = conflicts(over, make_facts(nights[0]))
    assert found[Conflict.OUTSIDE_HOURS]["hours"] == [{"from": "22:00", "to": "24:00"}]
    assert kinds(booked(hour=23, minutes=60), make_facts(nights[0])) == set()


def test_closure_after_midnight_speaks_against_a_visit_that_reaches_into_it() -> None:
    nights = (make_hours(1, 22, 24), make_hours(2, 0, 2))
    wednesday = TUESDAY + timedelta(days=1)
    table = closed(on(first=wednesday, last=wednesday), people={make_practitioner().id: Hours(weekly=nights)})
    assert kinds(booked(hour=23, minutes=65), make_facts(table=table)) == {Conflict.SITE_CLOSED}
    assert kinds(booked(hour=23, minutes=60), make_facts(table=table)) == set()


@pytest.mark.parametrize(("minutes", "fits"), [(60, True), (65, False)])
def test_visit_that_was_agreed_to_end_before_closing_does(minutes: int, fits: bool) -> None:  # noqa: FBT001 -- a parameter
    late = booked(hour=15, minutes=minutes, ends_before_closing=60)
    found = conflicts(late, make_facts())
    hours = [{"from": "09:00", "to": "17:00"}]
    told = {Conflict.OUTSIDE_HOURS: {"name": "Ada Byrne", "hours": hours, "ends_by": "16:00"}}
    assert found == ({} if fits else told)


def test_earlier_closing_by_a_closure_counts() -> None:
    table = closed(on(780, None))
    assert kinds(booked(hour=12, ends_before_closing=60), make_facts(table=table)) == {Conflict.OUTSIDE_HOURS}
    assert kinds(booked(hour=12), make_facts(table=table)) == set()


def test_extra_hours_hold_a_visit_too() -> None:
    site, who = make_site().id, make_practitioner().id
    extra = ExtraHours(practitioner_id=who, site_id=site, day=TUESDAY, start_minute=1140, end_minute=1260)
    people = {who: Hours(weekly=tuple(WEEK), extra=(extra,))}
    assert kinds(booked(hour=20), make_facts(table={"people": people})) == set()


def test_each_kind_can_be_asked_alone() -> None:
    facts = make_facts(away=away(ADA, on()), table=closed(on()), things=(make_room(active=False),))
    assert kinds(booked(), facts) == {Conflict.IN_LEAVE, Conflict.ROOM_CLOSED, Conflict.SITE_CLOSED}
    for kind in ALL:
        assert set(conflicts(booked(), facts, {kind})) == {kind} & kinds(booked(), facts)
