"""Why a time is not offered, as the API answers it."""

from typing import Any

import pytest

from tests.api.world import World
from tests.clinics import TUESDAY

TEN, HALF_PAST = f"{TUESDAY}T10:00:00-08:00", f"{TUESDAY}T10:30:00-08:00"


def why(world: World, who: str = "reception", *, start: str = TEN, **more: Any) -> dict[str, Any]:
    query = world.request("explainSlot")[2]["params"] | {"start": start} | more
    answer = world.call("explainSlot", who, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_free_time_has_nothing_in_its_way(world: World) -> None:
    start, end = f"{TUESDAY}T11:00:00-08:00", f"{TUESDAY}T11:30:00-08:00"
    ada = str(world.clinic.practitioners["ada"])
    assert why(world, start=start, regions="lumbar") == {
        "site": str(world.clinic.sites["seattle"]),
        "treatment_type": str(world.clinic.treatments["needling"]),
        "start": start,
        "end": end,
        "offered_to_patients": True,
        "bookable_by_staff": True,
        "obstacles": [],
        "people": [{"practitioner": ada, "offered_to_patients": True, "bookable_by_staff": True, "obstacles": []}],
    }


def test_what_is_in_the_way_is_told_with_who_takes_the_time(world: World) -> None:
    visit = world.call("getAppointment", "reception").json()
    found = why(world)
    assert (found["offered_to_patients"], found["bookable_by_staff"]) == (False, False)
    (no_room,) = found["obstacles"]
    assert (no_room["kind"], no_room["sentence"]) == ("no_room", "No room is free at that time.")
    assert [one["whose"] for one in no_room["taken_by"]] == ["Room 1", "Room 2"]
    (ada,) = found["people"]
    assert ada["obstacles"] == [
        {
            "kind": "claimed",
            "sentence": "Ada Byrne is taken at that time.",
            "binds": "everyone",
            "reasons": [],
            "taken_by": [
                {
                    "kind": "visit",
                    "whose": "Ada Byrne",
                    "start": TEN,
                    "end": HALF_PAST,
                    "appointment": visit["id"],
                    "reference": visit["reference"],
                    "until": None,
                    "supervises": None,
                }
            ],
        }
    ]


def test_hold_is_told_with_the_time_until_which_it_lasts(world: World) -> None:
    holder = world.call("extendHold").json()["practitioner"]
    found = why(world, start=f"{TUESDAY}T14:00:00-08:00", practitioner=holder)
    (taker,) = found["people"][0]["obstacles"][0]["taken_by"]
    assert (taker["kind"], taker["appointment"], taker["until"]) == ("hold", None, "2026-11-23T08:10:00-08:00")


def test_everybody_is_asked_when_nobody_is_named(world: World) -> None:
    query = world.wanted(11) | {"start": f"{TUESDAY}T11:05:00-08:00"}
    found = world.call("explainSlot", "manager", params=query).json()
    assert [(one["kind"], one["binds"]) for one in found["obstacles"]] == [("grid", "patients")]
    people = [world.clinic.practitioners[slug] for slug in ("ada", "ben")]
    assert [one["practitioner"] for one in found["people"]] == list(map(str, people))


def test_law_is_told_with_its_reasons(world: World) -> None:
    world.call("suspendCredential", "manager")
    explained = world.call("explainEligibility", "reception").json()["reasons"]
    (obstacle,) = why(world, start=f"{TUESDAY}T11:00:00-08:00")["people"][0]["obstacles"]
    assert (obstacle["kind"], obstacle["reasons"]) == ("not_eligible", explained)
    assert explained


def test_other_visits_of_the_patient_are_told(world: World) -> None:
    visit = world.call("getAppointment", "reception").json()
    ben = str(world.clinic.practitioners["ben"])
    asked = {"practitioner": ben, "patient": visit["patient"]["id"]}
    assert why(world, start=f"{TUESDAY}T10:30:00-08:00", **asked)["obstacles"][1:] == []
    found = why(world, start=f"{TUESDAY}T10:15:00-08:00", **asked)["obstacles"][1]
    assert (found["kind"], found["taken_by"][0]["reference"]) == ("patient_claimed", visit["reference"])


@pytest.mark.parametrize(
    ("who", "more", "status"),
    [
        ("ada", {}, 200),
        ("ada", {"patient": "018f0000-0000-7000-8000-000000000000"}, 403),
        ("reception", {"patient": "018f0000-0000-7000-8000-000000000000"}, 404),
        ("reception", {"regions": "thorax"}, 400),
    ],
)
def test_others_are_refused(shared: World, who: str, more: dict[str, str], status: int) -> None:
    query = shared.request("explainSlot")[2]["params"] | more
    assert shared.call("explainSlot", who, params=query).status_code == status
