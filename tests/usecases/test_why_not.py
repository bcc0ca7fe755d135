"""Why a time is not offered: nothing is in the way exactly when it can be had, and all that is is told."""

import random
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.domain.errors import BookingError, InvalidInput, NotFound, NotPermitted
from booking.domain.ids import PatientId
from booking.domain.permission import Caller, Role
from booking.domain.time.local import LocalSpan
from booking.store.database import Database, Transaction
from booking.usecases.absences import AddLeave, CloseRoom, add_leave, close_room
from booking.usecases.book import BookAppointment, book
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.placing import Wanted
from booking.usecases.taken_by import TakenBy
from booking.usecases.views.appointments import AppointmentView
from booking.usecases.views.why_not import Explained, InTheWay, WhyNot, explain_slot
from tests.clinics import TUESDAY, DullClinic, at, contact, dull, open_clinic
from tests.oracle.acting import Played, play
from tests.oracle.states import situation
from tests.oracle.sweep import Offer, obstacles
from tests.oracle.wall import ticks
from tests.plugins.database import Clock

TEN = at(TUESDAY, 10)
HALF_AN_HOUR = timedelta(minutes=30)
ONE_DAY = LocalSpan(first=TUESDAY, last=TUESDAY)


def why(clinic: DullClinic, start: datetime = TEN, who: str | None = "ada", **more: Any) -> Explained:
    """What the desk is told."""
    caller, patient = more.pop("caller", clinic.reception), more.pop("patient", None)
    query = WhyNot(wanted=clinic.wanted(start, who, **more), patient=patient)
    return clinic.database.read_now(explain_slot, caller, query)


def kinds(found: Iterable[InTheWay]) -> list[str]:
    """By whom each is bound, after its kind."""
    return [f"{one.obstacle.kind}{' (patients)' if one.obstacle.only_patients else ''}" for one in found]


def all_of(found: Explained) -> list[InTheWay]:
    return [*found.in_the_way, *(one for person in found.people for one in person.in_the_way)]


def takers(found: Explained) -> list[TakenBy]:
    return [taker for one in all_of(found) for taker in one.taken_by]


def sentences(found: Explained) -> list[str]:
    return [one.obstacle.sentence for one in all_of(found)]


def patient_of(view: AppointmentView) -> PatientId:
    assert view.patient is not None
    return view.patient.id


class Undo(Exception):
    """No error: what was attempted succeeded and is taken back."""


def can_book(clinic: DullClinic, caller: Caller, wanted: Wanted) -> bool:
    def attempt(tx: Transaction) -> None:
        book(tx, caller, BookAppointment(contact=contact("Somebody New"), what=wanted))
        raise Undo

    try:
        clinic.database.write_now(attempt)
    except Undo:
        return True
    except BookingError:
        return False
    raise AssertionError


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_in_the_way_exactly_when_it_can_be_had(sqlite: Database, clock: Clock, seed: int) -> None:
    """In clinics as chance has them: held against the list of free times, against booking, and against the sweep."""
    played = play(situation(seed), sqlite, clock)
    rng = random.Random(seed)  # noqa: S311 -- chance, no secret
    for treatment in played.situation.treatments:
        listed = played.listed(treatment)
        for site in played.clinic.sites:
            for start in some_starts(played, listed, site, rng):
                agrees(played, treatment, site, start, listed)


def some_starts(played: Played, listed: list[Offer], site: str, rng: random.Random) -> list[datetime]:
    """A few that are offered, and a few as they come."""
    zone = next(one["zone"] for one in played.situation.clinic["site"] if one["slug"] == site)
    any_start = list(ticks(played.situation.first, played.situation.last, zone))
    free = [one.start for one in listed if one.site == site]
    return [*rng.sample(free, min(4, len(free))), *rng.sample(any_start, 8)]


