"""The same request, sent again under its key, is carried out once and answered the same."""

from typing import Any

import httpx
import pytest

from booking.usecases.sweeping import sweep
from tests.api.world import HOLD_SECRET, World, patient
from tests.plugins.database import Clock

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
CHANGES = {
    "holdSlot": "anybody", "bookAppointment": "anybody", "cancelAppointment": "patient", "moveAppointment": "patient",
    "verifyCredential": "manager", "suspendCredential": "manager", "addAbsence": "ada", "removeAbsence": "ada",
    "closeSite": "reception", "reopenSite": "reception", "createFeed": "ada", "rotateFeed": "ada", "revokeFeed": "ada",
    "recordOwnerDecision": "manager", "withdrawOwnerDecision": "manager", "checkInAppointment": "ada",
    "startAppointment": "ada", "completeAppointment": "ada", "acceptRequest": "reception", "declineRequest": "ada",
    "enterInError": "manager", "undoStatus": "reception", "confirmAppointment": "patient",
    "annotateAppointment": "reception", "reassignAppointment": "reception", "swapAppointments": "reception",
    "squeezeIn": "reception", "walkIn": "reception", "mergePatients": "reception",
}  # fmt: skip


def visits(world: World) -> int:
    return len(world.call("listAppointments", "reception").json()["appointments"])


@pytest.mark.parametrize(("operation", "who"), CHANGES.items())
def test_repetition_gets_the_same_answer(world: World, operation: str, who: str) -> None:
    method, path, request = world.request(operation)
    first, second, third = (world.send(method, path, who, headers=KEY, **request) for _ in range(3))
    assert first.status_code in {200, 201, 204}
    answers = {(answer.status_code, answer.text) for answer in (first, second, third)}
    assert answers == {(first.status_code, first.text)}


def test_repetition_books_once(world: World) -> None:
    before = visits(world)
    for _ in range(3):
        world.call("bookAppointment", headers=KEY)
    assert visits(world) == before + 1


def test_without_a_key_each_request_counts(world: World) -> None:
    assert [world.call("bookAppointment").status_code for _ in range(3)] == [201, 409, 409]


def test_key_of_another_request_is_refused(world: World) -> None:
    def status(hour: int, **more: Any) -> httpx.Response:
        return world.call("bookAppointment", json={**world.wanted(hour), "patient": patient(), **more}, headers=KEY)

    assert status(11).status_code == 201
    answer = status(12)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-mismatch")
    held = world.call("holdSlot", json=world.wanted(12), headers=KEY)
    assert held.json()["code"] == "idempotency-mismatch"
    spelt_otherwise = {"patient": {**patient(), "phone": None}, **world.wanted(11)}
    assert world.call("bookAppointment", json=spelt_otherwise, headers=KEY).status_code == 201


def test_key_belongs_to_whoever_used_it(world: World) -> None:
    feeds = [world.call("createFeed", who, headers=KEY).json() for who in ("ada", "manager")]
    assert feeds[0]["token"] != feeds[1]["token"]
    assert feeds[0]["feed"]["id"] != feeds[1]["feed"]["id"]


def test_key_belongs_to_a_hold_where_there_is_one(world: World) -> None:
    other = world.call("holdSlot", json={**world.wanted(12), "hold_secret": "o" * 43}).json()
    booked = [
        world.call("bookAppointment", json={"hold": hold, "hold_secret": secret, "patient": patient(name)}, headers=KEY)
        for hold, secret, name in (
            (str(world.hold), HOLD_SECRET, "Pat Jones"),
            (other["hold"], other["hold_secret"], "Lee Marsh"),
        )
    ]
    assert [answer.status_code for answer in booked] == [201, 201]


def test_refusal_leaves_the_key_free(world: World) -> None:
    json = {**world.wanted(10, "ada"), "patient": patient()}
    assert world.call("bookAppointment", json=json, headers=KEY).status_code == 409
    world.call("cancelAppointment", "reception")
    assert world.call("bookAppointment", json=json, headers=KEY).status_code == 201


def test_hold_that_was_booked_meanwhile_is_not_answered_as_a_hold(world: World) -> None:
    held = world.call("holdSlot", headers=KEY).json()
    json = {"hold": held["hold"], "hold_secret": held["hold_secret"], "patient": patient()}
    assert world.call("bookAppointment", json=json).status_code == 201
    assert world.call("holdSlot", headers=KEY).json()["code"] == "hold-expired"


@pytest.mark.parametrize("key", ["", "a" * 256, "with space", "tab\t", "\x7f", "é".encode()])
def test_key_of_another_form_is_refused(world: World, key: str | bytes) -> None:
    answer = world.call("bookAppointment", headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key")


@pytest.mark.parametrize("operation", ["createFeed", "rotateFeed"])
def test_key_that_was_forgotten_makes_no_second_feed_of_the_same_secret(
    world: World, clock: Clock, operation: str
) -> None:
    assert world.call(operation, "ada", headers=KEY).status_code in {200, 201}
    clock.advance(hours=49)
    world.clinic.database.write_now(sweep)
    again = [world.call(operation, "ada", headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in again] == ([422, 422] if operation == "createFeed" else [200, 200])


def test_key_may_be_as_long_as_255(world: World) -> None:
    assert world.call("bookAppointment", headers={"Idempotency-Key": "~" * 255}).status_code == 201
