"""The first free times, free times counted by day, and one's own hold in all of them."""

from typing import Any

import pytest

from tests.api.world import HOLD_SECRET, World
from tests.clinics import TUESDAY

MONDAY = "2026-11-23"
HELD = f"{TUESDAY}T14:00:00-08:00"
MINE: dict[str, Any] = {"headers": {"Hold-Secret": HOLD_SECRET}}


def next_with_ada(world: World, **more: Any) -> str:
    """When she is free first."""
    query = world.request("findNextSlot")[2]["params"] | {"practitioner": str(world.clinic.practitioners["ada"])}
    (slot,) = world.call("findNextSlot", params=query, **more).json()["slots"]
    start: str = slot["start"]
    return start


def test_first_slot_of_each_practitioner_is_answered(world: World) -> None:
    site, people = str(world.clinic.sites["seattle"]), world.clinic.practitioners
    assert world.call("findNextSlot").json() == {
        "slots": [
            {"start": f"{MONDAY}T09:00:00-08:00", "end": f"{MONDAY}T09:30:00-08:00", "site": site, "practitioner": who}
            for who in sorted(map(str, people.values()))
        ]
    }


def test_first_slot_is_looked_for_from_a_day_on(world: World) -> None:
    query = world.request("findNextSlot")[2]["params"]
    ben = str(world.clinic.practitioners["ben"])
    answer = world.call(
        "findNextSlot", params={**query, "from": str(TUESDAY), "practitioner": ben, "regions": "lumbar"}
    )
    assert [(one["start"], one["practitioner"]) for one in answer.json()["slots"]] == [
        (f"{TUESDAY}T09:00:00-08:00", ben)
    ]
    assert world.call("findNextSlot", params={**query, "from": "2199-12-31"}).json() == {"slots": []}


def test_days_are_counted(world: World) -> None:
    """Eight hours by the quarter are 31 starts of half an hour; ten o'clock takes five from each of two people.

    Three and four o'clock take nine from one.
    """
    query = world.request("countSlots")[2]["params"] | {"from": MONDAY}
    assert world.call("countSlots", params=query).json() == {
        "counts": [
            {"date": MONDAY, "site": str(world.clinic.sites["seattle"]), "starts": 31, "slots": 53},
            {"date": str(TUESDAY), "site": str(world.clinic.sites["seattle"]), "starts": 26, "slots": 47},
        ]
    }


def test_counts_that_did_not_change_are_not_sent_again(world: World) -> None:
    answer = world.call("countSlots")
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "private, max-age=0, must-revalidate"
    again = world.call("countSlots", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert world.call("holdSlot").status_code == 201
    assert world.call("countSlots", headers={"If-None-Match": tag}).status_code == 200
    assert world.call("listSlots").headers["etag"] != tag


def test_own_hold_is_free_to_whoever_shows_its_secret(world: World) -> None:
    holder = world.call("extendHold").json()["practitioner"]
    query = world.request("listSlots")[2]["params"] | {"practitioner": holder}
    seen = [world.call("listSlots", params=query, **more).json()["slots"] for more in ({}, MINE)]
    assert [HELD in {slot["start"] for slot in one} for one in seen] == [False, True]
    counts = [world.call("countSlots", params=query, **more).json()["counts"][0]["slots"] for more in ({}, MINE)]
    assert counts == [len(one) for one in seen]


def test_own_hold_is_the_next_free_time(world: World) -> None:
    wanted = world.wanted(9, "ada") | {"start": f"{MONDAY}T09:00:00-08:00", "hold_secret": HOLD_SECRET}
    assert world.call("holdSlot", json=wanted).status_code == 201
    assert next_with_ada(world) == f"{MONDAY}T09:45:00-08:00"
    assert next_with_ada(world, **MINE) == f"{MONDAY}T09:00:00-08:00"


@pytest.mark.parametrize("operation", ["listSlots", "findNextSlot", "countSlots"])
@pytest.mark.parametrize("secret", ["", "short", "h" * 129, "h" * 42 + "!", "h" * 43 + " h"])
def test_secret_that_can_be_none_is_refused_by_name(shared: World, operation: str, secret: str) -> None:
    answer = shared.call(operation, headers={"Hold-Secret": secret})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid-input", "Hold-Secret")


@pytest.mark.parametrize("operation", ["listSlots", "findNextSlot", "countSlots"])
def test_secret_of_a_hold_never_stands_in_an_address(shared: World, operation: str) -> None:
    query = shared.request(operation)[2]["params"]
    answer = shared.call(operation, params={**query, "hold_secret": HOLD_SECRET})
    assert (answer.status_code, answer.json()["field"]) == (400, "hold_secret")
