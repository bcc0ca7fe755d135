"""Two processes of many threads do everything at once; what they were told is true when it is replayed."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from booking.domain.ids import DiaryId
from booking.store import evidence
from booking.store.database import Database, Transaction
from booking.store.types import Id, Instant
from booking.usecases.audit import audit
from booking.usecases.move import MoveAppointment, move
from tests.clinics import TUESDAY, DullClinic, at, dull, open_clinic
from tests.plugins.figures import figure
from tests.races.conftest import ROUNDS
from tests.races.replay import THREADS, Acknowledged, Change, FastClock, Log, Run, replay, work

PROCESSES = 2
OPERATIONS = 12 * ROUNDS  # of each thread


def working_days(after: date) -> list[date]:
    days = (after + timedelta(days=number) for number in range(5, 19))
    return [day for day in days if day.weekday() < 5]


def changes(tx: Transaction) -> list[Change]:
    query = text("SELECT diary_id, revision, what, subject_id, at FROM diary_change WHERE what <> 'clinic_applied'")
    typed = query.columns(diary_id=Id, subject_id=Id, at=Instant)
    return [
        Change(diary=DiaryId(row.diary_id), revision=row.revision, what=row.what, subject=row.subject_id, at=row.at)
        for row in tx.connection.execute(typed)
    ]


def revisions(tx: Transaction) -> dict[DiaryId, int]:
    rows = tx.connection.execute(text("SELECT id, revision FROM diary").columns(id=Id))
    return {DiaryId(row.id): row.revision for row in rows}


def lasting_claims(clinic: DullClinic) -> set[tuple[object, ...]]:
    rows = clinic.database.read_now(evidence.gather, clinic.id).claims
    return {
        (row["diary_id"], row["appointment_id"], row["starts_at"], row["ends_at"])
        for row in rows
        if row["expires_at"] is None
    }


def race(clinic: DullClinic, clock: FastClock) -> list[Log]:
    run = Run(
        url=clinic.database.url,
        clinic=clinic.id,
        clock=clock,
        days=working_days(clock().date()),
        operations=OPERATIONS,
        number=0,
    )
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        runs = [replace(run, number=number) for number in range(PROCESSES)]
        return [log for logs in pool.map(work, runs) for log in logs]


def deadlocks(database: Database) -> int:
    if database.is_sqlite:
        return 0
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(database.read_now(lambda tx: tx.connection.execute(query).scalar_one()))


@pytest.fixture
def fast() -> FastClock:
    return FastClock(time.time())


@pytest.fixture
def clinic(database_url: str, fast: FastClock) -> Iterator[DullClinic]:
    """Four people and three rooms."""
    database = Database(database_url, clock=fast)
    data = dull(ben={}, cleo={}, dan={})
    data["site"][0]["room"] = [{"slug": f"room-{number}", "name": f"Room {number}"} for number in range(3)]
    yield open_clinic(database, data)
    database.close_now()


def told_in_figures(logs: list[Log]) -> str:
    seconds = sorted(one for log in logs for one in log.seconds)
    answers = sum((log.answers for log in logs), Counter[str]())
    p50, p99 = (seconds[len(seconds) * part // 100] * 1e3 for part in (50, 99))
    return (
        f"{len(seconds)} operations of {PROCESSES} processes x {THREADS} threads, p50 {p50:.0f} ms, p99 {p99:.0f} ms,"
        f" {dict(answers.most_common())}"
    )


def test_whatever_was_acknowledged_was_lawful_free_and_lasts(
    request: pytest.FixtureRequest, clinic: DullClinic, fast: FastClock
) -> None:
    database = clinic.database
    before = database.read_now(revisions)
    logs = race(clinic, fast)
    where = "SQLite" if database.is_sqlite else "PostgreSQL"
    figure(request.node, f"replay on {where}, {told_in_figures(logs)}, {deadlocks(database)} deadlocks")
    made, after = database.read_now(changes), database.read_now(revisions)
    wrong, diaries = replay(made, [one for log in logs for one in log.acknowledged])
    assert wrong == Counter()
    assert Counter((one.diary, one.revision) for one in made) == Counter(
        (one, number) for one, last in after.items() for number in range(before.get(one, 0) + 1, last + 1)
    )
    assert lasting_claims(clinic) == {
        (diary.id, visit, span.start, span.end)
        for diary in diaries.values()
        for visit, (span, until) in diary.taken.items()
        if until is None
    }
    assert database.read_now(audit, clinic.manager).violations == ()
    assert [answer for log in logs for answer in log.answers if answer.endswith("unavailable")] == []
    assert deadlocks(database) == 0


def test_replay_finds_what_was_wrong(sqlite: Database) -> None:
    clinic = open_clinic(sqlite, dull(ben={}))
    visits = [clinic.book(at(TUESDAY, hour), patient=f"Patient {hour}").appointment for hour in (9, 10)]
    made = sqlite.read_now(changes)
    told = [Acknowledged(what="booked", subject=one.id, visit=one) for one in visits]
    assert replay(made, told)[0] == Counter()
    unasked = replay(made, told[1:])[0]
    assert unasked == Counter({"booked without anybody being told": 3})
    lost = replay([one for one in made if one.subject != visits[1].id], told)[0]
    assert lost == Counter({"lost: booked": 1})
    moved = replace(told[1], visit=replace(visits[1], span=visits[0].span))
    assert replay(made, [told[0], moved])[0] == Counter({"overlapping when acknowledged": 2})
    licence = clinic.credentials["ada", "licence"]
    suspended = Acknowledged(what="credential_suspended", subject=licence, day=TUESDAY, version=2)
    first = min((one for one in made if one.diary == visits[0].practitioner_id), key=lambda one: one.revision)
    earlier = replace(first, revision=first.revision - 1, what="credential_suspended", subject=licence)
    assert replay([*made, earlier], [*told, suspended])[0] == Counter({"unlawful when acknowledged": 2})
    ben = MoveAppointment(
        appointment=visits[0].id, version=1, start=at(TUESDAY, 11), practitioner=clinic.practitioners["ben"]
    )
    visit = sqlite.write_now(move, clinic.reception, ben).view.appointment
    there, moved = sqlite.read_now(changes), Acknowledged(what="moved", subject=visit.id, visit=visit)
    assert replay(there, [*told, moved])[0] == Counter()
    assert replay(there, told)[0] == Counter({"moved without anybody being told": 4})
    assert replay(made, [*told, moved])[0] == Counter({"lost: moved": 4})
    onto_the_other = replace(moved, visit=replace(visit, span=visits[1].span))
    assert replay(there, [*told, onto_the_other])[0] == Counter({"overlapping when acknowledged": 1})
    diary = DiaryId(visits[0].practitioner_id)
    nowhere = [one for one in there if (one.what, one.diary, one.subject) != ("booked", diary, visits[0].id)]
    assert replay(nowhere, [*told, moved])[0] == Counter({"left what was not there": 1, "lost: booked": 1})
    from_a_hold = replace(told[0], visit=replace(visits[0], version=2))
    assert replay(made, [from_a_hold, told[1]])[0] == Counter({"booked a hold that was gone": 2})
