"""The two protocols: what a reader sees, what runs again, what is answered when the database does not."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from booking.domain.errors import Unavailable
from booking.store import database as protocols
from booking.store.database import Database, Transaction, tentatively

PAUSE = 0.2  # seconds in which another thread gets to where it has to wait


def add(tx: Transaction, name: str) -> None:
    """A row in a table that refers to no other."""
    tx.connection.execute(text("INSERT INTO rule_text VALUES (:name, 'US-WA', '')"), {"name": name})


def names(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(text("SELECT digest FROM rule_text ORDER BY digest")).scalars())


def rename(tx: Transaction, old: str, new: str) -> None:
    tx.connection.execute(text("UPDATE rule_text SET digest = :new WHERE digest = :old"), {"old": old, "new": new})


class Failing:
    """Adds a row, and on its first run fails after that by the statement it is given."""

    def __init__(self, statement: str) -> None:
        self.statement = statement
        self.runs = 0

    def __call__(self, tx: Transaction) -> int:
        self.runs += 1
        add(tx, f"run {self.runs}")
        if self.runs == 1:
            tx.connection.exec_driver_sql(self.statement)
        return self.runs


def raising(state: str) -> str:
    """What makes PostgreSQL fail with this SQLSTATE."""
    return f"DO $$ BEGIN RAISE EXCEPTION 'as asked' USING ERRCODE = '{state}'; END $$"


def test_read_sees_one_snapshot_while_others_commit(database: Database) -> None:
    def twice(tx: Transaction) -> tuple[list[str], list[str]]:
        before = names(tx)
        database.write_now(add, "meanwhile")
        return before, names(tx)

    assert database.read_now(twice) == ([], [])
    assert database.read_now(names) == ["meanwhile"]


def test_read_cannot_write_on_postgresql(postgresql: Database) -> None:
    with pytest.raises(DBAPIError):
        postgresql.read_now(add, "by a reader")


def test_write_that_raises_leaves_nothing(database: Database) -> None:
    def half(tx: Transaction) -> None:
        add(tx, "half")
        raise LookupError

    with pytest.raises(LookupError):
        database.write_now(half)
    assert database.read_now(names) == []


def test_what_is_tried_and_refused_undoes_only_itself(database: Database) -> None:
    def half(tx: Transaction) -> None:
        add(tx, "half")
        raise LookupError

    def several(tx: Transaction) -> None:
        tentatively(tx, add, "before")
        with pytest.raises(LookupError):
            tentatively(tx, half)
        with pytest.raises(DBAPIError):
            tentatively(tx, add, "before")
        tentatively(tx, add, "after")

    database.write_now(several)
    assert database.read_now(names) == ["after", "before"]


def test_lock_granted_late_sees_fresh_facts(database: Database) -> None:
    database.write_now(add, "first")
    locked = threading.Event()

    def slow(tx: Transaction) -> None:
        rename(tx, "first", "second")
        locked.set()
        time.sleep(PAUSE)
        rename(tx, "second", "third")

    def late(tx: Transaction) -> list[str]:
        if not database.is_sqlite:
            tx.connection.execute(text("SELECT 1 FROM rule_text FOR NO KEY UPDATE"))
        return names(tx)

    with ThreadPoolExecutor() as pool:
        slowly = pool.submit(database.write_now, slow)
        locked.wait()
        assert database.write_now(late) == ["third"]
        slowly.result()


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "25P03", "57P01", "08006"])
def test_write_runs_again_after_failures_that_leave_nothing(postgresql: Database, state: str) -> None:
    assert postgresql.write_now(Failing(raising(state))) == 2
    assert postgresql.read_now(names) == ["run 2"]


def test_write_runs_again_when_the_connection_is_lost(postgresql: Database) -> None:
    assert postgresql.write_now(Failing("SELECT pg_terminate_backend(pg_backend_pid())")) == 2
    assert postgresql.read_now(names) == ["run 2"]


def test_write_runs_again_when_somebody_took_the_key(database: Database) -> None:
    database.write_now(add, "taken")
    assert database.write_now(Failing("INSERT INTO rule_text VALUES ('taken', 'US-WA', '')")) == 2
    assert database.read_now(names) == ["run 2", "taken"]


def test_write_runs_again_after_a_real_deadlock(postgresql: Database) -> None:
    for name in ("a", "b"):
        postgresql.write_now(add, name)
    meeting = threading.Barrier(2)
    runs: list[str] = []

    def swap(tx: Transaction, first: str, second: str) -> None:
        runs.append(first)
        rename(tx, first, first)
        if len(runs) <= 2:
            meeting.wait()
        rename(tx, second, second)
        add(tx, f"{first} before {second}")

    with ThreadPoolExecutor() as pool:
        both = [pool.submit(postgresql.write_now, swap, "a", "b"), pool.submit(postgresql.write_now, swap, "b", "a")]
        for one in both:
            one.result()
    assert len(runs) == 3
    assert postgresql.read_now(names) == ["a", "a before b", "b", "b before a"]


def test_write_runs_again_after_a_lock_was_not_granted(postgresql: Database) -> None:
    postgresql.write_now(add, "wanted")
    taken, free = threading.Event(), threading.Event()
    runs: list[str] = []

    def keep(tx: Transaction) -> None:
        rename(tx, "wanted", "wanted")
        taken.set()
        free.wait(10)

    def want(tx: Transaction) -> None:
        runs.append("want")
        add(tx, "effect")
        tx.connection.execute(text("SET LOCAL lock_timeout = 50"))
        if len(runs) == 2:
            free.set()
            tx.connection.execute(text("SET LOCAL lock_timeout = 0"))
        rename(tx, "wanted", "got")

    with ThreadPoolExecutor() as pool:
        keeper = pool.submit(postgresql.write_now, keep)
        taken.wait()
        postgresql.write_now(want)
        keeper.result()
    assert (len(runs), postgresql.read_now(names)) == (2, ["effect", "got"])


@pytest.mark.parametrize("state", ["57014", "53100", "53300", "58030"])
def test_limits_of_the_server_are_unavailable_and_not_tried_again(postgresql: Database, state: str) -> None:
    failing = Failing(raising(state))
    with pytest.raises(Unavailable):
        postgresql.write_now(failing)
    assert (failing.runs, postgresql.read_now(names)) == (1, [])


@pytest.mark.parametrize("statement", ["SELECT * FROM nothing_of_the_kind", "INSERT INTO session VALUES (1)"])
def test_faults_of_the_program_are_raised_as_they_are(database: Database, statement: str) -> None:
    failing = Failing(statement)
    with pytest.raises(DBAPIError):
        database.write_now(failing)
    assert (failing.runs, database.read_now(names)) == (1, [])


def test_statement_that_takes_too_long_is_unavailable(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "STATEMENT_TIMEOUT_MS", 50)
    database = Database(postgres_url)
    with pytest.raises(Unavailable):
        database.read_now(lambda tx: tx.connection.execute(text("SELECT pg_sleep(5)")))
    database.close_now()


DIE_AT_COMMIT = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER die AFTER INSERT ON rule_text DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION die()
"""


