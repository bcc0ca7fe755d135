"""The last judge: overlaps are refused, and history is append-only, whatever the code above does."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from booking.domain.errors import SlotTaken
from booking.store import guards
from booking.store.database import Database, Transaction
from booking.store.queueing import SEALED_BY_KEY
from booking.store.tables import ClaimRow, metadata, table
from booking.usecases.audit import audit
from booking.usecases.sealing import seal
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic

CLAIM = table(ClaimRow)
HISTORY = {
    "status": "actor", "decision": "evaluator", "audit": "actor", "diary_change": "what", "credential_version": "body",
    "seal": "digest", "sealed": "digest",
}  # fmt: skip


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    return open_clinic(database, dull(ben={}))


def claim(tx: Transaction, clinic: DullClinic, visit: UUID, start: datetime, hours: float, whose: str = "ben") -> None:
    """Claim time in Ben's diary, or in a room's, as no use case would."""
    diary = clinic.practitioners.get(whose) or clinic.rooms[whose]
    row = {"clinic_id": clinic.id, "appointment_id": visit, "diary_id": diary, "expires_at": None}
    row |= {"site_id": clinic.sites["seattle"]}
    tx.connection.execute(insert(CLAIM).values(**row, starts_at=start, ends_at=start + timedelta(hours=hours)))


@pytest.fixture
def visits(clinic: DullClinic) -> list[UUID]:
    """Two visits of Ada's, to hang claims on."""
    return [clinic.book(at(TUESDAY, hour), "ada").appointment.id for hour in (9, 16)]


OVERLAPS = {
    "the same": (10, 1),
    "into its start": (9.5, 1),
    "into its end": (10.5, 1),
    "inside": (10.25, 0.5),
    "around": (9, 12),
    "at its start": (10, 0.25),
    "into its last moment": (10.999, 1),
    "into its first moment": (9, 1.001),
}


def test_overlap_is_refused(clinic: DullClinic, visits: list[UUID]) -> None:
    first, second = visits
    clinic.database.write_now(claim, clinic, first, at(TUESDAY, 10), 1)
    let_in = []
    for name, (start, hours) in OVERLAPS.items():
        try:
            clinic.database.write_now(claim, clinic, second, at(TUESDAY, 0) + timedelta(hours=start), hours)
            let_in.append(name)
        except SlotTaken:
            continue
    assert let_in == []


def test_overlap_with_the_longest_claim_is_refused_at_its_very_end(clinic: DullClinic, visits: list[UUID]) -> None:
    """SQLite's trigger looks back no further than a claim may last."""
    first, second = visits
    clinic.database.write_now(claim, clinic, first, at(TUESDAY, 0), 12)
    last = at(TUESDAY, 12) - timedelta(microseconds=1)
    with pytest.raises(SlotTaken):
        clinic.database.write_now(claim, clinic, second, last, 1)
    clinic.database.write_now(claim, clinic, second, at(TUESDAY, 12), 12)


def test_back_to_back_and_other_diaries_are_allowed(clinic: DullClinic, visits: list[UUID]) -> None:
    first, second = visits
    clinic.database.write_now(claim, clinic, first, at(TUESDAY, 10), 1)
    clinic.database.write_now(claim, clinic, second, at(TUESDAY, 11), 1)
    clinic.database.write_now(claim, clinic, first, at(TUESDAY, 10), 1, "room-2")


def test_overlap_by_an_update_is_refused(clinic: DullClinic, visits: list[UUID]) -> None:
    """By moving a claim, making it longer at either end, or giving it to somebody else."""
    database, (first, second) = clinic.database, visits
    ben, room = clinic.practitioners["ben"], clinic.rooms["room-2"]
    database.write_now(claim, clinic, first, at(TUESDAY, 10), 1)
    database.write_now(claim, clinic, second, at(TUESDAY, 12), 1)
    database.write_now(claim, clinic, first, at(TUESDAY, 12), 1, "room-2")
    bens, rooms = ((CLAIM.c.diary_id == diary) for diary in (ben, room))
    of_first, of_second = (CLAIM.c.appointment_id == visit for visit in visits)
    for changed in (
        update(CLAIM).where(bens, of_second).values(starts_at=at(TUESDAY, 10), ends_at=at(TUESDAY, 11)),
        update(CLAIM).where(bens, of_second).values(starts_at=at(TUESDAY, 10, 59)),
        update(CLAIM).where(bens, of_first).values(ends_at=at(TUESDAY, 12, 1)),
        update(CLAIM).where(bens, of_second).values(diary_id=room),
    ):
        with pytest.raises(SlotTaken):
            database.write_now(execute, changed)
    database.write_now(execute, update(CLAIM).where(bens, of_second).values(starts_at=at(TUESDAY, 11)))
    database.write_now(execute, update(CLAIM).where(rooms).values(ends_at=at(TUESDAY, 14)))


def test_span_that_no_visit_has_is_refused(clinic: DullClinic, visits: list[UUID]) -> None:
    for hours in (0, -1, 12.001):
        with pytest.raises(IntegrityError, match=guards.CLAIM_SPAN):
            clinic.database.write_now(claim, clinic, visits[0], at(TUESDAY, 10), hours)


@pytest.mark.parametrize(("name", "column"), HISTORY.items())
def test_history_can_only_be_added_to(clinic: DullClinic, visits: list[UUID], name: str, column: str) -> None:
    database, query = clinic.database, select(metadata.tables[name])
    database.write_now(seal, clinic.id)
    before = database.read_now(lambda tx: tx.connection.execute(query).all())
    assert before
    for statement in (
        update(metadata.tables[name]).values({column: {} if column == "body" else "another"}),
        delete(metadata.tables[name]),
    ):
        with pytest.raises(DBAPIError, match=f"{name} is append-only"):
            database.write_now(execute, statement)
    if not database.is_sqlite:
        with pytest.raises(DBAPIError, match=f"{name} is append-only"):
            database.write_now(run, f"TRUNCATE {name} CASCADE")
    assert database.read_now(lambda tx: tx.connection.execute(query).all()) == before


