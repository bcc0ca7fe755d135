"""Sealing: everything written is sealed once, and whatever is done to the record afterwards shows, by name."""

import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import DBAPIError

from booking.store import guards, history, seals
from booking.store.database import Database, Transaction
from booking.store.ids import new_id
from booking.store.seals import Key, Seal
from booking.store.types import Id, Instant
from booking.usecases import sealing
from booking.usecases.cancel import CancelAppointment, cancel
from booking.usecases.chain import Place, check_seals, check_unsealed
from booking.usecases.proving import prove
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.database import MONDAY, Clock

Found = Counter[tuple[str, UUID]]


@pytest.fixture
def clinic(database: Database) -> DullClinic:
    """A clinic whose history is not sealed yet."""
    return open_clinic(database)


def seal(clinic: DullClinic) -> list[Seal]:
    """Seal what waits, as the worker does."""
    made = []
    while (one := clinic.database.write_now(sealing.seal, clinic.id)) is not None:
        made.append(one)
    return made


def found(clinic: DullClinic, head: str | None = None) -> Found:
    """What the record's proof names, but for the decisions asked again."""
    violations = [one for step in prove(clinic.database, clinic.manager, head) for one in step.violations]
    assert all(one.sentence for one in violations)
    return Counter((one.kind, one.subject) for one in violations if not one.kind.startswith("replay"))


def run(clinic: DullClinic, statement: str, **values: Any) -> list[Any]:
    kinds: dict[type, Any] = {UUID: Id(), datetime: Instant()}
    typed = [bindparam(name, type_=kinds.get(type(value))) for name, value in values.items()]

    def execute(tx: Transaction) -> list[Any]:
        result = tx.connection.execute(text(statement).bindparams(*typed), values)
        return list(result) if result.returns_rows else []

    return clinic.database.write_now(execute)


def unguarded(clinic: DullClinic) -> None:
    """Take all guards away, as somebody may who owns the database."""

    clinic.database.write_now(lambda tx: guards.drop(tx.connection))


def test_what_is_written_waits_and_is_sealed_once(clinic: DullClinic) -> None:
    clinic.book(at(TUESDAY, 10))
    database = clinic.database
    waiting = database.read_now(seals.waiting, clinic.id, 100)
    assert Counter(one.kind for one in waiting) == Counter(audit=1, status=1, decision=1, credential_version=3)
    assert database.read_now(sealing.due) == [clinic.id]
    assert [(one.number, one.rows, one.complete) for one in seal(clinic)] == [(1, 6, True)]
    assert (database.read_now(sealing.due), seal(clinic)) == ([], [])
    members = database.read_now(seals.members, clinic.id, 1, 1)
    assert set(members[1]) == set(waiting)
    assert found(clinic) == Counter()