def test_commit_that_is_not_answered_is_never_run_again(postgresql: Database) -> None:
    """It may count: only the database knows. Here the server is gone while it commits."""

    postgresql.write_now(lambda tx: tx.connection.exec_driver_sql(DIE_AT_COMMIT))
    writing = Failing("SELECT 1")
    with pytest.raises(Unavailable):
        postgresql.write_now(writing)
    assert (writing.runs, postgresql.read_now(names)) == (1, [])


def test_no_connection_left_is_unavailable(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "TURN_SECONDS", 0.1)
    database = Database(database_url, threads=1)
    with pytest.raises(Unavailable):
        database.read_now(lambda _tx: database.read_now(names))
    database.close_now()


def test_whoever_waits_too_long_is_answered_and_what_had_not_begun_never_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "ANSWER_SECONDS", PAUSE)
    free = threading.Event()

    def slow(tx: Transaction, name: str) -> None:
        add(tx, name)
        free.wait(10)

    async def wait() -> list[BaseException | None]:
        many = [database.write(slow, f"write {number:02}") for number in range(12)]
        answers = await asyncio.gather(*many, return_exceptions=True)
        free.set()
        await database.close()
        return answers

    assert [type(one) for one in asyncio.run(wait())] == [Unavailable] * 12
    begun = 1 if database.is_sqlite else 8
    assert database.read_now(names) == [f"write {number:02}" for number in range(begun)]


def test_close_lets_what_was_begun_finish_and_refuses_what_comes(database: Database) -> None:
    begun, free = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        add(tx, "begun")
        begun.set()
        free.wait(10)

    async def drain() -> None:
        writing = [asyncio.create_task(database.write(slow)), asyncio.create_task(database.write(add, "in line"))]
        await asyncio.to_thread(begun.wait, 10)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        for refused in (database.read(names), database.write(add, "too late")):
            with pytest.raises(Unavailable):
                await refused
        assert not closing.done()
        free.set()
        await asyncio.gather(closing, *writing)

    asyncio.run(drain())
    assert database.read_now(names) == ["begun", "in line"]