def run(tx: Transaction, statement: str) -> None:
    tx.connection.exec_driver_sql(statement)


def execute(tx: Transaction, statement: Executable) -> None:
    tx.connection.execute(statement)


def faults(database: Database) -> list[str]:
    return database.read_now(lambda tx: guards.faults(tx.connection))


ON_POSTGRESQL = {
    "ALTER TABLE claim DROP CONSTRAINT claim_no_overlap": "the guard claim_no_overlap is missing",
    "ALTER TABLE claim DROP CONSTRAINT claim_span": "the guard claim_span is missing",
    "DROP TRIGGER audit_append_only ON audit": "the guard audit_append_only is missing",
    "ALTER TABLE decision DISABLE TRIGGER decision_append_only": "the guard decision_append_only is not as it must be",
    "ALTER TABLE status ENABLE REPLICA TRIGGER status_append_only": "the guard status_append_only is not as it must be",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'": "the guard refuse_change is not as it must be",
    "DROP FUNCTION refuse_change CASCADE": "the guard refuse_change is missing",
    "DROP TRIGGER decision_to_seal ON decision": "the guard decision_to_seal is missing",
    "CREATE OR REPLACE FUNCTION status_to_seal() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'": "the guard status_to_seal is not as it must be",
    "ALTER TABLE claim DROP CONSTRAINT claim_no_overlap, ADD CONSTRAINT claim_no_overlap EXCLUDE USING gist"
    " (diary_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (expires_at IS NULL)": (
        "the guard claim_no_overlap is not as it must be"
    ),
    "ALTER TABLE claim DROP CONSTRAINT claim_span, ADD CONSTRAINT claim_span CHECK (starts_at < ends_at)": (
        "the guard claim_span is not as it must be"
    ),
    "ALTER TABLE claim DROP CONSTRAINT claim_span, ADD CONSTRAINT claim_span"
    " CHECK (starts_at < ends_at AND ends_at <= starts_at + interval '12 hours') NOT VALID": (
        "the guard claim_span is not as it must be"
    ),
}
ON_SQLITE = {
    "DROP TRIGGER claim_guard_insert": "the guard claim_guard_insert is missing",
    "DROP TRIGGER claim_guard_update": "the guard claim_guard_update is missing",
    "DROP TRIGGER audit_no_delete": "the guard audit_no_delete is missing",
    "DROP TRIGGER status_no_update": "the guard status_no_update is missing",
    "DROP TRIGGER credential_version_to_seal": "the guard credential_version_to_seal is missing",
}


def assert_found_and_mended(database: Database, statement: str, fault: str) -> None:
    database.write_now(run, statement)
    assert fault in faults(database)
    database.write_now(lambda tx: guards.create(tx.connection))
    assert faults(database) == []


@pytest.mark.parametrize(("statement", "fault"), ON_POSTGRESQL.items())
def test_fault_is_named_and_mended_on_postgresql(postgresql: Database, statement: str, fault: str) -> None:
    assert_found_and_mended(postgresql, statement, fault)


@pytest.mark.parametrize(("statement", "fault"), ON_SQLITE.items())
def test_fault_is_named_and_mended_on_sqlite(sqlite: Database, statement: str, fault: str) -> None:
    assert_found_and_mended(sqlite, statement, fault)


def test_altered_trigger_is_named_on_sqlite(sqlite: Database) -> None:
    sqlite.write_now(run, "DROP TRIGGER claim_guard_insert")
    weaker = "CREATE TRIGGER claim_guard_insert AFTER INSERT ON claim WHEN new.expires_at IS NULL BEGIN SELECT 1; END"
    assert_found_and_mended(sqlite, weaker, "the guard claim_guard_insert is not as it must be")


def test_guards_are_as_they_must_be_and_made_again_stay_so(database: Database) -> None:
    assert faults(database) == []
    for _ in range(2):
        database.write_now(lambda tx: guards.create(tx.connection))
        assert faults(database) == []


def test_dropped_guards_are_all_missed(database: Database) -> None:
    database.write_now(lambda tx: guards.drop(tx.connection))
    verbs = 2 if database.is_sqlite else 1
    wanted = 2 + verbs * len(guards.APPEND_ONLY) + len(SEALED_BY_KEY)
    assert len(faults(database)) == wanted
    database.write_now(lambda tx: guards.create(tx.connection))
    assert faults(database) == []


def test_create_refuses_to_guard_what_already_overlaps_on_postgresql(postgresql: Database) -> None:
    """A guard that is missing cannot be put back over a double booking without anybody noticing."""
    database, clinic = postgresql, open_clinic(postgresql)
    first, second = (clinic.book(at(TUESDAY, hour)).appointment.id for hour in (10, 12))
    database.write_now(run, "ALTER TABLE claim DROP CONSTRAINT claim_no_overlap")
    query = select(CLAIM.c.starts_at, CLAIM.c.ends_at).where(CLAIM.c.appointment_id == first)
    span = database.read_now(lambda tx: tx.connection.execute(query.limit(1)).one())
    moved = update(CLAIM).where(CLAIM.c.appointment_id == second).values(starts_at=span[0], ends_at=span[1])
    database.write_now(lambda tx: tx.connection.execute(moved))
    with pytest.raises(SlotTaken):
        database.write_now(lambda tx: guards.create(tx.connection))
    found = {one.kind for one in database.read_now(audit, clinic.manager).violations}
    assert found == {"overlap", "claim-differs"}
