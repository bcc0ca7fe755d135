"""Looking at what the clients left or are leaving, by statements of its own and by the clinic's audit."""

import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import text

from booking.domain.appointment import Appointment
from booking.domain.ids import DiaryId
from booking.domain.permission import Caller
from booking.store import evidence
from booking.store.database import Database, Transaction
from booking.store.types import Id, Instant
from booking.usecases.audit import audit
from booking.usecases.proving import prove
from booking.usecases.sealing import seal
from booking.usecases.sweeping import sweep
from tests.clinics import DullClinic
from tests.races.life import Log
from tests.races.life_model import Change, last_states, replay
from tests.races.life_work import PROCESSES, Run, work

WRONG = {
    "two claims at one time": """
SELECT count(*) FROM claim one JOIN claim other
  ON one.diary_id = other.diary_id AND one.appointment_id < other.appointment_id
  AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at""",
    "a visit without its claims": """
SELECT count(*) FROM appointment visit
WHERE status IN ('requested', 'booked', 'arrived', 'in_treatment', 'fulfilled')
  AND (SELECT count(*) FROM claim WHERE appointment_id = visit.id)
    <> 2 + (room_id IS NOT NULL)::int + (supervisor_id IS NOT NULL)::int""",
    "a claim of a visit that takes no time": """
SELECT count(*) FROM claim JOIN appointment visit ON visit.id = claim.appointment_id
WHERE status NOT IN ('held', 'requested', 'booked', 'arrived', 'in_treatment', 'fulfilled')""",
    "a claim of somebody else": """
SELECT count(*) FROM claim JOIN appointment visit ON visit.id = claim.appointment_id
WHERE diary_id NOT IN (practitioner_id, coalesce(room_id, practitioner_id),
  coalesce(patient_id, practitioner_id), coalesce(supervisor_id, practitioner_id))""",
    "a claim at another time": """
SELECT count(*) FROM claim JOIN appointment visit ON visit.id = claim.appointment_id
WHERE claim.starts_at > visit.starts_at OR (claim.ends_at < visit.ends_at AND visit.ended_at IS NULL)""",
    "a visit of somebody who was merged into another": """
SELECT count(*) FROM appointment visit JOIN patient ON patient.id = visit.patient_id
WHERE merged_into_id IS NOT NULL""",
}  # fmt: skip
"""Statements that count what must never be there, whoever looks and whenever."""


PAUSE = 0.5  # seconds from look to look; longer where there is much to look at


def faults(tx: Transaction, caller: Caller) -> list[str]:
    """What is wrong at this moment."""
    is_sqlite = tx.connection.dialect.name == "sqlite"
    counted = {
        what: tx.connection.execute(text(said.replace("::int", "") if is_sqlite else said)).scalar_one()
        for what, said in WRONG.items()
    }
    report = audit(tx, caller)
    return [f"{number} times {what}" for what, number in counted.items() if number] + [
        f"{one.kind}: {one.sentence}" for one in report.violations
    ]


@dataclass(kw_only=True)
class Raced:
    """What the clients were told, and what was seen meanwhile."""

    logs: list[Log]
    looks: int = 0
    seen: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def answers(self) -> Counter[str]:
        return sum((log.answers for log in self.logs), Counter[str]())


def race(run: Run, clinic: DullClinic, processes: int = PROCESSES) -> Raced:
    """Let the clients act in processes of their own, and look again and again, sweeping as a worker does."""
    began, raced = time.monotonic(), Raced(logs=[])
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        working = [pool.submit(work, replace(run, number=number)) for number in range(processes)]
        while not all(one.done() for one in working):
            looking = time.monotonic()
            clinic.database.write_now(sweep)
            raced.seen += clinic.database.read_now(faults, clinic.manager)
            raced.looks += 1
            time.sleep(max(PAUSE, 4 * (time.monotonic() - looking)))
        raced.logs = [log for one in working for log in one.result()]
    raced.seconds = time.monotonic() - began
    return raced


def changes(tx: Transaction) -> list[Change]:
    query = text("SELECT diary_id, revision, what, subject_id, at FROM diary_change")
    typed = query.columns(diary_id=Id, subject_id=Id, at=Instant)
    return [
        Change(diary=DiaryId(row.diary_id), revision=row.revision, what=row.what, subject=row.subject_id, at=row.at)
        for row in tx.connection.execute(typed)
    ]


def revisions(tx: Transaction) -> dict[DiaryId, int]:
    rows = tx.connection.execute(text("SELECT id, revision FROM diary").columns(id=Id))
    return {DiaryId(row.id): row.revision for row in rows}


def judged(clinic: DullClinic, logs: list[Log]) -> Counter[str]:
    """Everything that is wrong once all is over, by its kind."""
    database, told = clinic.database, [one for log in logs for one in log.told]
    made, after = database.read_now(changes), database.read_now(revisions)
    wrong, diaries = replay(made, told)
    numbered = Counter((one.diary, one.revision) for one in made)
    if numbered != Counter((one, number) for one, latest in after.items() for number in range(1, latest + 1)):
        wrong["revisions with gaps"] += 1
    taken = {
        (diary.id, visit, span.start, span.end)
        for diary in diaries.values()
        for visit, (span, until) in diary.taken.items()
        if until is None
    }
    wrong["claims that differ"] += len(taken ^ lasting_claims(clinic))
    states, versions = last_states(told)
    wrong += versions
    wrong["visits that differ"] += len(_as_rows(states) ^ visits(clinic))
    wrong.update(database.read_now(faults, clinic.manager))
    while database.write_now(seal, clinic.id) is not None:
        pass
    wrong.update(one.kind for step in prove(database, clinic.manager) for one in step.violations)
    return +wrong


def lasting_claims(clinic: DullClinic) -> set[tuple[object, ...]]:
    rows = clinic.database.read_now(evidence.gather, clinic.id).claims
    return {
        (row["diary_id"], row["appointment_id"], row["starts_at"], row["ends_at"])
        for row in rows
        if row["expires_at"] is None
    }


def visits(clinic: DullClinic) -> set[tuple[object, ...]]:
    """All visits as they lie there."""
    names = ("id", "status", "version", "starts_at", "ends_at", "practitioner_id", "room_id", "patient_id")
    rows = clinic.database.read_now(evidence.gather, clinic.id).appointments
    return {tuple(row[name] for name in names) for row in rows if row["status"] != "held"}


def _as_rows(states: dict[UUID, Appointment]) -> set[tuple[object, ...]]:
    return {
        (
            one.id,
            one.status,
            one.version,
            one.span.start,
            one.span.end,
            one.practitioner_id,
            one.room_id,
            one.patient_id,
        )
        for one in states.values()
        if one.status != "held"
    }


def deadlocks(database: Database) -> int:
    if database.is_sqlite:
        return 0
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(database.read_now(lambda tx: tx.connection.execute(query).scalar_one()))
