"""Decisions made again: as of then, whatever has changed since; and whoever changes what was then is given away."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, text

from booking.domain.eligibility.grounds import grounds
from booking.domain.errors import NotFound, NotPermitted, PractitionerNotEligible
from booking.domain.ids import AppointmentId
from booking.domain.rules import parse_rules
from booking.domain.time.span import TimeSpan
from booking.rules import shipped
from booking.store import credentials, diaries, guards, history
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.types import Data, Id
from booking.usecases import replay as replaying
from booking.usecases import sealing
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.move import MoveAppointment, move
from booking.usecases.proving import prove
from booking.usecases.replay import Agreement, Replayed, replay
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.usecases.test_law_of_places import DECISION, PREMISES, canberra, indiana
from tests.usecases.test_supervising import DIRECT, ON_SITE, away, supervised

AGREES, DIFFERS, CANNOT = Agreement.AGREES, Agreement.DIFFERS, Agreement.CANNOT


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    return open_clinic(database, dull(ben={}))


@pytest.fixture
def visit(clinic: DullClinic) -> AppointmentId:
    return clinic.book(at(TUESDAY, 10)).appointment.id


def again(clinic: DullClinic, subject: UUID) -> list[Replayed]:
    return clinic.database.read_now(replay, clinic.manager, subject)


def agreements(clinic: DullClinic, subject: UUID) -> list[Agreement]:
    return [one.agreement for one in again(clinic, subject)]


def faults(clinic: DullClinic) -> list[tuple[str, UUID]]:
    return [(one.kind, one.subject) for step in prove(clinic.database, clinic.manager) for one in step.violations]


def change(clinic: DullClinic, statement: str, **values: Any) -> None:
    """Do what no use case does, without the guards."""
    types = {name: Id() if isinstance(value, UUID) else Data() if isinstance(value, dict) else None
             for name, value in values.items()}  # fmt: skip
    typed = [bindparam(name, type_=kind) for name, kind in types.items()]

    def run(tx: Transaction) -> None:
        guards.drop(tx.connection)
        tx.connection.execute(text(statement).bindparams(*typed), values)

    clinic.database.write_now(run)


def test_decision_is_made_again(clinic: DullClinic, visit: AppointmentId) -> None:
    (one,) = again(clinic, visit)
    assert (one.agreement, one.sentences, one.fault) == (AGREES, (), None)
    assert one.answer is not None
    assert one.answer.ask.practitioner.name == "Ada Byrne"
    (by_itself,) = again(clinic, one.decision.id)
    assert by_itself.decision == one.decision


def test_each_decision_on_a_visit_is_made_again(clinic: DullClinic, visit: AppointmentId) -> None:
    command = MoveAppointment(
        appointment=visit, version=1, start=at(TUESDAY, 12), practitioner=clinic.practitioners["ben"]
    )
    clinic.database.write_now(move, clinic.reception, command)
    first, second = again(clinic, visit)
    assert [one.answer and one.answer.ask.practitioner.id for one in (first, second)] == [
        clinic.practitioners["ada"], clinic.practitioners["ben"],
    ]  # fmt: skip
    assert (first.agreement, second.agreement) == (AGREES, AGREES)


def test_unknown_decision_is_not_found_and_only_auditors_ask(clinic: DullClinic, visit: AppointmentId) -> None:
    with pytest.raises(NotFound):
        again(clinic, new_id())
    with pytest.raises(NotPermitted):
        clinic.database.read_now(replay, clinic.reception, visit)


def test_credential_that_was_suspended_since_counts_as_it_did(clinic: DullClinic, visit: AppointmentId) -> None:
    credential = clinic.credentials["ada", "licence"]
    command = SuspendCredential(credential=credential, first=date(2026, 11, 24), reason="A complaint")
    clinic.database.write_now(suspend, clinic.manager, command)
    assert agreements(clinic, visit) == [AGREES]


def test_credential_that_says_something_else_since_counts_as_it_did(clinic: DullClinic, visit: AppointmentId) -> None:
    data = dull(ben={})
    licence, _endorsement, training = data["practitioner"][0]["credential"]
    licence["valid_until"] = date(2026, 11, 1)
    training["attributes"] = {"hours_total": 1}
    open_clinic(clinic.database, data)
    assert agreements(clinic, visit) == [AGREES]
    assert faults(clinic) == []


def test_rules_that_were_adopted_since_are_not_asked(clinic: DullClinic, visit: AppointmentId) -> None:
    stricter = shipped()["US-WA"].replace('version = "', 'version = "2099-', 1)
    stricter = stricter.replace("at_least = ", "at_least = 9")

    def adopt(tx: Transaction) -> None:
        rules = parse_rules(stricter)
        credentials.adopt(tx, clinic.id, rules, stricter, "Olive Owner", TUESDAY)
        diaries.raise_offer(tx, clinic.id)

    clinic.database.write_now(adopt)
    with pytest.raises(PractitionerNotEligible):
        clinic.book(at(TUESDAY, 12), patient="Second", caller=clinic.reception)
    assert agreements(clinic, visit) == [AGREES]


def test_decision_of_another_evaluator_cannot_be_made_again(
    clinic: DullClinic, visit: AppointmentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "EVALUATOR", "99")
    (one,) = again(clinic, visit)
    assert (one.agreement, one.fault, len(one.sentences)) == (CANNOT, None, 1)
    assert one.sentences[0].endswith("this program has version 99")
    assert faults(clinic) == []


def test_altered_rule_text_is_named(clinic: DullClinic, visit: AppointmentId) -> None:
    change(clinic, "UPDATE rule_text SET body = replace(body, 'at_least = ', 'at_least = 9')")
    (one,) = again(clinic, visit)
    assert (one.agreement, one.fault) == (CANNOT, "rules-altered")
    assert ("rules-altered", one.decision.id) in faults(clinic)


def test_rule_text_that_is_no_longer_one_is_named(clinic: DullClinic, visit: AppointmentId) -> None:
    change(clinic, "UPDATE rule_text SET body = 'nothing'")
    assert [one.fault for one in again(clinic, visit)] == ["rules-altered"]


def test_missing_rule_text_is_named(clinic: DullClinic, visit: AppointmentId) -> None:
    change(clinic, "DELETE FROM adoption")
    change(clinic, "DELETE FROM rule_text")
    (one,) = again(clinic, visit)
    assert (one.agreement, one.fault) == (CANNOT, "rules-missing")


def test_altered_credential_version_is_named(clinic: DullClinic, visit: AppointmentId) -> None:
    """By its seal and, where it makes a difference, by the decision."""
    clinic.database.write_now(sealing.seal, clinic.id)
    credential = clinic.credentials["ada", "licence"]
    said = version_of(clinic, credential)
    put = "UPDATE credential_version SET body = :body WHERE credential_id = :credential"
    change(clinic, put, body={**said, "number": "PT-2"}, credential=credential)
    assert faults(clinic) == [("record-altered", credential)]
    change(clinic, put, body={**said, "valid_until": "2026-11-01"}, credential=credential)
    (one,) = again(clinic, visit)
    assert (one.agreement, one.fault) == (DIFFERS, "replay-differs")
    assert one.sentences[0] == "the visit was allowed then; asked again, it is refused"
    assert sorted(faults(clinic)) == [("record-altered", credential), ("replay-differs", one.decision.id)]


def version_of(clinic: DullClinic, credential: UUID) -> dict[str, Any]:
    query = text("SELECT body FROM credential_version WHERE credential_id = :it").bindparams(
        bindparam("it", type_=Id())
    )
    body: dict[str, Any] = json.loads(
        clinic.database.read_now(lambda tx: tx.connection.execute(query, {"it": credential}).scalar_one())
    )
    return body


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM credential_version WHERE credential_id = :credential",
        "UPDATE credential_version SET body = '{}' WHERE credential_id = :credential",
    ],
)
def test_missing_or_unreadable_credential_version_is_named(
    clinic: DullClinic, visit: AppointmentId, statement: str
) -> None:
    change(clinic, statement, credential=clinic.credentials["ada", "licence"])
    (one,) = again(clinic, visit)
    assert (one.agreement, one.fault) == (CANNOT, "credential-missing")


def rewrite(clinic: DullClinic, one: Replayed, **changes: Any) -> None:
    """Let the decision say something else, and carry the digest it then must have."""
    body: Mapping[str, Any] = {**one.decision.body, **changes}
    row = {
        "clinic_id": clinic.id, "id": one.decision.id, "appointment_id": one.decision.appointment_id,
        "rule_digest": one.decision.body["rules"][0][1], "evaluator": one.decision.evaluator, "body": body,
        "at": one.decision.at,
    }  # fmt: skip
    statement = "UPDATE decision SET body = :body, digest = :digest WHERE id = :id"
    change(clinic, statement, body=dict(body), digest=history.digest(row), id=one.decision.id)


def test_decision_altered_before_it_was_sealed_is_given_away_by_its_replay(
    clinic: DullClinic, visit: AppointmentId
) -> None:
    (one,) = again(clinic, visit)
    leaves = one.decision.body["needs"]
    rewrite(clinic, one, needs=[{**leaves[0], "held": False}, *leaves[1:]])
    (other,) = again(clinic, visit)
    name = f"{leaves[0]['grant']}.{leaves[0]['need']}"
    assert other.sentences == (f"{name} did not hold then; asked again, it held",)
    assert faults(clinic) == [("replay-differs", one.decision.id)]


def test_decision_moved_to_a_day_without_cover_is_given_away(clinic: DullClinic, visit: AppointmentId) -> None:
    (one,) = again(clinic, visit)
    rewrite(clinic, one, start="2028-06-01T17:00:00+00:00", end="2028-06-01T17:30:00+00:00", tzdata="2025b")
    (other,) = again(clinic, visit)
    assert other.sentences[0] == "the visit was allowed then; asked again, it is refused"
    assert other.sentences[-1].startswith("the clocks were those of tzdata 2025b then, and are those of ")


def test_decision_in_another_form_cannot_be_made_again(clinic: DullClinic, visit: AppointmentId) -> None:
    (one,) = again(clinic, visit)
    rewrite(clinic, one, format=1)
    (other,) = again(clinic, visit)
    assert (other.agreement, other.fault, other.known) == (CANNOT, None, None)


def test_many_decisions_are_made_again_a_few_at_a_time(
    clinic: DullClinic, visit: AppointmentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.usecases.proving.DECISIONS", 2)
    for hour in range(11, 15):
        clinic.book(at(TUESDAY, hour), "ben", f"Patient {hour}")
    steps = [step.decisions for step in prove(clinic.database, clinic.manager) if step.decisions]
    assert steps == [2, 2, 1]
    assert faults(clinic) == []


def test_two_versions_of_one_credential_are_told_apart(clinic: DullClinic, visit: AppointmentId) -> None:
    data = dull(ben={})
    data["practitioner"][0]["credential"][0]["number"] = "PT-2"
    open_clinic(clinic.database, data)
    later = clinic.book(at(TUESDAY, 12), patient="Second").appointment.id
    numbers = []
    for subject in (visit, later):
        (one,) = again(clinic, subject)
        assert one.answer is not None
        numbers.append(one.answer.ask.credentials[1].number)
    assert numbers == ["PT-1", "PT-2"]
    assert faults(clinic) == []


@pytest.mark.parametrize("rules", [ON_SITE, DIRECT])
def test_supervised_visit_is_decided_by_who_was_there_then(database: Database, rules: str) -> None:
    """The supervisor's leave, entered since, changes nothing."""
    clinic = supervised(database, rules)
    visit = clinic.book(at(TUESDAY, 10), "pia").appointment.id
    away(clinic, "ada")
    (one,) = again(clinic, visit)
    assert one.agreement is AGREES
    colleagues = one.decision.body["colleagues"]
    assert {known["practitioner"] for known in colleagues} == {str(clinic.practitioners[who]) for who in ("ada", "pia")}
    watching = None if rules == ON_SITE else str(clinic.practitioners["ada"])
    assert one.decision.body["supervisor"] == watching
    assert one.answer is not None
    span = TimeSpan(at(TUESDAY, 10), at(TUESDAY, 10, 30))
    assert [told.by for told in grounds(one.answer, span)] == [(), ("Ada Byrne",)]
    rewrite(clinic, one, colleagues=[{**known, "present": [], "free": []} for known in colleagues])
    assert agreements(clinic, visit) == [DIFFERS]


def test_site_is_asked_for_what_it_held_then(database: Database) -> None:
    clinic = open_clinic(database, canberra(PREMISES))
    visit = clinic.book(at(TUESDAY, 10)).appointment.id
    open_clinic(database, canberra())
    (one,) = again(clinic, visit)
    assert (one.agreement, len(one.decision.body["site_credentials"])) == (AGREES, 1)
    assert [jurisdiction for jurisdiction, _digest in one.decision.body["rules"]] == ["AU-ACT", "AU"]
    rewrite(clinic, one, site_credentials=[])
    assert agreements(clinic, visit) == [DIFFERS]


def test_what_the_owner_had_decided_then_counts(database: Database) -> None:
    clinic = open_clinic(database, indiana(DECISION))
    visit = clinic.book(at(TUESDAY, 10)).appointment.id
    open_clinic(database, indiana())
    (one,) = again(clinic, visit)
    assert one.agreement is AGREES
    assert [known["decided_by"] for known in one.decision.body["owner_decisions"]] == ["Olive Owner"]
    rewrite(clinic, one, owner_decisions=[])
    assert agreements(clinic, visit) == [DIFFERS]
