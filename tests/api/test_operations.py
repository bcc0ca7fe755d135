"""What every operation answers when all is well."""

from collections.abc import Iterator

import pytest

from booking.http.tokens import manage_token
from booking.store.database import Database
from tests.api.world import HOLD_SECRET, SETTINGS, World, open_world, patient
from tests.clinics import TUESDAY, at
from tests.plugins.database import Clock
from tests.usecases.test_supervising import DIRECT, supervised


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    """On both kinds of database."""
    with open_world(database) as opened:
        yield opened


def test_treatment_types_are_listed(world: World) -> None:
    assert world.call("listTreatmentTypes").json() == {
        "treatment_types": [
            {
                "id": str(world.clinic.treatments["needling"]),
                "slug": "needling",
                "name": "Dry needling",
                "description": "",
                "minutes": 30,
                "regions": ["lumbar"],
                "suits": "all",
                "online": True,
                "on_request": False,
                "price": 9500,
                "currency": "USD",
            }
        ]
    }


def test_practitioners_are_listed_without_what_they_hold(world: World) -> None:
    assert world.call("listPractitioners").json() == {
        "practitioners": [
            {
                "id": str(world.clinic.practitioners[slug]),
                "slug": slug,
                "name": name,
                "profession": "physical_therapist",
            }
            for slug, name in (("ada", "Ada Byrne"), ("ben", "Ben"))
        ]
    }


def test_sites_are_listed(world: World) -> None:
    assert world.call("listSites").json() == {
        "sites": [
            {
                "id": str(world.clinic.sites["seattle"]),
                "slug": "seattle",
                "name": "Seattle",
                "address": "1 Pine Street, Seattle",
                "zone": "America/Los_Angeles",
            }
        ]
    }


def test_slots_are_listed_by_the_clock_of_the_site(world: World) -> None:
    query = world.request("listSlots")[2]["params"]
    ada = str(world.clinic.practitioners["ada"])
    found = world.call("listSlots", params={**query, "practitioner": ada, "regions": ["lumbar"]}).json()
    assert found["treatment_type"] == str(world.clinic.treatments["needling"])
    assert found["slots"][0] == {
        "start": f"{TUESDAY}T09:00:00-08:00",
        "end": f"{TUESDAY}T09:30:00-08:00",
        "site": str(world.clinic.sites["seattle"]),
        "practitioner": ada,
    }
    starts = [slot["start"][11:16] for slot in found["slots"]]
    assert starts == sorted(starts)
    assert not {"10:00", "10:15", "14:00"} & set(starts)


def test_hold_becomes_an_appointment_that_its_patient_can_see_and_cancel(world: World) -> None:
    answer = world.call("holdSlot")
    held = answer.json()
    assert answer.status_code == 201
    assert (held["start"], held["expires_at"]) == (f"{TUESDAY}T11:00:00-08:00", "2026-11-23T08:10:00-08:00")
    body = {"hold": held["hold"], "hold_secret": held["hold_secret"], "patient": patient()}
    answer = world.call("bookAppointment", json=body)
    booked = answer.json()
    assert (answer.status_code, booked["id"], booked["status"]) == (201, held["hold"], "booked")
    token = booked.pop("manage_token")
    own = {"Authorization": f"Bearer {token}"}
    assert world.send("GET", f"/appointments/{booked['id']}", headers=own).json() == booked
    cancelled = world.send(
        "POST", f"/appointments/{booked['id']}/cancel", headers=own, json={"version": booked["version"]}
    )
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")


def test_appointment_is_booked_directly(world: World) -> None:
    answer = world.call("bookAppointment")
    booked = answer.json()
    assert (answer.status_code, booked["start"]) == (201, f"{TUESDAY}T11:00:00-08:00")
    assert (booked["patient"], booked["room"], booked["at_risk"]) == (None, None, None)


def test_hold_is_extended_and_released(world: World, clock: Clock) -> None:
    clock.advance(minutes=5)
    assert world.call("extendHold").json()["expires_at"] == "2026-11-23T08:15:00-08:00"
    assert world.call("releaseHold").status_code == 204
    assert world.call("extendHold").json()["code"] == "hold-expired"


def test_hold_under_the_same_secret_replaces_the_earlier_one(world: World) -> None:
    json = {**world.wanted(12), "hold_secret": HOLD_SECRET}
    assert world.call("holdSlot", json=json).json()["hold_secret"] == HOLD_SECRET
    assert world.call("extendHold").json()["code"] == "hold-expired"


