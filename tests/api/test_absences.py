"""Absences and closures over the API: what is answered, and what is refused by its name."""

from typing import Any

import pytest

from booking.store import clinics
from tests.api.world import CHRISTMAS, NOBODY, World
from tests.clinics import dull, open_clinic

DAY = {"first": "2026-11-24", "last": "2026-11-24"}


def add(world: World, who: str = "reception", **json: Any) -> dict[str, Any]:
    answer = world.send("POST", "/absences", who, json={**DAY, **json})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def listed(world: World, **params: str) -> dict[str, Any]:
    query = {"from": "2026-11-24", "to": "2026-11-24", **params}
    found: dict[str, Any] = world.send("GET", "/absences", "reception", params=query).json()
    return found


def kinds(world: World) -> list[str]:
    return [one["kind"] for one in world.send("GET", "/findings", "reception").json()["findings"]]


def test_leave_is_entered_listed_and_removed(world: World) -> None:
    ada = str(world.clinic.practitioners["ada"])
    added = add(world, "ada", practitioner=ada, reason="course", **{"from": "09:00", "to": "12:00"})
    assert added["appointments"] == [str(world.visit)]
    leave = added["absence"]
    assert leave == {
        "id": leave["id"],
        "kind": "leave",
        "practitioner": ada,
        "room": None,
        "equipment": None,
        **DAY,
        "from": "09:00",
        "to": "12:00",
        "reason": "course",
        "origin": "desk",
    }
    assert listed(world) == {"absences": [leave], "closures": []}
    (finding,) = world.send("GET", "/findings", "ada").json()["findings"]
    assert finding["detail"] == {"away": [{**DAY, "name": "Ada Byrne", "from": "09:00", "to": "12:00", "reason": ""}]}
    assert world.send("DELETE", f"/absences/{leave['id']}", "ada").status_code == 204
    assert (listed(world)["absences"], kinds(world)) == ([], [])
    assert world.send("DELETE", f"/absences/{leave['id']}", "ada").json()["code"] == "not-found"


def test_room_is_closed_and_found_by_what_it_is(world: World) -> None:
    rooms = {str(room) for room in world.clinic.rooms.values()}
    for room in rooms:
        closed = add(world, room=room, to="24:00")["absence"]
        assert (closed["kind"], closed["room"], closed["to"]) == ("closed", room, None)
        assert [one["room"] for one in listed(world, room=room)["absences"]] == [room]
    assert {one["room"] for one in listed(world, site=str(world.clinic.sites["seattle"]))["absences"]} == rooms
    assert kinds(world) == ["room_closed", "room_closed"]


def test_device_is_closed(world: World) -> None:
    data = dull(ben={})
    data["site"][0]["equipment"] = [{"slug": "laser", "name": "Laser", "kind": "laser"}]
    database = open_clinic(world.clinic.database, data).database
    (laser,) = database.read_now(clinics.equipment, world.clinic.id)
    closed = add(world, equipment=str(laser), reason="service")["absence"]
    assert (closed["kind"], closed["equipment"], closed["room"]) == ("closed", str(laser), None)
    assert listed(world)["absences"] == [closed]


def test_site_is_closed_and_opened_again(world: World) -> None:
    site = str(world.clinic.sites["seattle"])
    answer = world.send("POST", "/closures", "reception", json={**DAY, "site": site, "reason": "training"})
    assert answer.status_code == 201
    closed = answer.json()
    assert sorted(closed["appointments"]) == sorted([str(world.visit), str(world.other_visit)])
    whole = world.send("POST", "/closures", "reception", json={**DAY, "site": None}).json()["closure"]
    assert (whole["site"], whole["reason"], whole["origin"]) == (None, "", "desk")
    assert listed(world) == {"absences": [], "closures": [closed["closure"], whole]}
    assert listed(world, practitioner=str(world.clinic.practitioners["ada"]))["closures"] == []
    assert kinds(world) == ["site_closed", "site_closed"]
    for one in (closed["closure"], whole):
        assert world.send("DELETE", f"/closures/{one['id']}", "reception").status_code == 204
    assert (listed(world)["closures"], kinds(world)) == ([], [])


@pytest.mark.parametrize(
    ("json", "field"),
    [
        ({}, "practitioner"),
        ({"practitioner": NOBODY, "room": NOBODY}, "room"),
        ({"room": NOBODY, "equipment": NOBODY}, "equipment"),
        ({"practitioner": NOBODY, "last": "2026-11-23"}, "last"),
        ({"practitioner": NOBODY, "last": "2028-11-24"}, "last"),
        ({"practitioner": NOBODY, "from": "9:00"}, "from"),
        ({"practitioner": NOBODY, "from": "24:00"}, "from"),
        ({"practitioner": NOBODY, "from": "09:01"}, "from"),
        ({"practitioner": NOBODY, "to": "00:00"}, "to"),
        ({"practitioner": NOBODY, "from": "12:00", "to": "12:00"}, "to"),
        ({"practitioner": NOBODY, "reason": "a" * 201}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(shared: World, json: dict[str, Any], field: str) -> None:
    answer = shared.send("POST", "/absences", "manager", json={**DAY, **json})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid-input", field)


@pytest.mark.parametrize("name", ["practitioner", "room", "equipment", "site"])
def test_unknown_things_are_not_found(shared: World, name: str) -> None:
    query = {"from": CHRISTMAS, "to": CHRISTMAS, name: NOBODY}
    answers = [shared.send("GET", "/absences", "manager", params=query)]
    if name == "site":
        answers.append(shared.send("POST", "/closures", "manager", json={**DAY, "site": NOBODY}))
    else:
        answers.append(shared.send("POST", "/absences", "manager", json={**DAY, name: NOBODY}))
    assert [answer.json()["code"] for answer in answers] == ["not-found"] * 2


def test_listing_names_one_and_at_most_a_year(shared: World) -> None:
    ada, room = shared.clinic.practitioners["ada"], shared.clinic.rooms["room-1"]

    def refused(first: str, last: str, **more: str) -> str:
        answer = shared.send("GET", "/absences", "manager", params={"from": first, "to": last, **more})
        return str(answer.json().get("field", ""))

    assert refused("2026-01-01", "2027-01-01") == ""
    assert refused("2026-01-01", "2027-01-02") == "to"
    assert refused("2026-01-02", "2026-01-01") == "to"
    assert refused("2026-01-01", "2026-01-01", practitioner=str(ada), room=str(room)) == "room"


def test_practitioner_may_not_ask_for_others(shared: World) -> None:
    query = {"from": CHRISTMAS, "to": CHRISTMAS, "practitioner": str(shared.clinic.practitioners["ben"])}
    assert shared.send("GET", "/absences", "ada", params=query).json()["code"] == "not-permitted"
    assert shared.send("GET", "/absences", "ben", params=query).status_code == 200