def agrees(played: Played, treatment: str, site: str, start: datetime, listed: list[Offer]) -> None:
    clinic = played.clinic
    wanted = Wanted(treatment_type=clinic.treatments[treatment], site=clinic.sites[site], start=start)
    anybody = clinic.database.read_now(explain_slot, clinic.reception, WhyNot(wanted=wanted))
    offered = {one.practitioner for one in listed if (one.site, one.start) == (site, start)}
    assert {one.practitioner.slug for one in anybody.people if one.open_to_patients} == offered
    assert anybody.offered_to_patients == bool(offered)
    assert anybody.bookable_by_staff == can_book(clinic, clinic.reception, wanted)
    for slug, who in clinic.practitioners.items():
        one = Wanted(treatment_type=wanted.treatment_type, site=wanted.site, start=start, practitioner=who)
        found = clinic.database.read_now(explain_slot, clinic.reception, WhyNot(wanted=one))
        assert found.offered_to_patients == (slug in offered) == can_book(clinic, clinic.public, one)
        assert found.bookable_by_staff == can_book(clinic, clinic.reception, one)
        for staff in (False, True):
            told = {
                found.obstacle.refusal().code for found in all_of(found) if not (staff and found.obstacle.only_patients)
            }
            assert told == obstacles(played.state(staff=staff, with_own=False), treatment, site, slug, start), (
                slug,
                start,
            )


def test_free_time_has_nothing_in_its_way(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    found = why(clinic, who=None)
    assert (found.offered_to_patients, found.bookable_by_staff, all_of(found)) == (True, True, [])
    assert [one.practitioner.slug for one in found.people] == ["ada", "ben"]
    assert (found.visit.start, found.visit.length, found.site.slug) == (TEN, HALF_AN_HOUR, "seattle")


def test_everything_that_is_in_the_way_is_told_and_whom_it_binds(sqlite: Database, clock: Clock) -> None:
    data = dull()
    data["practitioner"][0]["credential"][0]["verified"] = False
    data["clinic"]["policy"]["same_day_until"] = "09:00"
    clinic = open_clinic(sqlite, data)
    clock.now = at(TUESDAY, 18)
    sqlite.write_now(add_leave, clinic.manager, AddLeave(practitioner=clinic.practitioners["ada"], days=ONE_DAY))
    found = why(clinic, at(TUESDAY, 18, 5))
    assert kinds(found.in_the_way) == ["grid (patients)", "notice (patients)", "same_day (patients)"]
    assert kinds(found.people[0].in_the_way) == ["not_eligible", "hours", "away"]
    assert sentences(found)[1:3] == [
        "Patients book at least 60 minutes ahead.",
        "Patients can no longer book a visit of the same day.",
    ]
    assert [one.rule for one in found.people[0].in_the_way[0].obstacle.reasons] == ["licence", "tenure"]
    assert (found.offered_to_patients, found.bookable_by_staff) == (False, False)


def test_what_binds_patients_alone_leaves_the_time_to_the_desk(sqlite: Database) -> None:
    data = dull()
    data["treatment"][0] |= {"online": False, "daily_limit": 1}
    clinic = open_clinic(sqlite, data)
    clinic.book(TEN, caller=clinic.reception)
    found = why(clinic, at(TUESDAY, 12))
    assert kinds(all_of(found)) == ["not_online (patients)", "day_full (patients)"]
    assert (found.offered_to_patients, found.bookable_by_staff) == (False, True)


def test_gap_is_told_of_times_that_fit_alone(sqlite: Database) -> None:
    data = dull()
    data["clinic"]["policy"]["smallest_gap_minutes"] = 20
    clinic = open_clinic(sqlite, data)
    clinic.book(TEN)
    assert kinds(all_of(why(clinic, at(TUESDAY, 9, 15)))) == ["gap (patients)"]
    assert kinds(all_of(why(clinic, at(TUESDAY, 9, 20)))) == ["grid (patients)"]
    assert kinds(all_of(why(clinic, at(TUESDAY, 9, 30)))) == ["claimed"]


def test_visit_and_hold_that_take_the_time_are_named(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(TEN).appointment
    asked = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 10, 45)), hold_key="key")
    held = database.write_now(hold, clinic.public, asked).appointment
    found = why(clinic, at(TUESDAY, 10, 15))
    assert sentences(found) == ["Ada Byrne is taken at that time."]
    assert takers(found) == [
        TakenBy(kind="visit", whose="Ada Byrne", span=booked.span, visit=booked.id, reference=booked.reference),
        TakenBy(kind="hold", whose="Ada Byrne", span=held.span, reference=held.reference, until=held.expires_at),
    ]


