"""Exporting a clinic: the file that was applied, with what became of it since."""

import tomllib
from datetime import date
from typing import Any

import pytest
import tomli_w

from booking.domain.credential import Verification
from booking.domain.errors import NotPermitted
from booking.domain.permission import Role
from booking.store import credentials
from booking.store.database import Database, Transaction
from booking.store.installation import Kind
from booking.usecases.clinic_file import ApplyClinic, apply_clinic, export_clinic, read_clinic
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from tests.clinics import SYSTEM_NOWHERE, DullClinic, dull, open_clinic

ONE_DAY = {"first": date(2027, 5, 3), "last": date(2027, 5, 3)}


def rich() -> dict[str, Any]:
    """A clinic with something under every key."""
    data = dull(ben={"credential": [], "daily_limit": 8}, cleo={})
    data["clinic"].update(email="us@clinic.example", language="en", calendar_label="Visit")
    data["clinic"]["policy"].update(
        same_day_until="10:00", smallest_gap_minutes=30, region_spacing_hours=48, travel_minutes=30
    )
    data["clinic"]["closure"] = [{**ONE_DAY, "from": "12:00", "to": "13:00", "reason": "Meeting"}]
    data["clinic"]["travel"] = [{"between": ["seattle", "spokane"], "minutes": 240}]
    _fill_sites(data)
    data["treatment"][0].update(
        description="One.\nTwo.", online=False, buffer_before=5, room="private", equipment=["laser", "stimulator"],
        ends_before_closing=60, daily_limit=4, suits="new",
    )  # fmt: skip
    data["treatment"].append({"slug": "talk", "name": "Talk", "minutes": 15, "room": "none"})
    _fill_people(*data["practitioner"])
    return data


def _fill_sites(data: dict[str, Any]) -> None:
    seattle = data["site"][0]
    spokane = {**seattle, "slug": "spokane", "room": [{"slug": "loft", "name": "Loft"}], "zone": "America/Denver"}
    data["site"].append(spokane)
    seattle["holidays"] = {"country": "US", "region": "WA", "open": ["Veterans Day", date(2026, 11, 27)]}
    spokane["holidays"] = {"country": "CA"}
    seattle["hours"] = [
        {"days": ["mon", "tue", "wed", "thu", "fri", "sun"], "from": "08:00", "to": "24:00"},
        {"days": ["sat"], "from": "09:00", "to": "13:00", "every_weeks": 2, "week_of": date(2026, 12, 12)},
    ]
    seattle["extra"] = [{"date": date(2027, 1, 16), "from": "10:00", "to": "14:00"}]
    seattle["closure"] = [{**ONE_DAY, "from": "12:00"}, {**ONE_DAY, "last": date(2027, 5, 7), "reason": "Move"}]
    seattle["room"][0].update(kinds=["private", "quiet"], closure=[{**ONE_DAY, "to": "12:00"}, ONE_DAY])
    seattle["equipment"] = [
        {"slug": "laser", "name": "Laser", "kind": "laser", "closure": [ONE_DAY, {**ONE_DAY, "reason": "Repair"}]},
        {"slug": "stim", "name": "Stimulator", "kind": "stimulator"},
    ]


def _fill_people(ada: dict[str, Any], ben: dict[str, Any], cleo: dict[str, Any]) -> None:
    ada["hours"][0]["breaks"] = [{"from": "12:00", "to": "12:30"}]
    ben["hours"] = [
        {"site": "seattle", "days": ["mon", "wed"], "from": "09:05", "to": "12:00", "valid_until": date(2027, 6, 1)},
        {"site": "spokane", "days": ["sun"], "from": "00:00", "to": "24:00", "valid_from": date(2027, 1, 1)},
        {
            "site": "seattle", "days": ["sun"], "from": "09:00", "to": "12:00",
            "every_weeks": 3, "week_of": date(2026, 12, 4),
        },
    ]  # fmt: skip
    ben["extra"] = [{"site": "seattle", "date": date(2027, 1, 9), "from": "10:00", "to": "14:00"}]
    ben["leave"] = [
        {"first": date(2027, 1, 4), "last": date(2027, 1, 8)},
        {"first": date(2027, 5, 1), "last": date(2027, 5, 1), "from": "12:00", "to": "18:00", "reason": "Training"},
    ]
    del cleo["hours"]
    cleo["leave"] = [ONE_DAY]
    cleo["credential"][0].update(
        regions=["lumbar"], techniques=["trigger_point"], home="US-OR", profession="chiropractor", verified=False,
        suspension=[{"first": date(2027, 2, 1), "last": date(2027, 2, 3), "reason": "a"}, {"first": date(2027, 9, 1)}],
        attributes={"restricted": True, "register": "A", "hours_total": 3},
    )  # fmt: skip


def export(clinic: DullClinic) -> dict[str, Any]:
    return clinic.database.read_now(export_clinic, clinic.manager)


def apply(database: Database, data: dict[str, Any]) -> tuple[str, ...]:
    """Apply what the data are as text, and answer the changes."""
    file = read_clinic(tomli_w.dumps(data))
    return database.write_now(
        apply_clinic, SYSTEM_NOWHERE, ApplyClinic(file=file, kind=Kind.REAL, uid_domain="clinic.example")
    ).changes


