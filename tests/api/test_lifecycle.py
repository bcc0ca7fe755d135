"""The life of an appointment over the API: step by step, by whom, and one step back."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from booking.store.database import Database
from tests.api.world import MONDAY, World, open_world, patient
from tests.clinics import at
from tests.plugins.database import Clock


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """On both kinds of database."""
    with open_world(database) as opened:
        yield opened


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def step(world: World, operation: str, who: str = "reception", version: int = 1, **more: Any) -> httpx.Response:
    return world.call(operation, who, json={"version": version, **more})


def history(world: World, visit: object, who: str = "reception") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = world.send("GET", f"/appointments/{visit}/history", who).json()["history"]
    return listed


def test_visit_is_checked_in_begun_and_done(world: World, clock: Clock) -> None:
    assert step(world, "checkInAppointment").json()["status"] == "arrived"
    path = f"/appointments/{world.today}"
    clock.now = at(MONDAY, 15, 5)
    begun = world.send("POST", f"{path}/start", "ada", json={"version": 2}).json()
    assert (begun["status"], begun["version"], begun["ended_at"]) == ("in_treatment", 3, None)
    clock.advance(minutes=20)
    done = world.send("POST", f"{path}/complete", "ada", json={"version": 3}).json()
    assert (done["status"], done["ended_at"]) == ("fulfilled", "2026-11-23T15:25:00-08:00")
    told = [(one["status"], one["by"]) for one in history(world, world.today, "ada")]
    assert told == [
        ("booked", "The reception"), ("arrived", "Reception"), ("in_treatment", "Ada"), ("fulfilled", "Ada"),
    ]  # fmt: skip


def test_no_show_is_recorded_from_the_start_on(world: World, clock: Clock) -> None:
    early = step(world, "recordNoShow")
    assert (refusal(early), early.json()["opens"]) == ((409, "too-early"), "2026-11-23T23:00:00Z")
    clock.advance(hours=7)
    assert step(world, "recordNoShow").json()["status"] == "no_show"


def test_step_before_its_day_is_too_early(world: World) -> None:
    answer = world.send("POST", f"/appointments/{world.visit}/check-in", "reception", json={"version": 1})
    assert (refusal(answer), answer.json()["opens"]) == ((409, "too-early"), "2026-11-24T08:00:00Z")


def test_whoever_comes_second_is_told_who_was_faster_and_when(world: World) -> None:
    assert step(world, "checkInAppointment", "ada").status_code == 200
    assert step(world, "checkInAppointment", "ada").json()["version"] == 2
    answer = step(world, "checkInAppointment")
    assert refusal(answer) == (409, "already-done")
    assert (answer.json()["by"], answer.json()["at"]) == ("Ada", "2026-11-23T16:00:00Z")
    assert answer.json()["detail"] == "Ada has done that already."


def test_patient_is_not_told_the_name_of_whoever_was_faster(world: World) -> None:
    assert world.call("cancelAppointment", "reception").status_code == 200
    answer = world.call("cancelAppointment", "patient")
    assert (refusal(answer), answer.json()["by"]) == ((409, "already-done"), "The clinic")


def test_request_is_accepted_or_declined(world: World) -> None:
    path = f"/appointments/{world.requested}"
    assert world.send("GET", path, "ada").json()["status"] == "requested"
    assert step(world, "acceptRequest", "ada").json()["status"] == "booked"
    assert refusal(step(world, "declineRequest", "ada", reason="on a course")) == (409, "stale-version")
    world.send("POST", f"{path}/undo", "ada", json={"version": 2})
    declined = step(world, "declineRequest", "ada", version=3, reason="on a course").json()
    assert declined["status"] == "cancelled"
    assert [(one["status"], one["undoes"]) for one in history(world, world.requested)] == [
        ("requested", None), ("booked", None), ("requested", 2), ("cancelled", None),
    ]  # fmt: skip
    assert history(world, world.requested)[-1]["reason"] == "on a course"


def test_accepting_asks_the_law_again(world: World) -> None:
    world.call("suspendCredential", "manager")
    answer = step(world, "acceptRequest")
    assert refusal(answer) == (422, "practitioner-not-eligible")
    assert answer.json()["reasons"]


def test_last_step_is_taken_back_once_while_its_time_is_free(world: World) -> None:
    assert world.call("enterInError", "reception").json()["status"] == "entered_in_error"
    path = f"/appointments/{world.today}/undo"
    assert world.send("POST", path, "reception", json={"version": 2}).json()["status"] == "booked"
    assert refusal(world.send("POST", path, "manager", json={"version": 3})) == (409, "nothing-to-undo")
    cancelled = world.send("POST", f"/appointments/{world.arrived}/cancel", "reception", json={"version": 2})
    assert cancelled.json()["status"] == "cancelled"
    taken = {**world.wanted(16, "ada"), "start": "2026-11-23T16:00:00-08:00", "patient": patient("Noor Khan")}
    assert world.call("bookAppointment", "reception", json=taken).status_code == 201
    answer = world.send("POST", f"/appointments/{world.arrived}/undo", "reception", json={"version": 3})
    assert refusal(answer) == (409, "slot-taken")
    assert "has been given to DN-" in answer.json()["detail"]


def test_patient_takes_back_their_own_cancelling_alone(world: World) -> None:
    assert world.call("cancelAppointment", "patient").status_code == 200
    path = f"/appointments/{world.visit}"
    assert world.send("POST", f"{path}/undo", "patient", json={"version": 2}).json()["status"] == "booked"
    world.send("POST", f"{path}/cancel", "reception", json={"version": 3})
    assert refusal(world.send("POST", f"{path}/undo", "patient", json={"version": 4})) == (403, "not-permitted")


def test_confirming_is_said_once_and_seen(world: World, clock: Clock) -> None:
    confirmed = world.call("confirmAppointment", "patient").json()
    assert (confirmed["confirmed_at"], confirmed["version"]) == ("2026-11-23T08:00:00-08:00", 2)
    clock.advance(minutes=1)
    assert world.call("confirmAppointment", "reception").json()["confirmed_at"] == confirmed["confirmed_at"]
    assert world.call("getAppointment", "reception").json()["confirmed_at"] == confirmed["confirmed_at"]


def test_note_is_for_staff_alone_and_can_be_taken_away(world: World) -> None:
    assert world.call("annotateAppointment", "ada").json()["note"] == "Rang:\nis late"
    assert [world.call("getAppointment", who).json()["note"] for who in ("reception", "patient")] == [
        "Rang:\nis late",
        None,
    ]
    assert step(world, "annotateAppointment", version=2, note=None).json()["note"] == ""


@pytest.mark.parametrize("note", ["a\x00b", "a\r\nb", "x" * 1001, "a\u202eb"])
def test_note_that_is_no_text_is_refused(world: World, note: str) -> None:
    answer = step(world, "annotateAppointment", note=note)
    assert (refusal(answer), answer.json()["field"]) == ((400, "invalid-input"), "note")


def test_patient_reads_the_history_without_names_and_reasons(world: World) -> None:
    world.call("cancelAppointment", "reception", json={"version": 1, "reason": "is ill"})
    told = history(world, world.visit, "patient")
    assert [(one["status"], one["by"], one["reason"]) for one in told] == [
        ("booked", None, None),
        ("cancelled", None, None),
    ]
    assert history(world, world.visit)[1]["reason"] == "is ill"
