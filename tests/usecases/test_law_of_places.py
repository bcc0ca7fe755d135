"""What sites hold and what owners decide, from the clinic's file to the booking and back."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from booking.domain.credential import Verification
from booking.domain.errors import ClinicInvalid, PractitionerNotEligible
from booking.domain.permission import Role
from booking.store import clinics, credentials
from booking.store.credential_versions import as_of
from booking.store.database import Database, Transaction
from booking.usecases.clinic_file import export_clinic
from booking.usecases.credentials import SuspendCredential, VerifyCredential, of_site, suspend, verify
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic

PREMISES = {
    "slug": "premises",
    "kind": "infection_control_licence",
    "jurisdiction": "AU-ACT",
    "valid_until": date(2027, 6, 30),
    "verified": True,
}
DECISION = {
    "jurisdiction": "US-IN",
    "grant": "dc",
    "version": "2026-11-25",
    "decided_by": "Olive Owner",
    "decided_on": date(2026, 11, 20),
    "basis": "letter of the board, 2026-11-18",
}


def adopted(jurisdiction: str) -> dict[str, Any]:
    version, day = "2026-11-25", date(2026, 11, 25)
    return {"jurisdiction": jurisdiction, "version": version, "adopted_by": "Olive Owner", "adopted_on": day}


def canberra(*held: dict[str, Any]) -> dict[str, Any]:
    """The dull clinic under the law of Canberra, though by Seattle's clock; the site holds these."""
    data = dull()
    data["rules"] = [adopted("AU"), adopted("AU-ACT")]
    data["site"][0].update(jurisdiction="AU-ACT", credential=list(held))
    licence = data["practitioner"][0]["credential"][0]
    data["practitioner"][0]["credential"] = [{**licence, "jurisdiction": "AU"}]
    return data


def indiana(*decisions: dict[str, Any]) -> dict[str, Any]:
    """The same under the law of Indiana, with Ada as a chiropractor, of whose training little is known."""
    data = dull()
    data["rules"], data["owner_decision"] = [adopted("US-IN")], list(decisions)
    data["site"][0]["jurisdiction"] = "US-IN"
    ada = data["practitioner"][0]
    ada["profession"] = "chiropractor"
    licence, training = deepcopy(ada["credential"][0]), deepcopy(ada["credential"][2])
    training["attributes"] = {"board_approved": True}
    ada["credential"] = [{**licence, "jurisdiction": "US-IN"}, training]
    return data


def refusal(clinic: DullClinic) -> set[str]:
    """The needs that are not met by a visit on Tuesday afternoon, booked by reception."""
    with pytest.raises(PractitionerNotEligible) as refused:
        clinic.book(at(TUESDAY, 14), patient="Sam Roe", caller=clinic.reception)
    return {reason.rule for reason in refused.value.details["reasons"]}


def premises(clinic: DullClinic) -> Any:
    return clinic.database.read_now(of_site, clinic.manager, clinic.sites["seattle"])[0]


def kinds(clinic: DullClinic) -> list[str]:
    return [one.kind for one in clinic.database.read_now(list_findings, clinic.reception)]


def test_visit_needs_what_its_site_must_hold(sqlite: Database) -> None:
    assert refusal(open_clinic(sqlite, canberra())) == {"premises"}
    assert refusal(open_clinic(sqlite, canberra({**PREMISES, "verified": False}))) == {"premises"}
    clinic = open_clinic(sqlite, canberra(PREMISES))
    assert clinic.book(at(TUESDAY, 10)).appointment.practitioner_id == clinic.practitioners["ada"]


def test_site_that_loses_what_it_held_leaves_everybodys_visits_without_cover(database: Database) -> None:
    clinic = open_clinic(database, canberra(PREMISES))
    booked = clinic.book(at(TUESDAY, 10)).appointment
    before = database.read_now(clinics.described, clinic.id)
    command = SuspendCredential(credential=premises(clinic).id, reason="inspection")
    changed = database.write_now(suspend, clinic.manager, command)
    assert (changed.held.site_id, changed.at_risk) == (clinic.sites["seattle"], (booked.id,))
    assert kinds(clinic) == ["lost_cover"]
    assert database.read_now(clinics.described, clinic.id) != before
    assert refusal(clinic) == {"premises"}


def test_site_credential_that_is_verified_counts(database: Database) -> None:
    clinic = open_clinic(database, canberra({**PREMISES, "verified": False}))
    assert refusal(clinic) == {"premises"}
    command = VerifyCredential(credential=premises(clinic).id, source="register")
    changed = database.write_now(verify, clinic.manager, command)
    assert (changed.held.credential.verification, changed.at_risk) == (Verification.VERIFIED, ())
    clinic.book(at(TUESDAY, 10))


