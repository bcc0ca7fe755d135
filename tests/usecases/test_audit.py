"""Audit: it names what cannot be true, each thing once, and nothing in a clinic that is well."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import bindparam, text

from booking.domain.appointment import Appointment
from booking.domain.ids import DiaryId
from booking.store import claims, guards
from booking.store.database import Database, Transaction
from booking.store.types import Id
from booking.usecases.audit import audit
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.credentials import SuspendCredential, suspend
from booking.usecases.hold import HoldSlot, hold
from booking.usecases.sweeping import sweep
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import Clock


@dataclass(frozen=True, kw_only=True)
class Audited:
    """A clinic with a visit of Ada's and one of Ben's, a cancelled one of Ada's, and a hold."""

    clinic: DullClinic
    adas: Appointment
    bens: Appointment
    gone: Appointment
    held: Appointment

    def damage(self, how: Callable[[Transaction], object]) -> None:
        """Do what no use case does, with guards and foreign keys out of the way."""

        def run(tx: Transaction) -> None:
            guards.drop(tx.connection)
            if tx.connection.dialect.name == "postgresql":
                tx.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            how(tx)

        self.clinic.database.write_now(run)

    def run(self, statement: str, about: Appointment) -> None:
        """`:it` in the statement stands for the appointment's id."""
        told = text(statement).bindparams(bindparam("it", about.id, type_=Id()))
        self.damage(lambda tx: tx.connection.execute(told))

    def found(self) -> Counter[tuple[str, object]]:
        report = self.clinic.database.read_now(audit, self.clinic.manager)
        assert all(one.sentence for one in report.violations)
        return Counter((one.kind, one.subject) for one in report.violations)


@pytest.fixture
def audited(database: Database) -> Audited:
    clinic = open_clinic(database, dull(ben={}))
    adas, bens = (clinic.book(at(TUESDAY, 10), slug, f"Of {slug}").appointment for slug in ("ada", "ben"))
    gone = clinic.book(at(TUESDAY, 12), "ada", "Gone").appointment
    database.write_now(cancel, clinic.reception, CancelAppointment(appointment=gone.id, version=1))
    command = HoldSlot(wanted=clinic.wanted(at(TUESDAY, 14)), hold_key="mine")
    held = database.write_now(hold, clinic.public, command).appointment
    return Audited(clinic=clinic, adas=adas, bens=bens, gone=gone, held=held)


def test_clean_clinic_has_no_violation(audited: Audited) -> None:
    report = audited.clinic.database.read_now(audit, audited.clinic.manager)
    assert (report.violations, report.appointments, report.claims, report.at_risk) == ((), 4, 8, 0)


def test_overlap_is_named_in_each_diary_though_no_guard_saw_it(audited: Audited) -> None:
    audited.run("DELETE FROM claim WHERE appointment_id = :it", audited.adas)
    again = audited.clinic.book(at(TUESDAY, 10, 15), "ada", "Overlapping").appointment
    diaries = audited.adas.diaries
    audited.damage(lambda tx: claims.insert_for(tx, audited.clinic.id, audited.adas, diaries))
    assert audited.found() == Counter(("overlap", diary) for diary in diaries & again.diaries)
    assert len(diaries & again.diaries) == 2


def test_claim_that_differs_from_its_visit_is_named(audited: Audited) -> None:
    audited.run("UPDATE appointment SET buffer_after = 10 WHERE id = :it", audited.adas)
    assert audited.found() == Counter({("claim-differs", audited.adas.id): 2})


def test_claim_that_is_missing_is_named(audited: Audited) -> None:
    audited.run("DELETE FROM claim WHERE appointment_id = :it", audited.bens)
    assert audited.found() == Counter({("claim-missing", audited.bens.id): 3})


def test_claim_that_a_cancelled_visit_left_is_named(audited: Audited) -> None:
    gone = audited.gone
    audited.damage(lambda tx: claims.insert_for(tx, audited.clinic.id, gone, [DiaryId(gone.practitioner_id)]))
    assert audited.found() == Counter({("claim-left", gone.id): 1})


def test_shortened_credential_makes_visits_unlawful(audited: Audited) -> None:
    """Changed by hand there is no finding; changed by the use case there is one, and it is somebody's work."""
    audited.run(
        "UPDATE credential SET valid_until = '2026-11-01' WHERE slug = 'licence'"
        " AND practitioner_id = (SELECT practitioner_id FROM appointment WHERE id = :it)",
        audited.adas,
    )
    assert audited.found() == Counter({("unlawful", audited.adas.id): 1})
    licence = audited.clinic.credentials["ben", "licence"]
    command = SuspendCredential(credential=licence, reason="board order")
    audited.clinic.database.write_now(suspend, audited.clinic.manager, command)
    assert audited.found() == Counter({("unlawful", audited.adas.id): 1})
    assert audited.clinic.database.read_now(audit, audited.clinic.manager).at_risk == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE status SET status = 'booked' WHERE appointment_id = :it AND number = 2",
        "UPDATE status SET status = 'cancelled' WHERE appointment_id = :it AND number = 1",
        "UPDATE status SET status = 'forgotten' WHERE appointment_id = :it AND number = 1",
        "DELETE FROM status WHERE appointment_id = :it AND number = 2",
        "DELETE FROM status WHERE appointment_id = :it",
    ],
    ids=["booked-twice", "cancelled-twice", "unknown", "not-as-it-is", "none"],
)
def test_statuses_out_of_order_are_named(audited: Audited, statement: str) -> None:
    audited.run(statement, audited.gone)
    assert audited.found() == Counter({("status-order", audited.gone.id): 1})


def test_hold_that_nobody_swept_is_named_after_an_hour(audited: Audited, clock: Clock) -> None:
    clock.advance(minutes=69)
    assert audited.found() == Counter()
    clock.advance(minutes=2)
    assert audited.found() == Counter({("orphan-hold", audited.held.id): 1})
    audited.clinic.database.write_now(sweep)
    assert audited.found() == Counter()


def test_claim_of_a_visit_that_expires_is_named(audited: Audited) -> None:
    audited.run("UPDATE claim SET expires_at = ends_at WHERE appointment_id = :it", audited.bens)
    assert audited.found() == Counter({("orphan-hold", audited.bens.id): 3})


def test_claim_of_a_hold_that_never_expires_is_named(audited: Audited) -> None:
    audited.run("UPDATE claim SET expires_at = NULL WHERE appointment_id = :it", audited.held)
    assert audited.found() == Counter({("orphan-hold", audited.held.id): 2})


def test_visit_without_a_decision_is_named(audited: Audited) -> None:
    audited.run("DELETE FROM decision WHERE appointment_id = :it", audited.adas)
    assert audited.found() == Counter({("undecided", audited.adas.id): 1})
