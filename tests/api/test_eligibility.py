"""`explainEligibility`: the answer for one time, and the answer day after day."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from booking.app import create_app
from booking.domain.permission import Role
from booking.http.tokens import digest, new_secret
from booking.store.database import Database
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.staff import AddStaff, add_staff, begin_session
from tests.api.world import SETTINGS, World
from tests.usecases.test_supervising import supervised

DAYS = {"from": "2026-11-01", "to": "2028-01-31"}
LICENCE_ENDS = date(2027, 12, 31)


def ask(world: World, who: str = "reception", **changes: str | None) -> httpx.Response:
    """About Ada; a field that is None is left out."""
    query = {**world.request("explainEligibility")[2]["params"], "start": None, **DAYS, **changes}
    return world.call("explainEligibility", who, params={key: one for key, one in query.items() if one is not None})


def stretches(answer: httpx.Response) -> list[tuple[str, str, bool]]:
    return [(one["first"], one["last"], one["eligible"]) for one in answer.json()["stretches"]]


def test_days_are_told_in_stretches(world: World) -> None:
    answer = ask(world)
    assert stretches(answer) == [("2026-11-01", "2027-12-31", True), ("2028-01-01", "2028-01-31", False)]
    found = answer.json()
    assert list(found) == [
        "practitioner", "site", "treatment_type", "regions", "first", "last", "stretches", "before_start", "duties",
        "rules",
    ]  # fmt: skip
    assert (found["first"], found["last"], found["rules"]) == (*DAYS.values(), "US-WA@2026-11-25")
    assert found["regions"] == ["lumbar"]
    assert [one["need"] for one in found["before_start"]] == ["The patient's informed consent to needling, on record"]
    assert found["duties"][0] == {"say": "Stay with the patient throughout", "within_days": None}


def test_gap_says_what_one_time_in_it_is_told(world: World) -> None:
    hole = SuspendCredential(
        credential=world.clinic.credentials["ada", "licence"],
        reason="board order",
        first=date(2027, 2, 1),
        last=date(2027, 2, 28),
    )
    world.clinic.database.write_now(suspend, world.clinic.manager, hole)
    answer = ask(world)
    assert stretches(answer)[:3] == [
        ("2026-11-01", "2027-01-31", True),
        ("2027-02-01", "2027-02-28", False),
        ("2027-03-01", "2027-12-31", True),
    ]
    one_time: dict[str, Any] = {"start": "2027-02-10T10:00:00-08:00", "from": None, "to": None}
    alone = ask(world, **one_time).json()
    assert answer.json()["stretches"][1]["reasons"] == alone["reasons"]
    assert alone["reasons"][0]["true_from"] == "2027-03-01"


def test_answer_for_one_time_has_the_fields_it_always_had(world: World) -> None:
    found = world.call("explainEligibility", "reception").json()
    assert list(found) == [
        "eligible",
        "practitioner",
        "site",
        "start",
        "end",
        "reasons",
        "lawful",
        "rules",
        "supervision",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"from": None, "to": None},
        {"from": None},
        {"to": None},
        {"start": "2026-11-24T10:00:00-08:00"},
        {"start": "2026-11-24T10:00:00-08:00", "to": None},
    ],
)
def test_exactly_one_way_of_asking_is_used(shared: World, changes: dict[str, Any]) -> None:
    answer = ask(shared, **changes)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid-input", "start")


def test_days_have_bounds(shared: World) -> None:
    first = date(2026, 1, 1)
    for days, status in ((0, 400), (1, 200), (800, 200), (801, 400)):
        last = first + timedelta(days=days - 1)
        assert ask(shared, **{"from": str(first), "to": str(last)}).status_code == status
    for name in ("from", "to"):
        for text in ("2026-02-30", "tomorrow", "", "2026-1-1"):
            answer = ask(shared, **{name: text})
            assert (answer.status_code, answer.json()["field"]) == (400, name), text


def test_practitioners_ask_about_themselves_and_patients_not_at_all(shared: World) -> None:
    cast = ("anybody", "patient", "ada", "ben", "reception", "manager")
    assert [ask(shared, who).status_code for who in cast] == [401, 401, 200, 403, 200, 200]


def test_supervision_is_told_with_whoever_could_give_it(sqlite: Database) -> None:
    clinic = supervised(sqlite)
    ada, pia = (str(clinic.practitioners[slug]) for slug in ("ada", "pia"))
    query = {
        "practitioner": pia,
        "treatment_type": str(clinic.treatments["needling"]),
        "site": str(clinic.sites["seattle"]),
    }
    with TestClient(create_app(SETTINGS, sqlite)) as client:
        staff = AddStaff(login="desk", name="Desk", role=Role.RECEPTION, password_hash="none", practitioner=None)
        token = new_secret()
        sqlite.write_now(begin_session, sqlite.write_now(add_staff, clinic.manager, staff), digest(token))
        address, headers = "/api/v1/clinics/dull/eligibility", {"Authorization": f"Bearer {token}"}
        days = client.get(address, params={**query, **DAYS}, headers=headers).json()
        once = client.get(address, params={**query, "start": "2026-11-24T16:00:00-08:00"}, headers=headers).json()
    told = [{"need": "A physical therapist on the premises", "mode": "on_site", "by": [ada]}]
    assert (days["stretches"][0]["eligible"], days["stretches"][0]["supervision"]) == (True, told)
    assert (once["eligible"], once["supervision"]) == (True, told)


def test_description_has_both_answers(shared: World) -> None:
    document = shared.client.get("/openapi.json").json()
    described = document["paths"]["/api/v1/clinics/{clinic}/eligibility"]["get"]
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert sorted(one["$ref"].rpartition("/")[2] for one in schema["oneOf"]) == ["EligibilityAnswer", "PeriodAnswer"]
    required = {one["name"]: one["required"] for one in described["parameters"]}
    assert {name for name, must in required.items() if not must} == {"start", "from", "to", "regions"}