def test_site_credential_the_file_no_longer_names_is_withdrawn(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, canberra(PREMISES))
    clinic.book(at(TUESDAY, 10))
    open_clinic(sqlite, canberra())
    assert premises(clinic).verification is Verification.WITHDRAWN
    assert kinds(clinic) == ["lost_cover"]
    open_clinic(sqlite, canberra(PREMISES))
    assert kinds(clinic) == []


@pytest.mark.parametrize("data", [canberra(PREMISES), indiana({**DECISION, "valid_until": date(2027, 5, 1)})])
def test_export_says_what_sites_hold_and_what_owners_decided(sqlite: Database, data: dict[str, Any]) -> None:
    clinic = open_clinic(sqlite, data)
    exported = sqlite.read_now(export_clinic, clinic.caller(Role.SYSTEM))
    assert exported["site"][0].get("credential", []) == data["site"][0].get("credential", [])
    assert exported.get("owner_decision", []) == data.get("owner_decision", [])


def test_every_version_of_a_credential_is_kept(database: Database) -> None:
    clinic = open_clinic(database, canberra({**PREMISES, "verified": False}))
    first = premises(clinic)
    database.write_now(verify, clinic.manager, VerifyCredential(credential=first.id, source="register"))
    second = premises(clinic)
    hole = SuspendCredential(credential=first.id, reason="inspection", first=TUESDAY)
    third = database.write_now(suspend, clinic.manager, hole).held.credential
    versions = [(one.id, one.version) for one in (first, second, third)]
    assert [version for _, version in versions] == [1, 2, 3]
    for said in (first, second, third):
        assert database.read_now(as_of, clinic.id, [(said.id, said.version)]) == {said.id: said}
    licence = clinic.credentials["ada", "licence"]
    held = database.read_now(credentials.one, clinic.id, licence)
    assert held is not None
    both = [(licence, 1), (first.id, 3), (first.id, 4)]
    assert database.read_now(as_of, clinic.id, both) == {licence: held.credential, first.id: third}


def test_credential_has_one_holder(database: Database) -> None:
    clinic = open_clinic(database, canberra(PREMISES))

    def give_it_to_ada_as_well(tx: Transaction) -> None:
        who = clinic.practitioners["ada"]
        bound = who.bytes if database.is_sqlite else who
        tx.connection.execute(
            text("UPDATE credential SET practitioner_id = :who WHERE site_id IS NOT NULL"), {"who": bound}
        )

    with pytest.raises(Exception, match="one_holder"):
        database.write_now(give_it_to_ada_as_well)


def test_rule_of_low_confidence_waits_for_the_owner(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana())
    assert refusal(clinic) == {"scope.low_confidence"}
    open_clinic(sqlite, indiana(DECISION))
    clinic.book(at(TUESDAY, 10))
    open_clinic(sqlite, indiana())
    assert kinds(clinic) == ["lost_cover"]


def test_decision_holds_until_its_last_day(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana({**DECISION, "valid_until": TUESDAY}))
    clinic.book(at(TUESDAY, 10))
    open_clinic(sqlite, indiana({**DECISION, "valid_until": date(2026, 11, 23)}))
    assert kinds(clinic) == ["lost_cover"]


NO_DECISION = [
    ({"version": "2026-01-01"}, "decided of version 2026-01-01, the file adopts 2026-11-25: read the grant again"),
    ({"grant": "pt"}, "no grant of that name waits for a decision; those that do are dc"),
    ({"jurisdiction": "US-WA"}, "this file does not adopt the rules of US-WA"),
    ({"valid_until": date(2026, 11, 19)}, "valid_until is before decided_on"),
    ({"decided_by": ""}, "decided_by is empty"),
    ({"basis": None}, "basis is missing"),
]


@pytest.mark.parametrize(("changes", "fault"), NO_DECISION)
def test_decision_that_decides_nothing_is_refused(sqlite: Database, changes: dict[str, Any], fault: str) -> None:
    decision = {key: value for key, value in {**DECISION, **changes}.items() if value is not None}
    with pytest.raises(ClinicInvalid, match=fault):
        open_clinic(sqlite, indiana(decision))


def test_decision_cannot_be_made_twice(sqlite: Database) -> None:
    with pytest.raises(ClinicInvalid, match='there are two: owner_decision "US-IN dc"'):
        open_clinic(sqlite, indiana(DECISION, DECISION))
