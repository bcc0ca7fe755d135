"""Moving an appointment over the API, by its patient and by reception."""

from datetime import timedelta
from typing import Any

import httpx
import icalendar
import pytest

from booking.http.tokens import digest
from booking.store.database import Database
from booking.usecases.feeds import CreateFeed, create_feed
from tests.api.world import NOBODY, World, open_world
from tests.clinics import TUESDAY
from tests.plugins.database import Clock


def start(hour: int, minute: int = 0, days: int = 0) -> str:
    return f"{TUESDAY + timedelta(days=days)}T{hour:02}:{minute:02}:00-08:00"


def moved(world: World, when: str, who: str = "patient", version: int = 1, **more: Any) -> httpx.Response:
    return world.call("moveAppointment", who, json={"version": version, "start": when, **more})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.usefixtures("database")
def test_patient_moves_the_visit(database: Database) -> None:
    with open_world(database) as world:
        before = world.call("getAppointment", "patient").json()
        answer = moved(world, start(15, 30, days=1))
        expected = {"start": start(15, 30, days=1), "end": start(16, 0, days=1), "version": 2, "moved": True}
        assert (answer.status_code, answer.json()) == (200, {**before, **expected})
        now = world.call("getAppointment", "patient").json()
        assert {**now, "moved": True} == answer.json()
        starts = [one["start"] for one in world.call("listSlots").json()["slots"]]
        assert start(10) in starts


def test_move_to_where_it_is_says_so(world: World) -> None:
    answer = moved(world, "2026-11-24T18:00:00Z", "reception")
    assert (answer.status_code, answer.json()["moved"], answer.json()["version"]) == (200, False, 1)


def test_reception_moves_it_to_another_practitioner(world: World) -> None:
    ben = str(world.clinic.practitioners["ben"])
    site = str(world.clinic.sites["seattle"])
    answer = moved(world, start(12), "reception", practitioner=ben, site=site)
    assert (answer.status_code, answer.json()["practitioner"]) == (200, ben)
    assert answer.json()["patient"]["name"] == "Pat Smith"


def test_refused_move_names_the_nearest_other_times(world: World) -> None:
    for who in ("patient", "reception"):
        answer = moved(world, start(14), who)
        assert refusal(answer) == (409, "slot-taken")
        nearest = [slot["start"] for slot in answer.json()["alternatives"]]
        assert nearest == [start(13, 45), start(14), start(14, 15)]
    ada = str(world.clinic.practitioners["ada"])
    at_night = moved(world, start(20), practitioner=ada)
    assert refusal(at_night) == (422, "outside-hours")
    assert [slot["start"] for slot in at_night.json()["alternatives"]] == [start(16), start(16, 15), start(16, 30)]


def test_policy_binds_the_patient_alone(world: World) -> None:
    soon, late = "2026-11-23T08:45:00-08:00", "2027-02-23T09:00:00-08:00"
    assert refusal(moved(world, late)) == (422, "beyond-horizon")
    assert refusal(moved(world, soon)) == (422, "too-short-notice")
    assert moved(world, late, "reception").status_code == 200


def test_stale_version_is_refused_with_the_current_one(world: World) -> None:
    assert moved(world, start(15)).status_code == 200
    answer = moved(world, start(16))
    assert refusal(answer) == (409, "stale-version")
    assert answer.json()["current_version"] == 2


def test_patient_cannot_move_what_has_begun(world: World, clock: Clock) -> None:
    clock.advance(days=1, hours=2)
    assert refusal(moved(world, start(15, days=1))) == (422, "too-short-notice")


@pytest.mark.parametrize("field", ["practitioner", "site"])
def test_unknown_part_is_not_found(world: World, field: str) -> None:
    body = {"version": 1, "start": start(15), field: NOBODY}
    assert refusal(world.call("moveAppointment", "manager", json=body)) == (404, "not-found")


def entry(world: World, token: str) -> tuple[Any, ...]:
    """The visit in a feed as a calendar program reads it: its id, when, and how often it was changed."""
    body = world.client.get(f"/feeds/{token}.ics").content
    entries = icalendar.Calendar.from_ical(body).walk("VEVENT")
    (one,) = (one for one in entries if str(one["uid"]).startswith(str(world.visit)))
    return str(one["uid"]), one.decoded("dtstart"), one.decoded("dtend"), one["sequence"], str(one["status"])


def test_feed_shows_the_visit_at_its_new_time_as_a_later_version_of_the_same(world: World) -> None:
    for who in ("ada", "ben"):
        command = CreateFeed(practitioner=world.clinic.practitioners[who], token_hash=digest(who))
        world.clinic.database.write_now(create_feed, world.clinic.manager, command)
    uid, begins, ends, sequence, status = entry(world, "ada")
    tag = world.client.get("/feeds/ada.ics").headers["etag"]
    later = timedelta(days=1, hours=5)
    moved(world, start(15, days=1))
    assert entry(world, "ada") == (uid, begins + later, ends + later, sequence + 1, status)
    unchanged = world.client.get("/feeds/ada.ics", headers={"if-none-match": tag})
    assert unchanged.status_code == 200
    ben = str(world.clinic.practitioners["ben"])
    moved(world, start(15, days=1), "reception", version=2, practitioner=ben)
    feeds = [world.client.get(f"/feeds/{who}.ics").content for who in ("ada", "ben")]
    uids = [{str(one["uid"]) for one in icalendar.Calendar.from_ical(body).walk("VEVENT")} for body in feeds]
    assert [uid in found for found in uids] == [False, True]