def test_staff_see_whose_appointment_it_is(world: World) -> None:
    seen = world.call("getAppointment", "reception").json()
    assert (seen["patient"]["name"], seen["at_risk"]) == ("Pat Smith", False)
    assert seen["room"] in {str(room) for room in world.clinic.rooms.values()}


def test_staff_alone_see_who_is_to_be_in_the_room(world: World) -> None:
    clinic = supervised(world.clinic.database, DIRECT, ben={"name": "Ben"})
    visit = clinic.book(at(TUESDAY, 9), "pia").appointment
    ada = str(clinic.practitioners["ada"])
    seen = world.send("GET", f"/appointments/{visit.id}", "ada").json()
    assert (seen["practitioner"], seen["supervisor"]) == (str(clinic.practitioners["pia"]), ada)
    own = {"Authorization": f"Bearer {manage_token(SETTINGS, clinic.id, visit.id)}"}
    assert world.send("GET", f"/appointments/{visit.id}", headers=own).json()["supervisor"] is None
    query = {**world.request("listAppointments")[2]["params"], "practitioner": ada}
    listed = world.call("listAppointments", "reception", params=query).json()["appointments"]
    assert [one["supervisor"] for one in listed] == [ada, None]


def test_appointments_are_listed_for_reception_and_own_ones_for_practitioners(world: World) -> None:
    def names(who: str) -> list[str]:
        return [one["patient"]["name"] for one in world.call("listAppointments", who).json()["appointments"]]

    assert sorted(names("reception")) == ["Pat Smith", "Sam Reed"]
    assert names("ben") == ["Sam Reed"]


def test_eligibility_is_explained(world: World) -> None:
    answer = world.call("explainEligibility", "reception").json()
    assert (answer["eligible"], answer["reasons"]) == (True, [])
    assert answer["rules"] == "US-WA@2026-11-25"
    assert answer["lawful"] == [{"start": "2024-07-01T00:00:00-07:00", "end": "2028-01-01T00:00:00-08:00"}]


def test_suspended_credential_puts_visits_at_risk_and_says_why(world: World) -> None:
    changed = world.call("suspendCredential", "manager").json()
    visits = [str(one) for one in (world.today, world.arrived, world.visit, world.requested)]
    assert changed["at_risk"] == visits
    assert [hole["reason"] for hole in changed["credential"]["suspensions"]] == ["board order"]
    found = world.call("listFindings", "reception").json()["findings"]
    assert sorted(one["appointment"] for one in found) == sorted(visits)
    assert {one["kind"] for one in found} == {"lost_cover"}
    explained = world.call("explainEligibility", "ada").json()
    assert (explained["eligible"], bool(explained["reasons"][0]["fix"])) == (False, True)
    assert world.call("getAppointment", "reception").json()["at_risk"] is True


def test_credentials_are_listed_and_verified(world: World) -> None:
    listed = world.call("listCredentials", "ada").json()["credentials"]
    assert [one["slug"] for one in listed] == ["endorsement", "licence", "training"]
    assert listed[1]["valid_until"] == "2027-12-31"
    changed = world.call("verifyCredential", "manager").json()
    assert (changed["credential"]["verification"], changed["at_risk"]) == ("verified", [])


def test_feed_is_made_rotated_listed_and_revoked(world: World) -> None:
    made = world.call("createFeed", "ada").json()
    assert made["url"] == f"https://clinic.example/feeds/{made['token']}.ics"
    assert world.client.get(f"/feeds/{made['token']}.ics").status_code == 200
    rotated = world.send("POST", f"/feeds/{made['feed']['id']}/rotate", "ada").json()
    assert rotated["feed"] == made["feed"]
    assert [world.client.get(f"/feeds/{one['token']}.ics").status_code for one in (made, rotated)] == [404, 200]
    assert [one["id"] for one in world.call("listFeeds", "ada").json()["feeds"]] == [world.feed, made["feed"]["id"]]
    assert world.send("POST", f"/feeds/{made['feed']['id']}/revoke", "ada").status_code == 204
    assert world.client.get(f"/feeds/{rotated['token']}.ics").status_code == 404


def test_sign_out_ends_the_session(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.token('reception')}"}
    statuses = [
        world.send(method, path, headers=headers).status_code
        for method, path in (("GET", "/findings"), ("DELETE", "/sessions/current"), ("GET", "/findings"))
    ]
    assert statuses == [200, 204, 401]


def test_session_lasts_while_it_is_used(world: World, clock: Clock) -> None:
    headers = {"Authorization": f"Bearer {world.token('reception')}"}
    statuses = []
    for minutes in (59, 59, 61):
        clock.advance(minutes=minutes)
        statuses.append(world.send("GET", "/findings", headers=headers).status_code)
    assert statuses == [200, 200, 401]
