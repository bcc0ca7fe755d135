"""A credential's life, and what it does to the visits that rest on it, in the same transaction."""

from datetime import date, timedelta
from typing import Any

import pytest

from booking.domain.credential import Suspension, Verification
from booking.domain.errors import ClinicInvalid, InvalidInput, NotFound, NotPermitted, PractitionerNotEligible
from booking.domain.ids import CredentialId
from booking.domain.permission import Role
from booking.domain.rules import outward
from booking.store import clinics
from booking.store.database import Database, Transaction
from booking.store.idempotency import RequestKey
from booking.store.ids import new_id
from booking.usecases.audit import audit
from booking.usecases.credentials import (
    SuspendCredential,
    VerifyCredential,
    of_practitioner,
    suspend,
    verify,
)
from booking.usecases.views.appointments import get_appointment
from booking.usecases.views.eligibility import explain_eligibility
from booking.usecases.views.findings import list_findings
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock

NEXT_WEEK = TUESDAY + timedelta(days=7)


def suspending(clinic: DullClinic, first: date | None = None, last: date | None = None) -> SuspendCredential:
    licence = clinic.credentials["ada", "licence"]
    return SuspendCredential(credential=licence, reason="board order", first=first, last=last)


def found(clinic: DullClinic) -> dict[date, set[str]]:
    """The rules that the open findings name, by the day of the visit, as reception sees them."""
    findings = clinic.database.read_now(list_findings, clinic.reception)
    visits = [
        clinic.database.read_now(get_appointment, clinic.reception, one.appointment_id).appointment for one in findings
    ]
    return {
        visit.span.start.date(): {reason["rule"] for reason in one.detail["reasons"]}
        for one, visit in zip(findings, visits, strict=True)
    }


def test_suspend_puts_later_visits_at_risk_and_cancels_none(database: Database) -> None:
    clinic = open_clinic(database, dull(ben={}))
    clinic.book(at(TUESDAY, 10))
    later = clinic.book(at(NEXT_WEEK, 10))
    clinic.book(at(NEXT_WEEK, 12), "ben", "Someone Else")
    changed = database.write_now(suspend, clinic.manager, suspending(clinic, NEXT_WEEK))
    assert changed.at_risk == (later.appointment.id,)
    assert changed.held.credential.suspensions == (Suspension(first=NEXT_WEEK, reason="board order"),)
    assert found(clinic) == {NEXT_WEEK: {"licence"}}
    seen = database.read_now(get_appointment, clinic.reception, later.appointment.id)
    assert (seen.appointment, seen.at_risk) == (later.appointment, True)
    report = database.read_now(audit, clinic.manager)
    assert (report.violations, report.at_risk) == ((), 1)


def test_suspension_that_ends_leaves_later_visits_alone(database: Database) -> None:
    clinic = open_clinic(database)
    visits = [clinic.book(at(TUESDAY + timedelta(days=days), 10)) for days in (0, 1, 2)]
    command = suspending(clinic, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=1))
    assert database.write_now(suspend, clinic.manager, command).at_risk == (visits[1].appointment.id,)


def test_suspension_without_a_day_begins_today_wherever_the_sites_are(database: Database, clock: Clock) -> None:
    """At midnight in Seattle it is still yesterday somewhere: the earliest day that is today."""
    clinic = open_clinic(database)
    clock.now = at(TUESDAY, 0)
    changed = database.write_now(suspend, clinic.manager, suspending(clinic))
    assert [hole.first for hole in changed.held.credential.suspensions] == [TUESDAY - timedelta(days=1)]


