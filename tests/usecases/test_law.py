"""The owner's decisions at the desk, and the law as the clinic sees it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from booking.domain.errors import BookingError, InvalidInput, NotFound, PractitionerNotEligible
from booking.store import clinics, owner_decisions
from booking.store.database import Database, Transaction
from booking.store.idempotency import RequestKey
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.law import DecideGrant, LawChanged, WithdrawDecision, decide_grant, withdraw_decision
from booking.usecases.views.findings import list_findings
from booking.usecases.views.law import Law, Standing, law
from tests.clinics import TUESDAY, DullClinic, at, open_clinic
from tests.usecases.test_law_of_places import DECISION, PREMISES, canberra, indiana

TODAY = date(2026, 11, 23)
VERSION = "2026-11-25"


def decide(clinic: DullClinic, **changes: Any) -> LawChanged:
    said = {"jurisdiction": "US-IN", "grant": "dc", "decided_by": "Olive Owner", "basis": "letter of the board"}
    return clinic.database.write_now(decide_grant, clinic.manager, DecideGrant(**{**said, **changes}))


def withdraw(clinic: DullClinic, **changes: Any) -> LawChanged:
    command = WithdrawDecision(**{"jurisdiction": "US-IN", "grant": "dc", **changes})
    return clinic.database.write_now(withdraw_decision, clinic.manager, command)


def seen(clinic: DullClinic) -> Law:
    return clinic.database.read_now(law, clinic.reception)


def kinds(clinic: DullClinic) -> list[str]:
    return [one.kind for one in clinic.database.read_now(list_findings, clinic.reception)]


def audited(tx: Transaction) -> list[tuple[str, str]]:
    """What was noted of decisions, and by whom."""
    deeds = "SELECT action, actor FROM audit WHERE action IN ('grant_decided', 'decision_withdrawn') ORDER BY id"
    return [(row.action, row.actor) for row in tx.connection.execute(text(deeds))]


def test_grant_that_is_decided_opens_and_withdrawn_closes(database: Database) -> None:
    clinic = open_clinic(database, indiana())
    with pytest.raises(PractitionerNotEligible):
        clinic.book(at(TUESDAY, 10), caller=clinic.reception)
    before = database.read_now(clinics.described, clinic.id)
    decided = decide(clinic)
    assert decided.decision is not None
    assert (decided.decision.decision.decided_on, decided.decision.rules_version) == (TODAY, VERSION)
    assert database.read_now(clinics.described, clinic.id) != before
    visit = clinic.book(at(TUESDAY, 10)).appointment.id
    gone = withdraw(clinic)
    assert (gone.decision, gone.lost, gone.covered, gone.at_risk) == (None, (visit,), (), (visit,))
    assert kinds(clinic) == ["lost_cover"]
    again = decide(clinic)
    assert (again.lost, again.covered, again.at_risk) == ((), (visit,), ())
    assert kinds(clinic) == []
    noted = ["grant_decided", "decision_withdrawn", "grant_decided"]
    assert database.read_now(audited) == [(deed, "manager") for deed in noted]


def test_decision_counts_on_its_days_alone(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana())
    decide(clinic, decided_on=TUESDAY, valid_until=TUESDAY)
    visit = clinic.book(at(TUESDAY, 10)).appointment
    with pytest.raises(PractitionerNotEligible):
        clinic.book(at(TUESDAY + timedelta(days=1), 10), caller=clinic.reception)
    assert decide(clinic, decided_on=TUESDAY + timedelta(days=1)).lost == (visit.id,)


def test_visits_without_cover_for_another_reason_stay_at_risk(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana(DECISION))
    first, second = (clinic.book(at(TUESDAY, hour), patient=f"Pat {hour}").appointment for hour in (10, 12))
    licence = clinic.credentials["ada", "licence"]
    command = SuspendCredential(credential=licence, reason="board", first=TUESDAY, last=TUESDAY)
    sqlite.write_now(suspend, clinic.manager, command)
    sqlite.write_now(cancel, clinic.reception, CancelAppointment(appointment=second.id, version=1))
    assert withdraw(clinic).lost == ()
    assert decide(clinic) == LawChanged(
        jurisdiction="US-IN",
        grant="dc",
        decision=sqlite.read_now(owner_decisions.recorded, clinic.id)["US-IN", "dc"],
        at_risk=(first.id,),
        lost=(),
        covered=(),
    )


REFUSED = [
    ({"jurisdiction": "US-WA"}, NotFound, "no such set of rules among those that the clinic goes by"),
    ({"grant": "nobody"}, NotFound, "no such grant in these rules"),
    ({"grant": "pt"}, InvalidInput, "waits for no decision"),
    ({"grant": "pta"}, InvalidInput, "forbids it, and no decision of the owner can open it"),
    ({"version": "2026-01-01"}, InvalidInput, f"goes by version {VERSION} of these rules now"),
    ({"decided_by": " "}, InvalidInput, "who made it"),
    ({"basis": ""}, InvalidInput, "on what basis"),
    ({"valid_until": TODAY - timedelta(days=1)}, InvalidInput, "A decision does not end before it starts"),
]


@pytest.mark.parametrize(("changes", "kind", "sentence"), REFUSED)
def test_decision_that_decides_nothing_is_refused(
    sqlite: Database, changes: dict[str, Any], kind: type[BookingError], sentence: str
) -> None:
    clinic = open_clinic(sqlite, indiana())
    with pytest.raises(kind, match=sentence):
        decide(clinic, **changes)
    assert sqlite.read_now(owner_decisions.recorded, clinic.id) == {}


def test_decision_that_is_not_on_record_cannot_be_withdrawn(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana())
    with pytest.raises(NotFound, match="no such decision"):
        withdraw(clinic)


def test_same_request_is_carried_out_once(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana(DECISION))
    visit = clinic.book(at(TUESDAY, 10)).appointment.id
    key = RequestKey(key="one", identity="me", digest="d")
    first = withdraw(clinic, request=key)
    assert first.lost == (visit,)
    assert withdraw(clinic, request=key) == first
    decided = RequestKey(key="two", identity="me", digest="d")
    assert decide(clinic, request=decided) == decide(clinic, request=decided)
    assert sqlite.read_now(audited) == [("decision_withdrawn", "manager"), ("grant_decided", "manager")]


def test_same_decision_again_changes_nothing(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana())
    decide(clinic)
    decide(clinic)
    assert sqlite.read_now(audited) == [("grant_decided", "manager")]


def test_law_says_what_waits_and_what_was_decided(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana())
    (rules,) = seen(clinic).rule_sets
    assert (rules.rules.name, rules.adoption.adopted_by) == ("Indiana, United States", "Olive Owner")
    assert [site.name for site in rules.sites] == ["Seattle"]
    told = {one.grant.id: ([who.name for who in one.people], one.waits) for one in rules.grants}
    assert told == {"pt": ([], False), "pta": ([], False), "dc": (["Ada Byrne"], True)}
    assert seen(clinic).waiting == 1
    decide(clinic)
    chiropractors = seen(clinic).rule_sets[0].grants[2]
    assert chiropractors.decision is not None
    assert (chiropractors.decision.standing, chiropractors.waits) == (Standing.NOW, False)


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"decided_on": TUESDAY}, Standing.LATER),
        ({"decided_on": TODAY, "valid_until": TODAY}, Standing.NOW),
        ({"decided_on": date(2026, 1, 1), "valid_until": date(2026, 11, 22)}, Standing.OVER),
    ],
)
def test_decision_stands_by_its_days(sqlite: Database, changes: dict[str, Any], standing: Standing) -> None:
    clinic = open_clinic(sqlite, indiana())
    decide(clinic, **changes)
    chiropractors = seen(clinic).rule_sets[0].grants[2]
    assert chiropractors.decision is not None
    assert (chiropractors.decision.standing, chiropractors.waits) == (standing, standing is not Standing.NOW)


def made_of_other_rules(tx: Transaction) -> None:
    tx.connection.execute(text("UPDATE owner_decision SET rules_version = '2025'"))
    more = "INSERT INTO owner_decision SELECT clinic_id, randomblob(16), jurisdiction, 'gone', rules_version, "
    tx.connection.execute(text(f"{more} decided_on, decided_by, basis, valid_until FROM owner_decision"))


def test_decision_of_other_rules_counts_no_more_and_can_be_withdrawn(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, indiana(DECISION))
    sqlite.write_now(made_of_other_rules)
    found = seen(clinic)
    chiropractors = found.rule_sets[0].grants[2]
    assert chiropractors.decision is not None
    assert (chiropractors.decision.standing, chiropractors.waits) == (Standing.OTHER_VERSION, True)
    assert [one.decision.grant for one in found.idle] == ["gone"]
    withdraw(clinic)
    withdraw(clinic, grant="gone")
    assert sqlite.read_now(owner_decisions.recorded, clinic.id) == {}


def test_law_stacks_and_tells_managers_alone_what_a_site_holds(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, canberra(PREMISES))
    (site,) = sqlite.read_now(law, clinic.manager).sites
    assert [rules.jurisdiction for rules in site.stack] == ["AU-ACT", "AU"]
    assert [one.slug for one in site.held or ()] == ["premises"]
    assert [one.held for one in seen(clinic).sites] == [None]
    told = [(one.rules.jurisdiction, [at.name for at in one.sites]) for one in seen(clinic).rule_sets]
    assert told == [("AU-ACT", ["Seattle"]), ("AU", ["Seattle"])]


def test_review_is_due_from_its_day_on(sqlite: Database, clock: Any) -> None:
    clinic = open_clinic(sqlite, indiana())
    assert [one.review_due for one in seen(clinic).rule_sets] == [False]
    clock.advance(days=365)
    assert [one.review_due for one in seen(clinic).rule_sets] == [True]
