"""Applying a clinic's file: what is added, changed and deactivated, and what stays as it was."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import tomli_w

from booking.domain.credential import Suspension, Verification
from booking.domain.errors import ClinicInvalid, DatabaseRefused, NotPermitted
from booking.domain.ids import DiaryId
from booking.domain.permission import Caller, Role
from booking.domain.time.span import TimeSpan
from booking.domain.time.zone import ZoneName, day_span
from booking.store import absences, appointments, clinics, credentials, diaries, findings
from booking.store.credentials import Held
from booking.store.database import Database, Transaction
from booking.store.installation import Kind
from booking.usecases.audit import audit
from booking.usecases.clinic_file import Applied, ApplyClinic, apply_clinic, read_clinic
from booking.usecases.credentials import SuspendCredential, VerifyCredential, suspend, verify
from booking.usecases.views.slots import SlotQuery, list_slots
from tests.clinics import SYSTEM_NOWHERE, TUESDAY, DullClinic, at, dull, open_clinic

Data = dict[str, Any]


def apply(database: Database, data: Data, kind: Kind = Kind.REAL, caller: Caller = SYSTEM_NOWHERE) -> Applied:
    command = ApplyClinic(file=read_clinic(tomli_w.dumps(data)), kind=kind, uid_domain="clinic.example")
    return database.write_now(apply_clinic, caller, command)


def starts(clinic: DullClinic) -> list[str]:
    """The free starts on Tuesday, by the hour, as Seattle's clock shows them."""
    query = SlotQuery(treatment_type=clinic.treatments["needling"], first=TUESDAY, last=TUESDAY)
    listed = clinic.database.read_now(list_slots, clinic.public, query)
    midnight = at(TUESDAY, 0)
    minutes = sorted({int((slot.span.start - midnight).total_seconds()) // 60 for slot in listed.slots})
    return [f"{minute // 60:02}:00" for minute in minutes if minute % 60 == 0]


def held(clinic: DullClinic, slug: str, whose: str = "ada") -> Held:
    def look(tx: Transaction) -> Held:
        found = credentials.one(tx, clinic.id, clinic.credentials[whose, slug])
        assert found is not None
        return found

    return clinic.database.read_now(look)


def revisions(clinic: DullClinic) -> dict[str, int]:
    """The revisions of practitioners' and rooms' diaries, by slug."""
    ids = {**{slug: DiaryId(one) for slug, one in clinic.practitioners.items()}}
    ids |= {slug: DiaryId(one) for slug, one in clinic.rooms.items()}
    found = clinic.database.write_now(diaries.lock, clinic.id, ids.values())
    return {slug: found[one] for slug, one in ids.items()}


def paper(data: Data, slug: str, whose: int = 0) -> Data:
    found: Data = next(one for one in data["practitioner"][whose]["credential"] if one["slug"] == slug)
    return found


def test_apply_names_everything_it_makes(database: Database) -> None:
    assert apply(database, dull()).changes == (
        "+ clinic dull",
        "+ rules US-WA (version 2026-11-25 adopted by Olive Owner)",
        "+ site seattle",
        "+ room room-1",
        "+ room room-2",
        "+ treatment needling",
        "+ practitioner ada",
        "~ practitioner ada (hours)",
        "+ credential licence of ada",
        "+ credential endorsement of ada",
        "+ credential training of ada",
    )


def test_apply_twice_changes_nothing(database: Database) -> None:
    data = dull(ben={"leave": [{"first": date(2027, 1, 4), "last": date(2027, 1, 8)}]})
    hole = {"first": date(2027, 3, 1), "last": date(2027, 3, 2)}
    paper(data, "licence")["suspension"] = [hole, hole, {**hole, "reason": "b"}, {**hole, "reason": "a"}]
    clinic = open_clinic(database, data)
    before = revisions(clinic)
    again = apply(database, data)
    assert (again.clinic_id, again.changes, again.at_risk) == (clinic.id, (), ())
    assert revisions(clinic) == before


def change_name(data: Data) -> None:
    data["clinic"]["name"] = "Dull & Daughters"


def change_policy(data: Data) -> None:
    data["clinic"]["policy"]["horizon_days"] = 30


def change_adopter(data: Data) -> None:
    data["rules"][0]["adopted_by"] = "Otto Owner"


def change_address(data: Data) -> None:
    data["site"][0]["address"] = "2 Pine Street, Seattle"


def change_room(data: Data) -> None:
    data["site"][0]["room"][0]["name"] = "Big room"


def add_site(data: Data) -> None:
    room = {"slug": "loft", "name": "Loft"}
    data["site"].append({**data["site"][0], "slug": "tacoma", "name": "Tacoma", "room": [room]})


def move_room(data: Data) -> None:
    data["site"].append(
        {**data["site"][0], "slug": "tacoma", "name": "Tacoma", "room": [data["site"][0]["room"].pop()]}
    )


def remove_room(data: Data) -> None:
    del data["site"][0]["room"][1]


def change_treatment(data: Data) -> None:
    data["treatment"][0].update(price=9900, regions=["lumbar", "thigh"])


def replace_treatment(data: Data) -> None:
    data["treatment"][0]["slug"] = "deep-needling"


def change_person(data: Data) -> None:
    data["practitioner"][0]["name"] = "Ada Byrne-Ode"


def change_hours(data: Data) -> None:
    data["practitioner"][0]["hours"][0]["to"] = "16:00"


def remove_hours(data: Data) -> None:
    del data["practitioner"][0]["hours"]


def add_leave(data: Data) -> None:
    data["practitioner"][0]["leave"] = [{"first": date(2027, 1, 4), "last": date(2027, 1, 8)}]


def remove_person(data: Data) -> None:
    del data["practitioner"][1]


def change_credential(data: Data) -> None:
    paper(data, "licence").update(number="PT-2", valid_until=date(2028, 12, 31))


def add_suspension(data: Data) -> None:
    paper(data, "licence")["suspension"] = [{"first": date(2027, 3, 1)}]


def remove_credential(data: Data) -> None:
    data["practitioner"][0]["credential"].remove(paper(data, "training"))


CHANGES: list[tuple[Callable[[Data], None], list[str]]] = [
    (change_name, ["~ clinic dull (name: Dull & Daughters)"]),
    (change_policy, ["~ clinic dull (horizon_days: 30)"]),
    (change_adopter, ["+ rules US-WA (version 2026-11-25 adopted by Otto Owner)"]),
    (change_address, ["~ site seattle (address: 2 Pine Street, Seattle)"]),
    (change_room, ["~ room room-1 (name: Big room)"]),
    (add_site, ["+ site tacoma", "+ room loft"]),
    (remove_room, ["- room room-2 (deactivated)"]),
    (change_treatment, ["~ treatment needling (regions: lumbar, thigh; price: 9900; version: 2)"]),
    (replace_treatment, ["+ treatment deep-needling", "- treatment needling (deactivated)"]),
    (change_person, ["~ practitioner ada (name: Ada Byrne-Ode)"]),
    (change_hours, ["~ practitioner ada (hours)"]),
    (remove_hours, ["~ practitioner ada (hours)"]),
    (add_leave, ["~ practitioner ada (leave: 1 added)"]),
    (remove_person, ["- practitioner ben (deactivated)"]),
    (change_credential, ["~ credential licence of ada (number: PT-2; valid_until: 2028-12-31)"]),
    (add_suspension, ["~ credential licence of ada (suspended from 2027-03-01)"]),
    (remove_credential, ["- credential training of ada (withdrawn)"]),
]


@pytest.mark.parametrize(("change", "lines"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_apply_names_each_change_and_then_has_none(
    sqlite: Database, change: Callable[[Data], None], lines: list[str]
) -> None:
    data = dull(ben={})
    apply(sqlite, data)
    change(data)
    assert list(apply(sqlite, data).changes) == lines
    assert apply(sqlite, data).changes == ()


def test_apply_all_changes_at_once(database: Database) -> None:
    data = dull(ben={})
    clinic = open_clinic(database, data)
    clinic.book(at(TUESDAY, 10))
    for change, _ in CHANGES:
        change(data)
    apply(database, data)
    assert apply(database, data).changes == ()
    assert database.read_now(audit, clinic.manager).violations == ()


def test_room_moves_to_another_site(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    move_room(data)
    assert len(apply(sqlite, data).changes) == 2
    sites = open_clinic(sqlite, data).sites
    rooms = sqlite.read_now(clinics.rooms, clinic.id)
    assert {room.slug: room.site_id for room in rooms.values()} == {
        "room-1": sites["seattle"],
        "room-2": sites["tacoma"],
    }


def test_what_is_named_again_comes_back_under_its_id(sqlite: Database) -> None:
    full, fewer = dull(ben={}), dull(ben={})
    for change in (remove_room, remove_person, remove_credential):
        change(fewer)
    clinic = open_clinic(sqlite, full)
    apply(sqlite, fewer)
    assert apply(sqlite, full).changes == (
        "~ room room-2 (active: true)",
        "~ credential training of ada (verification: verified)",
        "~ practitioner ben (active: true)",
    )
    again = open_clinic(sqlite, full)
    assert (again.rooms, again.practitioners, again.credentials) == (
        clinic.rooms,
        clinic.practitioners,
        clinic.credentials,
    )


def test_deactivated_is_offered_no_more(sqlite: Database) -> None:
    data = dull(ben={})
    clinic = open_clinic(sqlite, data)
    assert starts(clinic)[0] == "09:00"
    data["practitioner"] = []
    apply(sqlite, data)
    assert starts(clinic) == []


def test_hours_and_leave_are_offered_at_once(database: Database) -> None:
    data = dull()
    clinic = open_clinic(database, data)
    assert starts(clinic) == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
    data["practitioner"][0]["hours"][0].update({"from": "12:00", "to": "15:00"})
    apply(database, data)
    assert starts(clinic) == ["12:00", "13:00", "14:00"]
    data["practitioner"][0]["leave"] = [{"first": TUESDAY, "last": TUESDAY}]
    apply(database, data)
    assert starts(clinic) == []
    data["practitioner"][0]["leave"] = []
    apply(database, data)
    assert starts(clinic) == ["12:00", "13:00", "14:00"]


def leave_of(clinic: DullClinic, who: str = "ada") -> list[TimeSpan]:
    found = clinic.database.read_now(absences.listed, clinic.id, [DiaryId(clinic.practitioners[who])])
    return [one.span for one in found]


def test_leave_is_the_local_days_of_every_site_one_works_at(sqlite: Database) -> None:
    data = dull()
    add_leave(data)
    clinic = open_clinic(sqlite, data)
    days = (date(2027, 1, 4), date(2027, 1, 8))
    seattle, denver = (day_span(*days, ZoneName(f"America/{city}")) for city in ("Los_Angeles", "Denver"))
    assert leave_of(clinic) == [seattle]
    data["site"].append({**data["site"][0], "slug": "spokane", "zone": "America/Denver", "room": []})
    data["practitioner"][0]["hours"].append({"site": "spokane", "days": ["sat"], "from": "09:00", "to": "12:00"})
    assert apply(sqlite, data).changes == (
        "+ site spokane",
        "~ practitioner ada (hours; leave: 1 moved)",
    )
    assert leave_of(clinic) == [TimeSpan(denver.start, seattle.end)]
    assert apply(sqlite, data).changes == ()


def test_treatment_version_rises_only_with_a_change(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)

    def version() -> int:
        return sqlite.read_now(clinics.treatment_types, clinic.id)[clinic.treatments["needling"]].version

    versions = []
    for price in (9500, 9900, 9900, 9500):
        data["treatment"][0]["price"] = price
        change_name(data)
        apply(sqlite, data)
        versions.append(version())
    assert versions == [1, 2, 2, 3]


def test_visits_keep_what_was_agreed(database: Database) -> None:
    data = dull()
    clinic = open_clinic(database, data)
    before = clinic.book(at(TUESDAY, 10)).appointment
    data["treatment"][0].update(minutes=45, buffer_after=15, price=12000, name="Deeper needling", regions=["thigh"])
    data["practitioner"][0]["hours"][0].update({"from": "14:00"})
    apply(database, data)
    assert database.read_now(appointments.get, clinic.id, before.id) == before
    assert database.read_now(audit, clinic.manager).violations == ()
    after = clinic.book(at(TUESDAY, 14), patient="Someone Else").appointment
    assert (after.agreed.minutes, after.agreed.price, after.agreed.treatment_version) == (45, 12000, 2)


def test_shorter_licence_opens_findings_and_a_longer_one_closes_them(database: Database) -> None:
    data = dull(ben={})
    clinic = open_clinic(database, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    clinic.book(at(TUESDAY, 10), "ben", "Someone Else")

    def at_risk() -> list[Any]:
        return list(database.read_now(findings.open_kind, clinic.id, findings.LOST_COVER))

    paper(data, "licence")["valid_until"] = date(2026, 11, 23)
    assert apply(database, data).at_risk == (visit.id,)
    assert at_risk() == [visit.id]
    change_name(data)
    assert apply(database, data).at_risk == (visit.id,)
    assert at_risk() == [visit.id]
    paper(data, "licence")["valid_until"] = date(2027, 12, 31)
    assert apply(database, data).at_risk == ()
    assert at_risk() == []


def test_withdrawn_credential_opens_findings(sqlite: Database) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    data["practitioner"][0]["credential"].remove(paper(data, "endorsement"))
    assert apply(sqlite, data).at_risk == (visit.id,)


def test_suspensions_by_staff_survive_an_apply(database: Database) -> None:
    data = dull()
    clinic = open_clinic(database, data)
    command = SuspendCredential(
        credential=clinic.credentials["ada", "licence"], reason="board order", first=date(2027, 2, 1)
    )
    database.write_now(suspend, clinic.manager, command)
    ordered = Suspension(first=date(2027, 2, 1), reason="board order")
    assert apply(database, data).changes == ()
    assert held(clinic, "licence").credential.suspensions == (ordered,)
    paper(data, "licence").update(number="PT-9", suspension=[{"first": date(2026, 12, 1), "last": date(2026, 12, 5)}])
    assert apply(database, data).changes == (
        "~ credential licence of ada (number: PT-9; suspended from 2026-12-01 to 2026-12-05)",
    )
    earlier = Suspension(first=date(2026, 12, 1), last=date(2026, 12, 5))
    assert held(clinic, "licence").credential.suspensions == (earlier, ordered)
    assert apply(database, data).changes == ()


def test_verification_is_left_alone_where_the_file_is_silent(sqlite: Database) -> None:
    data = dull()
    del paper(data, "licence")["verified"]
    clinic = open_clinic(sqlite, data)
    assert held(clinic, "licence").credential.verification is Verification.PENDING
    command = VerifyCredential(credential=clinic.credentials["ada", "licence"], source="the register")
    sqlite.write_now(verify, clinic.manager, command)
    assert apply(sqlite, data).changes == ()
    paper(data, "licence")["number"] = "PT-2"
    apply(sqlite, data)
    assert held(clinic, "licence").credential.verification is Verification.VERIFIED


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (Verification.PENDING, True, Verification.VERIFIED),
        (Verification.VERIFIED, False, Verification.PENDING),
        (Verification.REJECTED, False, Verification.REJECTED),
        (Verification.REJECTED, None, Verification.REJECTED),
        (Verification.REJECTED, True, Verification.VERIFIED),
        (Verification.WITHDRAWN, None, Verification.PENDING),
        (Verification.WITHDRAWN, False, Verification.PENDING),
        (Verification.WITHDRAWN, True, Verification.VERIFIED),
    ],
)
def test_verification_as_the_file_says(
    sqlite: Database, before: Verification, said: object, after: Verification
) -> None:
    data = dull()
    clinic = open_clinic(sqlite, data)
    sqlite.write_now(credentials.set_verification, clinic.id, held(clinic, "licence").credential, before)
    paper(data, "licence").pop("verified")
    if said is not None:
        paper(data, "licence")["verified"] = said
    apply(sqlite, data)
    assert held(clinic, "licence").credential.verification is after


def test_licence_is_of_its_holders_profession_unless_it_says_otherwise(sqlite: Database) -> None:
    data = dull()
    paper(data, "endorsement")["profession"] = "chiropractor"
    clinic = open_clinic(sqlite, data)
    found = {slug: held(clinic, slug).credential.profession for slug in ("licence", "endorsement", "training")}
    assert found == {"licence": "physical_therapist", "endorsement": "chiropractor", "training": None}


def test_only_what_changed_gets_a_new_revision(database: Database) -> None:
    data = dull(ben={})
    clinic = open_clinic(database, data)
    before = revisions(clinic)
    for change in (change_hours, change_room, add_leave, change_credential):
        change(data)
    apply(database, data)
    raised = {slug: after - before[slug] for slug, after in revisions(clinic).items()}
    assert raised == {"ada": 1, "ben": 0, "room-1": 1, "room-2": 0}


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (
            {"jurisdiction": "XX"},
            "there are no rules for 'XX'; `booking rules list` names those there are",
        ),
        (
            {"version": "2026-11-01"},
            (
                "the rules for US-WA are at version 2026-11-25, the file adopts 2026-11-01: read them"
                " (`booking rules show US-WA`), then name the version you adopt"
            ),
        ),
    ],
    ids=["unknown", "another-version"],
)
def test_rules_that_are_not_there_are_not_adopted(database: Database, rules: Data, fault: str) -> None:
    data = dull()
    data["rules"][0].update(rules)
    data["site"][0]["jurisdiction"] = data["rules"][0]["jurisdiction"]
    with pytest.raises(ClinicInvalid) as refused:
        apply(database, data)
    assert refused.value.details["faults"] == (fault,)
    assert database.read_now(clinics.clinics) == []


def demo_rules() -> Data:
    data = dull()
    data["rules"][0].update(jurisdiction="DEMO", version="2026-11-22")
    data["site"][0]["jurisdiction"] = "DEMO"
    return data


def test_demo_rules_are_for_the_demo_alone(sqlite: Database) -> None:
    with pytest.raises(ClinicInvalid, match="no law of any place"):
        apply(sqlite, demo_rules())
    assert apply(sqlite, demo_rules(), Kind.DEMO).changes[1].startswith("+ rules DEMO")


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (Kind.REAL, Kind.DEMO, "This database holds a real clinic; the demo needs a database of its own."),
        (Kind.DEMO, Kind.REAL, "This database holds the demo; a real clinic needs a database of its own."),
    ],
)
def test_demo_and_real_do_not_mix(database: Database, first: Kind, second: Kind, sentence: str) -> None:
    apply(database, dull(), first)
    with pytest.raises(DatabaseRefused) as refused:
        apply(database, dull(), second)
    assert refused.value.message == sentence


def test_several_clinics_share_a_database(database: Database) -> None:
    apply(database, dull())
    other = dull()
    other["clinic"]["slug"] = "other"
    assert apply(database, other).changes[0] == "+ clinic other"
    assert [clinic.slug for clinic in database.read_now(clinics.clinics)] == ["dull", "other"]
    assert apply(database, dull()).changes == ()


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.PATIENT, Role.PRACTITIONER, Role.RECEPTION])
def test_only_managers_apply(sqlite: Database, role: Role) -> None:
    caller = Caller(clinic_id=SYSTEM_NOWHERE.clinic_id, role=role)
    with pytest.raises(NotPermitted):
        apply(sqlite, dull(), caller=caller)