def test_hold_that_is_over_is_not_in_the_way(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    sqlite.write_now(hold, clinic.public, HoldSlot(wanted=clinic.wanted(TEN), hold_key="key"))
    assert kinds(all_of(why(clinic))) == ["claimed"]
    clock.advance(minutes=10)
    assert all_of(why(clinic)) == []


def test_leave_is_named_and_its_reason_is_not(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    leave = AddLeave(practitioner=clinic.practitioners["ada"], days=ONE_DAY, reason="an operation")
    sqlite.write_now(add_leave, clinic.manager, leave)
    found = why(clinic)
    assert kinds(all_of(found)) == ["away"]
    assert [(one.kind, one.whose, one.span.length) for one in takers(found)] == [
        ("leave", "Ada Byrne", timedelta(days=1))
    ]
    assert "operation" not in repr(found)


def test_visit_at_another_site_is_named_when_the_way_from_it_is_too_long(sqlite: Database) -> None:
    data = dull()
    data["clinic"]["policy"]["travel_minutes"] = 45
    data["site"].append(deepcopy(data["site"][0]) | {"slug": "tacoma", "name": "Tacoma", "room": []})
    tuesdays = {"site": "tacoma", "days": ["tue"], "from": "06:00", "to": "08:00"}
    data["practitioner"][0]["hours"].append(tuesdays)
    clinic = open_clinic(sqlite, data)
    early = Wanted(
        treatment_type=clinic.treatments["needling"],
        site=clinic.sites["tacoma"],
        start=at(TUESDAY, 7, 30),
        practitioner=clinic.practitioners["ada"],
    )
    command = BookAppointment(contact=contact(), what=early)
    booked = sqlite.write_now(book, clinic.public, command).appointment
    assert all_of(why(clinic, at(TUESDAY, 9))) == []
    data["clinic"]["policy"]["travel_minutes"] = 60
    open_clinic(sqlite, data)
    found = why(clinic, at(TUESDAY, 9))
    assert kinds(all_of(found)) == ["way"]
    assert [(one.kind, one.reference) for one in takers(found)] == [("visit", booked.reference)]


def one_room(**treatment: Any) -> dict[str, Any]:
    """Ada and Ben share it."""
    data = dull(ben={"name": "Ben Ode"})
    data["site"][0]["room"] = [{"slug": "room-1", "name": "Room 1"}]
    data["treatment"][0] |= treatment
    return data


def test_who_has_the_rooms_is_named(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, one_room())
    booked = clinic.book(TEN, "ben").appointment
    days = LocalSpan(first=TUESDAY, last=TUESDAY, start_minute=10 * 60 + 15, end_minute=12 * 60)
    sqlite.write_now(close_room, clinic.manager, CloseRoom(room=clinic.rooms["room-1"], days=days))
    found = why(clinic)
    assert kinds(found.in_the_way) == ["no_room"]
    assert [(one.kind, one.whose, one.reference) for one in takers(found)] == [
        ("visit", "Room 1", booked.reference),
        ("closed", "Room 1", None),
    ]


def test_kind_of_room_or_device_that_the_site_has_none_of_is_told(sqlite: Database) -> None:
    data = one_room()
    data["site"].append(deepcopy(data["site"][0]) | {"slug": "tacoma", "name": "Tacoma"})
    data["site"][1]["room"] = [{"slug": "quiet", "name": "Quiet", "kinds": ["private"]}]
    data["site"][1]["equipment"] = [{"slug": "lamp-1", "name": "Lamp 1", "kind": "heat-lamp"}]
    data["treatment"][0] |= {"room": "private", "equipment": ["heat-lamp"]}
    clinic = open_clinic(sqlite, data)
    found = why(clinic)
    assert kinds(found.in_the_way) == ["no_room", "no_equipment"]
    assert sentences(found)[:2] == ["Seattle has no room for this treatment.", "Seattle has no heat lamp."]
    assert takers(found) == []


def test_who_has_the_devices_is_named(sqlite: Database) -> None:
    data = one_room(equipment=["lamp"], room="none")
    data["site"][0]["equipment"] = [{"slug": "lamp-1", "name": "Lamp 1", "kind": "lamp"}]
    clinic = open_clinic(sqlite, data)
    booked = clinic.book(TEN, "ben").appointment
    found = why(clinic)
    assert kinds(all_of(found)) == ["no_equipment"]
    assert [(one.whose, one.reference) for one in takers(found)] == [("Lamp 1", booked.reference)]


def test_other_visits_of_the_patient_are_in_the_way(sqlite: Database) -> None:
    data = dull(ben={})
    data["clinic"]["policy"]["region_spacing_hours"] = 24
    clinic = open_clinic(sqlite, data)
    view = clinic.book(TEN, "ben")
    reference = view.appointment.reference
    assert all_of(why(clinic)) == []
    found = why(clinic, patient=patient_of(view))
    assert kinds(all_of(found)) == ["patient_claimed", "spacing"]
    assert [(one.kind, one.whose, one.reference) for one in takers(found)] == [("visit", None, reference)] * 2
    assert (found.offered_to_patients, found.bookable_by_staff) == (False, False)
    found = why(clinic, TEN + timedelta(hours=23), patient=patient_of(view))
    assert (kinds(all_of(found)), [one.reference for one in takers(found)]) == (["spacing"], [reference])
    assert why(clinic, TEN + timedelta(hours=24, minutes=30), patient=patient_of(view)).offered_to_patients


def test_site_where_nobody_works_is_told(sqlite: Database) -> None:
    data = dull()
    data["site"].append(deepcopy(data["site"][0]) | {"slug": "tacoma", "name": "Tacoma", "room": []})
    clinic = open_clinic(sqlite, data)
    wanted = Wanted(treatment_type=clinic.treatments["needling"], site=clinic.sites["tacoma"], start=TEN)
    found = sqlite.read_now(explain_slot, clinic.reception, WhyNot(wanted=wanted))
    assert (found.people, sentences(found)) == ((), ["Nobody works at Tacoma."])
    assert (found.offered_to_patients, found.bookable_by_staff) == (False, False)


def test_practitioners_ask_about_themselves_and_see_no_visits_of_others(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, one_room())
    booked = clinic.book(TEN, "ben").appointment
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    found = why(clinic, caller=ada)
    assert takers(found) == [TakenBy(kind="visit", whose="Room 1", span=booked.span)]
    for who in ("ben", None):
        with pytest.raises(NotPermitted):
            why(clinic, who=who, caller=ada)
    mine = clinic.book(at(TUESDAY, 14)).appointment
    assert [one.reference for one in takers(why(clinic, at(TUESDAY, 14), caller=ada))] == [mine.reference] * 2


def test_about_a_patient_asks_whoever_may_book_for_one(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    view = clinic.book(TEN)
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    with pytest.raises(NotPermitted):
        why(clinic, caller=ada, patient=patient_of(view))
    with pytest.raises(NotFound):
        why(clinic, patient=PatientId(clinic.id))


def test_what_is_unknown_is_refused(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(InvalidInput):
        why(clinic, regions=frozenset({"thorax"}))
    for field in ("site", "treatment_type", "practitioner"):
        unknown: dict[str, Any] = {field: clinic.id}
        wanted = replace(clinic.wanted(TEN), **unknown)
        with pytest.raises(NotFound):
            sqlite.read_now(explain_slot, clinic.reception, WhyNot(wanted=wanted))