def test_batches_follow_one_another(clinic: DullClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    clinic.book(at(TUESDAY, 10))
    first, second = seal(clinic)
    assert [(one.number, one.rows, one.complete) for one in (first, second)] == [(1, 4, False), (2, 2, True)]
    assert (first.previous, second.previous) == (None, first.digest)
    assert clinic.database.read_now(seals.head, clinic.id) == second
    assert found(clinic, first.digest) == Counter()


def test_nothing_is_found_before_the_first_seal(clinic: DullClinic) -> None:
    clinic.book(at(TUESDAY, 10))
    assert found(clinic) == Counter()


def test_clinics_have_chains_of_their_own(clinic: DullClinic) -> None:
    data = dull()
    data["clinic"].update(slug="other", name="Other Clinic")
    other = open_clinic(clinic.database, data)
    assert set(clinic.database.read_now(sealing.due)) == {clinic.id, other.id}
    assert [one.number for one in (*seal(clinic), *seal(other))] == [1, 1]
    assert found(clinic) == found(other) == Counter()


def test_row_committed_after_a_later_one_was_sealed_is_in_the_next(clinic: DullClinic) -> None:
    database = clinic.database
    if database.is_sqlite:  # it has one writer at a time
        return
    with database.engine.connect() as connection, connection.begin():
        slow = Transaction(connection, database.memory, lambda: MONDAY, is_snapshot=False)
        history.add_audit(slow, clinic.manager, "slow", None, MONDAY)
        clinic.book(at(TUESDAY, 10))
        (first,) = seal(clinic)
    (second,) = seal(clinic)
    assert (first.rows, second.rows) == (6, 1)
    assert found(clinic) == Counter()


def test_sealers_at_once_make_one_chain(clinic: DullClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    for hour in range(9, 16):
        clinic.book(at(TUESDAY, hour), patient=f"Patient {hour}")
    made: list[Seal] = []
    sealers = [threading.Thread(target=lambda: made.extend(seal(clinic))) for _ in range(4)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join()
    assert sorted((one.number, one.rows) for one in made) == [(number, 3) for number in range(1, 7)]
    assert found(clinic) == Counter()


def test_sealers_do_not_fork_the_chain_even_without_their_lock(
    clinic: DullClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of seals is the last judge: who was second runs again and finds what the first one did."""
    monkeypatch.setattr(seals, "lock", lambda *_: None)
    both_read, head = threading.Barrier(2, timeout=2), seals.head

    def wait(*arguments: Any) -> Seal | None:
        known = head(*arguments)
        if not clinic.database.is_sqlite and not both_read.broken:
            try:
                both_read.wait()
            except threading.BrokenBarrierError:
                return known
        return known

    monkeypatch.setattr(seals, "head", wait)
    made: list[Seal] = []
    sealers = [threading.Thread(target=lambda: made.extend(seal(clinic))) for _ in range(2)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join()
    assert [one.number for one in made] == [1]
    assert found(clinic) == Counter()


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A clinic under three seals: its making and a visit, a second visit, and the cancelling of the first."""

    clinic: DullClinic
    clock: Clock
    seals: tuple[Seal, ...]

    def key(self, kind: str, seal: int) -> Key:
        members = self.clinic.database.read_now(seals.members, self.clinic.id, seal, seal)
        return next(key for key in members[seal] if key.kind == kind)

    def reseal(self, number: int) -> None:
        """Let the seal say what its members say now, as somebody may who writes everything."""
        database, clinic_id = self.clinic.database, self.clinic.id
        (found,) = database.read_now(seals.after, clinic_id, number - 1, 1)
        before = next(iter(database.read_now(seals.after, clinic_id, number - 2, 1)), None) if number > 1 else None
        previous = None if before is None else before.digest
        told = Seal(number=number, previous=previous, rows=found.rows, complete=found.complete, at=found.at)
        members = database.read_now(seals.members, clinic_id, number, number)[number]
        told_digest = seals.digest(clinic_id, told, members)
        statement = "UPDATE seal SET digest = :digest, previous = :previous WHERE number = :number"
        run(self.clinic, statement, digest=told_digest, previous=previous, number=number)

    def resay(self, key: Key) -> str:
        """The digest of what the row says now."""
        return self.clinic.database.read_now(seals.written, self.clinic.id, [key])[key].content


@pytest.fixture
def sealed(clinic: DullClinic, clock: Clock) -> Sealed:
    first = clinic.book(at(TUESDAY, 10)).appointment
    made = seal(clinic)
    clock.advance(minutes=30)
    clinic.book(at(TUESDAY, 12), patient="Second")
    made += seal(clinic)
    clock.advance(minutes=30)
    clinic.database.write_now(cancel, clinic.reception, CancelAppointment(appointment=first.id, version=1))
    made += seal(clinic)
    assert found(clinic, made[0].digest) == Counter()
    return Sealed(clinic=clinic, clock=clock, seals=tuple(made))


ALTERED = {
    "status": "UPDATE status SET actor = 'reception:somebody' WHERE appointment_id = :row_id",
    "decision": "UPDATE decision SET evaluator = '1' WHERE id = :row_id",
    "audit": "UPDATE audit SET actor = 'nobody' WHERE id = :row_id",
    "credential_version": "UPDATE credential_version SET body = '{}' WHERE credential_id = :row_id",
}
ALL = {
    "status": "SELECT * FROM status",
    "decision": "SELECT * FROM decision",
    "audit": "SELECT * FROM audit",
    "credential_version": "SELECT * FROM credential_version",
}
REMOVED = {
    "status": "DELETE FROM status WHERE appointment_id = :row_id",
    "decision": "DELETE FROM decision WHERE id = :row_id",
    "audit": "DELETE FROM audit WHERE id = :row_id",
    "credential_version": "DELETE FROM credential_version WHERE credential_id = :row_id",
}


@pytest.mark.parametrize("kind", ALTERED)
def test_altered_row_is_named(sealed: Sealed, kind: str) -> None:
    key = sealed.key(kind, 1)
    unguarded(sealed.clinic)
    run(sealed.clinic, ALTERED[kind], row_id=key.row_id)
    altered = {one for one in found(sealed.clinic) if one[0] == "record-altered"}
    assert altered == {("record-altered", key.row_id)}


@pytest.mark.parametrize("kind", ["status", "decision", "audit"])
def test_altered_row_with_a_digest_made_anew_is_named(sealed: Sealed, kind: str) -> None:
    key = sealed.key(kind, 2 if kind != "audit" else 1)
    unguarded(sealed.clinic)
    run(sealed.clinic, ALTERED[kind], row_id=key.row_id)
    redo = re.sub("SET .* WHERE", "SET digest = :digest WHERE", ALTERED[kind])
    run(sealed.clinic, redo, digest=sealed.resay(key), row_id=key.row_id)
    assert found(sealed.clinic) == Counter([("record-altered", key.row_id)])


@pytest.mark.parametrize("kind", REMOVED)
def test_removed_row_is_named(sealed: Sealed, kind: str) -> None:
    key = sealed.key(kind, 1 if kind in ("audit", "credential_version") else 2)
    unguarded(sealed.clinic)
    run(sealed.clinic, REMOVED[kind], row_id=key.row_id)
    missing = Counter({one: many for one, many in found(sealed.clinic).items() if one[0] != "credential-missing"})
    assert missing == Counter([("record-missing", key.row_id)])


def test_row_altered_with_all_that_is_written_of_it_breaks_the_next_seal(sealed: Sealed) -> None:
    clinic, key = sealed.clinic, sealed.key("decision", 2)
    unguarded(clinic)
    run(clinic, ALTERED["decision"], row_id=key.row_id)
    for statement in (
        "UPDATE decision SET digest = :digest WHERE id = :row_id",
        "UPDATE sealed SET digest = :digest WHERE row_id = :row_id",
    ):
        run(clinic, statement, digest=sealed.resay(key), row_id=key.row_id)
    assert found(clinic) == Counter([("seal-altered", clinic.id)])
    sealed.reseal(2)
    assert found(clinic) == Counter([("seal-broken", clinic.id)])
    sealed.reseal(3)
    assert found(clinic) == Counter()
    assert found(clinic, sealed.seals[0].digest) == Counter()
    assert found(clinic, sealed.seals[-1].digest) == Counter([("head-missing", clinic.id)])


def test_end_of_the_chain_cut_off_shows_by_a_head_kept_elsewhere(sealed: Sealed) -> None:
    clinic = sealed.clinic
    last = sealed.key("status", 3)
    unguarded(clinic)
    run(clinic, "DELETE FROM sealed WHERE seal = 3")
    run(clinic, "DELETE FROM seal WHERE number = 3")
    run(clinic, "DELETE FROM status WHERE number = 2")
    assert (last.row_number, found(clinic)) == (2, Counter())
    assert found(clinic, sealed.seals[-1].digest) == Counter([("head-missing", clinic.id)])


def test_removed_seal_is_missed(sealed: Sealed) -> None:
    clinic = sealed.clinic
    keys = [sealed.key(kind, 2) for kind in ("status", "decision")]
    unguarded(clinic)
    run(clinic, "DELETE FROM sealed WHERE seal = 2")
    run(clinic, "DELETE FROM seal WHERE number = 2")
    inserted = [("record-inserted", key.row_id) for key in keys]
    assert found(clinic) == Counter([("seal-missing", clinic.id), *inserted])


def test_row_taken_from_under_its_seal_is_missed(sealed: Sealed) -> None:
    key = sealed.key("status", 2)
    unguarded(sealed.clinic)
    run(sealed.clinic, "DELETE FROM sealed WHERE seal = 2 AND kind = 'status'")
    assert found(sealed.clinic) == Counter([("seal-altered", sealed.clinic.id), ("record-inserted", key.row_id)])


ADD = (
    "INSERT INTO audit (clinic_id, id, actor, action, detail, request_id, at, digest)"
    " VALUES (:clinic_id, :id, 'manager', 'looked', '{}', '', :moment, :digest)"
)


def forge(sealed: Sealed, ago: timedelta) -> UUID:
    """Write an audit row of some time ago, with the digest it must have."""
    clinic, forged, then = sealed.clinic, new_id(), sealed.clock.now - ago
    row = {"clinic_id": clinic.id, "id": forged, "actor": "manager", "action": "looked", "subject_id": None}
    row |= {"detail": {}, "request_id": "", "at": then}
    run(clinic, ADD, clinic_id=clinic.id, id=forged, moment=then, digest=history.digest(row))
    return forged


def test_row_written_past_the_guards_is_named(sealed: Sealed) -> None:
    unguarded(sealed.clinic)
    forged = forge(sealed, timedelta())
    assert found(sealed.clinic) == Counter([("record-inserted", forged)])


def test_row_that_says_it_is_older_than_the_seals_is_named(sealed: Sealed) -> None:
    forged = forge(sealed, timedelta(hours=1))
    assert found(sealed.clinic) == Counter([("record-backdated", forged)])
    seal(sealed.clinic)
    assert found(sealed.clinic) == Counter([("record-backdated", forged)])


def test_row_of_a_slow_transaction_is_not_taken_for_an_old_one(sealed: Sealed) -> None:
    forge(sealed, timedelta(minutes=9))
    assert found(sealed.clinic) == Counter()


def test_row_removed_and_put_back_otherwise_is_named_and_keeps_nobody_from_sealing(sealed: Sealed) -> None:
    clinic, key = sealed.clinic, sealed.key("audit", 1)
    unguarded(clinic)
    run(clinic, REMOVED["audit"], row_id=key.row_id)
    clinic.database.write_now(lambda tx: guards.create(tx.connection))
    run(clinic, ADD, clinic_id=clinic.id, id=key.row_id, moment=MONDAY, digest="")
    assert (seal(clinic), clinic.database.read_now(sealing.due)) == ([], [])
    assert found(clinic) == Counter([("record-altered", key.row_id)])


def test_row_altered_before_it_was_sealed_is_named_by_its_own_digest(clinic: DullClinic) -> None:
    visit = clinic.book(at(TUESDAY, 10)).appointment
    unguarded(clinic)
    run(clinic, ALTERED["status"], row_id=visit.id)
    assert found(clinic) == Counter([("record-altered", visit.id)])
    seal(clinic)
    assert found(clinic) == Counter([("record-altered", visit.id)])


def test_row_that_was_gone_before_it_was_sealed_is_named(clinic: DullClinic) -> None:
    visit = clinic.book(at(TUESDAY, 10)).appointment
    unguarded(clinic)
    run(clinic, "DELETE FROM status")
    assert [one.rows for one in seal(clinic)] == [6]
    assert found(clinic) == Counter([("record-missing", visit.id)])


def test_checking_goes_on_where_it_stopped(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal at a time, and a row at a time."""
    clinic, database = sealed.clinic, sealed.clinic.database
    monkeypatch.setattr("booking.usecases.chain.ROWS", 1)
    place, numbers = Place(), list[int]()
    while (links := database.read_now(check_seals, clinic.manager, place)).seals:
        numbers += [one.number for one in links.seals]
        place = links.place
    assert numbers == [1, 2, 3]
    for hour in (13, 14):
        clinic.book(at(TUESDAY, hour), patient=f"At {hour}")
    past, rows = None, 0
    while True:
        loose = database.read_now(check_unsealed, clinic.manager, "status", past, None)
        rows, past = rows + loose.rows, loose.past
        if past is None:
            break
    assert rows == 2
    assert found(clinic) == Counter()


def test_no_use_case_can_change_what_is_on_record(sealed: Sealed) -> None:
    """The guards refuse it, and nothing is changed."""
    before = [run(sealed.clinic, statement) for statement in ALL.values()]
    for kind in seals.KINDS:
        key = sealed.key(kind, 1)
        for statement in (ALTERED[kind], REMOVED[kind]):
            with pytest.raises(DBAPIError, match=f"{kind} is append-only"):
                run(sealed.clinic, statement, row_id=key.row_id)
    assert [run(sealed.clinic, statement) for statement in ALL.values()] == before
    assert found(sealed.clinic) == Counter()
