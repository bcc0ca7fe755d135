"""Changing places over the API: reassigned, swapped, squeezed in, walked in; and two records of one person."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from booking.store.database import Database
from tests.api.world import NOBODY, World, open_world, patient
from tests.clinics import TUESDAY
from tests.plugins.database import Clock


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """On both kinds of database."""
    with open_world(database) as opened:
        yield opened


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def person(world: World, slug: str) -> str:
    return str(world.clinic.practitioners[slug])


def moved(world: World, who: str = "reception", **more: Any) -> httpx.Response:
    json = {"version": 1, "start": f"{TUESDAY}T10:00:00-08:00", **more}
    return world.call("moveAppointment", who, json=json)


def test_move_names_a_room_and_a_length_for_staff_alone(world: World) -> None:
    room = world.call("getAppointment", "reception").json()["room"]
    other = next(str(one) for one in world.clinic.rooms.values() if str(one) != room)
    assert refusal(moved(world, room=other)) == (409, "slot-taken")
    assert refusal(moved(world, "patient", minutes=45)) == (422, "not-bookable-online")
    longer = moved(world, minutes=45, room=room).json()
    assert (longer["end"], longer["room"]) == (f"{TUESDAY}T10:45:00-08:00", room)


@pytest.mark.parametrize("minutes", [0, 4, 7, 12 * 60, "30"])
def test_length_is_a_multiple_of_five_minutes(world: World, minutes: object) -> None:
    answer = moved(world, minutes=minutes)
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), "minutes")


def test_anyone_who_is_free_takes_over_a_move(world: World) -> None:
    at_two = {"start": f"{TUESDAY}T14:00:00-08:00"}
    assert moved(world, anyone=True, **at_two).json()["practitioner"] == person(world, "ben")
    answer = moved(world, anyone=True, practitioner=person(world, "ben"))
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), "anyone")


def test_visit_is_given_to_a_colleague_who_is_free(world: World) -> None:
    path = f"/appointments/{world.visit}/reassign"
    answer = world.send("POST", path, "reception", json={"version": 1})
    assert refusal(answer) == (409, "slot-taken")
    assert [slot["start"][11:16] for slot in answer.json()["alternatives"]] == ["09:30", "09:45", "10:15"]
    world.send("POST", f"/appointments/{world.other_visit}/cancel", "reception", json={"version": 1})
    given = world.send("POST", path, "reception", json={"version": 1, "practitioner": person(world, "ben")})
    assert (given.json()["practitioner"], given.json()["version"]) == (person(world, "ben"), 2)
    assert given.json()["start"] == f"{TUESDAY}T10:00:00-08:00"
    assert refusal(world.send("POST", path, "manager", json={"version": 1})) == (409, "stale-version")


def test_two_visits_change_places(world: World) -> None:
    both = world.call("swapAppointments", "reception").json()
    assert both["appointment"]["practitioner"] == person(world, "ben")
    assert both["other"]["practitioner"] == person(world, "ada")
    assert both["other"]["patient"]["name"] == "Sam Reed"
    assert refusal(world.call("swapAppointments", "reception")) == (409, "stale-version")
    itself = {"version": 2, "other": str(world.visit), "other_version": 2}
    answer = world.call("swapAppointments", "reception", json=itself)
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), "other")


def test_visit_is_squeezed_in_after_one_that_gets_shorter(world: World) -> None:
    answer = world.call("squeezeIn", "reception", json={**world.squeezed(), "minutes": 20, "booked_by": " Jo Reed "})
    found = answer.json()
    assert (answer.status_code, found["neighbour"]["end"]) == (201, f"{TUESDAY}T10:20:00-08:00")
    assert (found["booked"]["start"], found["booked"]["end"]) == (
        f"{TUESDAY}T10:25:00-08:00", f"{TUESDAY}T10:45:00-08:00",
    )  # fmt: skip
    assert (found["booked"]["patient"]["name"], found["booked"]["booked_by"]) == ("Pat Jones", "Jo Reed")


def test_nothing_is_squeezed_in_where_there_is_no_room(world: World) -> None:
    body = world.squeezed()
    overlapping = {**body, "neighbour": {**body["neighbour"], "minutes": 25}}
    answer = world.call("squeezeIn", "reception", json=overlapping)
    assert refusal(answer) == (409, "slot-taken")
    assert answer.json()["alternatives"]
    wrong = {**body, "neighbour": {**body["neighbour"], "start": "soon"}}
    assert world.call("squeezeIn", "reception", json=wrong).json()["field"] == "neighbour.start"
    assert world.call("getAppointment", "reception").json()["version"] == 1


def test_walk_in_is_there_from_now_on(world: World) -> None:
    seen = world.call("walkIn", "reception")
    assert (seen.status_code, seen.json()["status"]) == (201, "arrived")
    assert (seen.json()["start"], seen.json()["patient"]["email"]) == ("2026-11-23T08:00:00-08:00", None)
    again = world.call("walkIn", "reception")
    assert refusal(again) == (409, "slot-taken")
    assert len(again.json()["alternatives"]) == 3


def test_walk_in_outside_hours_hears_when_to_come_back(world: World, clock: Clock) -> None:
    clock.advance(hours=12)
    answer = world.call("walkIn", "reception")
    assert refusal(answer) == (422, "outside-hours")
    assert answer.json()["alternatives"][0]["start"] == f"{TUESDAY}T09:00:00-08:00"


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "((((((((1"), ("email", "a@b, c@d"), ("name", " "), ("born", "2026-02-30")]
)
def test_what_is_known_of_a_walk_in_may_be_left_out_but_not_be_wrong(world: World, field: str, value: str) -> None:
    answer = world.call("walkIn", "reception", json={"name": "Cat Lee", **world.where(), field: value})
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), field)


def test_who_books_for_the_patient_is_for_staff_to_see(world: World) -> None:
    json = {**world.wanted(11), "patient": patient(), "booked_by": "Jo Smith, her mother"}
    booked = world.call("bookAppointment", json=json).json()
    assert booked["booked_by"] is None
    path = f"/appointments/{booked['id']}"
    assert world.send("GET", path, "reception").json()["booked_by"] == "Jo Smith, her mother"


def test_patients_are_found_by_a_part_of_their_name(world: World) -> None:
    found = world.call("findPatients", "reception").json()["patients"]
    assert [(one["name"], one["email"]) for one in found] == [("Pat Smith", "pat.smith@example.org")]


@pytest.mark.parametrize("search", ["", "a", " a ", "%_", "a" * 101, "a\x00b"])
def test_too_little_to_search_for_is_refused(world: World, search: str) -> None:
    answer = world.call("findPatients", "reception", params={"search": search})
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), "search")


def test_two_records_of_one_person_become_one(world: World) -> None:
    kept = world.patient_of(world.requested)
    answer = world.call("mergePatients", "reception")
    assert (answer.status_code, answer.json()["id"]) == (200, kept)
    assert world.patient_of(world.today) == kept
    path = f"/patients/{kept}/merge"
    assert world.send("POST", path, "reception", json={"kept": kept}).json()["field"] == "kept"
    assert refusal(world.send("POST", path, "reception", json={"kept": NOBODY})) == (404, "not-found")


def test_people_with_visits_at_one_time_are_not_merged(world: World) -> None:
    pat, sam = world.patient_of(world.visit), world.patient_of(world.other_visit)
    answer = world.send("POST", f"/patients/{pat}/merge", "reception", json={"kept": sam})
    assert refusal(answer) == (409, "patients-overlap")
    references = [
        world.send("GET", f"/appointments/{visit}", "manager").json()["reference"]
        for visit in (world.visit, world.other_visit)
    ]
    assert answer.json()["references"] == sorted(references)