def test_suspension_that_runs_backwards_is_refused(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    with pytest.raises(InvalidInput):
        sqlite.write_now(suspend, clinic.manager, suspending(clinic, NEXT_WEEK, TUESDAY))


def test_findings_and_change_are_one_transaction(database: Database) -> None:
    """Nobody can ever see the credential suspended and the visit without its finding."""
    clinic = open_clinic(database)
    clinic.book(at(NEXT_WEEK, 10))

    def suspend_and_fail(tx: Transaction) -> None:
        suspend(tx, clinic.manager, suspending(clinic))
        assert list_findings(tx, clinic.reception)
        raise LookupError

    with pytest.raises(LookupError):
        database.write_now(suspend_and_fail)
    assert found(clinic) == {}
    assert papers(clinic) == ["endorsement", "licence", "training"]


def papers(clinic: DullClinic) -> list[str]:
    """The credentials of Ada's that are without a suspension."""
    held = clinic.database.read_now(of_practitioner, clinic.manager, clinic.practitioners["ada"])
    return [one.slug for one in held if not one.suspensions]


def unverified(slug: str) -> dict[str, object]:
    """The dull clinic's file, in which Ada's credential is not verified."""
    data = dull()
    for credential in data["practitioner"][0]["credential"]:
        credential["verified"] = credential["slug"] != slug
    return data


def test_unverified_puts_visits_at_risk_and_verified_again_takes_it_back(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(NEXT_WEEK, 10))
    open_clinic(database, unverified("endorsement"))
    assert found(clinic) == {NEXT_WEEK: {"endorsement"}}
    command = VerifyCredential(credential=clinic.credentials["ada", "endorsement"], source="the public register")
    changed = database.write_now(verify, clinic.manager, command)
    assert (changed.held.credential.verification, changed.at_risk) == (Verification.VERIFIED, ())
    assert found(clinic) == {}
    assert database.read_now(audit, clinic.manager).violations == ()


def test_verified_credential_that_still_lacks_another_stays_at_risk(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(NEXT_WEEK, 10))
    open_clinic(database, unverified("endorsement"))
    database.write_now(suspend, clinic.manager, suspending(clinic))
    command = VerifyCredential(credential=clinic.credentials["ada", "endorsement"], source="the public register")
    assert len(database.write_now(verify, clinic.manager, command).at_risk) == 1
    assert len(found(clinic)) == 1


def test_verify_and_suspend_twice_change_nothing_more(database: Database) -> None:
    clinic = open_clinic(database)
    clinic.book(at(NEXT_WEEK, 10))
    first, again = (database.write_now(suspend, clinic.manager, suspending(clinic, TUESDAY)) for _ in range(2))
    assert (first, len(found(clinic))) == (again, 1)
    command = VerifyCredential(credential=clinic.credentials["ada", "licence"], source="the public register")
    first, again = (database.write_now(verify, clinic.manager, command) for _ in range(2))
    assert first == again


def test_suspend_once_under_one_key(database: Database, clock: Clock) -> None:
    clinic = open_clinic(database)
    clinic.book(at(NEXT_WEEK, 10))
    request = RequestKey(identity="manager", key="k1", digest="d1")
    licence = clinic.credentials["ada", "licence"]
    command = SuspendCredential(credential=licence, reason="board order", request=request)
    first = database.write_now(suspend, clinic.manager, command)
    clock.advance(days=1)
    assert database.write_now(suspend, clinic.manager, command) == first


def test_unknown_credential_is_not_found(sqlite: Database) -> None:
    clinic = open_clinic(sqlite)
    command = VerifyCredential(credential=CredentialId(new_id()), source="")
    with pytest.raises(NotFound):
        sqlite.write_now(verify, clinic.manager, command)


def test_a_patient_never_sees_reasons(database: Database) -> None:
    clinic = open_clinic(database)
    booked = clinic.book(at(NEXT_WEEK, 10))
    database.write_now(suspend, clinic.manager, suspending(clinic))
    patient = clinic.caller(Role.PATIENT, appointment_id=booked.appointment.id)
    for caller in (clinic.public, patient):
        with pytest.raises(NotPermitted):
            database.read_now(list_findings, caller)
        with pytest.raises(NotPermitted):
            database.read_now(explain_eligibility, caller, clinic.wanted(at(NEXT_WEEK, 12)))
        with pytest.raises(NotPermitted):
            database.read_now(of_practitioner, caller, clinic.practitioners["ada"])
        with pytest.raises(PractitionerNotEligible) as refused:
            clinic.book(at(NEXT_WEEK, 14), caller=caller)
        assert refused.value.details == {"reasons": ()}
        assert not any(word in refused.value.message.casefold() for word in ("licen", "suspen", "board", "ada"))


def test_a_practitioner_sees_what_is_found_about_their_own_visits(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    clinic.book(at(NEXT_WEEK, 10))
    sqlite.write_now(suspend, clinic.manager, suspending(clinic))
    ada, ben = (clinic.caller(Role.PRACTITIONER, practitioner_id=clinic.practitioners[slug]) for slug in ("ada", "ben"))
    assert len(sqlite.read_now(list_findings, ada)) == 1
    assert sqlite.read_now(list_findings, ben) == []


def in_england(*jurisdictions: str) -> dict[str, Any]:
    """The dull clinic in England, going by these rules."""
    data = dull()
    data["rules"] = [
        {"jurisdiction": one, "version": "2026-11-25", "adopted_by": "Olive Owner", "adopted_on": date(2026, 11, 25)}
        for one in jurisdictions
    ]
    data["site"][0] |= {"jurisdiction": "GB-ENG", "zone": "Europe/London"}
    return data


def test_law_of_a_country_holds_beneath_that_of_its_parts(sqlite: Database) -> None:
    with pytest.raises(ClinicInvalid) as refused:
        open_clinic(sqlite, in_england("GB-ENG"))
    assert refused.value.details["faults"] == ("rules GB-ENG: it is within GB, of which there is no rule set",)
    data = in_england("GB", "GB-ENG")
    data["site"][0]["jurisdiction"] = "GB"
    with pytest.raises(ClinicInvalid) as refused:
        open_clinic(sqlite, data)
    (fault,) = refused.value.details["faults"]
    assert fault == (
        'site "seattle": jurisdiction must name the part of GB it lies in, whose law holds there as well;'
        " `booking rules list` names those there are"
    )
    clinic = open_clinic(sqlite, in_england("GB", "GB-ENG"))
    about = sqlite.read_now(clinics.described, clinic.id)
    assert [one.jurisdiction for one in outward(about.rules["GB-ENG"])] == ["GB-ENG", "GB"]
