"""The two protocols by which anything is read or written; nothing else opens a transaction.

Read: one snapshot for all statements (PostgreSQL REPEATABLE READ READ ONLY, SQLite an explicit BEGIN).
Write: READ COMMITTED with limits (SQLite BEGIN IMMEDIATE behind a lock of the process, because SQLite's own waiting is
unfair), run again as a whole after a deadlock, a time-out of a lock, a lost connection or a key that somebody else took
first, and never after a commit was sent: whether that one counts only the database knows, and the caller asks again
under the same idempotency key.
"""

import asyncio
import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from booking.domain.errors import Unavailable
from booking.domain.ids import ClinicId
from booking.store.memory import Memory
from booking.store.verdicts import lost_connection, may_run_again, verdict_on

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Clock = Callable[[], datetime]

ATTEMPTS = 4
ATTEMPT_SECONDS = 8.0
"""No further attempt begins after this."""
ANSWER_SECONDS = 20.0
"""Longest wait for an answer, from asking on; then it is Unavailable."""
TURN_SECONDS = 5.0
"""Longest wait for a connection of the pool, and for SQLite's other writers."""
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 8_000
IDLE_TIMEOUT_MS = 15_000
NETWORK_TIMEOUT_MS = 8_000
"""How long the network may swallow what is sent before the connection counts as lost."""


class Transaction:
    """An open transaction: its connection, its process's memory, and the time as this transaction goes by it.

    `is_snapshot` says that all statements see one state of the database, so that what is read may be remembered under
    the revisions it shows. A writer's statements do not, and what it has written may never be committed.
    `unchanging` are the clinics whose descriptions nobody changes while this transaction lasts, itself included.
    """

    def __init__(self, connection: Connection, memory: Memory, clock: Clock | None, *, is_snapshot: bool) -> None:
        self.connection = connection
        self.memory = memory
        self.is_snapshot = is_snapshot
        self.unchanging: set[ClinicId] = set()
        self._clock = clock
        self._read_at: datetime | None = None

    def read_at(self, now: datetime) -> None:
        """Let this be the time of all that a snapshot shows: a statement that it needed anyhow has told it."""
        if self.is_snapshot:
            self._read_at = now.astimezone(UTC)

    def now(self) -> datetime:
        """The time now, in UTC: the database's own, so that all hosts agree; ask after the locks are granted."""
        if self._clock is not None:
            return self._clock()
        if self._read_at is not None:
            return self._read_at
        if self.connection.dialect.name == "sqlite":
            return datetime.now(UTC)
        now: datetime = self.connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now.astimezone(UTC)


class Database:
    """A database by URL. `clock` replaces the time for tests and for the demo's history."""

    def __init__(self, url: str, *, threads: int = 8, clock: Clock | None = None) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._clock = clock
        self._closing = False
        self.memory = Memory()
        self._turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        self.engine = _sqlite(url, threads) if self.is_sqlite else _postgresql(url, threads)
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**_SNAPSHOT)
        self._writer = self.engine.execution_options(write=True)
        self._reads = ThreadPoolExecutor(4 if self.is_sqlite else threads, "read")
        self._writes = ThreadPoolExecutor(1, "write") if self.is_sqlite else self._reads

    async def read(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` on one snapshot, off the event loop. Raises Unavailable when the database cannot answer."""
        return await self._run(self._reads, lambda: self.read_now(fn, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn(tx, …)` as one transaction, off the event loop; `fn` may run several times, its effects count once.

        Raises what `fn` raises, a refusal for a guard's verdict, and Unavailable when the database cannot answer.
        """
        return await self._run(self._writes, lambda: self.write_now(fn, *args, **kwargs))

    def read_now(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `read`, in this thread."""
        return self._attempts(lambda: self._once(self._reader, fn, *args, **kwargs))

    def write_now(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same as `write`, in this thread."""

        def attempt() -> T:
            with self._turn:
                return self._once(self._writer, fn, *args, **kwargs)

        return self._attempts(attempt)

    async def close(self) -> None:
        """Let what has begun finish, refuse what comes, and give the connections back."""
        self._closing = True
        for pool in {self._reads, self._writes}:
            await asyncio.get_running_loop().run_in_executor(None, pool.shutdown)
        self.engine.dispose()

    def close_now(self) -> None:
        """The same as `close`, in this thread."""
        self._closing = True
        for pool in {self._reads, self._writes}:
            pool.shutdown()
        self.engine.dispose()

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        """Whoever has waited too long is answered, and what has not begun by then never does."""
        if self._closing:
            raise Unavailable
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(pool, work)
        except TimeoutError as error:
            _log.warning("no answer within %s seconds", ANSWER_SECONDS)
            raise Unavailable from error

    def _once(
        self, engine: Engine, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with engine.connect() as connection, connection.begin() as transaction:
            snapshot = engine is self._reader
            result = fn(Transaction(connection, self.memory, self._clock, is_snapshot=snapshot), *args, **kwargs)
            try:
                transaction.commit()
            except DBAPIError as error:
                if lost_connection(error):
                    _log.warning("the connection was lost at a commit, which may count or not")
                    raise Unavailable from error
                raise
            return result

    def _attempts(self, attempt: Callable[[], T]) -> T:
        began, number = time.monotonic(), 0
        while True:
            number += 1
            try:
                return attempt()
            except (DBAPIError, PoolTimeoutError) as error:
                last = number == ATTEMPTS or time.monotonic() > began + ATTEMPT_SECONDS
                if last or not may_run_again(error):
                    raise _last_word(error) from error
                _log.info("attempt %s failed: %s", number, _plainly(error))
                time.sleep(random.uniform(0.5, 1.0) * 0.02 * 3**number)  # noqa: S311 -- jitter, no secret


def tentatively(tx: Transaction, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn(tx, …)` so that what it raises undoes what it did, and nothing else of the transaction.

    Raises the same as a transaction of its own would that is run only once.
    """
    try:
        with tx.connection.begin_nested():
            return fn(tx, *args, **kwargs)
    except DBAPIError as error:
        raise _last_word(error) from error


def _last_word(error: DBAPIError | PoolTimeoutError) -> Exception:
    verdict = verdict_on(error)
    if isinstance(verdict, Unavailable):
        _log.warning("the database does not answer: %s", _plainly(error))
    return verdict or error


def _plainly(error: DBAPIError | PoolTimeoutError) -> str:
    """The failure's first line: the next ones, and the statement, show values, which are nobody's business."""
    return str(getattr(error, "orig", error)).partition("\n")[0][:200]


_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _postgresql(url: str, threads: int) -> Engine:
    options = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} -c timezone=UTC"
    )
    return create_engine(
        url,
        pool_size=threads,
        max_overflow=0,
        pool_timeout=TURN_SECONDS,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 3,
            "tcp_user_timeout": NETWORK_TIMEOUT_MS,
            "keepalives_idle": 5,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "options": options,
            "application_name": "booking",
        },
    )


def _sqlite(url: str, threads: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=threads,
        max_overflow=0,
        pool_timeout=TURN_SECONDS,
        pool_use_lifo=True,
        connect_args={"timeout": TURN_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says, and nowhere else
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
        connection.execute(f"PRAGMA {pragma}")
