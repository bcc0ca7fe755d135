"""What somebody may needle now, and where they are."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from booking.domain.errors import InvalidInput, NotFound, NotPermitted
from booking.domain.ids import PractitionerId
from booking.domain.permission import Role
from booking.domain.words import REGIONS
from booking.store.database import Database
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.views.eligibility_now import Alike, MayNeedle, NowQuery, Whereabouts, may_needle, whereabouts
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock
from tests.usecases.test_supervising import supervised

DAY = timedelta(days=1)


def now(clinic: DullClinic, **changes: Any) -> MayNeedle:
    caller = changes.pop("caller", clinic.reception)
    plain = NowQuery(
        treatment_type=clinic.treatments["needling"],
        practitioner=clinic.practitioners["ada"],
        site=clinic.sites["seattle"],
    )
    return clinic.database.read_now(may_needle, caller, replace(plain, **changes))


def refused(found: MayNeedle) -> set[str]:
    return {region for one in answers(found) if not one.may for region in one.regions}


def answers(found: MayNeedle) -> list[Alike]:
    return [one for part in found.parts for one in part.answers]


def test_every_region_there_is_is_answered(database: Database) -> None:
    found = now(open_clinic(database))
    assert sorted(region for one in answers(found) for region in one.regions) == sorted(REGIONS)
    assert (refused(found), found.allowed) == (set(), REGIONS)
    assert [len(part.answers) for part in found.parts] == [1, 1, 1, 1]
    assert found.techniques == {"trigger_point"}
    assert found.visit.length == timedelta(minutes=30)
    assert found.rules is not None


def test_regions_that_the_law_leaves_out_are_refused_one_by_one(sqlite: Database) -> None:
    """In Tennessee an occupational therapist needles the arm alone."""
    clinic = open_clinic(sqlite, in_tennessee())
    found = now(clinic)
    assert found.allowed == REGIONS - refused(found) == {"shoulder", "elbow", "wrist", "hand"}
    arm, leg = found.parts[2:]
    assert [(one.may, one.regions) for one in arm.answers] == [
        (True, ("shoulder", "elbow", "wrist", "hand")),
        (False, ("upper_arm", "forearm")),
    ]
    (refusal,) = leg.answers
    assert [(one.rule, one.have) for one in refusal.reasons] == [
        ("limit.regions_only", "this treatment reaches ankle foot, gluteal hip, knee, lower leg, thigh")
    ]


def test_regions_that_are_refused_for_different_reasons_stand_apart(sqlite: Database) -> None:
    """Ada is insured in England for everything but the thorax, over which the trapezius and the shoulder blade lie."""
    clinic = open_clinic(sqlite, in_england())
    trunk = now(clinic).parts[1]
    found = {one.regions: {reason.rule: reason.have for reason in one.reasons} for one in trunk.answers}
    assert list(found) == [("upper_trapezius", "scapular", "thorax"), ("abdomen", "lumbar", "pelvis")]
    not_insured, insured = found.values()
    assert set(not_insured) - set(insured) == {"indemnity"}
    assert not_insured["indemnity"] == "indemnity cover does not extend to thorax"


def in_england() -> dict[str, Any]:
    data = dull()
    data["rules"] = [data["rules"][0] | {"jurisdiction": place, "version": "2026-11-25"} for place in ("GB", "GB-ENG")]
    data["site"][0]["jurisdiction"] = "GB-ENG"
    cover = {"slug": "cover", "kind": "indemnity", "regions": sorted(REGIONS - {"thorax"}), "verified": True}
    licence = data["practitioner"][0]["credential"][0] | {"jurisdiction": "GB"}
    data["practitioner"][0]["credential"] = [licence, cover]
    return data


def in_tennessee() -> dict[str, Any]:
    """Ada is an occupational therapist there."""
    data, place = dull(), {"jurisdiction": "US-TN"}
    data["rules"][0] |= place | {"version": "2026-11-25"}
    data["site"][0] |= place
    data["practitioner"][0]["profession"] = "occupational_therapist"
    data["practitioner"][0]["credential"][0] |= place
    return data


def test_regions_are_asked_together_with_what_the_visit_treats_already(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, in_tennessee())
    assert refused(now(clinic, besides=frozenset({"wrist"}))) == refused(now(clinic))
    assert refused(now(clinic, besides=frozenset({"wrist", "knee"}))) == REGIONS


def test_another_technique_can_be_asked_for(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    found = now(clinic, techniques=frozenset({"auricular"}))
    assert refused(found) == REGIONS
    assert {reason.rule for one in answers(found) for reason in one.reasons} == {"limit.techniques_never"}
    assert refused(now(clinic, techniques=frozenset({"electro"}))) == set()


def test_answer_is_that_of_now(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite)
    clock.now = datetime(2028, 1, 1, 7, 29, tzinfo=clock.now.tzinfo)  # the licence ends at eight
    assert refused(now(clinic)) == set()
    clock.advance(minutes=2)
    assert refused(now(clinic)) == REGIONS


def test_what_needs_no_needle_or_is_no_word_is_refused(sqlite: Database) -> None:
    data = dull()
    data["treatment"].append({"slug": "talk", "name": "Talk", "minutes": 15})
    clinic = open_clinic(sqlite, data)
    wrong: dict[str, dict[str, Any]] = {
        "treatment_type": {"treatment_type": clinic.treatments["talk"]},
        "techniques": {"techniques": frozenset({"nothing"})},
        "besides": {"besides": frozenset({"nothing"})},
    }
    for field, changes in wrong.items():
        with pytest.raises(InvalidInput) as told:
            now(clinic, **changes)
        assert told.value.details["field"] == field
    for field in ("treatment_type", "practitioner", "site"):
        with pytest.raises(NotFound):
            now(clinic, **{field: clinic.id})


def test_practitioners_ask_about_themselves_alone(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    ada = clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners["ada"])
    assert refused(now(clinic, caller=ada)) == set()
    assert where(clinic, caller=ada).site is not None
    for caller, who in ((ada, "ben"), (clinic.public, "ada")):
        with pytest.raises(NotPermitted):
            now(clinic, caller=caller, practitioner=clinic.practitioners[who])
        with pytest.raises(NotPermitted):
            where(clinic, who, caller=caller)


def where(clinic: DullClinic, who: str = "ada", **more: Any) -> Whereabouts:
    caller = more.get("caller", clinic.reception)
    return clinic.database.read_now(whereabouts, caller, clinic.practitioners[who])


def slug(found: Whereabouts) -> str | None:
    return found.site.slug if found.site else None


def two_sites() -> dict[str, Any]:
    """Ada is in Seattle in the morning, and in the east in the afternoon; nowhere at the weekend."""
    data = dull()
    data["site"].append(deepcopy(data["site"][0]) | {"slug": "east", "name": "East", "room": []})
    days = data["practitioner"][0]["hours"][0]["days"]
    data["practitioner"][0]["hours"] = [
        {"site": "east", "days": days, "from": "14:00", "to": "18:00"},
        {"site": "seattle", "days": days, "from": "08:00", "to": "12:00"},
    ]
    return data


def test_site_is_the_one_whose_hours_go_on_or_are_nearest(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite, two_sites())
    found = {}
    for hour in (7, 9, 12, 14, 20):
        clock.now = at(TUESDAY, hour)
        found[hour] = slug(where(clinic))
    assert found == {7: "seattle", 9: "seattle", 12: "seattle", 14: "east", 20: "east"}
    clock.now = at(TUESDAY + 4 * DAY, 9)
    assert slug(where(clinic)) == "east"  # on Saturday, any of the two


def test_visits_tell_more_than_hours_do(sqlite: Database, clock: Clock) -> None:
    clinic = open_clinic(sqlite, two_sites())
    early, late = clinic.book(at(TUESDAY, 9)), clinic.book(at(TUESDAY, 11))
    clock.now = at(TUESDAY, 9, 29)
    assert where(clinic).under_way == early.appointment
    clock.now = at(TUESDAY, 9, 30)
    assert (slug(where(clinic)), where(clinic).under_way) == ("seattle", None)
    clock.now = at(TUESDAY, 16)
    assert slug(where(clinic)) == "seattle"
    for view in (early, late):
        command = CancelAppointment(appointment=view.appointment.id, version=1)
        sqlite.write_now(cancel, clinic.manager, command)
    assert slug(where(clinic)) == "east"


def test_visits_of_other_days_and_other_people_tell_nothing(sqlite: Database, clock: Clock) -> None:
    data = two_sites()
    data["practitioner"].append(deepcopy(data["practitioner"][0]) | {"slug": "ben", "name": "Ben Ode"})
    clinic = open_clinic(sqlite, data)
    clinic.book(at(TUESDAY, 9), "ben")
    clinic.book(at(TUESDAY + DAY, 9))
    clock.now = at(TUESDAY, 9, 15)
    assert where(clinic).under_way is None
    assert where(clinic, "ben").under_way is not None


def test_whoever_has_no_hours_is_nowhere(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["hours"] = []
    assert where(open_clinic(sqlite, data)) == Whereabouts(site=None, under_way=None)


def test_nobody_of_the_clinic_is_nowhere(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(NotFound):
        sqlite.read_now(whereabouts, clinic.reception, PractitionerId(clinic.id))


def test_supervisor_must_be_there_now(sqlite: Database, clock: Clock) -> None:
    """Ada, who could be it, is there from nine to twelve."""
    clinic = supervised(sqlite)
    pia = clinic.practitioners["pia"]
    clock.now = at(TUESDAY, 11, 30)
    found = now(clinic, practitioner=pia)
    assert found.allowed == REGIONS
    assert {who.slug for one in answers(found) for way in one.supervision for who in way.by} == {"ada"}
    clock.advance(minutes=5)
    found = now(clinic, practitioner=pia)
    assert refused(found) == REGIONS
    told = {reason.have for one in answers(found) for reason in one.reasons}
    assert told == {"Ada Byrne is not there for the whole visit"}
