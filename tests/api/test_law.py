"""The law, and the owner's decisions."""

import pytest

from tests.api.world import CHIROPRACTORS, INDIANA, World

DAYS = {"decided_on": "2026-11-20", "valid_until": "2026-12-31"}


def test_law_tells_what_waits(world: World) -> None:
    found = world.call("getLaw", "ada").json()
    seattle = str(world.clinic.sites["seattle"])
    assert found["sites"] == [{"site": seattle, "jurisdictions": ["US-WA"], "credentials": None}]
    washington, indiana = found["rule_sets"]
    assert (indiana["sites"], washington["sites"]) == ([], [seattle])
    assert (washington["version"], washington["adopted_by"], washington["review_due"]) == (
        "2026-11-25",
        "Olive Owner",
        False,
    )
    assert [grant["id"] for grant in indiana["grants"] if grant["waits"]] == ["dc"]
    therapists = washington["grants"][1]
    assert (therapists["stance"], therapists["standing"], therapists["first"]) == ("permitted", "now", "2024-06-22")
    assert "leaves out needles" in therapists["limit"]
    asked = {one["id"]: one["before_start"] for one in therapists["requirements"]}
    assert (asked["licence"], asked["consent"]) == (False, True)
    assert therapists["practitioners"] == [str(world.clinic.practitioners[who]) for who in ("ada", "ben")]


def test_manager_sees_what_sites_hold(world: World) -> None:
    assert [one["credentials"] for one in world.call("getLaw", "manager").json()["sites"]] == [[]]


def test_decision_is_recorded_seen_and_withdrawn(world: World) -> None:
    answer = world.call("recordOwnerDecision", "manager", json={**world.decision(), **DAYS})
    recorded = {**CHIROPRACTORS, "version": INDIANA, "decided_by": "Olive Owner", "basis": "a letter", **DAYS}
    assert answer.status_code == 201
    assert answer.json() == {**CHIROPRACTORS, "decision": recorded, "at_risk": [], "lost": [], "covered": []}
    grant = world.call("getLaw", "reception").json()["rule_sets"][1]["grants"][2]
    assert (grant["decision"], grant["waits"]) == ({**recorded, "standing": "now"}, False)
    answer = world.send("POST", "/owner-decisions/withdraw", "manager", json=CHIROPRACTORS)
    assert (answer.status_code, answer.json()["decision"]) == (200, None)
    again = world.send("POST", "/owner-decisions/withdraw", "manager", json=CHIROPRACTORS)
    assert (again.status_code, again.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grant": "pt"}, "grant"),
        ({"version": "2020-01-01"}, "version"),
        ({"decided_by": " "}, "decided_by"),
        ({"decided_on": "2026-11-20", "valid_until": "2026-11-19"}, "valid_until"),
        ({"decided_on": "2026-02-30"}, "decided_on"),
    ],
)
def test_decision_that_cannot_be_meant_is_refused(world: World, changes: dict[str, str], field: str) -> None:
    answer = world.call("recordOwnerDecision", "manager", json={**world.decision(), **changes})
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize("changes", [{"jurisdiction": "US-TN"}, {"grant": "nobody"}])
def test_decision_of_what_is_not_there_is_not_found(world: World, changes: dict[str, str]) -> None:
    answer = world.call("recordOwnerDecision", "manager", json={**world.decision(), **changes})
    assert answer.status_code == 404