def test_export_says_what_the_file_said_and_what_it_left_to_us(database: Database) -> None:
    data = dull()
    data["clinic"].update(language="en", calendar_label="Appointment")
    data["clinic"]["policy"].update(smallest_gap_minutes=0, region_spacing_hours=0, travel_minutes=0)
    data["treatment"][0].update(buffer_before=0, online=True, room="any", ends_before_closing=0, suits="all")
    licence, endorsement, training = data["practitioner"][0]["credential"]
    data["practitioner"][0]["credential"] = [endorsement, {**licence, "profession": "physical_therapist"}, training]
    assert export(open_clinic(database)) == data


def test_export_applied_again_changes_nothing(database: Database) -> None:
    clinic = open_clinic(database, rich())
    assert apply(database, export(clinic)) == ()


def test_export_makes_the_same_clinic_elsewhere(sqlite: Database, sqlite_url: str) -> None:
    exported = export(open_clinic(sqlite, rich()))
    exported["clinic"]["slug"] = "twin"
    twin = open_clinic(sqlite, exported)
    assert export(twin) == exported


def test_export_says_all_that_a_rich_file_said(sqlite: Database) -> None:
    """But for breaks, which are a way of writing alone."""
    data, exported = rich(), export(open_clinic(sqlite, rich()))
    assert (exported["clinic"], exported["site"]) == (data["clinic"], data["site"])
    hours = data["practitioner"][0]["hours"][0]
    del hours["breaks"]
    data["practitioner"][0]["hours"] = [{**hours, "to": "12:00"}, {**hours, "from": "12:30"}]
    for wanted, found in zip(data["practitioner"], exported["practitioner"], strict=True):
        assert {**found, "credential": []} == {**wanted, "credential": []}
    treatment = exported["treatment"][0]
    assert treatment == data["treatment"][0]
    assert exported["treatment"][1] == {
        **data["treatment"][1], "buffer_before": 0, "buffer_after": 0, "online": True, "ends_before_closing": 0,
        "suits": "all",
    }  # fmt: skip


def test_export_has_one_order_however_the_file_was_written(sqlite: Database) -> None:
    data = rich()
    for one in (data["clinic"], *data["site"], *data["site"][0]["room"], *data["site"][0]["equipment"]):
        one.get("closure", []).reverse()
    for key in ("room", "equipment", "hours"):
        data["site"][0][key].reverse()
    exported = export(open_clinic(sqlite, data))
    assert (exported["clinic"], exported["site"]) == (rich()["clinic"], rich()["site"])


def test_export_is_short_where_there_is_nothing(sqlite: Database) -> None:
    data = dull(ben={"credential": [], "hours": []})
    ben = export(open_clinic(sqlite, data))["practitioner"][1]
    assert ben == {"slug": "ben", "name": "Ben", "profession": "physical_therapist"}


def test_export_leaves_out_what_is_deactivated(sqlite: Database) -> None:
    data = dull(ben={})
    clinic = open_clinic(sqlite, data)
    del data["practitioner"][1], data["site"][0]["room"][1], data["practitioner"][0]["credential"][2]
    apply(sqlite, data)
    exported = export(clinic)
    assert [one["slug"] for one in exported["practitioner"]] == ["ada"]
    assert [one["slug"] for one in exported["site"][0]["room"]] == ["room-1"]
    assert [one["slug"] for one in exported["practitioner"][0]["credential"]] == ["endorsement", "licence"]
    assert apply(sqlite, exported) == ()


def test_export_says_what_staff_have_done_since(sqlite: Database) -> None:
    data = dull()
    data["practitioner"][0]["credential"][0]["verified"] = False
    clinic = open_clinic(sqlite, data)
    licence = clinic.credentials["ada", "licence"]
    sqlite.write_now(verify, clinic.manager, VerifyCredential(credential=licence, source="the register"))
    ordered = SuspendCredential(credential=licence, reason="order", first=date(2027, 2, 1))
    sqlite.write_now(suspend, clinic.manager, ordered)
    exported = export(clinic)["practitioner"][0]["credential"][1]
    assert (exported["verified"], exported["suspension"]) == (True, [{"first": date(2027, 2, 1), "reason": "order"}])


@pytest.mark.parametrize("state", [Verification.PENDING, Verification.VERIFIED, Verification.REJECTED])
def test_export_of_any_verification_changes_nothing(sqlite: Database, state: Verification) -> None:
    clinic = open_clinic(sqlite)

    def set_state(tx: Transaction) -> None:
        found = credentials.one(tx, clinic.id, clinic.credentials["ada", "licence"])
        assert found is not None
        credentials.set_verification(tx, clinic.id, found.credential, state)

    sqlite.write_now(set_state)
    assert apply(sqlite, export(clinic)) == ()


def test_days_with_the_same_times_are_one_entry(sqlite: Database) -> None:
    assert export(open_clinic(sqlite))["practitioner"][0]["hours"] == [
        {"site": "seattle", "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
    ]


def test_export_can_be_written_as_toml(sqlite: Database) -> None:
    exported = export(open_clinic(sqlite, rich()))
    assert tomllib.loads(tomli_w.dumps(exported)) == exported


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.PRACTITIONER, Role.RECEPTION])
def test_only_managers_export(sqlite: Database, role: Role) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(NotPermitted):
        sqlite.read_now(export_clinic, clinic.caller(role))
