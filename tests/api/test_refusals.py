"""How the API refuses: one code for each reason, one status for each code, and no more than the caller may know."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from booking.domain.errors import Unavailable
from booking.store.database import Database
from tests.api.world import HOLD_SECRET, NOBODY, World, patient
from tests.clinics import TUESDAY, dull, open_clinic
from tests.plugins.database import Clock


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"/problems/{body['code']}"
    assert body["title"]
    assert body["detail"]
    return answer.status_code, body["code"]


def book(world: World, hour: int, practitioner: str | None = None, who: str = "anybody", **more: Any) -> httpx.Response:
    json = {**world.wanted(hour, practitioner), "patient": patient(), **more}
    return world.call("bookAppointment", who, json=json)


def change_policy(world: World, **policy: int) -> None:
    data = dull(ben={})
    data["clinic"]["policy"] |= policy
    open_clinic(world.clinic.database, data)


def test_taken_time_is_refused_with_the_nearest_free_ones(world: World) -> None:
    answer = book(world, 10, "ada")
    assert code(answer) == (409, "slot-taken")
    nearest = [slot["start"][11:16] for slot in answer.json()["alternatives"]]
    assert nearest == ["09:00", "09:15", "10:45"]
    answer = world.call("holdSlot", json=world.wanted(10, "ada"))
    assert code(answer) == (409, "slot-taken")
    assert answer.json()["alternatives"][0].keys() == {"start", "end", "site", "practitioner"}


def test_time_outside_hours_is_refused_with_the_nearest_free_ones(world: World) -> None:
    answer = book(world, 20)
    assert code(answer) == (422, "outside-hours")
    assert [slot["start"][11:16] for slot in answer.json()["alternatives"]] == ["16:00", "16:15", "16:30"]


def test_time_that_leaves_a_useless_gap_is_refused_with_the_nearest_that_leave_none(world: World) -> None:
    change_policy(world, smallest_gap_minutes=20)
    answer = book(world, 9, "ada", start=f"{TUESDAY}T09:15:00-08:00")
    assert code(answer) == (422, "not-offered")
    assert [slot["start"][11:16] for slot in answer.json()["alternatives"]] == ["09:00", "11:00", "11:15"]
    quarter_past = {"start": f"{TUESDAY}T09:15:00-08:00"}
    assert code(world.call("holdSlot", json=world.wanted(9, "ada") | quarter_past)) == (422, "not-offered")
    assert book(world, 9, "ada", "reception", **quarter_past).status_code == 201


def test_visit_too_close_to_another_of_the_same_region_is_refused(world: World) -> None:
    change_policy(world, region_spacing_hours=48)
    pat = {"name": "Pat Smith", "email": "pat.smith@example.org"}
    thursday = f"{TUESDAY + timedelta(days=2)}T10:00:00-08:00"
    for who in ("anybody", "reception"):
        assert code(book(world, 10, "ada", who, start=thursday, patient=pat)) == (422, "too-close")
    assert book(world, 10, "ada", start=thursday).status_code == 201


def test_refusal_is_heard_though_no_alternatives_can_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_answer(*_: object, **__: object) -> None:
        raise Unavailable

    reads = []

    async def second_fails(self: Database, fn: Any, *args: Any) -> Any:
        reads.append(fn.__name__)
        return await (no_answer() if fn.__name__ == "_other_times" else read(self, fn, *args))

    read = Database.read
    monkeypatch.setattr(Database, "read", second_fails)
    answer = book(world, 10, "ada")
    assert reads[-1] == "_other_times"
    assert code(answer) == (409, "slot-taken")
    assert answer.json()["alternatives"] == []


def test_patient_cannot_be_in_two_places(world: World) -> None:
    answer = book(
        world, 10, patient={"name": "Pat Smith", "email": "pat.smith@example.org"}, start=f"{TUESDAY}T09:45:00-08:00"
    )
    assert code(answer) == (409, "patient-double-booked")


def test_only_staff_hear_why_a_practitioner_may_not(world: World) -> None:
    world.call("suspendCredential", "manager")
    public, staff = book(world, 11, "ada"), book(world, 11, "ada", "reception")
    assert (code(public), code(staff)) == ((422, "practitioner-not-eligible"),) * 2
    assert "reasons" not in public.json()
    assert "Ada" not in public.text
    (reason,) = [one for one in staff.json()["reasons"] if one["rule"] == "licence"]
    assert "suspended" in reason["have"]
    ben = str(world.clinic.practitioners["ben"])
    assert [slot["practitioner"] for slot in public.json()["alternatives"]] == [ben] * 3


def test_notice_and_horizon_bind_the_public_alone(world: World) -> None:
    soon, late = "2026-11-23T09:00:00-08:00", "2027-02-23T09:00:00-08:00"
    assert code(book(world, 9, start="2026-11-23T08:30:00-08:00")) == (422, "too-short-notice")
    assert code(book(world, 9, start=late)) == (422, "beyond-horizon")
    assert [book(world, 9, who="reception", start=start).status_code for start in (soon, late)] == [201, 201]


def test_expired_hold_is_refused(world: World, clock: Clock) -> None:
    json = {"hold": str(world.hold), "hold_secret": HOLD_SECRET, "patient": patient()}
    clock.advance(minutes=10)
    assert code(world.call("bookAppointment", json=json)) == (409, "hold-expired")
    assert code(world.call("extendHold")) == (409, "hold-expired")


def test_hold_of_somebody_else_is_no_hold(world: World) -> None:
    json = {"hold": str(world.hold), "hold_secret": "x" * 43, "patient": patient()}
    assert code(world.call("bookAppointment", json=json)) == (409, "hold-expired")


def test_stale_version_is_refused_with_the_current_one(world: World) -> None:
    assert world.call("moveAppointment", "reception").status_code == 200
    answer = world.call("cancelAppointment", "reception")
    assert code(answer) == (409, "stale-version")
    assert answer.json()["current_version"] == 2


def test_patient_cannot_cancel_what_has_begun(world: World, clock: Clock) -> None:
    clock.advance(days=1, hours=2)
    assert code(world.call("cancelAppointment", "patient")) == (422, "too-short-notice")


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("getAppointment", "GET", f"/appointments/{NOBODY}"),
        ("cancelAppointment", "POST", f"/appointments/{NOBODY}/cancel"),
        ("moveAppointment", "POST", f"/appointments/{NOBODY}/move"),
        ("checkInAppointment", "POST", f"/appointments/{NOBODY}/check-in"),
        ("undoStatus", "POST", f"/appointments/{NOBODY}/undo"),
        ("confirmAppointment", "POST", f"/appointments/{NOBODY}/confirm"),
        ("annotateAppointment", "POST", f"/appointments/{NOBODY}/note"),
        ("listAppointmentHistory", "GET", f"/appointments/{NOBODY}/history"),
        ("reassignAppointment", "POST", f"/appointments/{NOBODY}/reassign"),
        ("swapAppointments", "POST", f"/appointments/{NOBODY}/swap"),
        ("mergePatients", "POST", f"/patients/{NOBODY}/merge"),
        ("verifyCredential", "POST", f"/credentials/{NOBODY}/verify"),
        ("suspendCredential", "POST", f"/credentials/{NOBODY}/suspend"),
        ("rotateFeed", "POST", f"/feeds/{NOBODY}/rotate"),
        ("revokeFeed", "POST", f"/feeds/{NOBODY}/revoke"),
    ],
)
def test_what_is_not_there_is_not_found(world: World, operation: str, method: str, path: str) -> None:
    request = world.request(operation)[2]
    assert code(world.send(method, path, "manager", **request)) == (404, "not-found")


@pytest.mark.parametrize("field", ["treatment_type", "site", "practitioner"])
@pytest.mark.parametrize(
    "operation", ["listSlots", "findNextSlot", "countSlots", "holdSlot", "explainEligibility", "explainSlot"]
)
def test_unknown_part_of_a_wish_is_not_found(world: World, operation: str, field: str) -> None:
    request = world.request(operation)[2]
    kind = next(iter(request))
    answer = world.call(operation, "manager", **{kind: {**request[kind], field: NOBODY}})
    assert code(answer) == (404, "not-found")


def test_days_backwards_or_too_many_are_refused(world: World) -> None:
    for operation in ("listSlots", "countSlots", "listAppointments"):
        query = world.request(operation)[2]["params"]
        for last in (TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=62)):
            answer = world.call(operation, "manager", params={**query, "to": str(last)})
            assert (code(answer), answer.json()["field"]) == ((400, "invalid-input"), "to")
        assert world.call(operation, "manager", params={**query, "to": "2027-01-24"}).status_code == 200


def test_regions_must_be_the_treatments_own(world: World) -> None:
    answer = world.call("holdSlot", json={**world.wanted(11), "regions": ["thorax"]})
    assert (code(answer), answer.json()["field"]) == ((400, "invalid-input"), "regions")


def test_booking_takes_a_hold_or_a_wish_and_not_both(world: World) -> None:
    held = {"hold": str(world.hold), "hold_secret": HOLD_SECRET}
    wish = world.wanted(11)
    faults = [
        ({}, "treatment_type"),
        ({"treatment_type": wish["treatment_type"]}, "site"),
        ({"treatment_type": wish["treatment_type"], "site": wish["site"]}, "start"),
        ({"hold": held["hold"]}, "hold_secret"),
        ({**held, "start": wish["start"]}, "start"),
    ]
    for body, field in faults:
        answer = world.call("bookAppointment", json={**body, "patient": patient()})
        assert (code(answer), answer.json()["field"]) == ((400, "invalid-input"), field)


def test_patient_needs_a_name_and_a_way_to_be_reached(world: World) -> None:
    for person, field in [
        ({"name": "Pat"}, "patient.email"),
        ({"name": " ", "email": "a@example.org"}, "patient.name"),
        ({"name": "Pat", "email": "a@example.org, b@example.org"}, "patient.email"),
        ({"name": "Pat", "phone": "((((((((1"}, "patient.phone"),
        ({"name": "Pat\u202e", "phone": "5550100"}, "patient.name"),
    ]:
        answer = book(world, 11, patient=person)
        assert (code(answer), answer.json()["field"]) == ((400, "invalid-input"), field)


def test_full_feed_is_the_managers_to_allow(world: World) -> None:
    json = {"practitioner": str(world.clinic.practitioners["ada"]), "privacy": "full"}
    assert code(world.call("createFeed", "ada", json=json)) == (403, "not-permitted")
    assert world.call("createFeed", "manager", json=json).status_code == 201


def test_suspension_does_not_end_before_it_starts(world: World) -> None:
    json = {"reason": "board order", "first": "2026-12-02", "last": "2026-12-01"}
    answer = world.call("suspendCredential", "manager", json=json)
    assert (code(answer), answer.json()["field"]) == ((400, "invalid-input"), "last")


def test_guessing_passwords_is_slowed_down(world: World) -> None:
    answers = [world.call("signIn") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert code(answers[-1]) == (429, "rate-limited")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    other = {"login": "somebody-else", "password": "wrong password"}
    assert world.call("signIn", json=other).status_code == 401


def test_database_that_does_not_answer_is_said_to_be_unavailable(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_answer(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Database, "read", no_answer)
    answer = world.call("listSites")
    assert code(answer) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_fault_of_ours_is_recorded_without_what_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(*_: object, **__: object) -> None:
        raise LookupError("Pat Jones, jones@example.org")

    monkeypatch.setattr(Database, "write", break_down)
    answer = book(world, 11)
    assert code(answer) == (500, "internal-error")
    assert "LookupError" in caplog.text
    assert "test_refusals.py" in caplog.text
    for private in ("Jones", "example.org"):
        assert private not in caplog.text + answer.text
