"""Everything in the way of a visit is found, in the order in which a refusal names it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking.domain.appointment import Agreed, Appointment
from booking.domain.assignment import choose, first_refusal
from booking.domain.availability.facts import Candidate, Place, Taken
from booking.domain.availability.obstacles import (
    Kind,
    Obstacle,
    Visit,
    of_own_things,
    of_patient,
    of_person,
    of_site,
    of_time,
)
from booking.domain.eligibility import Eligibility
from booking.domain.errors import BookingError, NotOffered, OutsideHours, PractitionerNotEligible, SlotTaken
from booking.domain.ids import AppointmentId, EquipmentId, PractitionerId, RoomId
from booking.domain.lifecycle import Status
from booking.domain.policy import BookingPolicy
from booking.domain.room import Equipment, Room
from booking.domain.time.span import ALWAYS, NEVER, SpanSet, TimeSpan
from booking.domain.time.zone import day_span
from booking.domain.treatment import Needs
from tests.domain.factories import (
    SEATTLE,
    an_id,
    make_ask,
    make_practitioner,
    make_room,
    make_site,
    make_treatment_type,
)

DAY = date(2027, 1, 14)
MIDNIGHT = day_span(DAY, DAY, SEATTLE).start
NOW = MIDNIGHT - timedelta(days=2)


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def hours(*pairs: tuple[float, float]) -> SpanSet:
    return SpanSet(TimeSpan(at(start), at(end)) for start, end in pairs)


def a_visit(hour: float = 10, policy: BookingPolicy | None = None, **treatment: Any) -> Visit:
    kind = make_treatment_type(**{"buffer_after": 10, **treatment})
    span = TimeSpan(at(hour), at(hour) + kind.length)
    return Visit(span=span, treatment=kind, policy=policy or BookingPolicy(notice_minutes=60, horizon_days=30))


def a_candidate(name: str = "ada", **changes: Any) -> Candidate:
    lawful = changes.pop("lawful", ALWAYS)
    plain: dict[str, Any] = {
        "practitioner": make_practitioner(id=PractitionerId(an_id(name)), name=name.title()),
        "eligibility": Eligibility(spans=lawful, rules=None, ask=make_ask()),
        "hours": hours((9, 17)),
    }
    return Candidate(**{**plain, **changes})


def a_place(**changes: Any) -> Place:
    plain: dict[str, Any] = {"site": make_site(), "day": day_span(DAY, DAY, SEATTLE)}
    return Place(**{**plain, **changes})


def device(name: str, kind: str = "laser") -> Equipment:
    return Equipment(id=EquipmentId(an_id(name)), site_id=make_site().id, slug=name, name=name, kind=kind)


def room(name: str, *kinds: str) -> Room:
    return make_room(id=RoomId(an_id(name)), slug=name, kinds=frozenset(kinds))


def kinds(found: Iterable[Obstacle]) -> list[tuple[Kind, bool]]:
    return [(one.kind, one.only_patients) for one in found]


ONLY_PATIENTS = True
LATE = BookingPolicy(notice_minutes=60, horizon_days=30, same_day_until=9 * 60)


@pytest.mark.parametrize(
    ("hour", "now", "policy", "expected"),
    [
        (10, NOW, None, []),
        (10.25, NOW, None, []),
        (10 + 5 / 60, NOW, None, [(Kind.GRID, ONLY_PATIENTS)]),
        (10 + 1 / 60, NOW, None, [(Kind.GRID, False)]),
        (10, at(9), None, []),
        (10, at(9) + timedelta(seconds=1), None, [(Kind.NOTICE, ONLY_PATIENTS)]),
        (10, at(12), None, [(Kind.NOTICE, ONLY_PATIENTS)]),
        (10, at(24), None, [(Kind.PAST, False), (Kind.NOTICE, ONLY_PATIENTS)]),
        (10, at(10) - timedelta(days=30), None, []),
        (10, at(10) - timedelta(days=30, seconds=1), None, [(Kind.HORIZON, ONLY_PATIENTS)]),
        (15, at(9) - timedelta(seconds=1), LATE, []),
        (15, at(9), LATE, [(Kind.SAME_DAY, ONLY_PATIENTS)]),
        (15, at(-1), LATE, []),
        (15, at(0), replace(LATE, same_day_until=0), [(Kind.SAME_DAY, ONLY_PATIENTS)]),
    ],
)
def test_time(hour: float, now: datetime, policy: BookingPolicy | None, expected: list[tuple[Kind, bool]]) -> None:
    assert kinds(of_time(a_visit(hour, policy), make_site(), now)) == expected


PERSON = [
    (10.0, {}, []),
    (10.0, {"lawful": NEVER}, [(Kind.NOT_ELIGIBLE, False)]),
    (8.75, {"hours": hours((9, 17))}, [(Kind.HOURS, False)]),
    (16.5, {}, []),
    (16.75, {}, [(Kind.HOURS, False)]),
    (10.0, {"taken": Taken(away=hours((10.5, 11)))}, [(Kind.AWAY, False)]),  # the buffer must be free of it too
    (10.0, {"taken": Taken(claimed=hours((9, 10)))}, []),
    (10.0, {"taken": Taken(claimed=hours((9, 10.25)))}, [(Kind.CLAIMED, False)]),
    (10.0, {"taken": Taken(claimed=hours((11, 12)), ways=hours((10.5, 12.5)))}, [(Kind.WAY, False)]),
    (10.0, {"visits": 99}, []),
    (10.0, {"visits": 4, "practitioner": make_practitioner(daily_limit=4)}, [(Kind.DAY_FULL, ONLY_PATIENTS)]),
    (10.0, {"visits": 3, "practitioner": make_practitioner(daily_limit=4)}, []),
]


@pytest.mark.parametrize(("hour", "changes", "expected"), PERSON)
def test_person(hour: float, changes: dict[str, Any], expected: list[tuple[Kind, bool]]) -> None:
    there: dict[str, Any] = {"hours": hours((min(hour, 9), 17))}
    assert kinds(of_person(a_visit(hour), a_place(), a_candidate(**{**there, **changes}))) == expected


def test_all_that_is_in_the_way_of_a_person_is_told_the_law_first() -> None:
    taken = Taken(away=hours((0, 24)), claimed=hours((0, 24)), ways=hours((0, 24)))
    candidate = a_candidate(lawful=NEVER, hours=NEVER, taken=taken, of_treatment=2)
    found = [kind for kind, _only in kinds(of_person(a_visit(daily_limit=2), a_place(), candidate))]
    assert found == [Kind.NOT_ELIGIBLE, Kind.HOURS, Kind.AWAY, Kind.CLAIMED, Kind.DAY_FULL]


def test_a_day_is_full_of_one_treatment() -> None:
    found = [kinds(of_person(a_visit(daily_limit=2), a_place(), a_candidate(of_treatment=n))) for n in (1, 2)]
    assert found == [[], [(Kind.DAY_FULL, ONLY_PATIENTS)]]


GAPS = BookingPolicy(grid_minutes=15, smallest_gap_minutes=30)


@pytest.mark.parametrize(
    ("hour", "free", "leaves"),
    [
        (9, (9, 17), False),
        (9.25, (9, 17), True),  # a quarter of an hour before it is of no use
        (9.5, (9, 17), False),
        (16.5, (9, 17), False),  # its buffer reaches beyond the hours
        (16.25, (9, 17), False),  # five minutes are left, less than any visit, but they are the visit's own buffer
        (16, (9, 17), True),
        (9.25, (9.25, 10 + 5 / 60), False),  # every start in this stretch leaves a gap: better one than none
    ],
)
def test_gap(hour: float, free: tuple[float, float], *, leaves: bool) -> None:
    visit = a_visit(hour, GAPS, buffer_after=15)
    found = kinds(of_person(visit, a_place(), a_candidate(hours=hours(free))))
    assert found == ([(Kind.GAP, ONLY_PATIENTS)] if leaves else [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"opening": hours((8, 10.25))}, [Kind.SITE_CLOSED]),
        ({"closed": [(TimeSpan(at(10.25), at(11)), "Veterans Day")]}, [Kind.SITE_CLOSED]),
        ({"closed": [(TimeSpan(at(10.5), at(11)), "painting")]}, []),  # the buffer may reach into it
        ({"has_rooms": True}, [Kind.NO_ROOM]),
        ({"has_rooms": True, "rooms": [(room("a"), hours((10.5, 11))), (room("b"), hours((9, 10)))]}, []),
        ({"has_rooms": True, "rooms": [(room("a"), hours((10.5, 11))), (room("b"), hours((9, 10.1)))]}, [Kind.NO_ROOM]),
    ],
)
def test_site(changes: dict[str, Any], expected: list[Kind]) -> None:
    assert [one.kind for one in of_site(a_visit(), a_place(**changes))] == expected


def test_a_closed_site_says_why() -> None:
    place = a_place(closed=[(TimeSpan(at(10), at(11)), "Veterans Day")])
    assert [one.sentence for one in of_site(a_visit(), place)] == ["Pine Street is closed at that time (Veterans Day)."]


@pytest.mark.parametrize(
    ("hour", "closing", "expected"), [(15.5, 17, []), (15.75, 17, [Kind.CLOSING]), (10, None, [Kind.CLOSING])]
)
def test_a_visit_that_ends_before_closing(hour: float, closing: float | None, expected: list[Kind]) -> None:
    place = a_place(closing=None if closing is None else at(closing))
    assert [one.kind for one in of_site(a_visit(hour, needs=Needs(ends_before_closing=60)), place)] == expected


def test_each_kind_of_device_is_missed_by_itself() -> None:
    needs = Needs(room="none", equipment=frozenset({"laser", "stim-unit"}))
    place = a_place(equipment=[(device("one"), hours((10, 11))), (device("two", "stim-unit"), hours((10, 11)))])
    found = [one.sentence for one in of_site(a_visit(needs=needs), place)]
    assert found == ["No laser is free at that time.", "No stim unit is free at that time."]


def an_appointment(hour: float, **changes: Any) -> Appointment:
    treatment = changes.pop("treatment", make_treatment_type())
    plain: dict[str, Any] = {
        "id": AppointmentId(an_id("visit")),
        "status": Status.BOOKED,
        "site_id": make_site().id,
        "practitioner_id": make_practitioner().id,
        "room_id": None,
        "patient_id": None,
        "span": TimeSpan(at(hour), at(hour) + treatment.length),
        "zone": SEATTLE,
        "agreed": Agreed.now(treatment, treatment.regions),
        "version": 1,
        "sequence": 0,
        "reference": "DN-22222222",
    }
    return Appointment(**{**plain, **changes})


SPACED = BookingPolicy(region_spacing_hours=48)


@pytest.mark.parametrize(
    ("hours_before", "treatment", "expected"),
    [
        (48.5, make_treatment_type(), []),
        (48.25, make_treatment_type(), [Kind.SPACING]),
        (-48.25, make_treatment_type(), [Kind.SPACING]),
        (-48.5, make_treatment_type(), []),
        (24, make_treatment_type(regions=frozenset({"hand"})), []),
        (24, make_treatment_type(regions=frozenset(), techniques=frozenset()), []),
    ],
)
def test_two_visits_to_one_region_are_spaced(hours_before: float, treatment: Any, expected: list[Kind]) -> None:
    other = an_appointment(10 - hours_before, treatment=treatment)
    visit = a_visit(policy=SPACED)
    assert [one.kind for one in of_patient(visit, frozenset({"knee"}), NEVER, [other])] == expected


def test_regions_that_imply_one_are_spaced_from_it() -> None:
    other = an_appointment(34, treatment=make_treatment_type(regions=frozenset({"thorax"})))
    found = of_patient(a_visit(policy=SPACED), frozenset({"upper_trapezius"}), NEVER, [other])
    assert [one.kind for one in found] == [Kind.SPACING]


def test_visits_without_needles_are_not_spaced() -> None:
    visit = a_visit(policy=SPACED, regions=frozenset(), techniques=frozenset())
    assert list(of_patient(visit, frozenset(), NEVER, [an_appointment(34)])) == []


def test_a_patient_has_one_visit_at_a_time_without_its_buffers() -> None:
    found = [
        [one.kind for one in of_patient(a_visit(), frozenset(), hours(pair), [])] for pair in ((9, 10), (10.25, 11))
    ]
    assert found == [[], [Kind.PATIENT_CLAIMED]]


def test_what_a_hold_has_must_still_be_in_use_and_free() -> None:
    held = an_appointment(10, room_id=RoomId(an_id("a")), equipment_ids=frozenset({EquipmentId(an_id("one"))}))
    fine = a_place(rooms=[(room("a"), NEVER)], equipment=[(device("one"), NEVER)])
    closed = a_place(rooms=[(room("a"), hours((10, 11)))], equipment=[(device("two"), NEVER)])
    assert [[one.kind for one in of_own_things(a_visit(), place, held)] for place in (fine, closed)] == [
        [], [Kind.NO_ROOM, Kind.NO_EQUIPMENT]
    ]  # fmt: skip


def test_every_kind_has_a_refusal() -> None:
    refusals = [Obstacle(kind=kind, sentence="So it is.").refusal() for kind in Kind]
    assert [isinstance(one, BookingError) and one.code != BookingError.code for one in refusals] == [True] * len(Kind)


def test_staff_are_not_bound_by_what_binds_patients_only() -> None:
    obstacles = [
        Obstacle(kind=Kind.DAY_FULL, sentence="Full.", only_patients=True),
        Obstacle(kind=Kind.HOURS, sentence="Not there."),
    ]
    found = [first_refusal(obstacles, staff=staff) for staff in (False, True)]
    assert [(type(one), one.message) for one in found if one] == [(NotOffered, "Full."), (OutsideHours, "Not there.")]


def test_the_one_with_the_least_booked_time_is_chosen_and_then_the_lowest_id() -> None:
    busy, idle = a_candidate("ada", booked=timedelta(hours=3)), a_candidate("ben", booked=timedelta(hours=1))
    also_idle = a_candidate("cy", booked=timedelta(hours=1))
    chosen = choose(a_visit(), a_place(), [busy, idle, also_idle], staff=False)
    assert chosen.candidate is min([idle, also_idle], key=lambda one: one.practitioner.id)


def test_the_plainest_free_room_is_chosen_and_one_device_of_each_kind() -> None:
    private, plain, taken = (
        (room("private", "private"), NEVER),
        (room("plain"), NEVER),
        (room("taken"), hours((10, 11))),
    )
    needs = Needs(equipment=frozenset({"laser", "pump"}))
    devices = [(device("l1"), hours((10, 11))), (device("l2"), NEVER), (device("p", "pump"), NEVER)]
    place = a_place(rooms=[private, taken, plain], equipment=devices, has_rooms=True)
    chosen = choose(a_visit(needs=needs), place, [a_candidate()], staff=False)
    assert (chosen.room, [one.slug for one in chosen.equipment]) == (plain[0], ["l2", "p"])


def test_a_treatment_that_needs_no_room_takes_none() -> None:
    place = a_place(rooms=[(room("a"), NEVER)], has_rooms=True)
    assert choose(a_visit(needs=Needs(room="none")), place, [a_candidate()], staff=False).room is None


UNLAWFUL: dict[str, Any] = {"lawful": NEVER}
ABSENT: dict[str, Any] = {"hours": NEVER}
TAKEN = {"taken": Taken(claimed=hours((10, 11)))}
FULL = {"visits": 1, "practitioner": make_practitioner(daily_limit=1)}


@pytest.mark.parametrize(
    ("people", "refusal"),
    [
        ([UNLAWFUL], PractitionerNotEligible),
        ([UNLAWFUL, ABSENT], OutsideHours),
        ([UNLAWFUL, ABSENT, TAKEN], SlotTaken),
        ([UNLAWFUL, ABSENT, TAKEN, FULL], NotOffered),
        ([], OutsideHours),
    ],
)
def test_the_refusal_is_that_of_whoever_came_nearest(people: list[dict[str, Any]], refusal: type[BookingError]) -> None:
    with pytest.raises(refusal):
        choose(a_visit(), a_place(), [a_candidate(**changes) for changes in people], staff=False)


def test_the_site_refuses_when_somebody_could() -> None:
    with pytest.raises(SlotTaken, match="has no room for this treatment"):
        choose(a_visit(), a_place(has_rooms=True), [a_candidate(), a_candidate(**UNLAWFUL)], staff=False)
